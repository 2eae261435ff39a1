#include "vendor/channel_prober.hpp"

#include <fmt/format.h>

#include <array>

#include "json/document.hpp"
#include "mcp/envelope.hpp"
#include "mcp/modern_request.hpp"
#include "mcp/own_info.hpp"
#include "vendor/detail/discovery.hpp"
#include "vendor/detail/received.hpp"

namespace vendor {
namespace {

// A vendor may send notifications before its answer, but not for ever.
constexpr int kMostMessages = 1'000;

ProbeResult judge_failure(const base::Error& error) {
  const auto verdict = error.kind == base::Kind::vendor_rejected ? Verdict::rejected : Verdict::unreachable;
  return {verdict, error.message};
}

// The text parts of a CallToolResult.
std::string text_of_content(const boost::json::object& result) {
  const auto* content = result.if_contains("content");
  if (content == nullptr || !content->is_array()) return {};
  std::string text;
  for (const auto& part : content->get_array()) {
    if (!part.is_object()) continue;
    const auto words = json::text_at(part.get_object(), "text");
    if (!text.empty() && !words.empty()) text += ' ';
    text += words;
  }
  return detail::shortened(text, detail::kLongestWords);
}

std::string probe_request(const Definition& definition, std::uint64_t id) {
  if (definition.probe_tool.empty()) return fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"tools/list"}})", id);
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"tools/call","params":{{"name":{},"arguments":{}}}}})", id,
                     json::quote(definition.probe_tool), definition.probe_arguments);
}

// As a vendor of the modern era takes it.
base::Result<std::string> modern(std::string request, std::string_view revision) {
  request.reserve(request.size() + mcp::kPadding);
  const auto envelope = mcp::scan(request);
  if (!envelope) return envelope.failure();
  return mcp::with_request_meta(
      request, *envelope, {.protocol_version = revision, .client_info = mcp::kOwnInfo, .client_capabilities = "{}"});
}

base::Async<Message> ask(std::shared_ptr<Channel> channel, std::shared_ptr<const Definition> definition,
                         base::SteadyTime deadline) {
  const auto id = channel->next_id();
  auto request = base::Result<std::string>(probe_request(*definition, id));
  if (channel->era() == mcp::Era::modern) request = modern(*std::move(request), channel->protocol_version());
  if (!request) co_return std::move(request).failure();
  const std::string_view text = *request;
  const std::array<std::string_view, 1> pieces{text};
  const Outgoing outgoing{.pieces = pieces,
                          .method = definition->probe_tool.empty() ? "tools/list" : "tools/call",
                          .name = definition->probe_tool,
                          .id = id,
                          .traceparent = {}};
  auto call = co_await channel->request(outgoing, deadline);
  if (!call) co_return std::move(call).failure();
  for (int i = 0; i < kMostMessages; ++i) {
    auto message = co_await (*call)->next(deadline);
    if (!message) co_return message;
    const auto envelope = mcp::scan(*message);
    if (envelope && envelope->shape == mcp::Shape::response) co_return message;
  }
  co_return base::fail(base::Kind::vendor_invalid, "vendor.no_answer",
                       fmt::format("vendor {} sent {} messages and no answer", definition->slug, kMostMessages));
}

}  // namespace

ChannelProber::ChannelProber(Channels& channels, base::Random& random) : channels_(channels), random_(random) {}

base::Task<ProbeResult> ChannelProber::probe(std::shared_ptr<const Definition> definition,
                                             std::shared_ptr<const Injection> injection) {
  const auto deadline = std::chrono::steady_clock::now() + definition->list_timeout;
  OpenParams params{.definition = definition,
                    .injection = std::move(injection),
                    .initialize_params = mcp::own_initialize_params(),
                    // A process of its own: one that is shared might have been started with something else.
                    .affinity = "probe " + random_.token(12)};
  const auto channel = co_await channels_.open(std::move(params), deadline);
  if (!channel) co_return judge_failure(channel.error());

  const auto response = co_await ask(*channel, definition, deadline);
  (*channel)->close();
  if (!response) co_return judge_failure(response.error());
  co_return judge_probe(*response);
}

ProbeResult judge_probe(std::string_view response) {
  const auto object = json::parse_object(response);
  if (!object) return {Verdict::unreachable, object.error().message};
  if (object->contains("error")) {
    auto words = detail::error_words(response);
    const auto verdict = detail::sounds_rejected(words) ? Verdict::rejected : Verdict::working;
    return {verdict, std::move(words)};
  }
  const auto* result = object->if_contains("result");
  if (result == nullptr || !result->is_object()) return {Verdict::unreachable, "The vendor's answer has no result."};
  const auto* is_error = result->get_object().if_contains("isError");
  const bool failed = is_error != nullptr && is_error->is_bool() && is_error->get_bool();
  return {failed ? Verdict::rejected : Verdict::working, text_of_content(result->get_object())};
}

}  // namespace vendor
