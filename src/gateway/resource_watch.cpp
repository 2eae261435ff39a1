#include "gateway/resource_watch.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "gateway/detail/own_client.hpp"
#include "gateway/detail/resource_requests.hpp"
#include "gateway/followed_resources.hpp"
#include "mcp/own_info.hpp"

namespace gateway {
namespace {

using Clock = std::chrono::steady_clock;

// A vendor that has not answered by then is tried again.
constexpr std::chrono::seconds kAttempt{30};
// A vendor that is not heard by then has its resources subscribed to all the same.
constexpr std::chrono::seconds kHearing{3};

}  // namespace

// Hears the vendor for the watch that opened the channel.
class ResourceWatch::Ear final : public vendor::Listener {
 public:
  Ear(std::weak_ptr<ResourceWatch> watch, std::weak_ptr<vendor::Channel> channel, bool is_shared)
      : watch_(std::move(watch)), channel_(std::move(channel)), is_shared_(is_shared) {}

  void on_message(vendor::Message message) override {
    const auto watch = watch_.lock();
    const auto channel = channel_.lock();
    if (!watch || !channel) return;
    message.reserve(message.size() + mcp::kPadding);
    const auto envelope = mcp::scan(message);
    if (!envelope) return;
    if (envelope->shape == mcp::Shape::request) answer_vendor(watch->tasks_.local(), channel, *envelope);
    if (envelope->method != "notifications/resources/updated") return;
    if (is_shared_ && !concerns(envelope->name, watch->subject_.uris)) return;
    watch->tell_(std::move(message));
  }
  void on_closed() override {
    if (const auto watch = watch_.lock()) watch->changed_.notify_all();
  }

