// Carries one request to a vendor and everything that comes back to the client, whatever their eras: ids and progress
// tokens mapped, and what the eras say differently said the other way. Between two of the same era the bytes stay as
// they are.
//
//   legacy client, legacy vendor    the vendor's questions go to the client's stream, its answers back
//   modern client, modern vendor    relayed
//   legacy client, modern vendor    _meta is added; an input_required result becomes questions on the client's stream,
//                                   then the request is sent again with the answers
//   modern client, legacy vendor    _meta is taken out; a question of the vendor parks the call and becomes an
//                                   input_required result; the client's next request goes on with the call
//
// Thread: any I/O thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task_group.hpp"
#include "gateway/askable_channels.hpp"
#include "gateway/connections.hpp"
#include "gateway/parked_calls.hpp"
#include "gateway/request_state.hpp"
#include "gateway/responder.hpp"
#include "gateway/session.hpp"
#include "mcp/envelope.hpp"

namespace gateway {

// One client request, ready to go. The views outlive the call of Relay::run().
struct RelayedRequest {
  std::string_view body;  // whole JSON-RPC request
  const mcp::Envelope* envelope = nullptr;
  // As the client sent it, when `envelope` is of one that was made of it: what a requestState is bound to.
  const mcp::Envelope* origin = nullptr;
  std::string_view subject;
  std::string_view endpoint;         // slug, "" for the unified one: there, URIs in answers are mapped
  std::string_view vendor;           // slug
  std::string_view name_token;       // what in the body names the thing, to be replaced by the next one
  std::string vendor_name;           // as the vendor knows it; "" to leave it
  std::shared_ptr<Session> session;  // nullptr for a one-shot request, and in the modern era
  ClientFacts client;
  std::string_view traceparent;
  std::vector<std::pair<std::string, std::string>> headers;  // Mcp-Param-*
  bool as_task = false;  // the vendor gets it as a task, and the client gets the task's result
};

// How it goes: through a channel that others use too, or through a session for this call alone.
struct Way {
  std::shared_ptr<vendor::Channel> channel;
  std::shared_ptr<AskableChannels::Lease> lease;  // its channel is `channel`
};

class Relay {
 public:
  // REQUIRES: references outlive this.
  Relay(base::PerThread<base::TaskGroup>& tasks, RequestStates& states, Config config);

  // Sends the request and passes every message on to the reply, the response included. When the vendor pauses its
  // stream and the client can come back for the answer, the rest goes on by itself; when the vendor asks a modern
  // client something, the call is parked. Errors: those of vendor::Call::next; then nothing was finished, and the
  // caller answers.
  base::Async<void> run(Way way, const RelayedRequest& request, std::shared_ptr<Reply> reply,
                        base::SteadyTime deadline);

  // Goes on with the parked call of that id, with the answers in this request. Errors: conflict (it is gone), invalid
  // (answers that are none), and as above.
  base::Async<void> resume(const std::string& id, RelayedRequest request, std::shared_ptr<Reply> reply,
                           base::SteadyTime deadline);

  // Gives up the parked calls that nobody came back for.
  void collect(base::SteadyTime now);
  [[nodiscard]] std::size_t parked() const { return parked_.size(); }

 private:
  enum class Outcome { finished, paused, parked };

  base::Async<void> send(Delivery& delivery, const RelayedRequest& request);
  void take_call(Delivery& delivery, std::unique_ptr<vendor::Call> call);
  base::Async<void> carry_on(std::unique_ptr<Delivery> delivery);
  base::Async<Outcome> deliver(Delivery& delivery);
  base::Async<bool> pass_parts(Delivery& delivery, std::string_view first);
  base::Async<bool> take_response(Delivery& delivery, const mcp::Envelope& envelope, std::string& message);
  // Nothing: the call goes on.
  base::Async<std::optional<Outcome>> take_request(Delivery& delivery, const mcp::Envelope& question,
                                                   std::string& message);
  base::Async<std::optional<Outcome>> lack_capability(Delivery& delivery, const mcp::Envelope& question,
                                                      std::string_view capability);
  base::Async<void> ask_for_result(Delivery& delivery, std::string task_id);
  base::Async<void> send_again(Delivery& delivery, std::string_view responses, std::string_view state);
  base::Task<void> park(std::unique_ptr<Delivery> delivery);
  base::Task<void> deliver_later(std::unique_ptr<Delivery> delivery);
  void watch_client(Delivery& delivery);

  base::PerThread<base::TaskGroup>& tasks_;
  RequestStates& states_;
  const Config config_;
  ParkedCalls parked_;
};

// Whether a vendor asks for tasks that a client runs for it (2025-11-25 basic/utilities/tasks). On the unified endpoint
// they are nobody's business: every vendor could see those of the others.
[[nodiscard]] bool is_of_client_tasks(const mcp::Envelope& request);

// A vendor's message with the URIs and the task ids that stand for its own on the unified endpoint; kPadding readable
// bytes behind it.
[[nodiscard]] std::string as_on_unified(std::string message, std::string_view vendor);

// A vendor's own message as this session's client shall see it: request ids, progress tokens, cancelled ids and, on the
// unified endpoint (`vendor` is not empty), URIs and task ids mapped. Nothing for a message that has no meaning for the
// client.
[[nodiscard]] std::optional<std::string> for_client(Session& session, const std::shared_ptr<vendor::Channel>& channel,
                                                    std::string_view vendor, std::string message);

}  // namespace gateway
