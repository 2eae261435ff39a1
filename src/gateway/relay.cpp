// The way of a request up to its vendor, and the loop that takes what comes back. What is done with a response is in
// relay_responses.cpp, with a vendor's question in relay_questions.cpp.
#include "gateway/relay.hpp"

#include <array>
#include <charconv>

#include "base/kept_strings.hpp"
#include "gateway/detail/delivery.hpp"
#include "gateway/detail/log_level.hpp"
#include "gateway/detail/own_client.hpp"
#include "gateway/detail/trouble.hpp"
#include "gateway/detail/valid_tools.hpp"
#include "gateway/detail/vendor_parts.hpp"
#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/error.hpp"
#include "mcp/modern_request.hpp"
#include "mcp/request_headers.hpp"
#include "mcp/tasks.hpp"
#include "mcp/unified_uri.hpp"

namespace gateway {
namespace {

// However often a call is answered and asks again, its vendor's answer is not waited for longer.
constexpr std::chrono::hours kLongestCall{1};

// Bytes of a response that is held, so that what is wrong with it can be told instead of it.
constexpr std::size_t kHeldWhole = 256 << 10;

// Whether tools are taken out of the response.
bool changes_list(const Delivery& delivery) {
  return delivery.method == "tools/list" && delivery.channel->era() == mcp::Era::modern;
}

// Whether nothing of the response changes but names.
bool can_pass_parts(const Delivery& delivery) {
  return delivery.call && delivery.reply->takes_parts() && delivery.channel->era() == delivery.client_era &&
         !delivery.as_task && !changes_list(delivery);
}

std::uint64_t number_of(std::string_view token) {
  std::uint64_t number = 0;
  std::from_chars(token.data(), token.data() + token.size(), number);
  return number;
}

std::unique_ptr<Delivery> start(Way way, const RelayedRequest& request, std::shared_ptr<Reply> reply,
                                base::SteadyTime deadline) {
  auto delivery = std::make_unique<Delivery>();
  delivery->channel = std::move(way.channel);
  delivery->lease = std::move(way.lease);
  delivery->reply = std::move(reply);
  delivery->deadline = deadline;
  delivery->session = request.session;
  delivery->entry.emplace(request.session, request.envelope->id);
  delivery->client_era = request.client.era;
  delivery->method = request.envelope->method;
  delivery->endpoint = request.endpoint;
  delivery->vendor = request.vendor;
  return delivery;
}

// The request in the words of the vendor's era. The text has padding behind it.
std::string translated(std::string text, mcp::Era to, const ClientFacts& client) {
  const auto envelope = mcp::scan(text);
  if (!envelope) return text;  // scanned once already: it is a request
  std::string out = to == mcp::Era::modern ? mcp::with_request_meta(text, *envelope,
                                                                    {.protocol_version = mcp::kNewestModern,
                                                                     .client_info = client.info,
                                                                     .client_capabilities = client.capabilities,
                                                                     .log_level = client.log_level})
                                           : mcp::without_request_meta(text, *envelope);
  out.reserve(out.size() + mcp::kPadding);
  return out;
}

std::string called_as_task(std::string_view text) {
  const auto envelope = mcp::scan(text);
  return envelope ? mcp::as_task(text, *envelope) : std::string(text);
}

// What of a vendor's notifications a modern client wants on the stream of its request: progress it asked for, and log
// messages as severe as it asked for (2026-07-28 server/utilities/logging). Changes have streams of their own.
std::optional<std::string> for_modern_client(const Delivery& delivery, const mcp::Envelope& envelope,
                                             std::string& message) {
  if (envelope.method == "notifications/progress") {
    if (delivery.progress_token.empty()) return std::nullopt;
    json::Splice splice(message);
    splice.replace(envelope.progress_token, delivery.progress_token);
    return splice.str();
  }
  if (envelope.method == "notifications/message") {
    const auto params = json::parse_object(envelope.params);
    const bool wanted = !delivery.log_level.empty() && params &&
                        at_least_as_severe(json::text_at(*params, "level"), delivery.log_level);
    return wanted ? std::optional(std::move(message)) : std::nullopt;
  }
  // A modern vendor sends on this stream only what belongs to the request.
  return delivery.channel->era() == mcp::Era::modern ? std::optional(std::move(message)) : std::nullopt;
}

base::Task<void> pass_on(Delivery& delivery, const mcp::Envelope& envelope, std::string& message) {
  std::optional<std::string> mapped;
  if (delivery.client_era == mcp::Era::modern) {
    mapped = for_modern_client(delivery, envelope, message);
  } else if (delivery.session) {
    mapped = for_client(*delivery.session, delivery.channel, delivery.on_unified() ? delivery.vendor : "",
                        std::move(message));
  } else {
    json::Splice note(message);
    if (envelope.method == "notifications/progress") note.replace(envelope.progress_token, delivery.progress_token);
    mapped = note.str();
  }
  if (mapped) co_await delivery.reply->interim(*std::move(mapped));
}

base::Task<void> cancel_call(std::shared_ptr<vendor::Channel> channel, std::uint64_t id, std::string task_id,
                             std::shared_ptr<Inbox> inbox) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  if (!task_id.empty()) (void)co_await cancel_task(channel, std::move(task_id), deadline);
  (void)co_await channel->cancel(id, "The client has gone.", deadline);
  if (!inbox) co_return;
  inbox->fail({base::Kind::cancelled, "client.gone", "The client has gone.", {}, {}});
  inbox->close();
}

}  // namespace

