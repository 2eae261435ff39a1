// What becomes of a legacy vendor's question in the middle of a call: a legacy client gets it on its stream; for a
// modern client the call is parked, until the client comes back with the answer.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/log.hpp"
#include "gateway/detail/delivery.hpp"
#include "json/document.hpp"
#include "mcp/elicitation.hpp"
#include "mcp/error.hpp"
#include "mcp/input_request.hpp"
#include "mcp/input_responses.hpp"
#include "mcp/response.hpp"

namespace gateway {
namespace {

base::Async<void> respond(const std::shared_ptr<vendor::Channel>& channel, std::string text,
                          base::SteadyTime deadline) {
  const std::array<std::string_view, 1> pieces{text};
  co_return co_await channel->notify({.pieces = pieces, .method = {}, .name = {}, .traceparent = {}}, deadline);
}

// Requests in whose place a modern server may ask for input (2026-07-28 basic/patterns/mrtr, "Supported Requests").
bool may_ask(std::string_view method) {
  return method == "tools/call" || method == "prompts/get" || method == "resources/read";
}

bool can_answer(const Delivery& delivery, const mcp::Envelope& question) {
  const auto capability = mcp::required_capability(question.method, question.params);
  return !capability.empty() && delivery.inbox && may_ask(delivery.method) &&
         mcp::has_capability(delivery.capabilities, capability);
}

// The modern era has no elicitationId.
std::string modern_params(const mcp::Envelope& question) {
  if (question.method != "elicitation/create" || !question.params.contains("\"elicitationId\"")) {
    return std::string(question.params);
  }
  return mcp::with_elicitation_id(question.params, {});
}

std::string input_required(const Delivery& delivery, std::string_view state) {
  std::string requests;
  for (const auto& asked : delivery.asked) {
    requests += fmt::format(R"({}{}:{{"method":{}{}{}}})", requests.empty() ? "" : ",", json::quote(asked.key),
                            json::quote(asked.method), asked.params.empty() ? "" : R"(,"params":)", asked.params);
  }
  return fmt::format(
      R"({{"jsonrpc":"2.0","id":{},"result":{{"resultType":"input_required","inputRequests":{{{}}},"requestState":{}}}}})",
      delivery.client_id, requests, json::quote(state));
}

std::string no_answer(const Asked& asked) {
  if (asked.method == "elicitation/create") return mcp::result_response(asked.id, R"({"action":"cancel"})");
  return mcp::error_response(asked.id, mcp::kInternalError, "The client did not answer.");
}

base::Task<void> give_up(std::unique_ptr<Delivery> delivery) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  for (const auto& asked : delivery->asked) (void)co_await respond(delivery->channel, no_answer(asked), deadline);
  (void)co_await delivery->channel->cancel(delivery->upstream_id, "The client did not answer.", deadline);
  delivery->inbox->close();
  delivery->lease->spoil();
}

}  // namespace

// 2026-07-28 basic, "Per-request protocol fields": the client is told what it would have to declare, and the vendor
// that nobody answers.
base::Async<std::optional<Relay::Outcome>> Relay::lack_capability(Delivery& delivery, const mcp::Envelope& question,
                                                                  std::string_view capability) {
  const std::string missing(capability.substr(0, capability.find('.')));
  const auto detail = capability.contains('.') ? capability.substr(missing.size() + 1) : std::string_view();
  auto told = co_await respond(
      delivery.channel, mcp::error_response(question.id, mcp::kMethodNotFound, "The client does not offer this."),
      delivery.deadline);
  if (!told) co_return std::move(told).failure();
  (void)co_await delivery.channel->cancel(delivery.upstream_id, "The client lacks a capability.", delivery.deadline);
  const auto answer = fmt::format(
      R"({{"jsonrpc":"2.0","id":{},"error":{{"code":{},"message":{},"data":{{"requiredCapabilities":{{"{}":{{{}}}}}}}}}}})",
      delivery.client_id, mcp::kMissingRequiredClientCapability,
      json::quote(fmt::format("vendor {} needs an answer to {}, and the client did not declare {}.", delivery.vendor,
                              question.method, capability)),
      missing, detail.empty() ? "" : fmt::format(R"("{}":{{}})", detail));
  const std::array<std::string_view, 1> pieces{answer};
  co_await delivery.reply->finish(pieces, mcp::http_status(mcp::kMissingRequiredClientCapability));
  if (delivery.inbox) delivery.inbox->close();
  if (delivery.lease) delivery.lease->spoil();
  co_return Outcome::finished;
}

