#include "http/detail/connection.hpp"

#include <algorithm>
#include <boost/asio/error.hpp>

#include "base/coarse_time.hpp"
#include "base/log.hpp"
#include "base/release.hpp"
#include "http/detail/characters.hpp"

namespace http {
namespace {

using std::chrono::steady_clock;
using Code = Stream::Code;

constexpr std::chrono::seconds kIdleBeforeRelease{1};
constexpr std::chrono::seconds kLinger{2};
constexpr std::size_t kKeptBody = 64 << 10;  // a larger buffer is given back after its request
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

bool is_request_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return detail::is_alphanumeric(c) || c == '.' || c == '_' || c == '-';
  });
}

// Head and body, as far as the bytes go. Returns how many are used up.
std::size_t feed(RequestParser& parser, std::string_view bytes) {
  const auto head = parser.put(bytes);
  return parser.state() == RequestParser::State::body ? head + parser.put(bytes.substr(head)) : head;
}

Refusal timeout() {
  return {408, base::Error{base::Kind::invalid, "http.timeout", "The request did not arrive in time.", {}, {}}};
}

Refusal bug() {
  return {0, base::Error{base::Kind::bug, "http.no_answer", "Something went wrong inside the gateway.", {}, {}}};
}

}  // namespace

Connection::Connection(std::shared_ptr<Worker> worker, int socket, std::string peer)
    : worker_(std::move(worker)), shared_(worker_->shared()), stream_(worker_->poller(), worker_->deadlines()) {
  if (stream_.adopt(socket)) stream_.close();
  request_.peer = std::move(peer);
  request_.tls = shared_.tls != nullptr;
  if (shared_.tls && stream_.is_open()) stream_.start_tls(server_tls_session(*shared_.tls, stream_.descriptor()));
  worker_->enter(*this);
}

Connection::~Connection() { worker_->leave(*this); }

// The only coroutine of a connection that is there for as long as a stream lives.
base::Task<void> Connection::serve(std::unique_ptr<Connection> connection) {
  auto& self = *connection;
  if (!co_await self.shake_hands()) co_return;
  while (co_await self.wait_for_request()) {
    const auto arrived = co_await self.read_request();
    if (arrived == Arrived::nothing) co_return;
    if (arrived == Arrived::request) {
      self.close_ = !self.request_.keep_alive;
      self.escaped_.reset();
      try {
        co_await self.shared_.handler.handle(self);
        if (auto rest = self.take_rest()) co_await *std::move(rest);
      } catch (const std::exception& error) {
        self.note_escaped(error.what());
      } catch (...) {
        self.note_escaped("unknown exception");
      }
    }
    if (!co_await self.settle(arrived)) co_return;
  }
}

base::Task<bool> Connection::shake_hands() {
  co_return !request_.tls || !co_await stream_.handshake(steady_clock::now() + shared_.limits.head_timeout);
}

// A client that still sends would lose the answer to a reset: it gets a moment to read and close.
base::Task<void> Connection::linger() {
  stream_.shutdown_send();
  return stream_.discard(steady_clock::now() + kLinger);
}

base::Task<void> Connection::turn_away(std::unique_ptr<Connection> connection) {
  auto& self = *connection;
  if (!co_await self.shake_hands()) co_return;
  self.begin_request();
  const auto full = base::Error{
      base::Kind::unavailable, "http.full", "The gateway has too many connections.", {}, std::chrono::seconds(5)};
  if (co_await self.fail({503, full})) co_await self.linger();
}

// Between requests nothing is held: soon after the last one the buffers go.
base::Task<bool> Connection::wait_for_request() {
  if (!rest_.empty()) co_return true;
  const auto& limits = shared_.limits;
  auto start = base::coarse_now();
  for (bool released = false;;) {
    const auto until = start + (draining() ? limits.draining_idle_timeout : limits.idle_timeout);
    waiting_ = Waiting::for_request;
    const auto error = co_await stream_.wait_readable(
        released ? until : std::min<base::SteadyTime>(start + kIdleBeforeRelease, until));
    waiting_ = Waiting::no;
    if (!error) co_return true;
    if (error == boost::system::errc::operation_canceled) {
      start = steady_clock::now();  // the server drains: there is less time, but as much for everybody
      continue;
    }
    if (error != boost::asio::error::timed_out || steady_clock::now() >= until) co_return false;
    release_buffers();
    released = true;
  }
}

void Connection::release_buffers() {
  release_request();
  base::release(request_.target);
  base::release(rest_);
  base::release(head_);
}

