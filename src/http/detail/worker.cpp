#include "http/detail/worker.hpp"

#include <fmt/chrono.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/algorithm/hex.hpp>
#include <cstring>

#include "base/log.hpp"
#include "http/detail/connection.hpp"

namespace http {
namespace {

constexpr std::chrono::seconds kHeadComesAgain{10};  // within this, or it is not known any more
constexpr std::int64_t kMostTurnedAway = 256;        // at once are told that the server is full; more are only closed

base::Task<void> close_tasks(std::shared_ptr<Worker> worker) { co_await worker->tasks().close(); }

}  // namespace

struct Worker::Links {
  boost::intrusive::list<Connection, boost::intrusive::constant_time_size<false>> connections;
};

Worker::Worker(base::Executor executor, std::shared_ptr<Shared> shared)
    : executor_(executor),
      shared_(std::move(shared)),
      poller_(Poller::of(executor)),
      deadlines_(executor),
      collector_(deadlines_),
      tasks_(executor),
      closing_(executor),
      links_(std::make_unique<Links>()),
      scratch_(std::make_unique<std::array<char, 64 << 10>>()) {}

Worker::~Worker() = default;

void Worker::serve(const Accepted& accepted) {
  const int on = 1;
  ::setsockopt(accepted.descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto beyond_limit =
      static_cast<std::int64_t>(shared_->connections.load()) - static_cast<std::int64_t>(shared_->limits.connections);
  if (closed_ || beyond_limit > kMostTurnedAway) {
    ::close(accepted.descriptor);
    --load_;
    --shared_->connections;
    return;
  }

  auto address = accepted.peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    address = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6());
  }
  auto connection = std::make_unique<Connection>(shared_from_this(), accepted.descriptor, address.to_string());
  tasks_.spawn("http.connection", beyond_limit > 0 ? Connection::turn_away(std::move(connection))
                                                   : Connection::serve(std::move(connection)));
}

void Worker::drain() {
  for (auto& connection : links_->connections) connection.drain();
}

void Worker::close() {
  if (std::exchange(closed_, true)) return;
  for (auto& connection : links_->connections) connection.cut();
  closing_.spawn("http.close", close_tasks(shared_from_this()));
}

void Worker::Collector::start() {
  if (heads.size() == 0 || std::exchange(started_, true)) return;
  set(std::chrono::steady_clock::now() + kHeadComesAgain);
}

void Worker::Collector::on_deadline() {
  started_ = false;
  heads.collect();
  start();
}

void Worker::enter(Connection& connection) { links_->connections.push_back(connection); }

void Worker::leave(Connection& connection) {
  connection.unlink();
  --load_;
  --shared_->connections;
}

std::string_view Worker::date_line() {
  const auto now = std::chrono::floor<std::chrono::seconds>(shared_->clock.now().time_since_epoch());
  if (now != date_second_) {
    date_second_ = now;
    date_line_ = fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", fmt::gmtime(now.count()));
  }
  return date_line_;
}

// A call of the system's generator per request would cost as much as parsing it.
std::string Worker::request_id() {
  constexpr std::size_t kBytes = 16;
  if (random_used_ + kBytes > random_.size()) {
    shared_->random.fill(random_);
    random_used_ = 0;
  }
  const auto bytes = std::span<const std::uint8_t>(random_).subspan(random_used_, kBytes);
  random_used_ += kBytes;
  // Not base::hex(): nothing here is a secret, which would have to be written in constant time.
  std::string id(2 * kBytes, '\0');
  boost::algorithm::hex_lower(bytes.begin(), bytes.end(), id.begin());
  return id;
}

}  // namespace http
