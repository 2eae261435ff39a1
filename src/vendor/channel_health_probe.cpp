#include "vendor/channel_health_probe.hpp"

#include <fmt/format.h>

#include <array>

#include "mcp/own_info.hpp"
#include "vendor/detail/discovery.hpp"
#include "vendor/detail/pulse.hpp"

namespace vendor {

ChannelHealthProbe::ChannelHealthProbe(Channels& channels)
    : channels_(channels), nobody_(std::make_shared<const Injection>()) {}

ChannelHealthProbe::~ChannelHealthProbe() {
  for (const auto& [slug, kept] : kept_) kept.channel->close();
}

base::Async<void> ChannelHealthProbe::check(std::shared_ptr<const Definition> definition, base::SteadyTime deadline) {
  const auto channel = kept(definition);
  if (!channel) co_return co_await open(definition, deadline);

  auto answered = co_await ping(channel, deadline);
  if (answered) co_return answered;
  drop(definition->slug);
  const auto& error = answered.error();
  // The vendor forgot the session, as after a restart, or wants no ping: that says nothing about how it is now.
  const bool only_this = error.kind == base::Kind::not_found || error.code == detail::kHttpRefused;
  if (!only_this) co_return answered;
  co_return co_await open(definition, deadline);
}

base::Async<void> ChannelHealthProbe::open(std::shared_ptr<const Definition> definition, base::SteadyTime deadline) {
  // No affinity: a stdio vendor's process is the one that its users share.
  OpenParams params{definition, nobody_, mcp::own_initialize_params(), ""};
  auto channel = co_await channels_.open(std::move(params), deadline);
  if (!channel) co_return std::move(channel).failure();
  drop(definition->slug);
  kept_[definition->slug] = {definition, *channel};
  // Opening a channel to a vendor of the modern era may have asked it nothing.
  if ((*channel)->era() == mcp::Era::modern) co_return co_await ping(*std::move(channel), deadline);
  co_return base::Result<void>();
}

// The modern era has no ping: what every server of it answers is server/discover.
base::Async<void> ChannelHealthProbe::ping(std::shared_ptr<Channel> channel, base::SteadyTime deadline) {
  const auto id = channel->next_id();
  const bool is_modern = channel->era() == mcp::Era::modern;
  const auto text =
      is_modern ? detail::discover_request(id) : fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"ping"}})", id);
  const std::array<std::string_view, 1> pieces{text};
  const Outgoing outgoing{
      .pieces = pieces, .method = is_modern ? "server/discover" : "ping", .name = {}, .id = id, .traceparent = {}};
  auto call = co_await channel->request(outgoing, deadline);
  if (!call) co_return std::move(call).failure();

  // Any message is a sign of life: the answer, a JSON-RPC error, a notification before it.
  auto message = co_await (*call)->next(deadline);
  if (!message) co_return std::move(message).failure();
  co_return base::Result<void>();
}

std::shared_ptr<Channel> ChannelHealthProbe::kept(const std::shared_ptr<const Definition>& definition) {
  const auto entry = kept_.find(definition->slug);
  if (entry == kept_.end()) return nullptr;
  if (entry->second.definition == definition && !entry->second.channel->closed()) return entry->second.channel;
  drop(definition->slug);
  return nullptr;
}

void ChannelHealthProbe::forget(const std::shared_ptr<const Definition>& definition) {
  const auto entry = kept_.find(definition->slug);
  if (entry != kept_.end() && entry->second.definition == definition) drop(definition->slug);
}

void ChannelHealthProbe::drop(const std::string& slug) {
  const auto entry = kept_.find(slug);
  if (entry == kept_.end()) return;
  entry->second.channel->close();
  kept_.erase(entry);
}

}  // namespace vendor
