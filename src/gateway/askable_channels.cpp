#include "gateway/askable_channels.hpp"

#include <fmt/format.h>

#include <array>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "mcp/envelope.hpp"
#include "mcp/input_request.hpp"
#include "mcp/own_info.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

constexpr std::array<std::string_view, 5> kAbilities{"elicitation", "elicitation.url", "sampling", "sampling.tools",
                                                     "roots"};

struct Abilities {
  std::array<bool, kAbilities.size()> has{};

  explicit Abilities(std::string_view capabilities) {
    for (std::size_t i = 0; i < kAbilities.size(); ++i) has[i] = mcp::has_capability(capabilities, kAbilities[i]);
  }

  [[nodiscard]] std::string key() const {
    std::string out;
    for (const bool one : has) out += one ? '1' : '0';
    return out;
  }

  // The same as a legacy client would announce them.
  [[nodiscard]] std::string announced() const {
    std::string out;
    const auto add = [&out](std::string_view member) { out += (out.empty() ? "" : ",") + std::string(member); };
    const auto& [form, url, sampling, sampling_tools, roots] = has;
    if (form || url) {
      add(fmt::format(R"("elicitation":{{{}{}{}}})", form ? R"("form":{})" : "", form && url ? "," : "",
                      url ? R"("url":{})" : ""));
    }
    if (sampling) add(fmt::format(R"("sampling":{{{}}})", sampling_tools ? R"("tools":{})" : ""));
    if (roots) add(R"("roots":{})");
    return "{" + out + "}";
  }
};

}  // namespace

// Hears what the vendor says outside any answer, for the calls that have the session: the one that began last is asked.
class AskableListener final : public vendor::Listener {
 public:
  void add(const std::shared_ptr<Inbox>& inbox) {
    const base::Lock lock(mutex_);
    inboxes_.push_back(inbox);
  }
  void remove(const std::shared_ptr<Inbox>& inbox) {
    const base::Lock lock(mutex_);
    std::erase(inboxes_, inbox);
  }
  void on_message(vendor::Message message) override {
    const auto inboxes = current();
    // What comes between two calls is for nobody.
    if (inboxes.empty()) return;
    const auto envelope = mcp::scan(message);
    if (envelope && envelope->shape == mcp::Shape::request) {
      inboxes.back()->put(std::move(message), Inbox::Urgency::must_arrive);
      return;
    }
    for (const auto& inbox : inboxes) inbox->put(message, Inbox::Urgency::may_be_dropped);
  }
  void on_closed() override {}

 private:
  [[nodiscard]] std::vector<std::shared_ptr<Inbox>> current() const {
    const base::Lock lock(mutex_);
    return inboxes_;
  }

  mutable base::Mutex mutex_;
  std::vector<std::shared_ptr<Inbox>> inboxes_ MCPGW_GUARDED_BY(mutex_);
};

// One session, in use or waiting.
struct AskableChannels::Held {
  std::shared_ptr<vendor::Channel> channel;
  std::shared_ptr<AskableListener> listener = std::make_shared<AskableListener>();
  bool shared = false;  // several calls may have it
  base::Mutex mutex;
  std::string log_level MCPGW_GUARDED_BY(mutex);
  base::SteadyTime since;  // waiting; guarded by the pool
};

struct AskableChannels::Pool {
  struct Place {
    std::deque<std::shared_ptr<Held>> waiting;  // the one unused longest first
    std::shared_ptr<Held> shared;
    std::size_t in_use = 0;
  };

  base::Mutex mutex;
  bool closed MCPGW_GUARDED_BY(mutex) = false;
  std::map<std::string, Place, std::less<>> places MCPGW_GUARDED_BY(mutex);

  // Counts one more in use; gives a waiting session when there is one.
  base::Result<std::shared_ptr<Held>> enter(const std::string& key, std::size_t limit) {
    const base::Lock lock(mutex);
    auto& place = places[key];
    if (place.in_use >= limit) {
      return base::fail(
          base::Kind::too_many, "gateway.askable_sessions",
          fmt::format("{} calls of this connection already run or wait for your answers. Answer or cancel "
                      "one of them, then call again.",
                      limit));
    }
    ++place.in_use;
    if (place.shared && !place.shared->channel->closed()) return place.shared;
    while (!place.waiting.empty()) {
      auto held = std::move(place.waiting.back());
      place.waiting.pop_back();
      if (!held->channel->closed()) return held;
    }
    return std::shared_ptr<Held>();
  }

