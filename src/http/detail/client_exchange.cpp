#include "http/detail/client_exchange.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <limits>

#include "base/kept_strings.hpp"
#include "http/detail/request_head.hpp"

namespace http {
namespace {

namespace asio = boost::asio;
using base::Kind;
using Code = Stream::Code;

constexpr std::size_t kUsualHead = 1000;                           // bytes of a request's head
constexpr std::size_t kMostKept = base::kLargestKept - (2 << 10);  // of a body that may have to be sent again
constexpr int kMostInterim = 20;                                   // 1xx answers before the final one
constexpr std::size_t kPadding = 64;                               // behind a whole body
constexpr std::size_t kSomeOfIt = 4'096;                           // of a body that is too large to be held
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

base::Failure stream_failure(const Stream& stream, Code error, const std::string& where) {
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
  {  // Nothing of the request is kept while the peer is waited for.
    base::KeptString head;
    head.reserve(kUsualHead);
    write_request_head(head, request, total(request.body));
    const Gather message(head, request.body);
    send_error_ = co_await lease_.stream().write(message, std::chrono::hours(1), request.deadline);
  }
  while (true) {
    if (auto head = head_at_hand()) co_return *std::move(head);
    if (auto more = more_of_head(co_await wait_for_bytes(request.deadline)); !more) co_return more;
  }
}

bool ClientExchange::is_small(const ClientRequest& request) {
  return request.headers == nullptr && total(request.body) <= kMostKept;
}

void ClientExchange::send_now(const ClientRequest& request) {
  kept_.request = {.method = request.method, .url = request.url, .addresses = request.addresses};
  const auto size = total(request.body);
  kept_.text.reserve(kUsualHead + size);
  write_request_head(kept_.text, request, size);
  for (const auto piece : request.body) kept_.text.append(piece);
  send_from_start();
}

void ClientExchange::send_again(Pool::Lease lease) {
  lease_ = std::move(lease);
  is_second_try_ = true;
  stale_ = false;
  send_from_start();
}

// What fails here shows while the answer is waited for.
void ClientExchange::send_from_start() {
  rest_ = Gather(kept_.text, {});
  send_error_ = lease_.stream().try_write(rest_);
}

std::optional<base::Result<void>> ClientExchange::head_at_hand() {
  // A peer that answers before it has read everything, and closes, may have left its answer behind.
  const bool is_waiting = Stream::would_block(send_error_) || is_closed_by_peer(send_error_);
  if (send_error_ && !is_waiting) return failure(send_error_);
  while (true) {
    input_.consume(parser_->put(input_.view()));
    if (auto bad = check(); !bad) return bad;
    if (parser_->state() == ResponseParser::State::head) return std::nullopt;
    if (parser_->status() >= 200) break;
    if (++interim_ == kMostInterim) {
      lease_.drop();
      return base::fail(Kind::vendor_invalid, "http.invalid_answer", where() + " answered with 1xx statuses only");
    }
    parser_.emplace(head_bytes_, method_);
  }
  give_back_when_done();
  return base::Result<void>();
}

Poller::Waiting ClientExchange::wait_for_head(base::SteadyTime until) {
  return Stream::would_block(send_error_) ? lease_.stream().wait_writable(until) : wait_for_bytes(until);
}

base::Result<void> ClientExchange::go_on_with_head(Code waited) {
  if (!Stream::would_block(send_error_)) return more_of_head(waited);
  send_error_ = waited ? waited : lease_.stream().try_write(rest_);
  return {};
}

base::Async<std::string_view> ClientExchange::read_some(base::SteadyTime until) {
  for (;;) {
    if (auto piece = piece_at_hand()) co_return *std::move(piece);
    if (auto more = more_of_body(co_await wait_for_bytes(until)); !more) co_return more.failure();
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
      if (auto more = more_of_body(co_await wait_for_bytes(until)); !more) co_return more.failure();
      continue;
    }
    if (!*piece) co_return piece->failure();
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

std::optional<Beginning> ClientExchange::body_at_hand(std::size_t most) {
  const auto announced = parser_->state() == ResponseParser::State::body ? parser_->announced() : std::nullopt;
  if (!announced || *announced > std::min(most, input_.view().size())) return std::nullopt;
  const auto piece = piece_at_hand();
  if (!piece || !*piece) return std::nullopt;
  Beginning body{.text = base::take_string((*piece)->size() + kPadding), .whole = true};
  body.text = **piece;
  return body;
}

base::Async<std::string> ClientExchange::read_all(std::size_t limit, base::SteadyTime until) {
  auto all = co_await read_beginning(limit, limit, until);
  if (!all) co_return std::move(all).failure();
  co_return std::move(all->text);
}

base::Failure ClientExchange::too_large(std::size_t limit) {
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
    if (auto bad = check(); !bad) return std::move(bad).failure();
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

base::Failure ClientExchange::failure(Code error) {
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
