#include "vendor/detail/modern_http_call.hpp"

#include <fmt/format.h>

#include <utility>

#include "mcp/error.hpp"
#include "mcp/revision.hpp"
#include "vendor/detail/http_failure.hpp"

namespace vendor::detail {
namespace {

using std::chrono::milliseconds;

const HttpSession& modern_session() {
  static const HttpSession session{.id = {}, .protocol_version = std::string(mcp::kNewestModern)};
  return session;
}

// What is left until `deadline`, as the time that an endless answer may be silent.
milliseconds patience(base::SteadyTime deadline) {
  return std::chrono::duration_cast<milliseconds>(deadline - std::chrono::steady_clock::now());
}

}  // namespace

ModernHttpCall::ModernHttpCall(std::shared_ptr<const HttpPeer> peer, const Outgoing& outgoing, Attempt attempt,
                               Answer answer, std::function<void()> misfits)
    : peer_(std::move(peer)),
      answer_(answer),
      discovers_(outgoing.method == "server/discover"),
      misfits_(std::move(misfits)),
      messages_(*peer_, outgoing.id),
      attempt_(attempt) {}

base::Async<std::unique_ptr<Call>> ModernHttpCall::send(std::shared_ptr<const HttpPeer> peer, Outgoing outgoing,
                                                        base::SteadyTime deadline, Attempt attempt, Answer answer,
                                                        std::function<void()> misfits) {
  auto call = std::make_unique<ModernHttpCall>(peer, outgoing, attempt, answer, std::move(misfits));
  auto response = co_await peer->post(modern_session(), outgoing, deadline);
  auto taken = response ? co_await call->take_head(*std::move(response), deadline)
                        : base::Result<void>(std::move(response).failure());
  if (!taken) {
    attempt.failed(taken.error());
    co_return std::move(taken).failure();
  }
  co_return call;
}

base::Soon<Message> ModernHttpCall::next(base::SteadyTime deadline) {
  auto message = co_await next_message(deadline);
  if (!message) {
    over_ = true;
    attempt_.failed(message.error());
  } else if (!has_more()) {
    attempt_.succeeded();
  }
  co_return message;
}

base::Async<void> ModernHttpCall::take_head(http::ClientResponse response, base::SteadyTime deadline) {
  if (!is_success(response.status())) co_return co_await take_failure(std::move(response), deadline);
  const auto type = response.headers().get("Content-Type");
  const bool is_json = is_media_type(type, "application/json");
  if (is_media_type(type, "text/event-stream")) {
    events_.emplace(std::move(response), peer_->config().message_bytes);
  } else if (is_json && answer_ == Answer::endless) {
    objects_.emplace(std::move(response), JsonCutter(peer_->config().message_bytes));
  } else if (is_json) {
    json_.emplace(std::move(response), peer_->config().message_bytes);
  } else if (response.status() != 200 && type.empty()) {
    co_return messages_.invalid(fmt::format("answered HTTP {} to a request, without a result", response.status()));
  } else {
    co_return base::Failure(wrong_content_type(peer_->vendor(), type));
  }
  co_return base::Result<void>();
}

base::Async<void> ModernHttpCall::take_failure(http::ClientResponse response, base::SteadyTime deadline) {
  const auto status = response.status();
  auto failure = co_await peer_->failure(std::move(response), modern_session(), deadline);
  if (failure.error.kind == base::Kind::vendor_rejected) co_return base::Failure(std::move(failure.error));
  // No server says so of a revision that it speaks; whoever asks what it speaks wants to read the answer.
  const bool dropped_revision = !discovers_ && error_code(failure.body) == mcp::kUnsupportedProtocolVersion;
  if (!dropped_revision && messages_.take_failure(std::move(failure.body))) co_return base::Result<void>();
  // "Backward Compatibility": a server of this era has a JSON-RPC error in such an answer.
  if (!dropped_revision && status != 400 && status != 404 && status != 405) {
    co_return base::Failure(std::move(failure.error));
  }
  co_return misfit();
}

base::Async<Message> ModernHttpCall::next_message(base::SteadyTime deadline) {
  if (over_) co_return messages_.invalid("has already answered this request");
  while (true) {
    while (messages_.empty()) {
      base::Result<void> more;
      if (json_) {
        auto body = co_await json_->begin(deadline);
        if (body && !body->whole) co_return json_->pass(std::move(body->text));
        more = take_json(std::move(body));
      } else {
        more = co_await read_more(deadline);
      }
      if (!more) co_return base::Failure(messages_.named(std::move(more).error()));
    }
    auto message = messages_.pop();
    // A server of this era must not ask on a stream ("Receiving Messages"), and could not be answered.
    if (message.shape == mcp::Shape::request) continue;
    // Every server of this era knows server/discover.
    if (discovers_ && message.is_error && error_code(message.text) == mcp::kMethodNotFound) co_return misfit();
    if (message.shape == mcp::Shape::response) {
      over_ = true;
      if (events_) read_rest_later(*peer_, *std::exchange(events_, std::nullopt));
    }
    co_return std::move(message.text);
  }
}

base::Async<void> ModernHttpCall::read_more(base::SteadyTime deadline) {
  if (objects_) return read_object(patience(deadline));
  return read_event(deadline);
}

base::Soon<std::string_view> ModernHttpCall::more(base::SteadyTime deadline) {
  auto part = co_await json_->more(deadline);
  if (!part) {
    const auto error = messages_.named(broken(std::move(part).error()).error());
    attempt_.failed(error);
    co_return base::Failure(error);
  }
  if (part->empty()) attempt_.succeeded();
  co_return part;
}

base::Result<void> ModernHttpCall::take_json(base::Result<http::Beginning> body) {
  json_.reset();
  if (!body) return broken(std::move(body).error());
  return messages_.take_json(std::move(body->text));
}

base::Async<void> ModernHttpCall::read_event(base::SteadyTime deadline) {
  if (!events_) co_return messages_.invalid("answered something that holds no response to the request");
  auto data = answer_ == Answer::endless ? co_await events_->next_before_silence(patience(deadline))
                                         : co_await events_->next(deadline);
  if (!data) co_return broken(std::move(data).error());
  if (!*data) co_return lost("it ended before the response");
  co_return messages_.take(**std::move(data));
}

base::Async<void> ModernHttpCall::read_object(milliseconds quiet) {
  while (true) {
    auto object = objects_->cutter.next();
    if (!object) co_return std::move(object).failure();
    if (*object) co_return messages_.take(**std::move(object));
    const auto bytes = co_await objects_->response.read_some(std::chrono::steady_clock::now() + quiet);
    if (!bytes) co_return broken(bytes.error());
    if (bytes->empty()) co_return lost("it ended before the response");
    objects_->cutter.feed(*bytes);
  }
}

base::Failure ModernHttpCall::broken(base::Error error) const {
  const bool broke = error.kind == base::Kind::vendor_down || error.kind == base::Kind::vendor_invalid;
  if (broke) return lost(std::move(error.message));
  return base::Failure(std::move(error));
}

// The vendor has seen the request: whether it may be sent again is for whoever asked.
base::Failure ModernHttpCall::lost(std::string why) const {
  return base::fail(base::Kind::vendor_down, "vendor.lost_answer",
                    fmt::format("vendor {} lost its answer; ask again", peer_->vendor()), std::move(why));
}

base::Failure ModernHttpCall::misfit() const {
  misfits_();
  return base::fail(base::Kind::not_found, std::string(kSessionGone),
                    fmt::format("vendor {} does not speak {} any more", peer_->vendor(), mcp::kNewestModern));
}

}  // namespace vendor::detail
