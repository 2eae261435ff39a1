// What becomes of a vendor's response: as it is, in the words of the client's era, or, when it says that input is
// required of a legacy client, questions on that client's stream and the request once more with the answers.
#include <fmt/format.h>

#include <array>

#include "gateway/detail/delivery.hpp"
#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/elicitation.hpp"
#include "mcp/error.hpp"
#include "mcp/input_request.hpp"
#include "mcp/modern_request.hpp"
#include "mcp/response.hpp"
#include "mcp/tasks.hpp"

namespace gateway {
namespace {

// A vendor that asks for ever is not answered for ever.
constexpr int kMostRounds = 20;

std::string padded(std::string text) {
  text.reserve(text.size() + mcp::kPadding);
  return text;
}

// Whether there may be something in it that is called otherwise on the unified endpoint.
bool differs_on_unified(const Delivery& delivery, const mcp::Envelope& envelope) {
  return envelope.names_things && delivery.on_unified();
}

// The response with the client's id; on the unified endpoint, with the URIs and task ids that are known there. kPadding
// readable bytes stand behind it.
std::string for_this_client(const Delivery& delivery, const mcp::Envelope& envelope, const std::string& message) {
  json::Splice splice(message);
  splice.replace(envelope.id, delivery.client_id);
  auto text = splice.str();
  if (differs_on_unified(delivery, envelope)) return as_on_unified(std::move(text), delivery.vendor);
  return text;
}

// The legacy error that asks for elicitations in URL mode, as the modern era asks. The vendor keeps no call meanwhile:
// the client's retry is a new one.
std::optional<std::string> url_elicitations(const Delivery& delivery, const mcp::ResponseView& view) {
  const auto elicitations = mcp::read_url_elicitations(view.error);
  if (!elicitations || !mcp::has_capability(delivery.capabilities, "elicitation.url")) return std::nullopt;
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"result":{{"resultType":"input_required","inputRequests":{}}}}})",
                     delivery.client_id, mcp::url_input_requests(*elicitations));
}

base::Task<void> finish_modern(Delivery& delivery, const mcp::Envelope& envelope, const std::string& message) {
  auto text = for_this_client(delivery, envelope, message);
  auto view = mcp::read_response(text);
  const int status = view ? mcp::http_status(view->error_code) : 200;
  if (view && delivery.channel->era() == mcp::Era::legacy) {
    auto asked = view->error_code == mcp::kUrlElicitationRequired ? url_elicitations(delivery, *view) : std::nullopt;
    text = asked ? *std::move(asked) : mcp::to_modern_response(text, *view, delivery.method, {});
  }
  const std::array<std::string_view, 1> pieces{text};
  co_await delivery.reply->finish(pieces, status);
}

base::Task<void> finish_legacy(Delivery& delivery, const mcp::Envelope& envelope, const std::string& message) {
  if (differs_on_unified(delivery, envelope)) {
    const auto text = for_this_client(delivery, envelope, message);
    const std::array<std::string_view, 1> pieces{text};
    co_await delivery.reply->finish(pieces, 200);
    co_return;
  }
  json::Splice response(message);
  response.replace(envelope.id, delivery.client_id);
  co_await delivery.reply->finish(response.pieces(), 200);
}

struct Waiting {
  mcp::InputRequest asked;
  std::string id;  // of the request that the client got
  std::shared_ptr<Question> question;
};

base::Failure cannot_ask(const Delivery& delivery, const mcp::InputRequest& asked, std::string_view capability) {
  return base::fail(base::Kind::invalid, "client.cannot_be_asked",
                    fmt::format("vendor {} needs an answer to {}, and this client {}. Use a client that supports it.",
                                delivery.vendor, asked.method,
                                capability.empty() ? std::string("listens to no stream")
                                                   : fmt::format("did not declare the capability {}", capability)));
}

base::Result<void> check_can_ask(const Delivery& delivery, const std::vector<mcp::InputRequest>& requests) {
  for (const auto& asked : requests) {
    const auto capability = mcp::required_capability(asked.method, asked.params);
    const bool capable = delivery.session && !capability.empty() &&
                         mcp::has_capability(delivery.session->client().capabilities, capability);
    if (!capable) return cannot_ask(delivery, asked, capability.empty() ? asked.method : capability);
    if (!delivery.reply->streams()) return cannot_ask(delivery, asked, {});
  }
  return {};
}

// One answer as a value of inputResponses. The modern era knows no error there: an elicitation that failed is one that
// was cancelled, anything else ends the call.
base::Result<std::string> input_response(const Delivery& delivery, const Waiting& waiting, std::string response) {
  response.reserve(response.size() + mcp::kPadding);
  const auto view = mcp::read_response(response);
  if (view && view->object.data() != nullptr) return std::string(view->object);
  if (waiting.asked.method == "elicitation/create") return R"({"action":"cancel"})";
  const auto object = json::parse_object(view ? view->error : std::string_view("{}"));
  return base::fail(base::Kind::invalid, "client.answered_error",
                    fmt::format("The client answered {} of vendor {} with an error: {}", waiting.asked.method,
                                delivery.vendor, object ? json::text_at(*object, "message") : ""));
}

// The legacy era names each elicitation in URL mode.
std::string legacy_params(const mcp::InputRequest& asked, std::string_view elicitation_id) {
  if (mcp::required_capability(asked.method, asked.params) != "elicitation.url") return std::string(asked.params);
  return mcp::with_elicitation_id(asked.params, elicitation_id);
}

