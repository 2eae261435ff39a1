#include "http/detail/client_exchange.hpp"

#include <boost/asio/error.hpp>

#include "http/detail/request_head.hpp"

namespace http {
namespace {

namespace asio = boost::asio;
using base::Kind;
using Code = Stream::Code;

constexpr std::size_t kUsualHead = 1000;  // bytes of a request's head
constexpr std::size_t kMostInterim = 20;  // 1xx answers before the final one

std::uint64_t total(std::span<const std::string_view> pieces) {
  std::uint64_t size = 0;
  for (const auto piece : pieces) size += piece.size();
  return size;
}

bool is_closed_by_peer(const Code& error) {
  return error == asio::error::eof || error == asio::error::connection_reset || error == asio::error::broken_pipe;
}

}  // namespace

std::unexpected<base::Error> stream_failure(const Stream& stream, Code error, const std::string& where) {
  if (error == asio::error::timed_out) {
    return base::fail(Kind::vendor_timeout, "http.timeout", where + " did not answer in time");
  }
  if (error == asio::error::operation_aborted) return base::fail(Kind::cancelled, "cancelled", "given up");
  if (!stream.tls_error().empty()) {
    return base::fail(Kind::vendor_down, "http.tls", "TLS with " + where + ": " + stream.tls_error());
  }
  if (error == asio::error::connection_refused) {
    return base::fail(Kind::vendor_down, "http.refused", "connection refused by " + where);
  }
  if (is_closed_by_peer(error)) {
    return base::fail(Kind::vendor_down, "http.reset", "connection closed by " + where);
  }
  return base::fail(Kind::vendor_down, "http.connection", "connection to " + where + ": " + error.message());
}

ClientExchange::ClientExchange(Pool::Lease lease, std::size_t head_bytes, Method method)
    : lease_(std::move(lease)), where_(lease_.where()), head_bytes_(head_bytes), method_(method) {
  parser_.emplace(head_bytes, method);
}

base::Async<void> ClientExchange::run(const ClientRequest& request) {
  std::string head;
  head.reserve(kUsualHead);
  write_request_head(head, request, total(request.body));
  const auto error =
      co_await lease_.stream().write(Gather(head, request.body), std::chrono::hours(1), request.deadline);
  // A peer that answers before it has read everything, and closes, may have left its answer behind.
  if (error && !is_closed_by_peer(error)) co_return failure(error);
  co_return co_await read_head(request.deadline);
}

base::Async<void> ClientExchange::read_head(base::SteadyTime until) {
  for (std::size_t interim = 0; interim < kMostInterim;) {
    input_.consume(parser_->put(input_.view()));
    if (auto bad = check(); !bad) co_return bad;
    if (parser_->state() == ResponseParser::State::head) {
      if (auto more = co_await more_of_head(until); !more) co_return more;
      continue;
    }
    if (parser_->status() >= 200) {
      give_back_when_done();
      co_return base::Result<void>();
    }
    parser_.emplace(head_bytes_, method_);
    ++interim;
  }
  lease_.drop();
  co_return base::fail(Kind::vendor_invalid, "http.invalid_answer", *where_ + " answered with 1xx statuses only");
}

base::Async<void> ClientExchange::more_of_head(base::SteadyTime until) {
  const auto error = co_await fill(Expect::soon, until);
  if (!error) co_return base::Result<void>();
  stale_ = !got_bytes_ && is_closed_by_peer(error);
  if (stale_ || error != asio::error::eof) co_return failure(error);
  parser_->put_end();
  co_return check();
}

base::Async<std::string_view> ClientExchange::read_some(base::SteadyTime until) {
  for (;;) {
    if (parser_->state() == ResponseParser::State::done) co_return std::string_view();
    if (!lease_.has_stream()) {
      co_return base::fail(Kind::vendor_down, "http.reset", "connection to " + *where_ + " was given up");
    }
    const auto used = parser_->put(input_.view());
    input_.consume(used);
    if (auto bad = check(); !bad) co_return std::unexpected(std::move(bad).error());
    const auto piece = parser_->piece();
    give_back_when_done();
    if (!piece.empty()) co_return piece;
    if (used > 0) continue;

    const auto error = co_await fill(Expect::at_once, until);
    if (!error) continue;
    if (error != asio::error::eof) co_return failure(error);
    parser_->put_end();
    if (auto bad = check(); !bad) co_return std::unexpected(std::move(bad).error());
    give_back_when_done();
  }
}

bool ClientExchange::ended() {
  for (std::size_t used = 1; used > 0 && parser_->state() == ResponseParser::State::body;) {
    used = parser_->put(input_.view());
    input_.consume(used);
  }
  give_back_when_done();
  return parser_->state() == ResponseParser::State::done;
}

// Reads once. Holds no buffer while it waits for a connection that is silent.
base::Task<Code> ClientExchange::fill(Expect expect, base::SteadyTime until) {
  auto& stream = lease_.stream();
  for (bool wait = expect == Expect::soon;; wait = true) {
    if (wait) {
      if (input_.empty()) input_.release();
      if (const auto error = co_await stream.wait_readable(until)) co_return error;
    }
    const auto got = stream.try_read(input_.prepare());
    if (Stream::would_block(got.error)) continue;
    if (got.error) co_return got.error;
    input_.commit(got.size);
    got_bytes_ = true;
    co_return Code();
  }
}

base::Result<void> ClientExchange::check() {
  if (parser_->state() != ResponseParser::State::invalid) return {};
  lease_.drop();
  return base::fail(Kind::vendor_invalid, "http.invalid_answer",
                    *where_ + " sent an answer that is not valid HTTP: " + parser_->problem());
}

std::unexpected<base::Error> ClientExchange::failure(Code error) {
  auto result = stream_failure(lease_.stream(), error, *where_);
  lease_.drop();
  return result;
}

void ClientExchange::give_back_when_done() {
  if (parser_->state() != ResponseParser::State::done || !lease_.has_stream()) return;
  if (parser_->keeps_alive() && input_.empty()) {
    lease_.give_back();
  } else {
    lease_.drop();
  }
}

}  // namespace http
