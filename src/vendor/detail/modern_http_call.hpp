// One request of the modern era over Streamable HTTP and its answer (2026-07-28 basic/transports/streamable-http): a
// JSON body, or an SSE stream. What breaks is lost: nothing is resumed.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "vendor/channel.hpp"
#include "vendor/detail/answer_messages.hpp"
#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/json_answer.hpp"
#include "vendor/detail/json_cutter.hpp"
#include "vendor/detail/pulse.hpp"
#include "vendor/detail/sse_source.hpp"

namespace vendor::detail {

// Thread: the one that sent the request. Dropped before its end it closes its connection, which tells the vendor that
// nobody waits ("Cancellation").
class ModernHttpCall final : public Call {
 public:
  // What the answer to subscriptions/listen is: a stream without end, on which silence counts and not time. A vendor
  // may send it as JSON too, one object after the other.
  enum class Answer { ends, endless };

  // Sends the request and reads the answer's head. `misfits` is called when the vendor answers as only one of the
  // legacy era does. Errors: those of Call::next.
  static base::Async<std::unique_ptr<Call>> send(std::shared_ptr<const HttpPeer> peer, Outgoing outgoing,
                                                 base::SteadyTime deadline, Attempt attempt, Answer answer,
                                                 std::function<void()> misfits);

  ModernHttpCall(std::shared_ptr<const HttpPeer> peer, const Outgoing& outgoing, Attempt attempt, Answer answer,
                 std::function<void()> misfits);

  // A JSON-RPC error in a failure's body is the answer like any other.
  base::Soon<Message> next(base::SteadyTime deadline) override;
  [[nodiscard]] bool streams() const override { return events_.has_value() || objects_.has_value(); }
  void take_parts_beyond(std::size_t bytes) override {
    if (json_) json_->take_parts_beyond(bytes);
  }
  [[nodiscard]] bool has_more() const override { return json_ && json_->has_more(); }
  base::Soon<std::string_view> more(base::SteadyTime deadline) override;
  void put_back(Message&& first) override {
    if (json_) json_->put_back(std::move(first));
  }

 private:
  // An endless answer of type application/json.
  struct Objects {
    http::ClientResponse response;
    JsonCutter cutter;
  };

  base::Async<void> take_head(http::ClientResponse response, base::SteadyTime deadline);
  base::Async<void> take_failure(http::ClientResponse response, base::SteadyTime deadline);
  base::Async<Message> next_message(base::SteadyTime deadline);
  base::Async<void> read_more(base::SteadyTime deadline);
  base::Result<void> take_json(base::Result<http::Beginning> body);
  base::Async<void> read_event(base::SteadyTime deadline);
  base::Async<void> read_object(std::chrono::milliseconds quiet);
  // A connection that broke in the middle of the answer, or another error as it is.
  [[nodiscard]] base::Failure broken(base::Error error) const;
  [[nodiscard]] base::Failure lost(std::string why) const;
  [[nodiscard]] base::Failure misfit() const;

  const std::shared_ptr<const HttpPeer> peer_;
  const Answer answer_;
  const bool discovers_;
  const std::function<void()> misfits_;
  AnswerMessages messages_;
  Attempt attempt_;
  std::optional<JsonAnswer> json_;
  std::optional<SseSource> events_;
  std::optional<Objects> objects_;
  bool over_ = false;
};

}  // namespace vendor::detail