 private:
  const std::weak_ptr<ResourceWatch> watch_;
  const std::weak_ptr<vendor::Channel> channel_;
  const bool is_shared_;  // others may have subscribed in the same process
};

ResourceWatch::ResourceWatch(Connections& connections, base::PerThread<base::TaskGroup>& tasks, base::Random& random,
                             Subject subject, Tell tell)
    : connections_(connections),
      tasks_(tasks),
      random_(random),
      subject_(std::move(subject)),
      tell_(std::move(tell)),
      uris_(subject_.uris) {}

ResourceWatch::~ResourceWatch() { drop(); }

base::Task<void> ResourceWatch::run(std::shared_ptr<ResourceWatch> self) {
  BackOff back_off;
  bool missed_some = false;
  while (!self->is_stopped()) {
    auto ticket = self->changed_.prepare();
    const auto outcome = co_await self->follow();
    if (outcome == Outcome::pointless) co_return;
    BackOff::Wait wait{};
    if (outcome == Outcome::failed) {
      wait = back_off.on_failure(self->random_.fraction());
    } else {
      back_off.on_success(Clock::now());
      if (missed_some) std::ranges::for_each(self->uris_, [&](const auto& uri) { self->tell_(resource_updated(uri)); });
      co_await self->until_lost();
      self->drop();
      ticket = self->changed_.prepare();
      wait = back_off.on_loss(Clock::now(), self->random_.fraction());
    }
    missed_some = true;
    if (!self->is_stopped()) co_await ticket.wait(Clock::now() + wait);
  }
}

base::Task<ResourceWatch::Outcome> ResourceWatch::follow() {
  const auto deadline = Clock::now() + kAttempt;
  const auto definition = connections_.find(subject_.vendor);
  if (!definition) {
    settle({});
    co_return Outcome::failed;
  }
  auto connection = co_await connections_.resolve(subject_.person, definition);
  const bool lacks_credential =
      connection && connection->readiness != Readiness::ready && connection->readiness != Readiness::down;
  if (!connection || connection->readiness != Readiness::ready) {
    settle(lacks_credential ? std::vector<std::string>() : uris_);
    co_return Outcome::failed;
  }

  auto channel = co_await connections_.open(*connection, mcp::own_initialize_params(), {}, deadline);
  if (!channel) {
    settle(uris_);
    co_return Outcome::failed;
  }
  connection_ = connection->key();
  if (!keep(*channel, std::make_shared<Ear>(weak_from_this(), *channel, !definition->http))) co_return Outcome::failed;
  if (!read_vendor_facts((*channel)->era(), (*channel)->opening_result()).subscribe) {
    settle({});
    drop();
    co_return Outcome::pointless;
  }
  auto subscribed = co_await subscribe(*channel, deadline);
  settle(uris_);
  if (subscribed) co_return Outcome::followed;
  base::log::info("subscription.failed", {{"vendor", subject_.vendor}, {"error", subscribed.error().message}});
  drop();
  co_await connections_.note(*std::move(connection), std::move(subscribed).error());
  co_return Outcome::failed;
}

base::Async<void> ResourceWatch::subscribe(std::shared_ptr<vendor::Channel> channel, base::SteadyTime deadline) {
  std::shared_ptr<vendor::Listener> ear;
  {
    const base::Lock lock(mutex_);
    ear = ear_;
  }
  channel->listen(ear, {.tools = false, .prompts = false, .resources = false, .uris = uris_});
  // Or else an update that comes at once would be missed.
  (void)co_await channel->hears(std::min(deadline, Clock::now() + kHearing));
  if (channel->era() == mcp::Era::modern) co_return base::Result<void>();
  std::vector<std::string> followed;
  for (const auto& uri : uris_) {
    auto accepted = co_await subscribe_to(channel, uri, deadline);
    if (!accepted) co_return std::move(accepted).failure();
    if (*accepted) followed.push_back(uri);
  }
  uris_ = std::move(followed);
  co_return base::Result<void>();
}

base::Task<void> ResourceWatch::until_lost() {
  while (true) {
    auto ticket = changed_.prepare();
    if (is_lost() || co_await is_superseded()) co_return;
    co_await ticket.wait(base::SteadyTime::max());
  }
}

// Whether the channel was opened with a credential that is not the one to use any more.
base::Task<bool> ResourceWatch::is_superseded() {
  const auto definition = connections_.find(subject_.vendor);
  if (!definition) co_return true;
  auto connection = co_await connections_.resolve(subject_.person, definition);
  // The vault in trouble says nothing about the credential.
  if (!connection) co_return false;
  co_return !connection->injection || connection->key() != connection_;
}

base::Task<std::vector<std::string>> ResourceWatch::agreed(base::SteadyTime deadline) {
  while (true) {
    auto ticket = settled_.prepare();
    {
      const base::Lock lock(mutex_);
      if (agreed_) co_return *agreed_;
    }
    if (Clock::now() >= deadline) co_return subject_.uris;
    co_await ticket.wait(deadline);
  }
}

void ResourceWatch::look() { changed_.notify_all(); }

void ResourceWatch::stop() {
  {
    const base::Lock lock(mutex_);
    stopped_ = true;
  }
  drop();
  changed_.notify_all();
}

// The first outcome is what counts.
void ResourceWatch::settle(std::vector<std::string> uris) {
  {
    const base::Lock lock(mutex_);
    if (agreed_) return;
    agreed_ = std::move(uris);
  }
  settled_.notify_all();
}

// False when the watch was stopped meanwhile.
bool ResourceWatch::keep(std::shared_ptr<vendor::Channel> channel, std::shared_ptr<vendor::Listener> ear) {
  {
    const base::Lock lock(mutex_);
    if (!stopped_) {
      channel_ = std::move(channel);
      ear_ = std::move(ear);
      return true;
    }
  }
  channel->close();
  return false;
}

void ResourceWatch::drop() {
  std::shared_ptr<vendor::Channel> dropped;
  {
    const base::Lock lock(mutex_);
    dropped = std::move(channel_);
    channel_.reset();
    ear_.reset();
  }
  if (dropped) dropped->close();
}

bool ResourceWatch::is_stopped() const {
  const base::Lock lock(mutex_);
  return stopped_;
}

bool ResourceWatch::is_lost() const {
  const base::Lock lock(mutex_);
  return stopped_ || !channel_ || channel_->closed();
}

}  // namespace gateway
