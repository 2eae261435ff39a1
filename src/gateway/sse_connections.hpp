// Clients of the deprecated HTTP+SSE transport (2024-11-05 basic/transports, "HTTP with SSE"): each holds one stream
// open, is told on it where to post, and gets every answer on it. Thread-safe.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "base/random.hpp"
#include "gateway/event_stream.hpp"
#include "gateway/session.hpp"

namespace gateway {

class SseConnection {
 public:
  SseConnection(std::string id, std::string subject, std::string endpoint, base::SteadyTime opened);

  [[nodiscard]] const std::string& id() const { return id_; }
  [[nodiscard]] const std::string& subject() const { return subject_; }
  [[nodiscard]] const std::string& endpoint() const { return endpoint_; }  // slug, "" for the unified one
  [[nodiscard]] base::SteadyTime opened() const { return opened_; }
  // The session's own stream too, once there is one.
  [[nodiscard]] const std::shared_ptr<EventStream>& stream() const { return stream_; }

  // Messages that were posted and are not done with yet. False: there are kMostUnderWay already.
  static constexpr int kMostUnderWay = 256;
  [[nodiscard]] bool begin_message();
  void end_message() { --under_way_; }

  // nullptr until the client has initialized.
  [[nodiscard]] std::shared_ptr<Session> session() const;
  // The first one stays.
  void set_session(std::shared_ptr<Session> session);

 private:
  const std::string id_;
  const std::string subject_;
  const std::string endpoint_;
  const base::SteadyTime opened_;
  const std::shared_ptr<EventStream> stream_;
  std::atomic<int> under_way_{0};
  mutable base::Mutex mutex_;
  std::shared_ptr<Session> session_ MCPGW_GUARDED_BY(mutex_);
};

class SseConnections {
 public:
  // REQUIRES: references outlive this.
  SseConnections(base::Clock& clock, base::Random& random);

  [[nodiscard]] std::shared_ptr<SseConnection> open(std::string subject, std::string endpoint);
  // nullptr when there is none of that id, or it is somebody else's.
  [[nodiscard]] std::shared_ptr<SseConnection> find(std::string_view id, std::string_view subject,
                                                    std::string_view endpoint) const;
  void close(const std::string& id);

  // Wakes every stream (drain).
  void wake() const;
  // Ends those whose client has not initialized in time. To be called now and then.
  void collect(base::SteadyTime now) const;

 private:
  base::Clock& clock_;
  base::Random& random_;
  mutable base::Mutex mutex_;
  std::map<std::string, std::shared_ptr<SseConnection>, std::less<>> connections_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace gateway
