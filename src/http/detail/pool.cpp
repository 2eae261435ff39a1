#include "http/detail/pool.hpp"

#include <algorithm>

#include "base/coarse_time.hpp"

namespace http {

namespace asio = boost::asio;
using std::chrono::steady_clock;

Pool::Lease::Lease(std::shared_ptr<Pool> pool, std::shared_ptr<Place> place)
    : pool_(std::move(pool)), place_(std::move(place)), in_use_(one_of(pool_->in_use_)) {}

Pool::Lease::Lease(Lease&& other) noexcept = default;

Pool::Lease& Pool::Lease::operator=(Lease&& other) noexcept {
  drop();
  pool_ = std::move(other.pool_);
  place_ = std::move(other.place_);
  stream_ = std::move(other.stream_);
  in_use_ = std::move(other.in_use_);
  return *this;
}

Stream& Pool::Lease::open() {
  stream_ = std::make_unique<Stream>(Poller::of(pool_->executor_), pool_->deadlines_);
  return *stream_;
}

void Pool::Lease::give_back() {
  if (place_->idle.size() >= pool_->limits_.idle_per_origin) return drop();
  const auto now = base::coarse_now();
  place_->idle.push_back({std::move(stream_), now, one_of(pool_->idle_)});
  pool_->reaper_.set(now + pool_->limits_.idle_timeout);
  Pool::let_next_in(*place_);
  let_go();
}

void Pool::Lease::drop() {
  if (!pool_) return;
  stream_.reset();
  --place_->open;
  Pool::let_next_in(*place_);
  pool_->forget_if_unused(place_);
  let_go();
}

void Pool::Lease::let_go() {
  in_use_.reset();
  pool_.reset();
}

Pool::Pool(base::Executor executor, const ClientLimits& limits)
    : executor_(executor), limits_(limits), deadlines_(executor), reaper_(deadlines_, *this) {}

// A lease that is over still knows its place, and may outlive the deadlines of the connections kept there.
Pool::~Pool() {
  for (const auto& [key, place] : places_) place->idle.clear();
}

base::Async<Pool::Lease> Pool::acquire(const Origin& origin, Addresses addresses, Prefer prefer,
                                       base::SteadyTime until) {
  const auto self = shared_from_this();
  const auto where = place(origin, addresses);
  if (prefer == Prefer::new_connection) {
    where->open -= where->idle.size();
    where->idle.clear();
  }
  for (bool my_turn = where->queue.empty();; my_turn = true) {
    if (my_turn) {
      if (auto lease = take_idle(where); lease.has_stream()) co_return lease;
      if (where->open < limits_.connections_per_origin) {
        ++where->open;
        co_return Lease(self, where);
      }
    }
    if (co_await wait_in_line(where, until)) continue;
    forget_if_unused(where);
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) {
      co_return base::fail(base::Kind::cancelled, "cancelled", "given up");
    }
    co_return base::fail(base::Kind::vendor_timeout, "http.pool_timeout",
                         "all " + std::to_string(limits_.connections_per_origin) + " connections are busy");
  }
}

// True: it is this caller's turn. A turn that came together with the end of the wait goes to the next in line.
base::Task<bool> Pool::wait_in_line(std::shared_ptr<Place> place, base::SteadyTime until) {
  base::Timer timer(co_await asio::this_coro::executor);
  timer.expires_at(until);
  place->queue.push_back(&timer);
  struct Leave {
    Place& place;
    base::Timer* timer;
    ~Leave() { place.queue.remove(timer); }
  };
  boost::system::error_code error;
  {
    const Leave leave{*place, &timer};
    co_await timer.async_wait(base::error_into(error));
    const bool called = std::ranges::find(place->queue, &timer) == place->queue.end();
    const auto cancelled = (co_await asio::this_coro::cancellation_state).cancelled();
    if (called && cancelled == asio::cancellation_type::none) co_return true;
    if (called) let_next_in(*place);
  }
  co_return false;
}

void Pool::let_next_in(Place& place) {
  if (place.queue.empty()) return;
  auto* timer = place.queue.front();
  place.queue.pop_front();
  timer->cancel();
}

std::shared_ptr<Pool::Place> Pool::place(const Origin& origin, Addresses addresses) {
  if (const auto found = places_.find(KeyView{origin, addresses}); found != places_.end()) return found->second;
  const auto place = std::make_shared<Place>();
  place->key = {origin, addresses};
  place->where = place_name(origin);
  places_.emplace(place->key, place);
  return place;
}

// The newest first, so that the others may grow old. What the peer has closed, or sent out of turn, is of no use.
Pool::Lease Pool::take_idle(const std::shared_ptr<Place>& place) {
  while (!place->idle.empty()) {
    auto stream = std::move(place->idle.back().stream);
    place->idle.pop_back();
    if (stream->is_quiet()) {
      Lease lease(shared_from_this(), place);
      lease.stream_ = std::move(stream);
      return lease;
    }
    --place->open;
  }
  return {};
}

Pool::Lease Pool::take_idle(const Origin& origin, Addresses addresses) {
  const auto found = places_.find(KeyView{origin, addresses});
  if (found == places_.end() || !found->second->queue.empty()) return {};
  return take_idle(found->second);
}

void Pool::forget_if_unused(const std::shared_ptr<Place>& place) {
  if (place->open == 0 && place->queue.empty()) places_.erase(place->key);
}

void Pool::close_old() {
  const auto now = steady_clock::now();
  const auto oldest_allowed = now - limits_.idle_timeout;
  auto oldest = base::SteadyTime::max();
  for (auto it = places_.begin(); it != places_.end();) {
    const auto place = (it++)->second;
    const auto gone = std::erase_if(place->idle, [&](const Idle& idle) { return idle.since <= oldest_allowed; });
    place->open -= gone;
    for (std::size_t i = 0; i < gone; ++i) let_next_in(*place);
    for (const auto& idle : place->idle) oldest = std::min(oldest, idle.since);
    forget_if_unused(place);
  }
  if (oldest != base::SteadyTime::max()) reaper_.set(oldest + limits_.idle_timeout);
}

Pool::Counted Pool::one_of(std::atomic<std::size_t>& count) {
  add(count, 1);
  return Counted(&count);
}

}  // namespace http
