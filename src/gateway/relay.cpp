#include "gateway/relay.hpp"

#include <array>
#include <charconv>

#include "gateway/detail/trouble.hpp"
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

namespace {

// A request that a vendor is answering. Owns what it needs, since the client's connection may go on without it.
struct Delivery {
  std::shared_ptr<vendor::Channel> channel;
  std::unique_ptr<vendor::Call> call;
  std::unique_ptr<CallEntry> entry;
  std::shared_ptr<Session> session;
  std::shared_ptr<Reply> reply;
  std::string method;
  std::string client_id;  // raw tokens
  std::string progress_token;
  std::string vendor;
  base::SteadyTime deadline;
};

// Passes on one message that is not the response; `envelope` points into it.
base::Async<void> pass_on(Delivery& delivery, const mcp::Envelope& envelope, std::string& message) {
  const bool can_ask = delivery.session && delivery.reply->streams();
  if (envelope.shape == mcp::Shape::request && !can_ask) {
    co_return co_await refuse(delivery.channel, envelope.id, delivery.deadline);
  }
  if (delivery.session) {
    auto mapped = for_client(*delivery.session, delivery.channel, std::move(message));
    if (mapped) co_await delivery.reply->interim(*std::move(mapped));
  } else {
    json::Splice note(message);
    if (envelope.method == "notifications/progress") note.replace(envelope.progress_token, delivery.progress_token);
    co_await delivery.reply->interim(note.str());
  }
  co_return base::Result<void>();
}

enum class Outcome { finished, paused };

base::Async<Outcome> deliver(Delivery& delivery) {
  while (true) {
    auto message = co_await delivery.call->next(delivery.deadline);
    if (!message) co_return std::unexpected(std::move(message).error());
    if (message->empty()) {
      if (co_await delivery.reply->pause()) co_return Outcome::paused;
      continue;
    }
    message->reserve(message->size() + mcp::kPadding);
    const auto envelope = mcp::scan(*message);
    if (!envelope) co_return base::fail(base::Kind::vendor_invalid, "vendor.bad_message", envelope.error().message);
    if (envelope->shape == mcp::Shape::response) {
      json::Splice response(*message);
      response.replace(envelope->id, delivery.client_id);
      co_await delivery.reply->finish(response.pieces());
      co_return Outcome::finished;
    }
    if (auto passed = co_await pass_on(delivery, *envelope, *message); !passed) {
      co_return std::unexpected(std::move(passed).error());
    }
  }
}

// The client has left its connection and comes back for the rest with Last-Event-ID.
base::Task<void> deliver_later(std::unique_ptr<Delivery> delivery) {
  while (true) {
    auto outcome = co_await deliver(*delivery);
    if (outcome && *outcome == Outcome::finished) co_return;
    if (outcome) continue;
    const auto answer = trouble(delivery->method, delivery->client_id, outcome.error(), delivery->vendor);
    const std::array<std::string_view, 1> pieces{answer};
    co_await delivery->reply->finish(pieces);
    co_return;
  }
}

}  // namespace

base::Async<void> relay(std::shared_ptr<vendor::Channel> channel, RelayedRequest request, std::shared_ptr<Reply> reply,
                        base::TaskGroup& tasks, base::SteadyTime deadline) {
  const auto& envelope = *request.envelope;
  const auto id = channel->next_id();
  const auto id_text = std::to_string(id);
  const auto quoted_name = request.vendor_name.empty() ? std::string() : json::quote(request.vendor_name);
  json::Splice splice(request.body);
  splice.replace(envelope.id, id_text);
  if (!envelope.progress_token.empty()) splice.replace(envelope.progress_token, id_text);
  if (!quoted_name.empty()) splice.replace(envelope.name_token, quoted_name);

  auto delivery = std::make_unique<Delivery>();
  delivery->entry = std::make_unique<CallEntry>(request.session, envelope.id,
                                                InFlight{channel, id, std::string(envelope.progress_token)});
  auto call = co_await channel->request({.pieces = splice.pieces(),
                                         .method = envelope.method,
                                         .name = quoted_name.empty() ? envelope.name : request.vendor_name,
                                         .id = id,
                                         .traceparent = request.traceparent},
                                        deadline);
  if (!call) co_return std::unexpected(std::move(call).error());

  delivery->channel = std::move(channel);
  delivery->call = *std::move(call);
  delivery->session = std::move(request.session);
  delivery->reply = std::move(reply);
  delivery->method = envelope.method;
  delivery->client_id = envelope.id;
  delivery->progress_token = envelope.progress_token;
  delivery->vendor = request.vendor;
  delivery->deadline = deadline;
  if (delivery->call->streams()) {
    delivery->call->tell_pauses();
    co_await delivery->reply->open();
  }
  auto outcome = co_await deliver(*delivery);
  if (!outcome) co_return std::unexpected(std::move(outcome).error());
  if (*outcome == Outcome::paused) tasks.spawn("deliver-later", deliver_later(std::move(delivery)));
  co_return base::Result<void>();
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
