// A legacy-era MCP session (2025-11-25 basic/transports, "Session Management"). What makes it is kept in the store, so
// that it survives restarts; what runs in it (streams, upstream channel, calls in flight) is kept here and comes back
// by itself. It belongs to a subject and an endpoint, never to one token.
// Thread-safe: requests of one session arrive on any I/O thread.
#pragma once

#include <atomic>
#include <boost/container/flat_map.hpp>
#include <boost/container/flat_set.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "gateway/client_facts.hpp"
#include "gateway/client_profile.hpp"
#include "gateway/event_stream.hpp"
#include "gateway/followed_resources.hpp"
#include "gateway/question.hpp"
#include "vendor/channel.hpp"

namespace gateway {

struct SessionRecord {
  std::string id;        // Mcp-Session-Id
  std::string endpoint;  // vendor slug; "" for the unified endpoint
  std::string subject;
  std::string grant_id;          // the grant that opened it: its revocation ends the session
  std::string protocol_version;  // negotiated
  // What its client said of itself; nothing known for a session re-created quietly.
  std::shared_ptr<const ClientProfile> client;
  base::Micros created;
};

// A client's request on its way to a vendor.
struct InFlight {
  std::weak_ptr<vendor::Channel> channel;
  std::uint64_t upstream_id = 0;
  std::string progress_token;  // the client's raw token; "" for none
  std::string task_id;         // of the task that the gateway runs for it; "" for none
  // Ends its wait for something else than the vendor; empty when it is with the vendor.
  std::function<void()> give_up = {};
};

// A request on its way to the client: a vendor's, or one of the gateway's own.
struct VendorRequest {
  std::weak_ptr<vendor::Channel> channel;
  std::string vendor;                  // slug, on the unified endpoint; "" else
  std::string upstream_id;             // the vendor's raw id token
  std::shared_ptr<Question> question;  // set for the gateway's own
};

// A vendor's session behind this one.
struct Upstream {
  std::string vendor;  // slug
  std::shared_ptr<vendor::Channel> channel;
  std::string connection;  // Connection::key() that it was opened for
  // The channel holds it weakly: it must live as long as the session.
  std::shared_ptr<vendor::Listener> listener;
};

class Session {
 public:
  // `own_stream`: the session's own one; nullptr for a new one.
  Session(SessionRecord record, FollowedResources followed, EventStream::Limits limits, base::Micros now,
          std::shared_ptr<EventStream> own_stream);

  [[nodiscard]] const SessionRecord& record() const { return record_; }
  // Views live as long as the session.
  [[nodiscard]] ClientFacts client() const;
  // By logging/setLevel; "" until then.
  void set_log_level(std::string level);

  void touch(base::Micros now) { last_used_ = now.time_since_epoch().count(); }
  [[nodiscard]] base::Micros last_used() const { return base::Micros(std::chrono::microseconds(last_used_.load())); }

  // The stream of GET; over HTTP+SSE, the stream of everything.
  [[nodiscard]] const std::shared_ptr<EventStream>& own_stream() const { return own_stream_; }
  // Streams of POST answers; the oldest ended ones are forgotten beyond 16.
  [[nodiscard]] std::shared_ptr<EventStream> open_stream(std::string_view request_id);
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

  // The channel to that vendor (slug), when it was opened for the connection of that key; one of an older credential is
  // closed and forgotten.
  [[nodiscard]] std::shared_ptr<vendor::Channel> channel(std::string_view vendor, std::string_view connection);
  void set_upstream(Upstream upstream);
  void drop_upstream(std::string_view vendor);
  // Those whose channel still lives.
  [[nodiscard]] std::vector<Upstream> upstreams() const;
  // Whether a client ever opened the session's own stream: then the vendor's own messages are fetched too.
  void want_vendor_messages() { wants_vendor_messages_ = true; }
  [[nodiscard]] bool wants_vendor_messages() const { return wants_vendor_messages_; }

  // The resources that the client subscribed to.
  [[nodiscard]] FollowedResources followed() const;
  void follow(const std::string& vendor, const std::string& uri);
  void unfollow(std::string_view vendor, const std::string& uri);
  // One at a time opens the lost channel of a vendor again: false when somebody does.
  [[nodiscard]] bool begin_restoring(const std::string& vendor);
  void end_restoring(const std::string& vendor);

  // Ends the streams and the channels.
  void close();
  // Closes the channels and mutes the streams, which end a little later: for revocation.
  void silence();

 private:
  // Of the few entries that a session has; most sessions have none.
  template <class Key, class Value>
  using Few = boost::container::flat_map<Key, Value, std::less<>>;

  void drop_upstreams();

  const SessionRecord record_;
  const EventStream::Limits limits_;
  std::atomic<std::int64_t> last_used_;
  std::atomic<bool> wants_vendor_messages_{false};
  const std::shared_ptr<EventStream> own_stream_;
  mutable base::Mutex mutex_;
  std::uint64_t next_stream_ MCPGW_GUARDED_BY(mutex_);
  Few<std::uint64_t, std::shared_ptr<EventStream>> streams_ MCPGW_GUARDED_BY(mutex_);
  Few<std::string, InFlight> calls_ MCPGW_GUARDED_BY(mutex_);
  std::uint64_t next_vendor_request_ MCPGW_GUARDED_BY(mutex_) = 0;
  Few<std::string, VendorRequest> vendor_requests_ MCPGW_GUARDED_BY(mutex_);
  Few<std::string, Upstream> upstreams_ MCPGW_GUARDED_BY(mutex_);  // by slug
  std::string log_level_ MCPGW_GUARDED_BY(mutex_);
  FollowedResources followed_ MCPGW_GUARDED_BY(mutex_);
  boost::container::flat_set<std::string> restoring_ MCPGW_GUARDED_BY(mutex_);  // vendors
};

}  // namespace gateway
