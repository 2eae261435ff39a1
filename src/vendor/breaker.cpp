#include "vendor/breaker.hpp"

#include <algorithm>

namespace vendor {

bool Breaker::allow(base::SteadyTime now) {
  if (!is_open()) return true;
  if (now < retry_at_) return false;
  trial_ = true;
  retry_at_ = now + delay_;
  return true;
}

void Breaker::on_success() {
  failures_ = 0;
  trial_ = false;
  delay_ = config_.first_delay;
}

void Breaker::on_failure(base::SteadyTime now) {
  if (is_open() && !trial_) return;
  if (is_open()) delay_ = std::min(2 * delay_, config_.longest_delay);
  trial_ = false;
  if (!is_open()) ++failures_;
  if (is_open()) retry_at_ = now + delay_;
}

}  // namespace vendor