base::Async<std::string> ask_client(Delivery& delivery, std::vector<mcp::InputRequest> requests,
                                    base::SteadyTime until) {
  std::vector<Waiting> waiting;
  for (auto& asked : requests) {
    Waiting one{std::move(asked), {}, std::make_shared<Question>()};
    one.id = delivery.session->add_vendor_request({{}, {}, {}, one.question});
    const auto params = legacy_params(one.asked, "mcp-gateway-" + one.id);
    auto message = fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":{}{}{}}})", one.id, json::quote(one.asked.method),
                               params.empty() ? "" : R"(,"params":)", params);
    co_await delivery.reply->interim(std::move(message));
    waiting.push_back(std::move(one));
  }
  std::string responses;
  for (const auto& one : waiting) {
    auto answer = co_await one.question->wait(until);
    if (!answer) {
      co_return base::fail(
          base::Kind::invalid, "client.no_answer",
          fmt::format("The client did not answer {} of vendor {} in time.", one.asked.method, delivery.vendor));
    }
    auto result = input_response(delivery, one, *std::move(answer));
    if (!result) co_return std::move(result).failure();
    responses += fmt::format("{}{}:{}", responses.empty() ? "" : ",", json::quote(one.asked.key), *result);
  }
  co_return "{" + responses + "}";
}

}  // namespace

// True when the client has its response; false when the vendor was asked again.
base::Async<bool> Relay::take_response(Delivery& delivery, const mcp::Envelope& envelope, std::string& message) {
  if (std::exchange(delivery.as_task, false)) {
    if (auto task_id = mcp::created_task(message)) {
      auto asked = co_await ask_for_result(delivery, *std::move(task_id));
      if (!asked) co_return std::move(asked).failure();
      co_return false;
    }
  }
  if (delivery.client_era == mcp::Era::modern) {
    co_await finish_modern(delivery, envelope, message);
    co_return true;
  }
  if (delivery.channel->era() == mcp::Era::legacy || envelope.is_error) {
    co_await finish_legacy(delivery, envelope, message);
    co_return true;
  }
  const auto view = mcp::read_response(message);
  if (!view || view->result_type != "input_required") {
    co_await finish_legacy(delivery, envelope, message);
    co_return true;
  }

  if (++delivery.rounds > kMostRounds) {
    co_return base::fail(base::Kind::vendor_invalid, "vendor.asks_for_ever",
                         fmt::format("vendor {} asked for input {} times in one call", delivery.vendor, kMostRounds));
  }
  std::string responses;
  if (view->input_requests.data() != nullptr) {
    auto requests = mcp::read_input_requests(view->input_requests);
    if (!requests) co_return std::move(requests).failure();
    if (auto can = check_can_ask(delivery, *requests); !can) co_return std::move(can).failure();
    const auto until = std::chrono::steady_clock::now() + config_.answer_wait;
    auto answers = co_await ask_client(delivery, *std::move(requests), until);
    if (!answers) co_return std::move(answers).failure();
    responses = *std::move(answers);
  }
  auto again = co_await send_again(delivery, responses, view->request_state);
  if (!again) co_return std::move(again).failure();
  co_return false;
}

// 2025-11-25 basic/utilities/tasks, "Result Retrieval": answered when the task is over, and what the vendor asks
// meanwhile comes with it. The progress token goes on being the first request's.
base::Async<void> Relay::ask_for_result(Delivery& delivery, std::string task_id) {
  const auto id = delivery.channel->next_id();
  const auto text = fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"tasks/result","params":{{"taskId":{}}}}})", id,
                                json::quote(task_id));
  delivery.task_id = std::move(task_id);
  delivery.entry->set({delivery.channel, delivery.upstream_id, delivery.progress_token, delivery.task_id});
  watch_client(delivery);
  const std::array<std::string_view, 1> pieces{text};
  auto call = co_await delivery.channel->request(
      {.pieces = pieces, .method = "tasks/result", .name = delivery.task_id, .id = id, .traceparent = {}},
      delivery.deadline);
  if (!call) co_return std::move(call).failure();
  take_call(delivery, *std::move(call));
  co_return base::Result<void>();
}

// The same request once more, with the answers and with the vendor's state as it came.
base::Async<void> Relay::send_again(Delivery& delivery, std::string_view responses, std::string_view state) {
  const auto allowance = std::max(delivery.deadline, std::chrono::steady_clock::now() + config_.answer_wait);
  delivery.deadline = allowance;
  const auto old = mcp::scan(delivery.sent);
  if (!old) co_return base::fail(base::Kind::bug, "relay.sent_text", "The request that was sent cannot be read.");
  const auto id = delivery.channel->next_id();
  const auto id_text = std::to_string(id);
  json::Splice splice(delivery.sent);
  splice.replace(old->id, id_text);
  if (!old->progress_token.empty()) splice.replace(old->progress_token, id_text);
  const auto renumbered = splice.str();
  const auto envelope = mcp::scan(renumbered);
  if (!envelope) co_return base::fail(base::Kind::bug, "relay.sent_text", "The request that was sent cannot be read.");
  auto text = padded(mcp::with_input_responses(renumbered, *envelope, responses, state));

  delivery.upstream_id = id;
  delivery.entry->set({delivery.channel, id, delivery.progress_token, {}});
  const std::array<std::string_view, 1> pieces{text};
  auto call = co_await delivery.channel->request({.pieces = pieces,
                                                  .method = delivery.method,
                                                  .name = envelope->name,
                                                  .id = id,
                                                  .traceparent = {},
                                                  .headers = delivery.headers},
                                                 delivery.deadline);
  if (!call) co_return std::move(call).failure();
  delivery.call = *std::move(call);
  delivery.sent = std::move(text);
  co_return base::Result<void>();
}

}  // namespace gateway
