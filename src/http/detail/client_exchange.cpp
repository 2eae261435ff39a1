#include "http/detail/client_exchange.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <limits>

#include "http/detail/request_head.hpp"

namespace http {
namespace {

namespace asio = boost::asio;
using base::Kind;
using Code = Stream::Code;

constexpr std::size_t kUsualHead = 1000;  // bytes of a request's head
constexpr std::size_t kMostInterim = 20;  // 1xx answers before the final one
constexpr std::size_t kPadding = 64;      // behind a whole body
constexpr std::size_t kSomeOfIt = 4'096;  // of a body that is too large to be held
// Of such a body, at once: in parts of 16 KiB, answers of 1 MiB cost three times as much.
constexpr std::size_t kLargePart = 128 << 10;

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
    return base::fail(Kind::vendor_down, "http.tls", "TLS with " + where + ": " + std::string(stream.tls_error()));
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
    : lease_(std::move(lease)), head_bytes_(head_bytes), method_(method) {
  parser_.emplace(head_bytes, method);
}

base::Async<void> ClientExchange::run(const ClientRequest& request) {
  Code error;
  {  // Nothing of the request is kept while the peer is waited for.
    std::string head;
    head.reserve(kUsualHead);
    write_request_head(head, request, total(request.body));
    Gather message(head, request.body);
    error = lease_.stream().try_write(message);
    if (Stream::would_block(error)) {
      error = co_await lease_.stream().write(message, std::chrono::hours(1), request.deadline);
    }
  }
  // A peer that answers before it has read everything, and closes, may have left its answer behind.
  if (error && !is_closed_by_peer(error)) co_return failure(error);

  for (std::size_t interim = 0; interim < kMostInterim;) {
    input_.consume(parser_->put(input_.view()));
    if (auto bad = check(); !bad) co_return bad;
    if (parser_->state() == ResponseParser::State::head) {
      if (auto more = more_of_head(co_await wait_for_bytes(request.deadline)); !more) co_return more;
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
  co_return base::fail(Kind::vendor_invalid, "http.invalid_answer", where() + " answered with 1xx statuses only");
}

base::Async<std::string_view> ClientExchange::read_some(base::SteadyTime until) {
  for (;;) {
    if (auto piece = piece_at_hand()) co_return *std::move(piece);
    if (auto more = more_of_body(co_await wait_for_bytes(until)); !more) co_return std::unexpected(more.error());
  }
}

base::Async<Beginning> ClientExchange::read_beginning(std::size_t most, std::size_t limit, base::SteadyTime until) {
  std::string all;
  auto enough = std::numeric_limits<std::size_t>::max();
  if (const auto announced = parser_->announced()) {
    if (*announced > limit) co_return too_large(limit);
    if (*announced > most) {
      enough = kSomeOfIt;
      input_size_ = kLargePart;
    }
    all.reserve(std::min<std::uint64_t>(*announced, enough) + kPadding);
  }
  while (all.size() < enough) {
    const auto piece = piece_at_hand();
    if (!piece) {
      if (auto more = more_of_body(co_await wait_for_bytes(until)); !more) co_return std::unexpected(more.error());
      continue;
    }
    if (!*piece) co_return std::unexpected(piece->error());
    const auto bytes = **piece;
    if (bytes.empty()) {
      all.reserve(all.size() + kPadding);
      co_return Beginning{.text = std::move(all), .whole = true};
    }
    const auto size = all.size() + bytes.size();
    if (size > limit) co_return too_large(limit);
    if (size + kPadding > all.capacity()) all.reserve(std::min(std::max(size, all.size() * 2), limit) + kPadding);
    all += bytes;
  }
  co_return Beginning{.text = std::move(all), .whole = false};
}

base::Async<std::string> ClientExchange::read_all(std::size_t limit, base::SteadyTime until) {
  auto all = co_await read_beginning(limit, limit, until);
  if (!all) co_return std::unexpected(std::move(all).error());
  co_return std::move(all->text);
}

std::unexpected<base::Error> ClientExchange::too_large(std::size_t limit) {
  lease_.drop();
  return base::fail(Kind::too_large, "http.answer_too_large",
                    where() + " sent more than " + std::to_string(limit) + " bytes");
}

bool ClientExchange::ended() {
  for (std::size_t used = 1; used > 0 && parser_->state() == ResponseParser::State::body;) {
    used = parser_->put(input_.view());
    input_.consume(used);
  }
  give_back_when_done();
  return parser_->state() == ResponseParser::State::done;
}

std::optional<base::Result<std::string_view>> ClientExchange::piece_at_hand() {
  for (;;) {
    if (parser_->state() == ResponseParser::State::done) return std::string_view();
    if (!lease_.has_stream()) {
      return base::fail(Kind::vendor_down, "http.reset", "connection to " + where() + " was given up");
    }
    const auto used = parser_->put(input_.view());
    input_.consume(used);
    if (auto bad = check(); !bad) return std::unexpected(std::move(bad).error());
    const auto piece = parser_->piece();
    give_back_when_done();
    if (!piece.empty()) return piece;
    if (used == 0) return std::nullopt;
  }
}

Poller::Waiting ClientExchange::wait_for_bytes(base::SteadyTime until) {
  if (input_.empty()) input_.release();
  return lease_.stream().wait_readable(until);
}

Code ClientExchange::read_once(Code waited) {
  if (waited) return waited;
  const auto got = lease_.stream().try_read(input_.prepare(input_size_));
  if (Stream::would_block(got.error)) return {};
  if (got.error) return got.error;
  input_.commit(got.size);
  got_bytes_ = true;
  return {};
}

base::Result<void> ClientExchange::more_of_head(Code waited) {
  const auto error = read_once(waited);
  if (!error) return {};
  stale_ = !got_bytes_ && is_closed_by_peer(error);
  if (stale_ || error != asio::error::eof) return failure(error);
  parser_->put_end();
  return check();
}

base::Result<void> ClientExchange::more_of_body(Code waited) {
  const auto error = read_once(waited);
  if (!error) return {};
  if (error != asio::error::eof) return failure(error);
  parser_->put_end();
  if (auto bad = check(); !bad) return bad;
  give_back_when_done();
  return {};
}

base::Result<void> ClientExchange::check() {
  if (parser_->state() != ResponseParser::State::invalid) return {};
  lease_.drop();
  return base::fail(Kind::vendor_invalid, "http.invalid_answer",
                    where() + " sent an answer that is not valid HTTP: " + parser_->problem());
}

std::unexpected<base::Error> ClientExchange::failure(Code error) {
  auto result = stream_failure(lease_.stream(), error, where());
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
