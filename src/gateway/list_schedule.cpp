#include "gateway/list_schedule.hpp"

#include <algorithm>
#include <utility>

namespace gateway {

bool ListSchedule::plan(base::SteadyTime at) {
  const bool starts = phase_ == Phase::idle;
  phase_ = Phase::waiting;
  const bool ran = started_ != base::SteadyTime::min();
  due_ = ran ? std::max(at, started_ + times_.quiet) : at;
  return starts;
}

bool ListSchedule::on_asked(base::SteadyTime now) {
  if (phase_ != Phase::idle || is_fresh(now)) return false;
  return plan(now);
}

bool ListSchedule::on_changed(base::SteadyTime now) {
  fresh_until_ = std::min(fresh_until_, now);
  changed_ = true;
  if (phase_ != Phase::idle) return false;
  return plan(now);
}

bool ListSchedule::on_missed(base::SteadyTime now) {
  if (phase_ != Phase::idle) return false;
  return plan(now + pause());
}

bool ListSchedule::on_needed(base::SteadyTime now) {
  if (phase_ == Phase::running) return false;
  return plan(now);
}

void ListSchedule::on_recovered(base::SteadyTime now) {
  fresh_until_ = std::min(fresh_until_, now);
  if (phase_ == Phase::waiting) (void)plan(now);
}

void ListSchedule::on_started(base::SteadyTime now) {
  phase_ = Phase::running;
  started_ = now;
  for_change_ = std::exchange(changed_, false);
}

bool ListSchedule::on_answered(base::SteadyTime now, std::chrono::milliseconds ttl) {
  failures_ = 0;
  phase_ = Phase::idle;
  fresh_until_ = changed_ ? now : now + ttl;
  if (!changed_) return false;
  return plan(now);
}

bool ListSchedule::on_failed(base::SteadyTime now, Missed missed) {
  ++failures_;
  phase_ = Phase::idle;
  changed_ = changed_ || for_change_;
  if (missed == Missed::no && !changed_) return false;
  return plan(now + pause());
}

std::chrono::milliseconds ListSchedule::pause() const {
  constexpr int kMostDoublings = 16;
  if (failures_ == 0) return {};
  return std::min<std::chrono::milliseconds>(times_.quiet * (1 << std::min(failures_ - 1, kMostDoublings)),
                                             times_.longest);
}

}  // namespace gateway