void begin_round(Delivery& delivery, const RelayedRequest& request) {
  const auto& envelope = *request.envelope;
  delivery.request = request.origin != nullptr ? request.origin : &envelope;
  delivery.client_id = envelope.id;
  delivery.progress_token = envelope.progress_token;
  if (delivery.client_era == mcp::Era::legacy) return;
  delivery.capabilities = request.client.capabilities;
  delivery.log_level = request.client.log_level;
  delivery.subject = request.subject;
}

Relay::Relay(base::PerThread<base::TaskGroup>& tasks, RequestStates& states, Config config)
    : tasks_(tasks), states_(states), config_(std::move(config)), parked_(config_.parked_calls) {}

base::Async<void> Relay::run(Way way, const RelayedRequest& request, std::shared_ptr<Reply> reply,
                             base::SteadyTime deadline) {
  auto delivery = start(std::move(way), request, std::move(reply), deadline);
  begin_round(*delivery, request);
  auto sent = co_await send(*delivery, request);
  if (!sent) co_return sent;

  if (delivery->call) {
    if (auto begun = co_await delivery->call->begin(deadline); !begun) co_return begun;
  }
  if (can_pass_parts(*delivery)) delivery->call->take_parts_beyond(kHeldWhole);
  // A modern client's stream begins with the first message: until then its answer can still have a status of its own.
  if (delivery->call && delivery->call->streams() && delivery->client_era == mcp::Era::legacy) {
    delivery->call->tell_pauses();
    delivery->reply->open();
  }
  co_return co_await carry_on(std::move(delivery));
}

base::Async<void> Relay::send(Delivery& delivery, const RelayedRequest& request) {
  const auto& envelope = *request.envelope;
  const auto id = delivery.channel->next_id();
  const auto id_text = std::to_string(id);
  const auto quoted_name = request.vendor_name.empty() ? std::string() : json::quote(request.vendor_name);
  json::Splice splice(request.body);
  splice.replace(envelope.id, id_text);
  if (!envelope.progress_token.empty()) splice.replace(envelope.progress_token, id_text);
  if (!quoted_name.empty()) splice.replace(request.name_token, quoted_name);
  delivery.upstream_id = id;
  delivery.as_task = request.as_task;
  delivery.entry->set({delivery.channel, id, delivery.progress_token, {}});
  if (delivery.lease) {
    delivery.inbox = std::make_shared<Inbox>();
    delivery.lease->set_inbox(delivery.inbox);
  }
  // Before the request goes out: a vendor may say nothing at all before its answer.
  watch_client(delivery);

  const auto vendor_era = delivery.channel->era();
  std::string text;
  std::array<std::string_view, 1> whole;
  std::span<const std::string_view> pieces = splice.pieces();
  if (vendor_era != delivery.client_era || request.as_task) {
    text = splice.str();
    if (vendor_era != delivery.client_era) text = translated(std::move(text), vendor_era, request.client);
    if (request.as_task) text = called_as_task(text);
    whole = {text};
    pieces = whole;
  }
  auto call = co_await delivery.channel->request(
      {.pieces = pieces,
       .method = envelope.method,
       .name = quoted_name.empty() ? mcp::mirrored_name(envelope) : request.vendor_name,
       .id = id,
       .traceparent = request.traceparent,
       .headers = request.headers},
      delivery.deadline);
  if (!call) co_return std::move(call).failure();
  if (vendor_era == mcp::Era::modern && delivery.client_era == mcp::Era::legacy) {
    delivery.sent = std::move(text);
    delivery.headers = request.headers;
  }
  take_call(delivery, *std::move(call));
  co_return base::Result<void>();
}

// The vendor's next messages are this call's.
void Relay::take_call(Delivery& delivery, std::unique_ptr<vendor::Call> call) {
  if (!delivery.lease) {
    delivery.call = std::move(call);
    return;
  }
  tasks_.local().spawn("follow-call",
                       follow(delivery.inbox, std::move(call), std::chrono::steady_clock::now() + kLongestCall));
}

// A modern client that closes its stream cancels its request (2026-07-28 basic/patterns/cancellation).
void Relay::watch_client(Delivery& delivery) {
  if (delivery.client_era == mcp::Era::legacy) return;
  delivery.reply->when_gone(
      [&tasks = tasks_, channel = delivery.channel, id = delivery.upstream_id, task_id = delivery.task_id,
       inbox = delivery.inbox] { tasks.local().spawn("cancel-call", cancel_call(channel, id, task_id, inbox)); });
}

