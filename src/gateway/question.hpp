// A question of the gateway's own to a client of the legacy era: a server's request on the client's stream, answered by
// another POST of the client on whatever I/O thread it arrives. Thread-safe.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "base/notifier.hpp"

namespace gateway {

class Question {
 public:
  Question() = default;
  // Its answer also wakes whoever else waits on `come`.
  explicit Question(base::Notifier come) : come_(std::move(come)) {}

  // The client's JSON-RPC response, whole. Only the first one counts.
  void answer(std::string response);
  // Nothing when `until` passes first.
  base::Task<std::optional<std::string>> wait(base::SteadyTime until);
  // The answer, if it has come.
  [[nodiscard]] std::optional<std::string> answered() const;

 private:
  mutable base::Mutex mutex_;
  std::optional<std::string> response_ MCPGW_GUARDED_BY(mutex_);
  base::Notifier come_;
};

}  // namespace gateway
