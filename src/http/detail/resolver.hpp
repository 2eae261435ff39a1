// Names to addresses on a few threads of its own: getaddrinfo() blocks, may take half a minute for one dead name, and
// must then delay neither the other names nor the deadline of the one who asked. Thread: the executor's.
#pragma once

#include <boost/asio/thread_pool.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "base/notifier.hpp"

namespace http {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

class Resolver {
 public:
  // Waits for look-ups that still run.
  ~Resolver();

  // Concurrent look-ups of one name share one. Errors: vendor_down (no such name), vendor_timeout, cancelled.
  base::Async<Endpoints> resolve(std::string host, std::uint16_t port, base::SteadyTime until);

 private:
  struct Lookup {
    base::Mutex mutex;
    std::optional<base::Result<Endpoints>> result MCPGW_GUARDED_BY(mutex);
    base::Notifier done;
  };
  [[nodiscard]] std::shared_ptr<Lookup> enter(const std::string& host);

  std::map<std::string, std::weak_ptr<Lookup>, std::less<>> running_;
  std::optional<boost::asio::thread_pool> threads_;  // from the first name on
};

}  // namespace http
