// How the answer to one POST reaches its client: as one JSON body when the vendor's first message is the response, as
// an SSE stream when the vendor streams, when something comes before the response, or when the vendor is silent for
// long (so that neither the client nor a proxy between gives up). The streams of a session can be resumed on another
// connection with Last-Event-ID. Thread: the exchange's I/O thread.
#pragma once

#include <boost/intrusive/list.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/async.hpp"
#include "base/task_group.hpp"
#include "gateway/config.hpp"
#include "gateway/session.hpp"
#include "http/exchange.hpp"

namespace gateway {

// A response that nobody holds.
class ResponseParts {
 public:
  virtual ~ResponseParts() = default;
  // What comes next of it; nothing at its end. The pieces live until the next call. Errors: it will never be whole.
  virtual base::Async<std::span<const std::string_view>> next() = 0;
};

// Where the messages of one call go.
class Reply {
 public:
  virtual ~Reply() = default;
  // Something before the response: a notification, or a request of the vendor.
  virtual base::Task<void> interim(std::string message) = 0;
  // The vendor answers with a stream: the client's starts soon, if it takes one, and with the response at the latest.
  virtual void open() = 0;
  // The vendor ended its stream on purpose and answers in `retry`: ends the client's too, if it can come back for the
  // answer then. True: nothing may block the client's connection any more.
  virtual base::Task<bool> pause(std::chrono::milliseconds retry) = 0;
  // The response; the last call. The pieces live until it returns. `status`: of an answer that is no stream.
  virtual base::Task<void> finish(std::span<const std::string_view> pieces, int status) = 0;
  // Whether finish_in_parts() holds less than all of them.
  [[nodiscard]] virtual bool takes_parts() const { return false; }
  // The response likewise, as it comes; here, held until it is whole. Errors: those of `parts`; nothing of it was sent,
  // or the client sees that it is not whole.
  virtual base::Async<void> finish_in_parts(ResponseParts& parts);
  // Calls `act` once, on the exchange's thread, when the client is found to have closed its connection before the end.
  virtual void when_gone(std::function<void()> act) = 0;
  // Whether interim messages reach the client at all.
  [[nodiscard]] virtual bool streams() const = 0;
};

class ResponderClock;

class Responder final
    : public Reply,
      public std::enable_shared_from_this<Responder>,
      public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  // `session` may be null (one-shot): then a lost connection cannot be resumed. `request_id`: raw JSON token.
  Responder(http::Exchange& exchange, std::shared_ptr<Session> session, std::string request_id, ResponderClock& clock);

  base::Task<void> interim(std::string message) override;
  void open() override { opens_ = true; }
  base::Task<bool> pause(std::chrono::milliseconds retry) override;
  base::Task<void> finish(std::span<const std::string_view> pieces, int status) override;
  [[nodiscard]] bool takes_parts() const override { return true; }
  base::Async<void> finish_in_parts(ResponseParts& parts) override;
  void when_gone(std::function<void()> act) override { when_gone_ = std::move(act); }
  [[nodiscard]] bool streams() const override { return accepts_stream_; }

 private:
  friend class ResponderClock;
  base::Task<void> start_stream();
  [[nodiscard]] std::string begin_events();
  base::Async<void> send_parts(ResponseParts& parts);
  [[nodiscard]] std::string last_event(std::span<const std::string_view> pieces);
  void note(const base::Result<void>& sent) const;
  base::Task<void> send(std::string_view text);
  // The clock found the stream silent: start it, or ping.
  base::Task<void> keep_alive();
  void look_after_client();
  // Answers with an error of the gateway's own; what the vendor says from then on is dropped.
  base::Task<void> give_up(base::Error error);
  // The right to write. False: the answer is complete.
  base::Task<bool> acquire();
  // The same, when it can be had at once; false otherwise.
  [[nodiscard]] bool try_acquire() { return !busy_ && !finished_ && (busy_ = true); }
  void release();

  http::Exchange& exchange_;
  const std::shared_ptr<Session> session_;
  const std::string request_id_;
  ResponderClock& clock_;
  const bool accepts_stream_;
  std::shared_ptr<EventStream> stream_;
  std::uint64_t reader_ = 0;
  bool opens_ = false;  // soon
  bool streaming_ = false;
  bool lost_ = false;  // the client is gone from this connection
  bool finished_ = false;
  bool busy_ = false;  // a write is under way
  std::function<void()> when_gone_;
  base::SteadyTime last_write_;
  std::optional<base::Timer> idle_;  // wakes who waits for busy_ to end
};

// Looks after the silent responders of one I/O thread, once a second, so that a quick call costs no timer.
class ResponderClock {
 public:
  ResponderClock(base::Executor executor, base::TaskGroup& tasks, Config config);

  void start();
  // Answers every call of this thread that is under way with that error, for a shutdown. A client that does not take it
  // until then goes without.
  base::Task<void> give_up_calls(base::Error error, base::SteadyTime until);
  [[nodiscard]] const Config& config() const { return config_; }
  // What a stream begins with: when the client may come back.
  [[nodiscard]] std::string_view retry_field() const { return retry_field_; }
  [[nodiscard]] base::Executor executor() const { return executor_; }

 private:
  friend class Responder;
  base::Task<void> sweep();
  base::Executor executor_;
  base::TaskGroup& tasks_;
  const Config config_;
  const std::string retry_field_;
  boost::intrusive::list<Responder, boost::intrusive::constant_time_size<false>> waiting_;
};

}  // namespace gateway
