// One request of the legacy era over Streamable HTTP and its answer: a JSON body, or an SSE stream that is resumed when
// it drops.
#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "base/kept_memory.hpp"
#include "vendor/channel.hpp"
#include "vendor/detail/answer_messages.hpp"
#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/json_answer.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/sse_source.hpp"

namespace vendor::detail {

// Thread: the one that sent the request.
class HttpCall final : public Call, public base::InKeptMemory {
 public:
  // Sends the request and reads the answer's head; what it gives is an HttpCall. Errors: those of Call::next.
  static base::Async<std::unique_ptr<Call>> send(std::shared_ptr<const HttpPeer> peer,
                                                 std::shared_ptr<const HttpSession> session, const Outgoing& outgoing,
                                                 base::SteadyTime deadline, Attempt attempt);

  // Sends it and waits for nothing; begin() does. Nothing when that cannot be: http::Client::try_send.
  static std::unique_ptr<HttpCall> try_send(std::shared_ptr<const HttpPeer> peer,
                                            std::shared_ptr<const HttpSession> session, const Outgoing& outgoing,
                                            Attempt attempt);

  HttpCall(std::shared_ptr<const HttpPeer> peer, std::shared_ptr<const HttpSession> session, std::uint64_t id,
           Attempt attempt);

  base::Soon<void> begin(base::SteadyTime deadline) override;
  base::Soon<Message> next(base::SteadyTime deadline) override;
  [[nodiscard]] bool streams() const override { return events_.has_value(); }
  [[nodiscard]] std::shared_ptr<const mcp::Envelope> scanned() const override { return scanned_; }
  void tell_pauses() override { tells_pauses_ = true; }
  void take_parts_beyond(std::size_t bytes) override {
    most_held_ = bytes;
    if (json_) json_->take_parts_beyond(bytes);
  }
  [[nodiscard]] bool has_more() const override { return json_ && json_->has_more(); }
  base::Soon<std::string_view> more(base::SteadyTime deadline) override;
  void put_back(Message&& first) override {
    if (json_) json_->put_back(std::move(first));
  }
  [[nodiscard]] std::chrono::milliseconds retry() const override;
  // The session that the answer to initialize names in its head; "" for none.
  [[nodiscard]] const std::string& session_id() const { return session_id_; }

 private:
  base::Async<void> wait_for_head(base::SteadyTime deadline);
  base::Soon<void> take_head(http::ClientResponse response, base::SteadyTime deadline);
  // What next() gives, when nothing has to be waited for.
  [[nodiscard]] std::optional<base::Result<Message>> at_hand();
  base::Async<Message> wait_for_message(base::SteadyTime deadline);
  base::Result<Message> give();
  base::Result<void> take_success(http::ClientResponse response);
  base::Async<void> take_failure(http::ClientResponse response, base::SteadyTime deadline);
  [[nodiscard]] base::Failure left_era(std::string_view words) const;
  [[nodiscard]] base::Failure fail(base::Error error);
  base::Result<void> take_json(base::Result<http::Beginning> body);
  base::Async<void> read_event(base::SteadyTime deadline);
  base::Async<void> resume(base::SteadyTime deadline);
  base::Async<bool> resume_once(base::SteadyTime deadline);

  const std::shared_ptr<const HttpPeer> peer_;
  const std::shared_ptr<const HttpSession> session_;
  AnswerMessages messages_;
  Attempt attempt_;
  std::shared_ptr<const mcp::Envelope> scanned_;
  std::string session_id_;
  std::optional<http::ClientResponse> sent_;  // until the answer begins
  std::optional<JsonAnswer> json_;
  std::size_t most_held_ = std::numeric_limits<std::size_t>::max();
  std::optional<SseSource> events_;
  int fruitless_resumes_ = 0;  // in a row, none with a new event
  std::uint64_t events_at_resume_ = 0;
  bool tells_pauses_ = false;
  bool paused_ = false;  // the stream ended on purpose; resume before reading on
  bool over_ = false;
};

}  // namespace vendor::detail
