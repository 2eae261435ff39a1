// Sends what a stream holds over one connection. Thread: the exchange's I/O thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/async.hpp"
#include "gateway/event_stream.hpp"
#include "gateway/session.hpp"
#include "http/exchange.hpp"

namespace gateway {

// The head of every answer that is a stream.
[[nodiscard]] const http::Response& stream_head();

// When a client that lost its connection may come back.
[[nodiscard]] std::string retry_field(std::chrono::milliseconds retry);
// Revisions before 2025-11-25 do not know the empty event that carries the first id, and their clients try to read it.
[[nodiscard]] bool knows_priming(const Session& session);
// What a stream of a session begins with.
[[nodiscard]] std::string opening_events(std::string_view retry_field, const Session& session,
                                         const EventStream& stream);

// False when the client is gone.
base::Task<bool> send_text(http::Exchange& exchange, std::string_view text);

// The one reader of a stream, for as long as it lives. REQUIRES: the exchange outlives it.
class StreamReader {
 public:
  // `after`: as EventStream::attach.
  StreamReader(http::Exchange& exchange, base::Executor executor, std::shared_ptr<EventStream> stream,
               std::optional<std::uint64_t> after);
  ~StreamReader();
  StreamReader(const StreamReader&) = delete;
  StreamReader& operator=(const StreamReader&) = delete;

  [[nodiscard]] const EventStream& stream() const { return *stream_; }

  enum class End {
    gone,      // the client is; nothing can be sent any more
    over,      // the stream ended, was muted, or another connection took it over
    draining,  // the server ends
  };
  // Sends events as they come, and a comment when there are none for `ping_interval`. Does not finish the exchange.
  base::Task<End> run(std::chrono::milliseconds ping_interval);

 private:
  http::Exchange& exchange_;
  // Lets other threads interrupt the exchange's wait; read and cleared on the exchange's thread only.
  const std::shared_ptr<http::Exchange*> target_;
  const std::shared_ptr<EventStream> stream_;
  const std::uint64_t number_;
};

}  // namespace gateway
