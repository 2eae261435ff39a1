// A channel is the gateway's own way to one vendor on behalf of one connection. To a vendor of the legacy era it is an
// upstream session; a vendor of the modern era keeps none, and each message stands for itself.
// It carries whole JSON-RPC messages and hides the transport: Streamable HTTP (JSON or SSE answers, with or without an
// upstream Mcp-Session-Id), the older HTTP+SSE, or a supervised process over stdio. The caller owns the meaning of the
// messages, the vendor's era included (a request to a modern vendor carries its _meta already); a channel only needs to
// know their ids.
//
// Ids: every request a caller sends carries an id that is unique on the channel and unsigned, chosen by next_id(), so
// that callers who share a channel never collide; the caller maps ids and progress tokens back.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/soon.hpp"
#include "mcp/envelope.hpp"
#include "mcp/revision.hpp"
#include "vendor/definition.hpp"

namespace vendor {

// One message from a vendor: whole, valid JSON (an object with "jsonrpc":"2.0"), at most the message limit, with 64
// bytes of spare capacity behind it for simdjson.
using Message = std::string;

// Hears what a vendor sends outside any answer: notifications and requests on a stream of their own.
// Called on any I/O thread.
class Listener {
 public:
  virtual ~Listener() = default;
  virtual void on_message(Message message) = 0;
  // The channel is gone for good (process ended, session forgotten by the vendor): open another one.
  virtual void on_closed() = 0;
};

// What goes to a vendor. Pieces are concatenated; they must outlive the awaited call.
struct Outgoing {
  std::span<const std::string_view> pieces;
  std::string_view method;       // "tools/call"; for a notification too; "" for a response
  std::string_view name;         // params.name or params.uri, for Mcp-Name; "" for none
  std::uint64_t id = 0;          // the request's id; 0 for notifications and responses
  std::string_view traceparent;  // W3C trace context of the caller; "" for none
  // Mcp-Param-* fields with encoded values, for a modern vendor over HTTP (2026-07-28
  // basic/transports/streamable-http).
  std::span<const std::pair<std::string, std::string>> headers = {};
};

// What a listener wants to hear of a modern vendor (2026-07-28 basic/patterns/subscriptions, "Notification Filter").
// A legacy vendor sends what it likes, and resources are subscribed to by a request. A process is never idle while
// somebody listens for resources.
struct Subscriptions {
  bool tools = true;
  bool prompts = true;
  bool resources = true;
  std::vector<std::string> uris = {};
  bool operator==(const Subscriptions&) const = default;
};

// The answer to one request, message by message.
class Call {
 public:
  virtual ~Call() = default;
  // The next message of this call: notifications and requests of the vendor that belong to it, at last the response.
  // Errors: vendor_down, vendor_timeout, vendor_invalid (not JSON, HTML, cut short, ended without a response),
  // vendor_rejected (HTTP 401 or 403; message has the vendor's own words), too_large,
  // not_found with code "vendor.session_gone" (the vendor forgot the session: open another channel and ask again).
  // A dropped SSE answer with event ids is resumed by Last-Event-ID inside (2025-03-26 basic/transports).
  virtual base::Soon<Message> next(base::SteadyTime deadline) = 0;
  // Waits until the answer begins, for those who ask before next() how it comes. Errors: those of next().
  virtual base::Soon<void> begin(base::SteadyTime /*deadline*/) { return base::Result<void>(); }
  // What next() found out when it looked at the message that it gave last: its views point into that message, wherever
  // the message was moved. nullptr: the caller has to look itself.
  [[nodiscard]] virtual std::shared_ptr<const mcp::Envelope> scanned() const { return nullptr; }
  // Whether the vendor answers with an event stream: more than the response may come. Known once it begins.
  [[nodiscard]] virtual bool streams() const { return false; }
  // From now on next() gives an empty message when the vendor ended its stream on purpose and keeps the answer for
  // later (2025-11-25 basic/transports, polling); the call after that fetches it, after retry().
  virtual void tell_pauses() {}
  // From now on a response that is announced to have more bytes than that may come in parts, so that nobody has to hold
  // it: next() gives the first and has_more() is true.
  virtual void take_parts_beyond(std::size_t /*bytes*/) {}
  // What next() gave is the first part of a response, unchecked. Either more() gives the others, or put_back() takes
  // the first one back, and next() gives the whole.
  [[nodiscard]] virtual bool has_more() const { return false; }
  // The next part; empty at the end. The view lives until the next call. Errors: those of next(). REQUIRES: has_more().
  virtual base::Soon<std::string_view> more(base::SteadyTime /*deadline*/) { return std::string_view(); }
  virtual void put_back(Message&& /*first*/) {}
  // How soon the vendor wants to be asked for the rest.
  [[nodiscard]] virtual std::chrono::milliseconds retry() const { return {}; }
};

// Thread-safe: calls may come from any I/O thread, and resume there.
class Channel {
 public:
  virtual ~Channel() = default;
  // The era does not change during a channel's life: when it stops fitting, the channel is gone (vendor.session_gone).
  [[nodiscard]] virtual mcp::Era era() const = 0;
  // What the vendor said of itself, a JSON object as sent: its InitializeResult, or its DiscoverResult.
  [[nodiscard]] virtual const std::string& opening_result() const = 0;
  [[nodiscard]] virtual const std::string& protocol_version() const = 0;
  // False for a vendor that gave no session id, or of the modern era: nothing is bound to the channel, all may share
  // it.
  [[nodiscard]] virtual bool stateful() const = 0;
  [[nodiscard]] virtual bool closed() const = 0;
  [[nodiscard]] virtual std::uint64_t next_id() = 0;