void Connection::begin_request() {
  request_.request_id = worker_->request_id();
  request_.method = Method::get;  // until the request line says otherwise
  request_.keep_alive = false;
  http10_ = false;
  if (request_.body.capacity() > kKeptBody) base::release(request_.body);
  answer_ = Answer::none;
  close_ = true;  // until the whole head says otherwise
  raw_body_ = false;
}

base::Task<Connection::Arrived> Connection::read_request() {
  begin_request();
  if (!known_) known_ = std::make_unique<KnownRequest>();
  known_->findings = std::move(findings());
  const auto& limits = shared_.limits;
  RequestParser parser(request_, known_, worker_->known_heads(),
                       {limits.head_bytes, limits.header_count, limits.body_bytes});
  Patience patience{limits.head_timeout, {}};
  auto state = parser.state();
  rest_.erase(0, feed(parser, rest_));

  for (;;) {
    const bool head_ended = state == RequestParser::State::head && parser.state() != state;
    state = parser.state();
    if (head_ended) {
      adopt_request_id();
      http10_ = parser.is_http10();
      findings() = std::move(known_->findings);
      if (!parser.knows_head()) findings().reset();
      worker_->collect_known_heads();
      patience = {limits.body_timeout, {}};
    }
    if (state == RequestParser::State::done) co_return Arrived::request;
    if (state == RequestParser::State::refused) {
      refusal_ = std::make_unique<Refusal>(parser.refusal());
      co_return Arrived::refused;
    }
    if (head_ended && parser.expects_continue() && !co_await send(Gather(kContinue, {}))) co_return Arrived::nothing;

    const auto error = co_await receive(parser, patience);
    if (error == boost::asio::error::timed_out) {
      refusal_ = std::make_unique<Refusal>(timeout());
      co_return Arrived::refused;
    }
    if (error) co_return Arrived::nothing;
  }
}

// Reads once into the thread's scratch buffer and parses from there; what is left over waits in rest_.
base::Task<Code> Connection::receive(RequestParser& parser, Patience& patience) {
  for (;;) {
    const auto scratch = worker_->scratch();
    const auto got = stream_.try_read(scratch);
    if (Stream::would_block(got.error)) {
      if (!patience.end) patience.end = steady_clock::now() + patience.length;
      if (const auto error = co_await stream_.wait_readable(*patience.end)) co_return error;
      continue;
    }
    if (got.error) co_return got.error;

    const std::string_view bytes(scratch.data(), got.size);
    if (rest_.empty()) {
      rest_ = bytes.substr(feed(parser, bytes));
    } else {
      rest_ += bytes;
      rest_.erase(0, feed(parser, rest_));
    }
    co_return Code();
  }
}

void Connection::adopt_request_id() {
  const auto given = request_.headers.get("X-Request-Id");
  if (is_request_id(given)) request_.request_id = given;
}

void Connection::note_escaped(std::string what) {
  escaped_ = std::make_unique<std::string>(std::move(what));
  (void)take_rest();
}

// True: the connection serves another request.
base::Task<bool> Connection::settle(Arrived arrived) {
  co_await see_answered(arrived);
  if (answer_ != Answer::done) co_return false;
  if (close_) co_await linger();
  co_return !close_;
}

// Sees to it that the request has its answer, or its connection ends.
base::Task<void> Connection::see_answered(Arrived arrived) {
  const auto cancelled = (co_await boost::asio::this_coro::cancellation_state).cancelled();
  if (cancelled != boost::asio::cancellation_type::none || !stream_.is_open()) {
    answer_ = Answer::broken;
    co_return;
  }
  if (arrived == Arrived::refused) {
    const auto refusal = std::move(refusal_);
    if (!co_await fail(std::move(*refusal))) answer_ = Answer::broken;
    co_return;
  }
  log_what_escaped();
  if (answer_ == Answer::none && !co_await fail(bug())) co_return;
  // An answer that its handler left unfinished is cut, so that nobody takes it for whole.
  if (answer_ == Answer::streaming) answer_ = Answer::broken;
}

void Connection::log_what_escaped() const {
  if (!escaped_ && answer_ != Answer::none) return;
  base::log::error("request.failed", {{"request_id", request_.request_id},
                                      {"path", request_.path()},
                                      {"error", escaped_ ? *escaped_ : std::string("the handler gave no answer")}});
}

base::Async<void> Connection::fail(Refusal refusal) {
  Response response;
  try {
    response = shared_.handler.failure(request_, refusal.error);
  } catch (const std::exception& error) {
    base::log::error("request.failure_failed", {{"request_id", request_.request_id}, {"error", error.what()}});
    response = Response::json(503, "{}");
  }
  // HTTP's own refusals have a status of their own; the handler knows kinds only.
  if (refusal.status != 0) response.status = refusal.status;
  co_return co_await respond(std::move(response));
}

}  // namespace http
