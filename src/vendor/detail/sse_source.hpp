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

  // The data of the next event that has some; nothing at the connection's end. Events of other types than "message"
  // are not MCP's and are skipped. Errors: those of ClientResponse::read_some; too_large.
  base::Async<std::optional<std::string>> next(base::SteadyTime deadline);
  // Goes on with another connection's answer, which resumes this one.
  void resume(http::ClientResponse response);

  // The id of the last event that had one; "" for none.
  [[nodiscard]] const std::string& last_event_id() const { return last_event_id_; }
  [[nodiscard]] std::optional<std::chrono::milliseconds> retry() const { return retry_; }
  // Events with an id or data so far.
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  http::ClientResponse response_;
  const std::size_t event_bytes_;
  http::SseReader reader_;
  std::string last_event_id_;
  std::optional<std::chrono::milliseconds> retry_;
  std::uint64_t events_ = 0;
};

}  // namespace vendor::detail
