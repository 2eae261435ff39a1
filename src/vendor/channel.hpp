// A channel is the gateway's own session with one vendor on behalf of one connection: an upstream session.
// It carries whole JSON-RPC messages and hides the transport: Streamable HTTP (JSON or SSE answers, with or without an
// upstream Mcp-Session-Id) or a supervised process over stdio. The caller owns the meaning of the messages; a channel
// only needs to know their ids.
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

#include "base/async.hpp"
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
  virtual base::Async<Message> next(base::SteadyTime deadline) = 0;
  // Whether the vendor answers with an event stream: more than the response may come.
  [[nodiscard]] virtual bool streams() const { return false; }
  // From now on next() gives an empty message when the vendor ended its stream on purpose and keeps the answer for
  // later (2025-11-25 basic/transports, polling); the call after that fetches it.
  virtual void tell_pauses() {}
};

// Thread-safe: calls may come from any I/O thread, and resume there.
class Channel {
 public:
  virtual ~Channel() = default;
  // The vendor's InitializeResult, as sent ("{}"-like JSON object), and what it negotiated.
  [[nodiscard]] virtual const std::string& initialize_result() const = 0;
  [[nodiscard]] virtual const std::string& protocol_version() const = 0;
  // False for a vendor that gave no session id: nothing is bound to the channel, it may be shared by all.
  [[nodiscard]] virtual bool stateful() const = 0;
  [[nodiscard]] virtual bool closed() const = 0;
  [[nodiscard]] virtual std::uint64_t next_id() = 0;

  // Sends a request. Errors: those of Call::next, found before the first message.
  virtual base::Async<std::unique_ptr<Call>> request(Outgoing outgoing, base::SteadyTime deadline) = 0;
  // Sends a notification or a response. Errors: as above.
  virtual base::Async<void> notify(Outgoing outgoing, base::SteadyTime deadline) = 0;
  // From now on the vendor's own messages go to the listener (HTTP: a GET stream, kept open and resumed; a vendor that
  // answers 405 has none). Held weakly. Calling again replaces the listener.
  virtual void listen(std::weak_ptr<Listener> listener) = 0;
  // Ends the upstream session (HTTP: DELETE; stdio: the process, when nobody else uses it). Idempotent, no waiting.
  virtual void close() = 0;
};

struct OpenParams {
  std::shared_ptr<const Definition> definition;
  std::shared_ptr<const Injection> injection;
  std::string initialize_params;  // JSON object: protocolVersion, capabilities, clientInfo
  // Channels of one vendor and injection with the same affinity may share a stdio process; HTTP ignores it.
  std::string affinity;
};

// Opens channels; owns the stdio processes (supervised, restarted with back-off, ended when idle).
class Channels {
 public:
  virtual ~Channels() = default;
  // initialize and notifications/initialized. Errors: those of Call::next; vendor_down at once while the breaker for
  // this vendor is open.
  virtual base::Async<std::shared_ptr<Channel>> open(OpenParams params, base::SteadyTime deadline) = 0;
};

}  // namespace vendor
