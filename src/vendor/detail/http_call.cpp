#include "vendor/detail/http_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vendor/detail/handshake.hpp"
#include "vendor/detail/http_failure.hpp"

namespace vendor::detail {
namespace {

// However short a wait a vendor asks for.
constexpr std::chrono::milliseconds kShortestRetry{100};

base::Task<void> sleep_until(base::SteadyTime time) {
  base::Timer timer(co_await boost::asio::this_coro::executor, time);
  co_await timer.async_wait(base::use_task);
}

}  // namespace

HttpCall::HttpCall(std::shared_ptr<const HttpPeer> peer, std::shared_ptr<const HttpSession> session, std::uint64_t id,
                   Attempt attempt)
    : peer_(std::move(peer)), session_(std::move(session)), messages_(*peer_, id), attempt_(attempt) {}

base::Async<std::unique_ptr<Call>> HttpCall::send(std::shared_ptr<const HttpPeer> peer,
                                                  std::shared_ptr<const HttpSession> session, const Outgoing& outgoing,
                                                  base::SteadyTime deadline, Attempt attempt) {
  auto call = std::make_unique<HttpCall>(std::move(peer), std::move(session), outgoing.id, attempt);
  auto response = co_await call->peer_->post(*call->session_, outgoing, deadline);
  if (!response) co_return call->fail(std::move(response).error());
  auto taken = co_await call->take_head(*std::move(response), deadline);
  if (!taken) co_return call->fail(std::move(taken).error());
  co_return call;
}

std::unique_ptr<HttpCall> HttpCall::try_send(std::shared_ptr<const HttpPeer> peer,
                                             std::shared_ptr<const HttpSession> session, const Outgoing& outgoing,
                                             Attempt attempt) {
  auto sent = peer->try_post(*session, outgoing);
  if (!sent) return nullptr;
  auto call = std::make_unique<HttpCall>(std::move(peer), std::move(session), outgoing.id, attempt);
  call->sent_ = std::move(sent);
  return call;
}

base::Soon<void> HttpCall::begin(base::SteadyTime deadline) {
  if (!sent_) return base::Result<void>();
  return wait_for_head(deadline);
}

base::Async<void> HttpCall::wait_for_head(base::SteadyTime deadline) {
  auto begun = co_await sent_->begin(deadline);
  auto response = *std::exchange(sent_, std::nullopt);
  if (!begun) co_return fail(of_vendor(peer_->vendor(), std::move(begun).error()));
  auto taken = co_await take_head(std::move(response), deadline);
  if (!taken) co_return fail(std::move(taken).error());
  co_return base::Result<void>();
}

base::Soon<void> HttpCall::take_head(http::ClientResponse response, base::SteadyTime deadline) {
  if (is_success(response.status())) return take_success(std::move(response));
  return take_failure(std::move(response), deadline);
}

base::Soon<Message> HttpCall::next(base::SteadyTime deadline) {
  if (auto message = at_hand()) return *std::move(message);
  return wait_for_message(deadline);
}

std::optional<base::Result<Message>> HttpCall::at_hand() {
  if (over_ || paused_) return std::nullopt;
  base::Result<void> taken;
  while (taken && messages_.empty()) {
    if (json_) {
      auto body = json_->at_hand();
      if (!body) return std::nullopt;
      taken = take_json(*std::move(body));
    } else {
      auto data = events_ ? events_->at_hand() : std::nullopt;
      if (!data) return std::nullopt;
      taken = messages_.take(*std::move(data));
    }
  }
  if (!taken) return fail(messages_.named(std::move(taken).error()));
  return give();
}

base::Async<Message> HttpCall::wait_for_message(base::SteadyTime deadline) {
  if (over_) co_return fail(messages_.invalid("has already answered this request").error());
  if (auto begun = co_await begin(deadline); !begun) co_return std::move(begun).failure();
  while (messages_.empty()) {
    base::Result<void> more;
    if (json_) {
      auto body = co_await json_->begin(deadline);
      if (body && !body->whole) co_return json_->pass(std::move(body->text));
      more = take_json(std::move(body));
    } else {
      more = co_await read_event(deadline);
    }
    if (!more) co_return fail(messages_.named(std::move(more).error()));
    if (paused_) break;
  }
  if (paused_) {
    attempt_.succeeded();
    co_return Message();
  }
  co_return give();
}

// The next message of those that are there.
base::Result<Message> HttpCall::give() {
  attempt_.succeeded();
  auto message = messages_.pop();
  scanned_ = std::move(message.envelope);
  if (message.shape == mcp::Shape::response) {
    over_ = true;
    if (events_) read_rest_later(*peer_, *std::exchange(events_, std::nullopt));
  }
  return std::move(message.text);
}

base::Soon<std::string_view> HttpCall::more(base::SteadyTime deadline) {
  auto part = co_await json_->more(deadline);
  if (!part) co_return fail(messages_.named(std::move(part).error()));
  if (part->empty()) attempt_.succeeded();
  co_return part;
}

base::Failure HttpCall::fail(base::Error error) {
  over_ = true;
  attempt_.failed(error);
  return base::Failure(std::move(error));
}

std::chrono::milliseconds HttpCall::retry() const {
  const auto& config = peer_->config();
  const auto asked = events_ ? events_->retry() : std::nullopt;
  return std::clamp(asked.value_or(config.retry), kShortestRetry, config.longest_retry);
}

base::Result<void> HttpCall::take_success(http::ClientResponse response) {
  if (session_->protocol_version.empty()) session_id_ = response.headers().get("Mcp-Session-Id");
  const auto type = response.headers().get("Content-Type");
  if (is_media_type(type, "application/json")) {
    json_.emplace(std::move(response), peer_->config().message_bytes);
    json_->take_parts_beyond(most_held_);
  } else if (is_media_type(type, "text/event-stream")) {
    events_.emplace(std::move(response), peer_->config().message_bytes);
  } else if (response.status() != 200 && type.empty()) {
    return messages_.invalid(fmt::format("answered HTTP {} to a request, without a result", response.status()));
  } else {
    return base::Failure(wrong_content_type(peer_->vendor(), type));
  }
  return {};
}

// The failure's body may be the JSON-RPC error response to this very request, which is then its answer.
base::Async<void> HttpCall::take_failure(http::ClientResponse response, base::SteadyTime deadline) {
  auto failure = co_await peer_->failure(std::move(response), *session_, deadline);
  const auto kind = failure.error.kind;
  const bool conclusive = kind == base::Kind::vendor_rejected || kind == base::Kind::not_found;
  if (conclusive) co_return base::Failure(std::move(failure.error));
  if (is_modern_error(error_code(failure.body))) co_return left_era(error_words(failure.body));
  if (!messages_.take_failure(std::move(failure.body))) co_return base::Failure(std::move(failure.error));
  co_return base::Result<void>();
}

// Another server stands there now, or has stood there from the start.
base::Failure HttpCall::left_era(std::string_view words) const {
  if (session_->protocol_version.empty()) return speaks_modern(peer_->vendor(), words);
  return base::fail(base::Kind::not_found, std::string(kSessionGone),
                    fmt::format("vendor {} speaks a revision without sessions now", peer_->vendor()));
}

base::Result<void> HttpCall::take_json(base::Result<http::Beginning> body) {
  json_.reset();
  if (!body) return std::move(body).failure();
  return messages_.take_json(std::move(body->text));
}

base::Async<void> HttpCall::read_event(base::SteadyTime deadline) {
  if (!events_) co_return messages_.invalid("answered something that holds no response to the request");
  if (std::exchange(paused_, false)) co_return co_await resume(deadline);
  auto data = co_await events_->next(deadline);
  if (data && *data) co_return messages_.take(**std::move(data));

  const bool dropped = data.has_value() || data.error().kind == base::Kind::vendor_down ||
                       data.error().kind == base::Kind::vendor_invalid;
  if (!dropped) co_return std::move(data).failure();
  if (!events_->last_event_id().empty()) {
    paused_ = tells_pauses_ && data.has_value();
    if (paused_) co_return base::Result<void>();
    co_return co_await resume(deadline);
  }
  if (!data) co_return std::move(data).failure();
  co_return messages_.invalid("ended its answer before the response");
}

// 2025-11-25 basic/transports, "Resumability and Redelivery". An error here is never vendor.session_gone: the vendor
// has seen the request, so that it must not be sent again.
base::Async<void> HttpCall::resume(base::SteadyTime deadline) {
  const auto& config = peer_->config();
  if (events_->events() != events_at_resume_) fruitless_resumes_ = 0;
  events_at_resume_ = events_->events();
  while (fruitless_resumes_++ < config.resume_attempts) {
    const auto wake = std::chrono::steady_clock::now() + retry();
    if (wake >= deadline) break;
    co_await sleep_until(wake);
    auto resumed = co_await resume_once(deadline);
    if (!resumed) co_return std::move(resumed).failure();
    if (*resumed) co_return base::Result<void>();
  }
  co_return base::fail(base::Kind::vendor_down, "vendor.dropped",
                       "dropped the connection in the middle of its answer and could not be reached again in time");
}

// True: goes on; false: not reachable just now. Errors: trying again is of no use.
base::Async<bool> HttpCall::resume_once(base::SteadyTime deadline) {
  auto response = co_await peer_->get(*session_, events_->last_event_id(), deadline);
  if (!response) {
    if (response.error().kind == base::Kind::vendor_down) co_return false;
    co_return std::move(response).failure();
  }
  const auto status = response->status();
  if (status == 502 || status == 503 || status == 504) co_return false;
  if (status == 401 || status == 403)
    co_return base::Failure((co_await peer_->failure(*std::move(response), *session_, deadline)).error);
  const bool streams = status == 200 && media_type(response->headers().get("Content-Type")) == "text/event-stream";
  if (!streams) {
    co_return base::fail(base::Kind::vendor_down, "vendor.dropped",
                         fmt::format("dropped the connection in the middle of its answer, and answered HTTP {} when "
                                     "asked for the rest",
                                     status));
  }
  events_->resume(*std::move(response));
  co_return true;
}

}  // namespace vendor::detail