  // Sends a request. Errors: those of Call::next, as far as they are found before the first message.
  virtual base::Soon<std::unique_ptr<Call>> request(Outgoing outgoing, base::SteadyTime deadline) = 0;
  // Sends a notification or a response. Errors: as above.
  virtual base::Async<void> notify(Outgoing outgoing, base::SteadyTime deadline) = 0;
  // Nobody wants the answer to that request any more: notifications/cancelled, or the end of its stream where the era
  // and transport say so. Its Call ends with an error (cancelled) if the vendor does not answer all the same. Errors:
  // as above.
  virtual base::Async<void> cancel(std::uint64_t id, std::string reason, base::SteadyTime deadline) = 0;
  // From now on the vendor's own messages go to the listener (legacy HTTP: a GET stream, kept open and resumed; a
  // vendor that answers 405 has none; modern: subscriptions/listen, kept open; the listener gets the notifications as
  // sent, but not the acknowledgement). Held weakly. Calling again replaces listener and subscriptions.
  virtual void listen(std::weak_ptr<Listener> listener, Subscriptions subscriptions) = 0;
  // Waits until what listen() asked for last is in effect: what the vendor says from then on is heard. False when it is
  // not by the deadline, or never will be (the vendor refuses, or has no stream of its own).
  virtual base::Task<bool> hears(base::SteadyTime deadline) = 0;
  // Ends the upstream session (HTTP: DELETE; stdio: the process, when nobody else uses it). Idempotent, no waiting.
  virtual void close() = 0;
};

struct OpenParams {
  std::shared_ptr<const Definition> definition;
  std::shared_ptr<const Injection> injection;
  // JSON object: protocolVersion, capabilities, clientInfo; for a vendor of the legacy era.
  std::string initialize_params;
  // Channels of one vendor and injection with the same affinity may share a stdio process; HTTP ignores it.
  std::string affinity;
};

// Opens channels; owns the stdio processes (supervised, restarted with back-off, ended when idle).
class Channels {
 public:
  virtual ~Channels() = default;
  // Finds out the vendor's era, once, and remembers it until it stops fitting. To a legacy vendor: initialize and
  // notifications/initialized. Errors: those of Call::next; vendor_down at once while the breaker for this vendor is
  // open.
  virtual base::Async<std::shared_ptr<Channel>> open(OpenParams params, base::SteadyTime deadline) = 0;
};

}  // namespace vendor
