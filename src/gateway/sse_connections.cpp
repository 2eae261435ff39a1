#include "gateway/sse_connections.hpp"

#include <utility>

#include "base/ids.hpp"

namespace gateway {
namespace {

constexpr std::chrono::minutes kInitializePatience{1};
// Of answers that wait for their client to read on: a lost one would never come again.
constexpr EventStream::Limits kWaiting{.events = 4'096, .bytes = std::size_t{64} << 20};

}  // namespace

SseConnection::SseConnection(std::string id, std::string subject, std::string endpoint, base::SteadyTime opened)
    : id_(std::move(id)),
      subject_(std::move(subject)),
      endpoint_(std::move(endpoint)),
      opened_(opened),
      stream_(std::make_shared<EventStream>(kWaiting)) {}

bool SseConnection::begin_message() {
  if (++under_way_ <= kMostUnderWay) return true;
  --under_way_;
  return false;
}

std::shared_ptr<Session> SseConnection::session() const {
  const base::Lock lock(mutex_);
  return session_;
}

void SseConnection::set_session(std::shared_ptr<Session> session) {
  const base::Lock lock(mutex_);
  if (!session_) session_ = std::move(session);
}

SseConnections::SseConnections(base::Clock& clock, base::Random& random) : clock_(clock), random_(random) {}

std::shared_ptr<SseConnection> SseConnections::open(std::string subject, std::string endpoint) {
  auto connection = std::make_shared<SseConnection>(base::uuid7(clock_.now(), random_), std::move(subject),
                                                    std::move(endpoint), std::chrono::steady_clock::now());
  const base::Lock lock(mutex_);
  connections_.emplace(connection->id(), connection);
  return connection;
}

std::shared_ptr<SseConnection> SseConnections::find(std::string_view id, std::string_view subject,
                                                    std::string_view endpoint) const {
  const base::Lock lock(mutex_);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return nullptr;
  const auto& connection = found->second;
  return connection->subject() == subject && connection->endpoint() == endpoint ? connection : nullptr;
}

void SseConnections::close(const std::string& id) {
  const base::Lock lock(mutex_);
  connections_.erase(id);
}

void SseConnections::wake() const {
  const base::Lock lock(mutex_);
  for (const auto& [id, connection] : connections_) connection->stream()->wake();
}

void SseConnections::collect(base::SteadyTime now) const {
  const base::Lock lock(mutex_);
  for (const auto& [id, connection] : connections_) {
    const bool late = connection->opened() + kInitializePatience < now && !connection->session();
    if (late) connection->stream()->end();
  }
}

}  // namespace gateway
