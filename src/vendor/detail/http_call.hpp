// One request over Streamable HTTP and its answer: a JSON body, or an SSE stream that is resumed when it drops.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vendor/channel.hpp"
#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/received.hpp"
#include "vendor/detail/sse_source.hpp"

namespace vendor::detail {

// Thread: the one that sent the request.
class HttpCall final : public Call {
 public:
  // Sends the request and reads the answer's head. Errors: those of Call::next.
  static base::Async<std::unique_ptr<HttpCall>> send(std::shared_ptr<const HttpPeer> peer, HttpSession session,
                                                     Outgoing outgoing, base::SteadyTime deadline, Attempt attempt);

  HttpCall(std::shared_ptr<const HttpPeer> peer, HttpSession session, std::uint64_t id, Attempt attempt);

  base::Async<Message> next(base::SteadyTime deadline) override;
  [[nodiscard]] bool streams() const override { return events_.has_value(); }
  void tell_pauses() override { tells_pauses_ = true; }
  // The session that the answer's head names; "" for none.
  [[nodiscard]] const std::string& session_id() const { return session_id_; }

 private:
  base::Async<void> take_head(http::ClientResponse response, base::SteadyTime deadline);
  base::Async<void> take_failure(http::ClientResponse response, base::SteadyTime deadline);
  base::Async<Message> next_message(base::SteadyTime deadline);
  base::Async<void> read_more(base::SteadyTime deadline);
  base::Async<void> read_json(base::SteadyTime deadline);
  base::Async<void> read_event(base::SteadyTime deadline);
  base::Async<void> resume(base::SteadyTime deadline);
  base::Async<bool> resume_once(base::SteadyTime deadline);
  // Puts checked messages into the queue. Errors: vendor_invalid.
  base::Result<void> take(std::string text);
  [[nodiscard]] base::Error named(base::Error error) const;
  [[nodiscard]] std::unexpected<base::Error> invalid(std::string_view what) const;
  void leave_rest();

  const std::shared_ptr<const HttpPeer> peer_;
  const HttpSession session_;
  const std::string id_;  // as in the response
  Attempt attempt_;
  std::string session_id_;
  std::optional<http::ClientResponse> json_;
  std::optional<SseSource> events_;
  std::deque<Received> queue_;
  int fruitless_resumes_ = 0;  // in a row, none with a new event
  std::uint64_t events_at_resume_ = 0;
  bool tells_pauses_ = false;
  bool paused_ = false;  // the stream ended on purpose; resume before reading on
  bool over_ = false;
};

}  // namespace vendor::detail
