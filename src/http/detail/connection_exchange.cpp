// Connection as a handler sees it: the Exchange.
#include <fmt/format.h>

#include <array>
#include <boost/asio/error.hpp>

#include "base/release.hpp"
#include "http/detail/connection.hpp"

namespace http {
namespace {

constexpr std::size_t kMostEarlyBytes = 64 << 10;  // sent by a client while its stream is open

std::uint64_t total(std::span<const std::string_view> pieces) {
  std::uint64_t size = 0;
  for (const auto piece : pieces) size += piece.size();
  return size;
}

}  // namespace

base::Async<void> Connection::respond(Response response) {
  const std::string_view body = response.body;
  co_return co_await respond(response, std::span(&body, 1));
}

base::Async<void> Connection::respond(const Response& head, std::span<const std::string_view> pieces) {
  ResponseFraming framing;
  if (!has_no_body(head.status)) framing.length = total(pieces);
  if (request_.method == Method::head || has_no_body(head.status)) pieces = {};
  if (auto written = write_head(head, framing); !written) co_return written;
  auto sent = co_await send(Gather(head_, pieces));
  if (sent) answer_ = Answer::done;
  co_return sent;
}

base::Async<void> Connection::start(Response head) {
  ResponseFraming framing;
  raw_body_ = http10_;
  if (raw_body_) close_ = true;
  framing.chunked = !http10_ && !has_no_body(head.status);
  if (auto written = write_head(head, framing); !written) co_return written;
  auto sent = co_await send(Gather(head_, {}));
  if (sent) answer_ = Answer::streaming;
  base::release(head_);  // streams live long
  if (rest_.empty()) base::release(rest_);
  co_return sent;
}

base::Result<void> Connection::write_head(const Response& head, ResponseFraming framing) {
  if (answer_ != Answer::none) {
    return base::fail(base::Kind::bug, "http.answered_twice", "The request is answered already.");
  }
  if (draining()) close_ = true;
  framing.close = close_;
  framing.say_keep_alive = http10_;
  framing.date_line = worker_->date_line();
  framing.request_id = request_.request_id;
  head_.clear();
  write_response_head(head_, head, framing);
  return {};
}

base::Async<void> Connection::write(std::span<const std::string_view> pieces) {
  if (answer_ != Answer::streaming) {
    co_return base::fail(base::Kind::cancelled, "http.not_started", "No answer is being streamed.");
  }
  const auto size = total(pieces);
  if (size == 0 || request_.method == Method::head) co_return base::Result<void>();
  if (raw_body_) co_return co_await send(Gather({}, pieces));

  std::array<char, 20> digits;
  const auto end = fmt::format_to_n(digits.data(), digits.size(), "{:x}\r\n", size).out;
  co_return co_await send(Gather({digits.data(), end}, pieces, "\r\n"));
}

base::Async<void> Connection::finish() {
  if (answer_ != Answer::streaming) {
    co_return base::fail(base::Kind::cancelled, "http.not_started", "No answer is being streamed.");
  }
  const bool has_end = !raw_body_ && request_.method != Method::head;
  auto sent = co_await send(Gather(has_end ? "0\r\n\r\n" : "", {}));
  if (sent) answer_ = Answer::done;
  co_return sent;
}

base::Async<void> Connection::send(Gather what) {
  auto error = stream_.try_write(what);
  if (Stream::would_block(error)) {
    error = co_await stream_.write(what, shared_.limits.write_timeout, base::SteadyTime::max());
  }
  if (!error) co_return base::Result<void>();
  answer_ = Answer::broken;
  co_return base::fail(base::Kind::cancelled, "http.peer_gone", "The client is gone.", error.message());
}

void Connection::release_request() {
  base::release(request_.headers);
  base::release(request_.body);
  known_.reset();
  findings().reset();
}

base::Task<bool> Connection::peer_closed(base::SteadyTime until) {
  for (;;) {
    if (answer_ == Answer::broken || rest_.size() > kMostEarlyBytes) co_return true;
    waiting_ = Waiting::for_close;
    const auto error = co_await stream_.wait_readable(until);
    waiting_ = Waiting::no;
    if (error) {
      const bool may_live = error == boost::asio::error::timed_out || error == boost::asio::error::operation_aborted ||
                            error == boost::system::errc::operation_canceled;
      co_return !may_live || !stream_.is_open();
    }

    const auto scratch = worker_->scratch();
    const auto got = stream_.try_read(scratch);
    if (Stream::would_block(got.error)) continue;
    if (got.error) co_return true;
    rest_.append(scratch.data(), got.size);  // a pipelined request waits for its turn
  }
}

void Connection::interrupt() {
  if (waiting_ == Waiting::for_close) stream_.interrupt();
}

void Connection::drain() {
  if (waiting_ != Waiting::no) stream_.interrupt();
}

void Connection::cut() { stream_.close(); }

bool Connection::draining() const { return shared_.draining.load(std::memory_order_relaxed); }

}  // namespace http
