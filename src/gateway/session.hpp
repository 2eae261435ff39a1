// A legacy-era MCP session (2025-11-25 basic/transports, "Session Management"). What makes it is kept in the store, so
// that it survives restarts; what runs in it (streams, upstream channel, calls in flight) is kept here and comes back
// by itself. It belongs to a subject and an endpoint, never to one token.
// Thread-safe: requests of one session arrive on any I/O thread.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "gateway/event_stream.hpp"
#include "vendor/channel.hpp"

namespace gateway {

struct SessionRecord {
  std::string id;        // Mcp-Session-Id
  std::string endpoint;  // vendor slug; "" for the unified endpoint
  std::string subject;
  std::string grant_id;           // the grant that opened it: its revocation ends the session
  std::string protocol_version;   // negotiated
  std::string initialize_params;  // as the client sent them (JSON object); "{}" for a session re-created quietly
  base::Micros created;
};

// A client's request on its way to a vendor.
struct InFlight {
  std::weak_ptr<vendor::Channel> channel;
  std::uint64_t upstream_id = 0;
  std::string progress_token;  // the client's raw token; "" for none
};

// A vendor's request on its way to the client.
struct VendorRequest {
  std::weak_ptr<vendor::Channel> channel;
  std::string upstream_id;  // the vendor's raw id token
};

class Session {
 public:
  Session(SessionRecord record, EventStream::Limits limits, base::Micros now);

  [[nodiscard]] const SessionRecord& record() const { return record_; }

  void touch(base::Micros now) { last_used_ = now.time_since_epoch().count(); }
  [[nodiscard]] base::Micros last_used() const { return base::Micros(std::chrono::microseconds(last_used_.load())); }

  // The stream of GET.
  [[nodiscard]] const std::shared_ptr<EventStream>& own_stream() const { return own_stream_; }
  // Streams of POST answers; the oldest ended ones are forgotten beyond 16.
  [[nodiscard]] std::shared_ptr<EventStream> open_stream();
  [[nodiscard]] std::shared_ptr<EventStream> find_stream(std::uint64_t number) const;

  // `id` is the client's raw token.
  void add_call(std::string_view id, InFlight call);
  void remove_call(std::string_view id);
  [[nodiscard]] std::optional<InFlight> find_call(std::string_view id) const;
  // The client's raw progress token of the call with that upstream id; "" when unknown.
  [[nodiscard]] std::string progress_token(const vendor::Channel* channel, std::uint64_t upstream_id) const;

  // Gives the id (raw token) under which the client sees a vendor's request.
  [[nodiscard]] std::string add_vendor_request(VendorRequest request);
  // The client answered: forgets it.
  [[nodiscard]] std::optional<VendorRequest> take_vendor_request(std::string_view id);
  // The id under which the client sees that request of the vendor, for a cancellation; "" when unknown.
  [[nodiscard]] std::string vendor_request_id(const vendor::Channel* channel, std::string_view upstream_id) const;

  // The upstream channel of a vendor endpoint's session.
  [[nodiscard]] std::shared_ptr<vendor::Channel> channel() const;
  // The same, when it was opened for the connection of that key (Connection::key()); one of an older credential is
  // closed and forgotten.
  [[nodiscard]] std::shared_ptr<vendor::Channel> channel_for(std::string_view connection);
  // What follows the channel's own messages must live as long as the session: the channel holds it weakly.
  void set_channel(std::shared_ptr<vendor::Channel> channel, std::string connection,
                   std::shared_ptr<vendor::Listener> listener);
  void drop_channel();
  [[nodiscard]] std::shared_ptr<vendor::Listener> listener() const;
  // Whether a client ever opened the session's own stream: then the vendor's own messages are fetched too.
  void want_vendor_messages() { wants_vendor_messages_ = true; }
  [[nodiscard]] bool wants_vendor_messages() const { return wants_vendor_messages_; }

  // Ends the streams and the channel.
  void close();
  // Closes the channel and mutes the streams, which end a little later: for revocation.
  void silence();

 private:
  const SessionRecord record_;
  const EventStream::Limits limits_;
  std::atomic<std::int64_t> last_used_;
  std::atomic<bool> wants_vendor_messages_{false};
  const std::shared_ptr<EventStream> own_stream_;
  mutable base::Mutex mutex_;
  std::uint64_t next_stream_ MCPGW_GUARDED_BY(mutex_);
  std::map<std::uint64_t, std::shared_ptr<EventStream>> streams_ MCPGW_GUARDED_BY(mutex_);
  std::map<std::string, InFlight, std::less<>> calls_ MCPGW_GUARDED_BY(mutex_);
  std::uint64_t next_vendor_request_ MCPGW_GUARDED_BY(mutex_) = 0;
  std::map<std::string, VendorRequest, std::less<>> vendor_requests_ MCPGW_GUARDED_BY(mutex_);
  std::shared_ptr<vendor::Channel> channel_ MCPGW_GUARDED_BY(mutex_);
  std::string channel_connection_ MCPGW_GUARDED_BY(mutex_);
  std::shared_ptr<vendor::Listener> listener_ MCPGW_GUARDED_BY(mutex_);
};

}  // namespace gateway
