#include "gateway/parked_calls.hpp"

#include "gateway/detail/delivery.hpp"

namespace gateway {

ParkedCalls::ParkedCalls(std::size_t limit) : limit_(limit) {}
ParkedCalls::~ParkedCalls() = default;

bool ParkedCalls::has_room() const { return size() < limit_; }

void ParkedCalls::put(const std::string& id, std::unique_ptr<Delivery> call, base::SteadyTime until) {
  const base::Lock lock(mutex_);
  calls_.insert_or_assign(id, Place{std::move(call), until});
}

base::Result<std::unique_ptr<Delivery>> ParkedCalls::take(const std::string& id) {
  const base::Lock lock(mutex_);
  auto node = calls_.extract(id);
  if (node.empty()) {
    return base::fail(
        base::Kind::conflict, "request_state",
        "The call that asked for this is gone: it was answered already, waited too long, or the gateway was "
        "restarted. Start again: send the request anew, without requestState and inputResponses.");
  }
  return std::move(node.mapped().call);
}

std::vector<std::unique_ptr<Delivery>> ParkedCalls::expired(base::SteadyTime now) {
  std::vector<std::unique_ptr<Delivery>> out;
  const base::Lock lock(mutex_);
  for (auto it = calls_.begin(); it != calls_.end();) {
    if (it->second.until > now) {
      ++it;
      continue;
    }
    out.push_back(std::move(it->second.call));
    it = calls_.erase(it);
  }
  return out;
}

std::size_t ParkedCalls::size() const {
  const base::Lock lock(mutex_);
  return calls_.size();
}

}  // namespace gateway