  // The session that the place's calls share from now on: this one, unless another came first.
  std::shared_ptr<Held> share(const std::string& key, const std::shared_ptr<Held>& held) {
    const base::Lock lock(mutex);
    auto& shared = places[key].shared;
    if (!shared || shared->channel->closed()) shared = held;
    return shared;
  }

  // `held` is given back, or nothing is.
  void leave(const std::string& key, std::shared_ptr<Held> held) {
    {
      const base::Lock lock(mutex);
      auto& place = places[key];
      --place.in_use;
      if (held && held->shared && !closed) {
        held->since = std::chrono::steady_clock::now();
        return;
      }
      if (held && !closed && !held->channel->closed()) {
        held->since = std::chrono::steady_clock::now();
        place.waiting.push_back(std::move(held));
        return;
      }
      if (place.in_use == 0 && place.waiting.empty() && !place.shared) places.erase(key);
    }
    if (held) held->channel->close();
  }

  // Takes out what nobody used since `before`.
  std::vector<std::shared_ptr<Held>> unused(base::SteadyTime before) {
    std::vector<std::shared_ptr<Held>> out;
    const base::Lock lock(mutex);
    for (auto it = places.begin(); it != places.end();) {
      auto& waiting = it->second.waiting;
      while (!waiting.empty() && waiting.front()->since <= before) {
        out.push_back(std::move(waiting.front()));
        waiting.pop_front();
      }
      auto& shared = it->second.shared;
      if (shared && (closed || (it->second.in_use == 0 && shared->since <= before))) {
        out.push_back(std::exchange(shared, nullptr));
      }
      it = waiting.empty() && !shared && it->second.in_use == 0 ? places.erase(it) : std::next(it);
    }
    return out;
  }
};

AskableChannels::Lease::Lease(std::shared_ptr<Pool> pool, std::string key)
    : pool_(std::move(pool)), key_(std::move(key)) {}

AskableChannels::Lease::~Lease() {
  if (inbox_) held_->listener->remove(inbox_);
  if (held_ && spoiled_ && !held_->shared) held_->channel->close();
  pool_->leave(key_, std::move(held_));
}

const std::shared_ptr<vendor::Channel>& AskableChannels::Lease::channel() const { return held_->channel; }

void AskableChannels::Lease::set_inbox(const std::shared_ptr<Inbox>& inbox) {
  inbox_ = inbox;
  held_->listener->add(inbox);
}

std::string AskableChannels::Lease::log_level() const {
  const base::Lock lock(held_->mutex);
  return held_->log_level;
}

void AskableChannels::Lease::set_log_level(std::string level) {
  const base::Lock lock(held_->mutex);
  held_->log_level = std::move(level);
}

AskableChannels::AskableChannels(Connections& connections, Config config)
    : connections_(connections), config_(std::move(config)), pool_(std::make_shared<Pool>()) {}

base::Async<std::shared_ptr<AskableChannels::Lease>> AskableChannels::take(Connection connection, std::string subject,
                                                                           std::string capabilities,
                                                                           base::SteadyTime deadline) {
  const Abilities abilities(capabilities);
  auto key = fmt::format("{}\n{}\n{}", connection.key(), subject, abilities.key());
  auto held = pool_->enter(key, config_.askable_sessions);
  if (!held) co_return std::move(held).failure();
  const auto lease = std::make_shared<Lease>(pool_, key);
  lease->held_ = *std::move(held);
  if (lease->held_) co_return lease;

  auto opened = std::make_shared<Held>();
  opened->shared = connection.definition->stdio.has_value();
  auto params = mcp::own_initialize_params(mcp::kNewestLegacy, abilities.announced());
  auto channel = co_await connections_.open(std::move(connection), std::move(params), "asked " + key, deadline);
  if (!channel) co_return std::move(channel).failure();
  opened->channel = *std::move(channel);
  lease->held_ = opened->shared ? pool_->share(key, opened) : opened;
  if (lease->held_ == opened) opened->channel->listen(opened->listener, {});
  co_return lease;
}

void AskableChannels::collect(base::SteadyTime now) {
  for (const auto& held : pool_->unused(now - config_.session_idle)) held->channel->close();
}

void AskableChannels::close() {
  {
    const base::Lock lock(pool_->mutex);
    pool_->closed = true;
  }
  for (const auto& held : pool_->unused(base::SteadyTime::max())) held->channel->close();
}

bool can_be_asked(std::string_view capabilities) { return Abilities(capabilities).key().contains('1'); }

}  // namespace gateway
