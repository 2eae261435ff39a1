// The events of one SSE answer, and where it can be taken up again when the connection drops.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "http/client.hpp"
#include "http/sse.hpp"

namespace vendor::detail {

// Thread: that of the response.
class SseSource {
 public:
  SseSource(http::ClientResponse response, std::size_t event_bytes);

  struct Event {
    std::string type;  // "message" unless the vendor named another
    std::string data;
  };

  // The data of the next event that has some; nothing at the connection's end. Events of other types than "message"
  // are not MCP's and are skipped. Errors: those of ClientResponse::read_some; too_large.
  base::Async<std::optional<std::string>> next(base::SteadyTime deadline);
  // The same, when it has come already; nothing when it has to be waited for.
  [[nodiscard]] std::optional<std::string> at_hand();
  // The same for a stream without end: waits as long as something comes, were it only comments, within `quiet` each.
  base::Async<std::optional<std::string>> next_before_silence(std::chrono::milliseconds quiet);
  // The next event of any type that has data, as next().
  base::Async<std::optional<Event>> next_event(base::SteadyTime deadline);
  // Passes over what has come already; true when that was the connection's end.
  [[nodiscard]] bool ended() { return response_.ended(); }
  // Goes on with another connection's answer, which resumes this one.
  void resume(http::ClientResponse response);
  // Lets go of the connection; nothing can be read any more.
  void close() { response_ = http::ClientResponse(); }

  // The id of the last event that had one; "" for none.
  [[nodiscard]] const std::string& last_event_id() const { return last_event_id_; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return retry_; }
  // Events with an id or data so far.
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  // The next event with data among those that have come.
  [[nodiscard]] std::optional<Event> take();
  // False at the connection's end.
  base::Async<bool> read(base::SteadyTime deadline);
  base::Result<bool> feed(base::Result<std::string_view> bytes);

  http::ClientResponse response_;
  std::optional<base::Result<bool>> read_;  // what at_hand() found instead of bytes, for read()
  const std::size_t event_bytes_;
  http::SseReader reader_;
  std::string last_event_id_;
  std::optional<std::chrono::milliseconds> retry_;
  std::uint64_t events_ = 0;
};

}  // namespace vendor::detail
