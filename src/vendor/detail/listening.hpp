// The GET stream of one session, kept open and resumed until somebody ends it (2025-11-25 basic/transports,
// "Listening for Messages from the Server").
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "base/notifier.hpp"
#include "base/random.hpp"
#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/listener_slot.hpp"
#include "vendor/detail/sse_source.hpp"
#include "vendor/detail/stop_signal.hpp"

namespace vendor::detail {

// Thread: created and run on one I/O thread; stop() from any.
class Listening {
 public:
  enum class End {
    stopped,  // by stop(), or because the process ends
    none,     // the vendor has no such stream: HTTP 405 or another 4xx, for ever
    gone,     // the vendor forgot the session
  };

  // REQUIRES: random outlives this.
  Listening(base::Executor executor, std::shared_ptr<const HttpPeer> peer, HttpSession session,
            std::shared_ptr<ListenerSlot> slot, base::Random& random);

  // Waits until the stream is open. False when it is not by the deadline, or never will be.
  static base::Task<bool> hears(std::shared_ptr<Listening> self, base::SteadyTime deadline);
  // Returns when the stream ends for good. `self` keeps this alive meanwhile.
  static base::Task<End> run(std::shared_ptr<Listening> self);
  static void stop(const std::shared_ptr<Listening>& self);

 private:
  base::Task<End> loop();
  // Nothing when the stream may be opened again.
  base::Task<std::optional<End>> open_once();
  base::Task<void> read();
  base::Task<void> pause();
  void deliver(std::string text);
  enum class State { opening, heard, ended };
  void set(State state);

  base::Executor executor_;
  const std::shared_ptr<const HttpPeer> peer_;
  const HttpSession session_;
  const std::shared_ptr<ListenerSlot> slot_;
  base::Random& random_;
  const std::shared_ptr<StopSignal> stop_;
  std::optional<SseSource> source_;
  base::Notifier changed_;
  std::atomic<State> state_ = State::opening;
  int failures_ = 0;  // in a row
};

}  // namespace vendor::detail
