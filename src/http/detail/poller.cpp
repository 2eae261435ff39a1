#include "http/detail/poller.hpp"

#include <unistd.h>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <system_error>

namespace http {

namespace asio = boost::asio;

namespace {

int open_set() {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  if (set < 0) throw std::system_error(errno, std::system_category(), "epoll_create1");
  return set;
}

constexpr std::size_t kMostInCache = 100;  // of those who wait, with all that belongs to their calls
constexpr std::size_t kCacheLine = 64;     // bytes
// Of what is touched first after a wait: the socket's owner lies around it, or behind it.
constexpr std::size_t kBehindWatch = 4;  // lines
constexpr std::size_t kFetchedCalls = 7;
constexpr std::size_t kFetchedOfFrame = 4;  // lines

void fetch_lines(const void* from, std::size_t lines) {
  for (std::size_t i = 0; i < lines; ++i) __builtin_prefetch(static_cast<const char*>(from) + i * kCacheLine, 1);
}

void go_on(base::Suspended suspended) {
  if (auto slot = suspended.cancellation(); slot.is_connected()) slot.clear();
  std::move(suspended).resume();
}

}  // namespace

Poller& Poller::of(const base::Executor& executor) { return asio::use_service<Poller>(executor.context()); }

Poller::Poller(asio::io_context& loop) : service(loop), executor_(loop.get_executor()), set_(executor_, open_set()) {}

// The loop goes: whoever still waits goes with it.
void Poller::shutdown() {
  while (!waiting_.empty()) {
    auto& direction = waiting_.front();
    waiting_.pop_front();
    const auto suspended = std::move(std::exchange(direction.waiter_, nullptr)->suspended_);
  }
}

// While nobody waits the loop has nothing to do here, and may end.
void Poller::arm() {
  if (armed_ || waiting_.empty()) return;
  armed_ = true;
  set_.async_wait(set_.wait_read, [this](const Code& error) {
    if (error) return;
    armed_ = false;
    look();
    arm();
  });
}

void Poller::look() {
  const int count = ::epoll_wait(set_.native_handle(), events_.data(), static_cast<int>(events_.size()), 0);
  events_end_ = static_cast<std::size_t>(std::max(count, 0));
  // By the processor's cache, since they were touched last.
  const bool forgotten = waiting_.size() > kMostInCache;
  for (std::size_t i = 0; i < events_end_; ++i) {
    if (forgotten && i % kFetchedAtOnce == 0) {
      fetch(std::span(events_).subspan(i, std::min(kFetchedAtOnce, events_end_ - i)));
    }
    if (events_[i].data.ptr != nullptr) static_cast<Watch*>(events_[i].data.ptr)->take(events_[i]);
  }
  events_end_ = 0;
}

// Each coroutine in the chain that waits is known by the one before it, so that they are fetched in step: for several
// events that takes no longer than for one.
void Poller::fetch(std::span<const epoll_event> events) {
  std::array<const Waiting*, kFetchedAtOnce> waiting{};
  std::array<const void*, kFetchedAtOnce> frames{};
  for (const auto& event : events) {
    if (event.data.ptr != nullptr) fetch_lines(event.data.ptr, sizeof(Watch) / kCacheLine + kBehindWatch);
  }
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (events[i].data.ptr == nullptr) continue;
    waiting[i] = static_cast<const Watch*>(events[i].data.ptr)->reading.waiter_;
    if (waiting[i] != nullptr) fetch_lines(waiting[i], 1);
  }
  for (std::size_t call = 0; call < kFetchedCalls; ++call) {
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (waiting[i] == nullptr || (call > 0 && frames[i] == nullptr)) continue;
      const auto& suspended = waiting[i]->suspended_;
      frames[i] = call == 0 ? suspended.first_frame() : suspended.frame_behind(frames[i]);
      if (frames[i] != nullptr) fetch_lines(frames[i], kFetchedOfFrame);
    }
  }
}

void Poller::forget(const Watch& watch) {
  for (std::size_t i = 0; i < events_end_; ++i) {
    if (events_[i].data.ptr == &watch) events_[i].data.ptr = nullptr;
  }
}

Poller::Watch::~Watch() { close(); }

Poller::Code Poller::Watch::watch(int descriptor) {
  descriptor_ = descriptor;
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = this;
  const auto set = reading.poller_.set_.native_handle();
  if (::epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event) == 0) return {};
  return {errno, boost::system::system_category()};
}

void Poller::Watch::close() {
  if (descriptor_ < 0) return;
  reading.poller_.forget(*this);
  ::close(std::exchange(descriptor_, -1));  // and so it leaves the set
  for (auto* direction : {&reading, &writing}) {
    direction->ended_ = true;
    direction->end(asio::error::operation_aborted);
  }
}

// Resuming one direction may be the end of the whole watch: `event` knows then.
void Poller::Watch::take(const epoll_event& event) {
  const auto events = event.events;
  const bool failed = (events & (EPOLLHUP | EPOLLERR)) != 0;
  if (failed || (events & EPOLLRDHUP) != 0) reading.ended_ = true;
  if (failed) writing.ended_ = true;
  if ((events & EPOLLIN) != 0) reading.ready_ = true;
  if ((events & EPOLLOUT) != 0) writing.ready_ = true;
  if (reading.is_ready() && reading.waiter_ != nullptr) reading.resume({});
  if (event.data.ptr != this) return;
  if (writing.is_ready() && writing.waiter_ != nullptr) writing.resume({});
}

void Poller::Waiting::start(base::Suspended suspended) {
  suspended_ = std::move(suspended);
  direction_.waiter_ = this;
  direction_.poller_.waiting_.push_back(direction_);
  direction_.set(until_);
  if (auto slot = suspended_.cancellation(); slot.is_connected()) {
    slot.assign([&direction = direction_](asio::cancellation_type) { direction.end(asio::error::operation_aborted); });
  }
  direction_.poller_.arm();
}

base::Suspended Poller::Direction::take_waiter(Code error) {
  auto& waiter = *std::exchange(waiter_, nullptr);
  poller_.waiting_.erase(poller_.waiting_.iterator_to(*this));
  clear();
  waiter.error_ = error;
  return std::move(waiter.suspended_);
}

void Poller::Direction::resume(Code error) { go_on(take_waiter(error)); }

// Not at once: the caller may be walking over what the waiting coroutine owns, or be the slot's own handler.
void Poller::Direction::end(Code error) {
  if (waiter_ == nullptr) return;
  asio::post(poller_.executor_, [suspended = take_waiter(error)]() mutable { go_on(std::move(suspended)); });
}

void Poller::Direction::on_deadline() {
  if (waiter_ != nullptr) resume(asio::error::timed_out);
}

}  // namespace http
