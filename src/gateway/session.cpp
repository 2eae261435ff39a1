#include "gateway/session.hpp"

#include "base/release.hpp"

namespace gateway {
namespace {

constexpr std::size_t kStreams = 16;
// A client that never answers must not make the table grow: the oldest open request is forgotten.
constexpr std::size_t kVendorRequests = 256;

}  // namespace

// Streams start at a number taken from the time, so that an event id from before a restart is never taken for a
// younger stream's.
Session::Session(SessionRecord record, FollowedResources followed, EventStream::Limits limits, base::Micros now,
                 std::shared_ptr<EventStream> own_stream)
    : record_(std::move(record)),
      limits_(limits),
      last_used_(now.time_since_epoch().count()),
      own_stream_(own_stream ? std::move(own_stream) : std::make_shared<EventStream>(0, "", limits)),
      next_stream_(static_cast<std::uint64_t>(now.time_since_epoch().count())),
      followed_(std::move(followed)) {}

ClientFacts Session::client() const {
  const base::Lock lock(mutex_);
  return {.era = mcp::Era::legacy,
          .capabilities = record_.client->capabilities,
          .info = record_.client->info,
          .log_level = log_level_};
}

void Session::set_log_level(std::string level) {
  const base::Lock lock(mutex_);
  log_level_ = std::move(level);
}

std::shared_ptr<EventStream> Session::open_stream(std::string_view request_id) {
  const base::Lock lock(mutex_);
  if (streams_.size() >= kStreams) streams_.erase(streams_.begin());
  auto stream = std::make_shared<EventStream>(next_stream_, request_id, limits_);
  streams_.emplace(next_stream_++, stream);
  return stream;
}

std::shared_ptr<EventStream> Session::find_stream(std::uint64_t number) const {
  if (number == 0) return own_stream_;
  const base::Lock lock(mutex_);
  const auto found = streams_.find(number);
  return found != streams_.end() ? found->second : nullptr;
}

void Session::add_call(std::string_view id, InFlight call) {
  const base::Lock lock(mutex_);
  calls_.insert_or_assign(std::string(id), std::move(call));
}

void Session::remove_call(std::string_view id) {
  const base::Lock lock(mutex_);
  const auto found = calls_.find(id);
  if (found != calls_.end()) calls_.erase(found);
  if (calls_.empty()) base::release(calls_);  // what the next session's call gets is warm then
}

std::optional<InFlight> Session::find_call(std::string_view id) const {
  const base::Lock lock(mutex_);
  const auto found = calls_.find(id);
  if (found == calls_.end()) return std::nullopt;
  return found->second;
}

std::string Session::progress_token(const vendor::Channel* channel, std::uint64_t upstream_id) const {
  const base::Lock lock(mutex_);
  for (const auto& [id, call] : calls_) {
    if (call.upstream_id == upstream_id && call.channel.lock().get() == channel) return call.progress_token;
  }
  return {};
}

std::string Session::add_vendor_request(VendorRequest request) {
  const base::Lock lock(mutex_);
  if (vendor_requests_.size() >= kVendorRequests) vendor_requests_.erase(vendor_requests_.begin());
  auto id = std::to_string(++next_vendor_request_);
  vendor_requests_.emplace(id, std::move(request));
  return id;
}

std::optional<VendorRequest> Session::take_vendor_request(std::string_view id) {
  const base::Lock lock(mutex_);
  const auto found = vendor_requests_.find(id);
  if (found == vendor_requests_.end()) return std::nullopt;
  auto request = std::move(found->second);
  vendor_requests_.erase(found);
  return request;
}

std::string Session::vendor_request_id(const vendor::Channel* channel, std::string_view upstream_id) const {
  const base::Lock lock(mutex_);
  for (const auto& [id, request] : vendor_requests_) {
    if (request.upstream_id == upstream_id && request.channel.lock().get() == channel) return id;
  }
  return {};
}

std::shared_ptr<vendor::Channel> Session::channel(std::string_view vendor, std::string_view connection) {
  std::shared_ptr<vendor::Channel> superseded;
  {
    const base::Lock lock(mutex_);
    const auto found = upstreams_.find(vendor);
    if (found == upstreams_.end()) return nullptr;
    const auto& upstream = found->second;
    if (!upstream.channel->closed() && upstream.connection == connection) return upstream.channel;
    superseded = upstream.channel;
    upstreams_.erase(found);
  }
  superseded->close();
  return nullptr;
}

void Session::set_upstream(Upstream upstream) {
  const base::Lock lock(mutex_);
  auto vendor = upstream.vendor;
  upstreams_.insert_or_assign(std::move(vendor), std::move(upstream));
}

void Session::drop_upstream(std::string_view vendor) {
  std::shared_ptr<vendor::Channel> dropped;
  {
    const base::Lock lock(mutex_);
    const auto found = upstreams_.find(vendor);
    if (found == upstreams_.end()) return;
    dropped = std::move(found->second.channel);
    upstreams_.erase(found);
  }
  dropped->close();
}

std::vector<Upstream> Session::upstreams() const {
  std::vector<Upstream> out;
  const base::Lock lock(mutex_);
  for (const auto& [vendor, upstream] : upstreams_) {
    if (!upstream.channel->closed()) out.push_back(upstream);
  }
  return out;
}

FollowedResources Session::followed() const {
  const base::Lock lock(mutex_);
  return followed_;
}

void Session::follow(const std::string& vendor, const std::string& uri) {
  const base::Lock lock(mutex_);
  followed_.add(vendor, uri);
}

void Session::unfollow(std::string_view vendor, const std::string& uri) {
  const base::Lock lock(mutex_);
  followed_.remove(vendor, uri);
}

bool Session::begin_restoring(const std::string& vendor) {
  const base::Lock lock(mutex_);
  return restoring_.insert(vendor).second;
}

void Session::end_restoring(const std::string& vendor) {
  const base::Lock lock(mutex_);
  restoring_.erase(vendor);
}

void Session::drop_upstreams() {
  Few<std::string, Upstream> dropped;
  {
    const base::Lock lock(mutex_);
    dropped.swap(upstreams_);
  }
  for (const auto& [vendor, upstream] : dropped) upstream.channel->close();
}

void Session::close() {
  {
    const base::Lock lock(mutex_);
    for (const auto& [number, stream] : streams_) stream->end();
  }
  own_stream_->end();
  drop_upstreams();
}

void Session::silence() {
  {
    const base::Lock lock(mutex_);
    for (const auto& [number, stream] : streams_) stream->mute();
  }
  own_stream_->mute();
  drop_upstreams();
}

}  // namespace gateway
