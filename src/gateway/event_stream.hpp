// What waits to be sent to a client on one stream, in a bounded buffer. A stream of a session has event ids and keeps
// what it delivered, so that a client that lost its connection resumes with Last-Event-ID (2025-11-25 basic/transports,
// "Resumability and Redelivery"): stream 0 is the session's own (GET), each SSE answer to a POST is one more. The
// modern era has neither (2026-07-28 basic/transports/streamable-http, "Receiving Messages").
//
// Event ids are "<stream>-<number>"; those of an answer end in "-<the request's id, base64url>", so that a gateway that
// knows nothing of the stream any more, after a restart, can still say what became of the request. One reader at a
// time: a new one takes the stream over. Thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.hpp"

namespace gateway {

class EventStream {
 public:
  struct Limits {
    std::size_t events;
    std::size_t bytes;
  };

  // `request_id`: raw JSON token of the request that the stream answers; "" for the session's own.
  EventStream(std::uint64_t number, std::string_view request_id, Limits limits);
  // A stream of the modern era.
  explicit EventStream(Limits limits) : number_(0), limits_(limits), keeps_(false) {}

  [[nodiscard]] std::uint64_t number() const { return number_; }

  // Adds a message; the reader is woken. Beyond the limits the oldest event goes, delivered or not.
  void append(std::string message);
  // The same, unless this very message waits to be delivered already: for "something changed".
  void append_once(std::string_view message);
  // Nothing more will come: the reader ends the connection when all is delivered.
  void end();
  // Nothing is delivered any more, and the reader is not told: its connection ends at its next ping. For revocation: a
  // client whose streams all end at once runs into several 401 at the same time, and its sign-ins get into each
  // other's way (measured with mcp-remote).
  void mute();
  [[nodiscard]] bool muted() const;
  // Wakes the reader, for it to look around (drain).
  void wake();

  // Becomes the reader. `wake` is called on any thread, with no lock held by the stream's users; it must not call back.
  // With `after`, delivery starts behind that event; otherwise behind what was delivered last.
  [[nodiscard]] std::uint64_t attach(std::function<void()> wake, std::optional<std::uint64_t> after);
  void detach(std::uint64_t reader);
  [[nodiscard]] bool is_read() const;

  enum class Phase {
    open,
    ended,     // all delivered, nothing will come
    replaced,  // another reader took over
  };
  struct Taken {
    std::string text;  // SSE text of the events not delivered yet
    Phase phase;
  };
  // Delivers what is new to that reader.
  [[nodiscard]] Taken take(std::uint64_t reader);

  // The id that a priming event carries: resuming from it delivers everything after what was delivered by now.
  [[nodiscard]] std::string resume_id() const;

 private:
  struct Event {
    std::uint64_t number;
    std::string message;
  };
  void push(std::string message) MCPGW_REQUIRES(mutex_);
  [[nodiscard]] bool waits(std::string_view message) const MCPGW_REQUIRES(mutex_);
  [[nodiscard]] std::string event_id(std::uint64_t number) const;

  const std::uint64_t number_;
  const std::string of_request_;  // ends every event id
  const Limits limits_;
  const bool keeps_;
  mutable base::Mutex mutex_;
  std::list<Event> events_ MCPGW_GUARDED_BY(mutex_);
  std::size_t bytes_ MCPGW_GUARDED_BY(mutex_) = 0;
  std::uint64_t last_ MCPGW_GUARDED_BY(mutex_) = 0;       // number of the newest event
  std::uint64_t delivered_ MCPGW_GUARDED_BY(mutex_) = 0;  // number of the newest delivered event
  bool ended_ MCPGW_GUARDED_BY(mutex_) = false;
  bool muted_ MCPGW_GUARDED_BY(mutex_) = false;
  std::uint64_t readers_ MCPGW_GUARDED_BY(mutex_) = 0;  // counts attaches; the newest is the reader
  std::function<void()> wake_ MCPGW_GUARDED_BY(mutex_);
};

struct EventId {
  std::uint64_t stream;
  std::uint64_t number;
  std::string request_id;  // raw JSON token; "" for the session's own stream
};
// Nothing when the text is no id of ours.
[[nodiscard]] std::optional<EventId> parse_event_id(std::string_view text);

}  // namespace gateway
