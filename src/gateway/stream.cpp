// GET on an MCP endpoint: the session's own stream, or a lost stream taken up again by Last-Event-ID.
#include <fmt/format.h>

#include <array>
#include <boost/asio/post.hpp>

#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "http/sse.hpp"
#include "mcp/error.hpp"

namespace gateway {
namespace {

namespace asio = boost::asio;

// Lets other threads interrupt the exchange's wait for as long as the exchange lives.
class Waker {
 public:
  Waker(http::Exchange& exchange, base::Executor executor)
      : target_(std::make_shared<http::Exchange*>(&exchange)), executor_(executor) {}
  ~Waker() { *target_ = nullptr; }
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  [[nodiscard]] std::function<void()> function() const {
    return [target = target_, executor = executor_] {
      asio::post(executor, [target] {
        if (*target != nullptr) (*target)->interrupt();
      });
    };
  }

 private:
  // Read and cleared on the exchange's thread only.
  std::shared_ptr<http::Exchange*> target_;
  base::Executor executor_;
};

// The reader's place in a stream, given up when the connection goes.
struct Reader {
  std::shared_ptr<EventStream> stream;
  std::uint64_t number;
  ~Reader() { stream->detach(number); }
};

base::Task<bool> send_text(http::Exchange& exchange, std::string_view text) {
  const std::array<std::string_view, 1> pieces{text};
  auto sent = co_await exchange.write(pieces);
  co_return sent.has_value();
}

// Sends events as they come and a comment when there are none, until the client goes, the stream ends, another
// connection takes it over, or the server drains.
base::Task<void> pump(http::Exchange& exchange, const Reader& reader, std::chrono::milliseconds ping_interval) {
  auto next_ping = std::chrono::steady_clock::now() + ping_interval;
  while (true) {
    auto taken = reader.stream->take(reader.number);
    if (!taken.text.empty()) {
      if (!co_await send_text(exchange, taken.text)) co_return;
      next_ping = std::chrono::steady_clock::now() + ping_interval;
      continue;
    }
    if (taken.phase != EventStream::Phase::open || exchange.draining()) break;
    if (std::chrono::steady_clock::now() >= next_ping) {
      if (reader.stream->muted()) break;
      if (!co_await send_text(exchange, http::kSsePing)) co_return;
      next_ping = std::chrono::steady_clock::now() + ping_interval;
      continue;
    }
    if (co_await exchange.peer_closed(next_ping)) co_return;
  }
  (void)co_await exchange.finish();
}

}  // namespace

base::Task<void> Endpoint::get(http::Exchange& exchange, Caller caller) {
  const auto& headers = exchange.request().headers;
  const auto id = headers.get("Mcp-Session-Id");
  // Without a session there is nothing to listen to; 405 tells a client that it works without a stream.
  if (id.empty()) {
    co_await respond_method_not_allowed(exchange, "POST, DELETE");
    co_return;
  }
  if (!headers.get("Accept").contains("text/event-stream")) {
    co_await respond_status(exchange, 406,
                            mcp::error_response({}, mcp::kInvalidRequest, "GET needs Accept: text/event-stream."));
    co_return;
  }
  auto found = co_await sessions_.find(std::string(id), *caller.principal, caller.slug,
                                       std::string(headers.get("MCP-Protocol-Version")));
  if (!found) {
    co_await respond_session_error(exchange, found.error());
    co_return;
  }
  const auto session = *std::move(found);

  const auto last = parse_event_id(headers.get("Last-Event-ID"));
  auto stream = last ? session->find_stream(last->stream) : nullptr;
  std::optional<std::uint64_t> after;
  if (stream) {
    after = last->number;
  } else {
    stream = session->own_stream();
  }

  const Waker waker(exchange, co_await asio::this_coro::executor);
  const Reader reader{stream, stream->attach(waker.function(), after)};
  auto head = http::Response::empty(200);
  head.headers.add("Content-Type", "text/event-stream");
  head.headers.add("Cache-Control", "no-cache, no-transform");
  head.headers.add("X-Accel-Buffering", "no");
  if (auto started = co_await exchange.start(std::move(head)); !started) co_return;
  auto opening = fmt::format("retry: {}\n\n", config_.retry.count());
  if (session->record().protocol_version >= "2025-11-25") opening += http::sse_event(stream->resume_id(), "");
  if (!co_await send_text(exchange, opening)) co_return;

  if (stream == session->own_stream()) {
    session->want_vendor_messages();
    for (const auto& upstream : session->upstreams()) upstream.channel->listen(upstream.listener, {});
  }
  const auto open = metrics_.open_stream();
  co_await pump(exchange, reader, config_.ping_interval);
  session->touch(clock_.now());
}

}  // namespace gateway