base::Async<std::optional<Relay::Outcome>> Relay::take_request(Delivery& delivery, const mcp::Envelope& question,
                                                               std::string& message) {
  const bool has_stream = delivery.client_era == mcp::Era::legacy && delivery.session && delivery.reply->streams();
  if (has_stream && !(delivery.on_unified() && is_of_client_tasks(question))) {
    auto mapped = for_client(*delivery.session, delivery.channel, delivery.on_unified() ? delivery.vendor : "",
                             std::move(message));
    if (mapped) co_await delivery.reply->interim(*std::move(mapped));
    co_return std::nullopt;
  }
  if (delivery.client_era == mcp::Era::modern && can_answer(delivery, question) && parked_.has_room()) {
    delivery.asked.push_back({.key = fmt::format("input-{}", ++delivery.rounds),
                              .id = std::string(question.id),
                              .method = question.method,
                              .params = modern_params(question)});
    co_return Outcome::parked;
  }
  if (delivery.client_era == mcp::Era::modern) {
    const auto capability = mcp::required_capability(question.method, question.params);
    if (!capability.empty() && !mcp::has_capability(delivery.capabilities, capability)) {
      co_return co_await lack_capability(delivery, question, capability);
    }
  }
  auto refusal = question.method == "ping"
                     ? mcp::result_response(question.id, "{}")
                     : mcp::error_response(question.id, mcp::kMethodNotFound, "The client does not offer this.");
  auto sent = co_await respond(delivery.channel, std::move(refusal), delivery.deadline);
  if (!sent) co_return std::move(sent).failure();
  co_return std::nullopt;
}

// The call must be there before the client hears of it.
base::Task<void> Relay::park(std::unique_ptr<Delivery> delivery) {
  const auto reply = std::exchange(delivery->reply, nullptr);
  const auto [state, opened] = states_.make(
      StateKind::parked, {delivery->subject, delivery->endpoint, *std::exchange(delivery->request, nullptr)},
      config_.answer_wait);
  const auto text = input_required(*delivery, state);
  parked_.put(opened.id, std::move(delivery), std::chrono::steady_clock::now() + config_.answer_wait);
  const std::array<std::string_view, 1> pieces{text};
  co_await reply->finish(pieces, 200);
}

base::Async<void> Relay::resume(const std::string& id, RelayedRequest request, std::shared_ptr<Reply> reply,
                                base::SteadyTime deadline) {
  const auto raw = request.envelope->input_responses;
  auto responses = mcp::read_input_responses(raw.data() == nullptr ? std::string_view("{}") : raw);
  if (!responses) co_return std::move(responses).failure();
  auto taken = parked_.take(id);
  if (!taken) co_return std::move(taken).failure();
  auto delivery = *std::move(taken);
  delivery->reply = std::move(reply);
  delivery->deadline = deadline;
  begin_round(*delivery, request);

  std::vector<Asked> missing;
  for (auto& asked : std::exchange(delivery->asked, {})) {
    const auto answer = std::ranges::find(*responses, asked.key, &mcp::InputResponse::key);
    if (answer == responses->end()) {
      missing.push_back(std::move(asked));
      continue;
    }
    auto sent = co_await respond(delivery->channel, mcp::result_response(asked.id, answer->result), deadline);
    if (!sent) co_return std::move(sent).failure();
  }
  // 2026-07-28 basic/patterns/mrtr, "Error Handling": what is missing is asked for again.
  delivery->asked = std::move(missing);
  if (!delivery->asked.empty()) {
    co_await park(std::move(delivery));
    co_return base::Result<void>();
  }
  watch_client(*delivery);
  co_return co_await carry_on(std::move(delivery));
}

void Relay::collect(base::SteadyTime now) {
  for (auto& call : parked_.expired(now)) {
    base::log::info("call.unanswered", {{"vendor", call->vendor}, {"method", call->method}});
    tasks_.local().spawn("give-up-call", give_up(std::move(call)));
  }
}

}  // namespace gateway
