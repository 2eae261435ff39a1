#include "gateway/session.hpp"

namespace gateway {
namespace {

constexpr std::size_t kStreams = 16;
// A client that never answers must not make the table grow: the oldest open request is forgotten.
constexpr std::size_t kVendorRequests = 256;

}  // namespace

// Streams start at a number taken from the time, so that an event id from before a restart is never taken for a
// younger stream's.
Session::Session(SessionRecord record, EventStream::Limits limits, base::Micros now)
    : record_(std::move(record)),
      limits_(limits),
      last_used_(now.time_since_epoch().count()),
      own_stream_(std::make_shared<EventStream>(0, limits)),
      next_stream_(static_cast<std::uint64_t>(now.time_since_epoch().count())) {}

std::shared_ptr<EventStream> Session::open_stream() {
  const base::Lock lock(mutex_);
  if (streams_.size() >= kStreams) streams_.erase(streams_.begin());
  auto stream = std::make_shared<EventStream>(next_stream_, limits_);
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

std::shared_ptr<vendor::Channel> Session::channel() const {
  const base::Lock lock(mutex_);
  return channel_ && !channel_->closed() ? channel_ : nullptr;
}

std::shared_ptr<vendor::Channel> Session::channel_for(std::string_view connection) {
  {
    const base::Lock lock(mutex_);
    if (!channel_ || channel_->closed()) return nullptr;
    if (channel_connection_ == connection) return channel_;
  }
  drop_channel();
  return nullptr;
}

void Session::set_channel(std::shared_ptr<vendor::Channel> channel, std::string connection,
                          std::shared_ptr<vendor::Listener> listener) {
  const base::Lock lock(mutex_);
  channel_ = std::move(channel);
  channel_connection_ = std::move(connection);
  listener_ = std::move(listener);
}

void Session::drop_channel() {
  std::shared_ptr<vendor::Channel> channel;
  {
    const base::Lock lock(mutex_);
    channel = std::move(channel_);
    channel_.reset();
    listener_.reset();
  }
  if (channel) channel->close();
}

std::shared_ptr<vendor::Listener> Session::listener() const {
  const base::Lock lock(mutex_);
  return listener_;
}

void Session::close() {
  {
    const base::Lock lock(mutex_);
    for (const auto& [number, stream] : streams_) stream->end();
  }
  own_stream_->end();
  drop_channel();
}

void Session::silence() {
  {
    const base::Lock lock(mutex_);
    for (const auto& [number, stream] : streams_) stream->mute();
  }
  own_stream_->mute();
  drop_channel();
}

}  // namespace gateway
