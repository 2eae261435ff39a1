// One request and the way to answer it, as a handler sees it.
// Thread: the I/O thread of its connection. Lives until the handler returns, and what it left to go on with.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "base/async.hpp"
#include "http/message.hpp"

namespace http {

// What a handler found out from the head of a request.
class HeadFindings {
 public:
  virtual ~HeadFindings() = default;
};

class Exchange {
 public:
  virtual ~Exchange() = default;

  [[nodiscard]] virtual const Request& request() const = 0;
  // Mutable, so that a handler may splice into the body in place.
  [[nodiscard]] virtual Request& request() = 0;

  // The handler's own, to be found again by a later request on this thread when its head is the same but for
  // Content-Length. Most clients send one head for all their requests. It must not depend on the connection.
  [[nodiscard]] std::unique_ptr<const HeadFindings>& findings() { return findings_; }

  // Answers with a whole body, in one gather write of head and pieces (Content-Length is their sum).
  // REQUIRES: nothing answered yet. Errors: cancelled (the peer is gone).
  virtual base::Async<void> respond(Response response) = 0;
  virtual base::Async<void> respond(const Response& head, std::span<const std::string_view> pieces) = 0;

  // Starts an answer of unknown length (chunked); its body is empty. Compression is never applied.
  virtual base::Async<void> start(Response head) = 0;
  // Sends the pieces as one chunk at once. Errors: cancelled (the peer is gone or took nothing for the write limit).
  virtual base::Async<void> write(std::span<const std::string_view> pieces) = 0;
  // Ends the started answer properly. Without it the connection is cut, so that the peer sees an incomplete answer.
  virtual base::Async<void> finish() = 0;

  [[nodiscard]] virtual bool started() const = 0;
  // Lets go of the request's fields and body, for an answer that lives long.
  virtual void release_request() {}

  // Returns when the peer closes or `until` passes, holding no buffer meanwhile: for idle streams. True: peer gone.
  // Returns false too when interrupted, when the server begins to drain, and when the awaiting task is cancelled.
  virtual base::Task<bool> peer_closed(base::SteadyTime until) = 0;
  // Whether the peer has closed its side by now; asks the system, waits for nothing.
  [[nodiscard]] virtual bool peer_gone() = 0;
  // Makes a pending peer_closed() return false at once. Same thread only.
  virtual void interrupt() = 0;

  // True while the server drains: streams should end themselves soon.
  [[nodiscard]] virtual bool draining() const = 0;

  // What the handler leaves to be done once it has returned: an answer that lives long keeps nothing of it then.
  void go_on_with(base::Task<void> rest) { rest_.emplace(std::move(rest)); }
  // For whoever called the handler.
  [[nodiscard]] std::optional<base::Task<void>> take_rest() { return std::exchange(rest_, std::nullopt); }

 private:
  std::unique_ptr<const HeadFindings> findings_;
  std::optional<base::Task<void>> rest_;
};

// What the server hands its requests to. Thread-safe: called on every I/O thread.
class Handler {
 public:
  virtual ~Handler() = default;
  // Answers the exchange. Neither an exception nor a missing answer gets out as such: the connection asks failure().
  virtual base::Task<void> handle(Exchange& exchange) = 0;
  // The answer to a request that failed before or inside handle(): malformed, too large, overloaded, a bug.
  // `head` is what could be parsed; its target may be empty.
  [[nodiscard]] virtual Response failure(const RequestHead& head, const base::Error& error) const = 0;
};

}  // namespace http
