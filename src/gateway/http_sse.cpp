// The deprecated HTTP+SSE transport (2024-11-05 basic/transports, "HTTP with SSE"), at the same URLs as Streamable
// HTTP: a GET without a session opens the stream. What is posted is done as in any legacy session; its answer goes to
// the stream.
#include <fmt/format.h>

#include "base/log.hpp"
#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "gateway/detail/stream_reader.hpp"
#include "http/sse.hpp"
#include "mcp/error.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

// A client that came back after the gateway's restart goes on without initialize: it believes to be in its session.
constexpr std::string_view kOldestRevision = mcp::kLegacyRevisions.back();

// Answers on the session's own stream.
class StreamReply final : public Reply {
 public:
  explicit StreamReply(std::shared_ptr<EventStream> stream) : stream_(std::move(stream)) {}
  base::Task<void> interim(std::string message) override {
    stream_->append(std::move(message));
    co_return;
  }
  void open() override {}
  base::Task<bool> pause(std::chrono::milliseconds) override { co_return false; }
  base::Task<void> finish(std::span<const std::string_view> pieces, int) override {
    std::string message;
    for (const auto piece : pieces) message += piece;
    stream_->append(std::move(message));
    co_return;
  }
  void when_gone(std::function<void()>) override {}
  [[nodiscard]] bool streams() const override { return true; }

 private:
  const std::shared_ptr<EventStream> stream_;
};

// Where the client shall post: the URL's path and query as it has them, and the connection's id.
std::string endpoint_event(const http::Request& request, std::string_view id) {
  const auto query = request.query();
  return fmt::format("event: endpoint\ndata: {}?{}{}sessionId={}\n\n", request.path(), query, query.empty() ? "" : "&",
                     id);
}

}  // namespace

// What a posted request needs after its POST was answered.
struct Endpoint::Posted {
  Posted(std::string body_text, std::string_view query_text, Caller from, std::shared_ptr<SseConnection> on)
      : body(std::move(body_text)),
        query(query_text),
        traceparent(from.traceparent),
        caller(std::move(from)),
        connection(std::move(on)) {}
  ~Posted() { connection->end_message(); }
  Posted(const Posted&) = delete;
  Posted& operator=(const Posted&) = delete;

  std::string body;
  std::string query;
  std::string traceparent;
  Caller caller;
  std::shared_ptr<SseConnection> connection;
};

base::Task<void> Endpoint::open_sse(http::Exchange& exchange, Caller& caller) {
  const auto connection = sse_connections_.open(caller.principal->subject, caller.slug);
  StreamReader reader(exchange, co_await boost::asio::this_coro::executor, connection->stream(), std::nullopt);
  auto started = co_await exchange.start(stream_head());
  const auto opening = retry_field(config_.retry) + endpoint_event(exchange.request(), connection->id());
  if (started && co_await send_text(exchange, opening)) {
    const auto open = metrics_.open_stream();
    const auto end = co_await reader.run(config_.ping_interval);
    if (end != StreamReader::End::gone) (void)co_await exchange.finish();
  }
  sse_connections_.close(connection->id());
  if (!connection->session()) co_return;
  auto ended = co_await sessions_.end(connection->session());
  if (!ended) base::log::info("session.not_ended", {{"error", ended.error().message}});
}

base::Task<void> Endpoint::post_sse(http::Exchange& exchange, Caller& caller, std::string_view id) {
  auto& request = exchange.request();
  auto connection = sse_connections_.find(id, caller.principal->subject, caller.slug);
  if (!connection) {
    co_await respond_status(
        exchange, 404,
        mcp::error_response({}, mcp::kInvalidRequest, "This HTTP+SSE connection is closed. Connect again with GET."));
    co_return;
  }
  if (mcp::is_batch(request.body)) {
    co_await respond_status(
        exchange, 400, mcp::error_response({}, mcp::kInvalidRequest, "HTTP+SSE has no batches: post one message."));
    co_return;
  }
  if (const auto envelope = mcp::scan(request.body); !envelope) {
    co_await respond_status(exchange, 400, mcp::error_response({}, envelope.error()));
    co_return;
  }
  if (!connection->begin_message()) {
    co_await respond_error(exchange, {base::Kind::too_many,
                                      "sse.too_many",
                                      fmt::format("{} messages of this connection are under way. Wait for an answer.",
                                                  SseConnection::kMostUnderWay),
                                      {},
                                      {}});
    co_return;
  }
  auto posted =
      std::make_shared<Posted>(std::move(request.body), request.query(), std::move(caller), std::move(connection));
  co_await respond_accepted(exchange);
  tasks_.local().spawn("posted-message", take_posted(std::move(posted)));
}

base::Task<void> Endpoint::take_posted(std::shared_ptr<Posted> posted) {
  auto& body = posted->body;
  auto& caller = posted->caller;
  const auto& connection = posted->connection;
  body.reserve(body.size() + mcp::kPadding);
  const auto envelope = mcp::scan(body);
  if (!envelope) co_return;  // checked before
  caller.query = posted->query;
  caller.traceparent = posted->traceparent;
  caller.session = connection->session();
  if (!caller.session && envelope->method == "initialize" && envelope->shape == mcp::Shape::request) {
    auto response = co_await open_session(caller, *envelope, connection->stream());
    if (caller.session) join(*connection, caller.session);
    connection->stream()->append(std::move(response));
    co_return;
  }
  if (!caller.session) {
    caller.session = co_await sessions_.open(*caller.principal, caller.slug, std::string(kOldestRevision), "{}",
                                             connection->stream());
    join(*connection, caller.session);
  }
  caller.session->touch(clock_.now());
  caller.client = caller.session->client();
  switch (envelope->shape) {
    case mcp::Shape::notification:
      co_return co_await take_notification(caller, *envelope, body);
    case mcp::Shape::response:
      co_return co_await take_response(caller, *envelope, body);
    case mcp::Shape::request:
      co_await answer(caller, *envelope, body, std::make_shared<StreamReply>(connection->stream()));
  }
}

// The stream is the session: it is open from the first word on.
void Endpoint::join(SseConnection& connection, const std::shared_ptr<Session>& session) {
  connection.set_session(session);
  session_channels_.listen(session);
}

}  // namespace gateway
