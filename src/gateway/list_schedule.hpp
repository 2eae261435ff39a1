// When one list is fetched: at once when somebody asks for one that is unknown or stale, soon when the vendor says that
// it changed, again and again with growing pauses while somebody misses it, and never more often than once per `quiet`.
// A plain state machine with time as an argument. At most one worker fetches the list:
//
//   idle --on_asked, on_changed, on_missed, on_needed--> waiting --on_started--> running --on_answered, on_failed-->
//   idle or waiting
//
// Thread: none of its own; the owner locks.
#pragma once

#include <chrono>

#include "base/async.hpp"

namespace gateway {

class ListSchedule {
 public:
  struct Times {
    std::chrono::milliseconds quiet{1'000};     // between the beginnings of two fetches
    std::chrono::milliseconds longest{60'000};  // the pause after failures grows up to this
  };
  explicit ListSchedule(Times times) : times_(times) {}

  // Each returns true when the caller has to start a worker.
  [[nodiscard]] bool on_asked(base::SteadyTime now);
  [[nodiscard]] bool on_changed(base::SteadyTime now);
  // Somebody was answered without it.
  [[nodiscard]] bool on_missed(base::SteadyTime now);
  // Somebody cannot go on without it: a pause after failures ends.
  [[nodiscard]] bool on_needed(base::SteadyTime now);
  // The vendor is back: what is known may be of before, and a pause after failures ends.
  void on_recovered(base::SteadyTime now);

  // The worker waits until then.
  [[nodiscard]] base::SteadyTime due() const { return due_; }
  void on_started(base::SteadyTime now);
  // Each returns true when the worker goes on, with the next due(). `ttl` is how long the list counts as fresh.
  [[nodiscard]] bool on_answered(base::SteadyTime now, std::chrono::milliseconds ttl);
  enum class Missed { no, yes };
  [[nodiscard]] bool on_failed(base::SteadyTime now, Missed missed);
  // The worker ended without either.
  void on_given_up() { phase_ = Phase::idle; }

  // An answer may come any moment.
  [[nodiscard]] bool is_under_way(base::SteadyTime now) const {
    return phase_ == Phase::running || (phase_ == Phase::waiting && due_ <= now);
  }
  [[nodiscard]] base::SteadyTime under_way_since(base::SteadyTime now) const {
    return phase_ == Phase::running ? started_ : now;
  }
  [[nodiscard]] bool is_fresh(base::SteadyTime now) const { return now < fresh_until_; }
  [[nodiscard]] base::SteadyTime fresh_until() const { return fresh_until_; }
  [[nodiscard]] base::SteadyTime started() const { return started_; }  // the last fetch
  [[nodiscard]] int failures() const { return failures_; }             // in a row

 private:
  enum class Phase { idle, waiting, running };
  [[nodiscard]] bool plan(base::SteadyTime at);
  [[nodiscard]] std::chrono::milliseconds pause() const;

  Times times_;
  Phase phase_ = Phase::idle;
  bool changed_ = false;     // since the last fetch began
  bool for_change_ = false;  // the last fetch was to find a change
  int failures_ = 0;
  base::SteadyTime due_{};
  base::SteadyTime started_ = base::SteadyTime::min();
  base::SteadyTime fresh_until_{};
};

}  // namespace gateway