base::Async<void> Relay::carry_on(std::unique_ptr<Delivery> delivery) {
  auto outcome = co_await deliver(*delivery);
  if (!outcome) {
    if (delivery->lease) delivery->lease->spoil();
    if (delivery->inbox) delivery->inbox->close();
    co_return std::move(outcome).failure();
  }
  if (*outcome == Outcome::paused) tasks_.local().spawn("deliver-later", deliver_later(std::move(delivery)));
  if (*outcome == Outcome::parked) co_await park(std::move(delivery));
  co_return base::Result<void>();
}

base::Async<Relay::Outcome> Relay::deliver(Delivery& delivery) {
  while (true) {
    auto message = delivery.inbox ? co_await delivery.inbox->next(delivery.deadline)
                                  : co_await delivery.call->next(delivery.deadline);
    if (!message) co_return std::move(message).failure();
    if (message->empty()) {
      if (co_await delivery.reply->pause(delivery.call->retry())) co_return Outcome::paused;
      continue;
    }
    if (delivery.call && delivery.call->has_more()) {
      auto passed = co_await pass_parts(delivery, *message);
      if (!passed) co_return std::move(passed).failure();
      if (*passed) co_return Outcome::finished;
      delivery.call->put_back(*std::move(message));
      continue;
    }
    message->reserve(message->size() + mcp::kPadding);
    if (changes_list(delivery)) {
      if (auto valid = without_invalid_tools(delivery.vendor, *message)) message = *std::move(valid);
    }
    auto known = delivery.call ? delivery.call->scanned() : nullptr;
    if (!known || known->text.data() != message->data() || known->text.size() != message->size()) {
      auto scanned = mcp::scan(*message);
      if (!scanned) co_return base::fail(base::Kind::vendor_invalid, "vendor.bad_message", scanned.error().message);
      known = std::make_shared<const mcp::Envelope>(*std::move(scanned));
    }
    const auto envelope = std::move(known);
    switch (envelope->shape) {
      case mcp::Shape::response: {
        auto finished = co_await take_response(delivery, *envelope, *message);
        if (!finished) co_return std::move(finished).failure();
        if (!*finished) break;
        base::keep_string(*std::move(message));
        co_return Outcome::finished;
      }
      case mcp::Shape::request: {
        auto outcome = co_await take_request(delivery, *envelope, *message);
        if (!outcome) co_return std::move(outcome).failure();
        if (*outcome) co_return **outcome;
        break;
      }
      case mcp::Shape::notification:
        co_await pass_on(delivery, *envelope, *message);
        break;
    }
  }
}

// A response that is too large to be held goes to the client as it comes. False: it is another message, or an error,
// and has to be looked at as a whole.
base::Async<bool> Relay::pass_parts(Delivery& delivery, std::string_view first) {
  VendorParts parts(delivery);
  if (!parts.begin(first)) co_return false;
  auto sent = co_await delivery.reply->finish_in_parts(parts);
  if (!sent) co_return std::move(sent).failure();
  co_return true;
}

// The client has left its connection and comes back for the rest with Last-Event-ID.
base::Task<void> Relay::deliver_later(std::unique_ptr<Delivery> delivery) {
  while (true) {
    auto outcome = co_await deliver(*delivery);
    if (outcome && *outcome == Outcome::finished) co_return;
    if (outcome) continue;
    const auto answer = trouble(delivery->method, delivery->client_id, outcome.error(), delivery->vendor);
    const std::array<std::string_view, 1> pieces{answer};
    co_await delivery->reply->finish(pieces, 200);
    co_return;
  }
}

std::optional<std::string> for_client(Session& session, const std::shared_ptr<vendor::Channel>& channel,
                                      std::string_view vendor, std::string message) {
  if (!vendor.empty()) message = as_on_unified(std::move(message), vendor);
  message.reserve(message.size() + mcp::kPadding);
  const auto envelope = mcp::scan(message);
  if (!envelope || envelope->shape == mcp::Shape::response) return std::nullopt;
  json::Splice splice(message);
  std::string replacement;
  if (envelope->shape == mcp::Shape::request) {
    replacement = session.add_vendor_request({channel, std::string(vendor), std::string(envelope->id), {}});
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

bool is_of_client_tasks(const mcp::Envelope& request) { return request.method.starts_with("tasks/"); }

std::string as_on_unified(std::string message, std::string_view vendor) {
  if (message.contains("\"uri\"")) {
    message.reserve(message.size() + mcp::kPadding);
    message = mcp::with_unified_uris(message, vendor);
  }
  if (message.contains("\"taskId\"")) {
    message.reserve(message.size() + mcp::kPadding);
    message = mcp::with_unified_task_ids(message, vendor);
  }
  message.reserve(message.size() + mcp::kPadding);
  return message;
}

}  // namespace gateway
