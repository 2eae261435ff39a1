// GET on an MCP endpoint: the session's own stream, or a lost stream taken up again by Last-Event-ID.
#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "gateway/detail/stream_reader.hpp"
#include "http/sse.hpp"
#include "mcp/error.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

// The client comes back for an answer that nobody here knows of. Without a word it would wait for ever: mcp-remote
// gives a call no time limit of its own.
base::Task<void> respond_lost(http::Exchange& exchange, const std::string& request_id, const Config& config) {
  const base::Error lost{base::Kind::unavailable,
                         "answer.lost",
                         "The answer is lost: the connection broke, and the gateway no longer has it, most likely "
                         "because it was restarted. Whether the request took effect is not known: check before sending "
                         "it again.",
                         {},
                         {}};
  if (auto started = co_await exchange.start(stream_head()); !started) co_return;
  const auto text = retry_field(config.retry) + http::sse_event({}, mcp::error_response(request_id, lost));
  if (co_await send_text(exchange, text)) (void)co_await exchange.finish();
}

base::Task<bool> begin_stream(http::Exchange& exchange, const Session& session, const EventStream& stream,
                              std::chrono::milliseconds retry) {
  if (auto started = co_await exchange.start(stream_head()); !started) co_return false;
  exchange.release_request();
  co_return co_await send_text(exchange, opening_events(retry_field(retry), session, stream));
}

base::Task<void> end_stream(http::Exchange& exchange) { (void)co_await exchange.finish(); }

}  // namespace

base::Task<void> Endpoint::get(http::Exchange& exchange, Caller caller) {
  const auto& headers = exchange.request().headers;
  const auto id = headers.get("Mcp-Session-Id");
  const bool takes_stream = headers.get("Accept").contains("text/event-stream");
  if (id.empty() && takes_stream && !mcp::is_modern_revision(headers.get("MCP-Protocol-Version"))) {
    co_await open_sse(exchange, caller);
    co_return;
  }
  // Without a session there is nothing to listen to; 405 tells a client that it works without a stream.
  if (id.empty()) {
    co_await respond_method_not_allowed(exchange, "POST, DELETE");
    co_return;
  }
  if (!takes_stream) {
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
  if (last && !stream && !last->request_id.empty()) {
    co_await respond_lost(exchange, last->request_id, config_);
    co_return;
  }
  std::optional<std::uint64_t> after;
  if (stream) {
    after = last->number;
  } else {
    stream = session->own_stream();
  }

  exchange.go_on_with(stream_to(exchange, session, stream, after));
}

// A coroutine that holds little, since it lives as long as the stream.
base::Task<void> Endpoint::stream_to(http::Exchange& exchange, std::shared_ptr<Session> session,
                                     std::shared_ptr<EventStream> stream, std::optional<std::uint64_t> after) {
  StreamReader reader(exchange, co_await boost::asio::this_coro::executor, std::move(stream), after);
  if (!co_await begin_stream(exchange, *session, reader.stream(), config_.retry)) co_return;
  if (&reader.stream() == session->own_stream().get()) session_channels_.listen(session);
  const auto open = metrics_.open_stream();
  if (co_await reader.run(config_.ping_interval) != StreamReader::End::gone) co_await end_stream(exchange);
  session->touch(clock_.now());
}

}  // namespace gateway
