// A request that a vendor is answering. Owns what it needs: the client's connection may go on without it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/kept_memory.hpp"
#include "gateway/askable_channels.hpp"
#include "gateway/relay.hpp"

namespace gateway {

// The call is found by cancellations and progress while it runs.
class CallEntry {
 public:
  CallEntry(std::shared_ptr<Session> session, std::string_view id) : session_(std::move(session)), id_(id) {}
  ~CallEntry() {
    if (session_) session_->remove_call(id_);
  }
  CallEntry(const CallEntry&) = delete;
  CallEntry& operator=(const CallEntry&) = delete;
  void set(InFlight call) {
    if (session_) session_->add_call(id_, std::move(call));
  }

 private:
  std::shared_ptr<Session> session_;
  std::string id_;
};

// What a vendor of the legacy era asked for and waits for.
struct Asked {
  std::string key;  // in inputRequests
  std::string id;   // the vendor's raw token
  std::string method;
  std::string params;  // raw; "" for none
};

struct Delivery : base::InKeptMemory {
  std::shared_ptr<vendor::Channel> channel;
  std::shared_ptr<AskableChannels::Lease> lease;  // the channel is for this call alone; its messages come by `inbox`
  std::unique_ptr<vendor::Call> call;             // else
  std::shared_ptr<Inbox> inbox;
  std::uint64_t upstream_id = 0;
  bool as_task = false;  // the response will tell a task, whose result is asked for then
  std::string task_id;   // the vendor's own; "" until it is told
  // The request as the vendor got it, when it may have to be sent again with answers.
  std::string sent;
  std::vector<std::pair<std::string, std::string>> headers;  // that went with it

  // Of the present round: a call that was parked goes on with another request of the client.
  std::shared_ptr<Reply> reply;
  const mcp::Envelope* request = nullptr;  // lives as long as the round
  std::string client_id;                   // raw tokens
  std::string progress_token;
  base::SteadyTime deadline;

  std::shared_ptr<Session> session;
  std::optional<CallEntry> entry;
  mcp::Era client_era = mcp::Era::legacy;
  std::string capabilities;  // raw ClientCapabilities of a modern client
  std::string log_level;     // of a modern client
  std::string method;
  std::string subject;
  std::string endpoint;  // slug, "" for the unified one
  std::string vendor;
  std::vector<Asked> asked;
  int rounds = 0;

  [[nodiscard]] bool on_unified() const { return endpoint.empty(); }
};

// Takes over what belongs to this request of the client, and not to the one that a parked call began with.
void begin_round(Delivery& delivery, const RelayedRequest& request);

}  // namespace gateway
