#include "http/detail/deadlines.hpp"

namespace http {

Deadlines::Deadlines(base::Executor executor) : timer_(executor), self_(std::make_shared<Deadlines*>(this)) {}

Deadlines::~Deadlines() { *self_ = nullptr; }

Deadlines::Entry::~Entry() {
  if (is_linked()) deadlines_.entries_.erase(Entries::s_iterator_to(*this));
}

void Deadlines::Entry::set(base::SteadyTime due) {
  due_ = due;
  if (due == base::SteadyTime::max() || (is_linked() && filed_ <= due)) return;
  if (is_linked()) deadlines_.entries_.erase(Entries::s_iterator_to(*this));
  deadlines_.file(*this);
  deadlines_.arm();
}

void Deadlines::file(Entry& entry) {
  entry.filed_ = entry.due_;
  entries_.insert(entry);
}

void Deadlines::arm() {
  if (entries_.empty() || entries_.begin()->filed_ >= armed_) return;
  armed_ = entries_.begin()->filed_;
  timer_.expires_at(armed_);
  timer_.async_wait([self = self_](const boost::system::error_code& error) {
    if (!error && *self != nullptr) (*self)->fire();
  });
}

void Deadlines::fire() {
  armed_ = base::SteadyTime::max();
  const auto now = std::chrono::steady_clock::now();
  while (!entries_.empty() && entries_.begin()->filed_ <= now) {
    Entry& entry = *entries_.begin();
    entries_.erase(entries_.begin());
    if (entry.due_ > now) {
      if (entry.due_ != base::SteadyTime::max()) file(entry);
      continue;
    }
    entry.clear();
    entry.on_deadline();
  }
  arm();
}

}  // namespace http
