// Concurrent requests for the same thing, on any I/O threads, do the work once and share its result.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "base/notifier.hpp"

namespace base {

// Thread-safe. REQUIRES: outlives its callers. T is copied to each of them.
template <class T>
class SingleFlight {
  struct Flight {
    Mutex mutex;
    std::optional<Result<T>> result MCPGW_GUARDED_BY(mutex);
    Notifier done;
  };

 public:
  // The first caller of `key` runs `make`; the others wait for it until `deadline`.
  // Errors: those of make; vendor_timeout when the deadline passes while waiting.
  Async<T> run(std::string key, std::move_only_function<Async<T>()> make, SteadyTime deadline) {
    auto [flight, leads] = enter(key);
    if (leads) co_return co_await lead(std::move(key), std::move(flight), std::move(make));
    while (true) {
      auto ticket = flight->done.prepare();
      {
        const Lock lock(flight->mutex);
        if (flight->result) co_return *flight->result;
      }
      if (!co_await ticket.wait(deadline)) {
        co_return fail(Kind::vendor_timeout, "timeout", "waited too long for an answer that others wait for too");
      }
    }
  }

 private:
  std::pair<std::shared_ptr<Flight>, bool> enter(const std::string& key) {
    const Lock lock(mutex_);
    auto& flight = flights_[key];
    const bool leads = !flight;
    if (leads) flight = std::make_shared<Flight>();
    return {flight, leads};
  }

  Async<T> lead(std::string key, std::shared_ptr<Flight> flight, std::move_only_function<Async<T>()> make) {
    // A leader that is cancelled or throws must still let its followers go.
    struct Landing {
      SingleFlight& owner;
      const std::string& key;
      Flight& flight;
      ~Landing() {
        {
          const Lock lock(flight.mutex);
          if (!flight.result) flight.result = fail(Kind::unavailable, "cancelled", "The work was given up; try again.");
        }
        const Lock lock(owner.mutex_);
        owner.flights_.erase(key);
        flight.done.notify_all();
      }
    };
    const Landing landing{*this, key, *flight};
    auto result = co_await make();
    {
      const Lock lock(flight->mutex);
      flight->result = result;
    }
    co_return result;
  }

  Mutex mutex_;
  std::map<std::string, std::shared_ptr<Flight>, std::less<>> flights_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace base
