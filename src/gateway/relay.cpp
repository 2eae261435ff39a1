#include "gateway/relay.hpp"

#include <array>
#include <charconv>

#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/error.hpp"

namespace gateway {
namespace {

// The call is found by cancellations and progress while it runs.
class CallEntry {
 public:
  CallEntry(std::shared_ptr<Session> session, std::string_view id, InFlight call)
      : session_(std::move(session)), id_(id) {
    if (session_) session_->add_call(id_, std::move(call));
  }
  ~CallEntry() {
    if (session_) session_->remove_call(id_);
  }
  CallEntry(const CallEntry&) = delete;
  CallEntry& operator=(const CallEntry&) = delete;

 private:
  std::shared_ptr<Session> session_;
  std::string id_;
};

// Nobody is there who could answer the vendor's request.
base::Async<void> refuse(const std::shared_ptr<vendor::Channel>& channel, std::string_view id,
                         base::SteadyTime deadline) {
  const auto text = mcp::error_response(id, mcp::kMethodNotFound, "The client does not offer this.");
  const std::array<std::string_view, 1> pieces{text};
  co_return co_await channel->notify({.pieces = pieces, .method = {}, .name = {}, .traceparent = {}}, deadline);
}

std::uint64_t number_of(std::string_view token) {
  std::uint64_t number = 0;
  std::from_chars(token.data(), token.data() + token.size(), number);
  return number;
}

}  // namespace

base::Async<void> relay(std::shared_ptr<vendor::Channel> channel, RelayedRequest request, std::shared_ptr<Reply> reply,
                        base::SteadyTime deadline) {
  const auto& envelope = *request.envelope;
  const auto id = channel->next_id();
  const auto id_text = std::to_string(id);
  const auto quoted_name = request.vendor_name.empty() ? std::string() : json::quote(request.vendor_name);
  json::Splice splice(request.body);
  splice.replace(envelope.id, id_text);
  if (!envelope.progress_token.empty()) splice.replace(envelope.progress_token, id_text);
  if (!quoted_name.empty()) splice.replace(envelope.name_token, quoted_name);

  const CallEntry entry(request.session, envelope.id, {channel, id, std::string(envelope.progress_token)});
  auto call = co_await channel->request({.pieces = splice.pieces(),
                                         .method = envelope.method,
                                         .name = quoted_name.empty() ? envelope.name : request.vendor_name,
                                         .id = id,
                                         .traceparent = request.traceparent},
                                        deadline);
  if (!call) co_return std::unexpected(std::move(call).error());

  while (true) {
    auto message = co_await (*call)->next(deadline);
    if (!message) co_return std::unexpected(std::move(message).error());
    message->reserve(message->size() + mcp::kPadding);
    const auto answer = mcp::scan(*message);
    if (!answer) co_return base::fail(base::Kind::vendor_invalid, "vendor.bad_message", answer.error().message);

    if (answer->shape == mcp::Shape::response) {
      json::Splice response(*message);
      response.replace(answer->id, envelope.id);
      co_await reply->finish(response.pieces());
      co_return base::Result<void>();
    }
    const bool can_ask = request.session && reply->streams();
    if (answer->shape == mcp::Shape::request && !can_ask) {
      auto refused = co_await refuse(channel, answer->id, deadline);
      if (!refused) co_return refused;
      continue;
    }
    if (request.session) {
      auto mapped = for_client(*request.session, channel, *std::move(message));
      if (mapped) co_await reply->interim(*std::move(mapped));
    } else {
      json::Splice note(*message);
      if (answer->method == "notifications/progress") note.replace(answer->progress_token, envelope.progress_token);
      co_await reply->interim(note.str());
    }
  }
}

std::optional<std::string> for_client(Session& session, const std::shared_ptr<vendor::Channel>& channel,
                                      std::string message) {
  message.reserve(message.size() + mcp::kPadding);
  const auto envelope = mcp::scan(message);
  if (!envelope || envelope->shape == mcp::Shape::response) return std::nullopt;
  json::Splice splice(message);
  std::string replacement;
  if (envelope->shape == mcp::Shape::request) {
    replacement = session.add_vendor_request({channel, std::string(envelope->id)});
    splice.replace(envelope->id, replacement);
  } else if (envelope->method == "notifications/progress") {
    replacement = session.progress_token(channel.get(), number_of(envelope->progress_token));
    // The call is over, or its client did not ask for progress.
    if (replacement.empty()) return std::nullopt;
    splice.replace(envelope->progress_token, replacement);
  } else if (envelope->method == "notifications/cancelled") {
    replacement = session.vendor_request_id(channel.get(), envelope->request_id);
    if (replacement.empty()) return std::nullopt;
    splice.replace(envelope->request_id, replacement);
  } else {
    return message;
  }
  return splice.str();
}

}  // namespace gateway
