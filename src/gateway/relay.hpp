// Carries one request to a vendor and everything that comes back to the client, with ids and progress tokens mapped:
// the bytes between stay as they are.
// Thread: any I/O thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "gateway/connections.hpp"
#include "gateway/responder.hpp"
#include "gateway/session.hpp"
#include "mcp/envelope.hpp"

namespace gateway {

// One client request, ready to go.
struct RelayedRequest {
  std::string_view body;  // whole JSON-RPC request
  const mcp::Envelope* envelope = nullptr;
  std::string_view vendor;           // slug
  std::string vendor_name;           // the name in params as the vendor knows it; "" to leave it
  std::shared_ptr<Session> session;  // nullptr for a one-shot request
  std::string_view traceparent;
};

// Sends the request over the channel and passes every message on to the reply, the response included. When the vendor
// pauses its stream and the client can come back for the answer, the rest goes on in `tasks`.
// Errors: those of vendor::Call::next; then nothing was finished, and the caller answers.
base::Async<void> relay(std::shared_ptr<vendor::Channel> channel, RelayedRequest request, std::shared_ptr<Reply> reply,
                        base::TaskGroup& tasks, base::SteadyTime deadline);

// A vendor's own message as this session's client shall see it: request ids, progress tokens and cancelled ids mapped.
// Nothing for a message that has no meaning for the client.
[[nodiscard]] std::optional<std::string> for_client(Session& session, const std::shared_ptr<vendor::Channel>& channel,
                                                    std::string message);

}  // namespace gateway
