// What a vendor says to one call, kept until somebody reads it: the call may wait for a person's answer meanwhile, and
// be taken up again on another I/O thread. Filled by the call's own messages (follow()) and by what the vendor says on
// its session's stream. Thread-safe.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/mutex.hpp"
#include "base/notifier.hpp"
#include "vendor/channel.hpp"

namespace gateway {

class Inbox {
 public:
  // Beyond this many unread messages, further notifications are dropped.
  static constexpr std::size_t kMostUnread = 1'000;

  enum class Urgency { must_arrive, may_be_dropped };
  void put(vendor::Message message, Urgency urgency);
  void fail(base::Error error);

  // Errors: what the call ended with; vendor_timeout when the deadline passes.
  base::Async<vendor::Message> next(base::SteadyTime deadline);

  // Nobody reads on.
  void close();
  base::Task<void> until_closed();

 private:
  [[nodiscard]] std::optional<base::Result<vendor::Message>> take();
  [[nodiscard]] bool closed() const;

  mutable base::Mutex mutex_;
  std::deque<vendor::Message> messages_ MCPGW_GUARDED_BY(mutex_);
  std::optional<base::Error> error_ MCPGW_GUARDED_BY(mutex_);
  bool closed_ MCPGW_GUARDED_BY(mutex_) = false;
  base::Notifier come_;
  base::Notifier left_;
};

// Puts the messages of a call into its inbox, until the response, an error, or until nobody reads on; then the call is
// dropped. Runs on the call's own I/O thread.
base::Task<void> follow(std::shared_ptr<Inbox> inbox, std::unique_ptr<vendor::Call> call, base::SteadyTime deadline);

}  // namespace gateway
