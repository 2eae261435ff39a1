// A call whose credential is missing, or was rejected by the vendor: the person is led to the page where it is saved,
// and the call goes on with it. URL mode elicitation (2025-11-25 and 2026-07-28 client/elicitation), which needs a
// client that declared it.
//
//   legacy client    elicitation/create on the call's stream; the call waits until the credential is saved and works
//   modern client    an input_required result; its retry waits for that, one turn after the other: whoever agreed is
//                    not asked again, the retries carry nothing but the state (2026-07-28 basic/patterns/mrtr)
//
// Thread-safe; coroutines resume on the caller's I/O thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "gateway/client_facts.hpp"
#include "gateway/config.hpp"
#include "gateway/connections.hpp"
#include "gateway/credential_waits.hpp"
#include "gateway/request_state.hpp"
#include "gateway/responder.hpp"
#include "gateway/session.hpp"
#include "identity/principal.hpp"

namespace gateway {

// What a modern client's retry says of the question before it.
struct CredentialAnswer {
  bool agreed = false;
  base::SteadyTime until;  // how long its person has
};

struct AskingCall {
  const mcp::Envelope& request;  // as the client sent it
  std::string_view endpoint;     // slug, "" for the unified one
  const identity::Principal& principal;
  std::shared_ptr<Session> session;
  ClientFacts client;
  std::optional<CredentialAnswer> answer;
};

class CredentialAsking {
 public:
  enum class Outcome {
    usable,    // there is one now: the call goes on
    answered,  // the client was asked, or shall come back: the reply is finished
    refused,   // it cannot be asked, said no, has gone, or nothing was saved in time
  };
  struct Parts {
    Connections& connections;
    vault::Credentials& credentials;
    RequestStates& states;
    const base::Clock& clock;
  };

  // REQUIRES: the parts outlive this.
  CredentialAsking(Parts parts, Config config);

  // REQUIRES: lacks_credential(connection); what `call` refers to lives until this returns. `words`: the vendor's own,
  // of its rejection; "" for none.
  base::Task<Outcome> ask(AskingCall call, Connection connection, std::string words, std::shared_ptr<Reply> reply);

  // Reads a retry that came with a state of these kinds. Nothing: the question was not answered. Errors: invalid
  // (answers that are none).
  [[nodiscard]] base::Result<std::optional<CredentialAnswer>> read_answer(const OpenedState& state,
                                                                          const mcp::Envelope& request) const;

  CredentialWaits& waits() { return waits_; }

 private:
  class Dialog;
  [[nodiscard]] std::shared_ptr<CredentialWaits::Wait> begin(const AskingCall& call, const Connection& connection);
  base::Task<Outcome> ask_legacy(AskingCall call, Connection connection, std::string words,
                                 std::shared_ptr<Reply> reply);
  base::Task<Outcome> ask_modern(AskingCall call, Connection connection, std::string words,
                                 std::shared_ptr<Reply> reply);
  // Whether it came to that before `until`.
  base::Task<bool> until_usable(CredentialWaits::Wait& wait, std::string subject, Connection connection,
                                base::SteadyTime until, Dialog* dialog);
  base::Task<void> require_input(const AskingCall& call, std::string input_requests, StateKind kind,
                                 std::chrono::milliseconds lifetime, std::shared_ptr<Reply> reply);

  Connections& connections_;
  RequestStates& states_;
  const base::Clock& clock_;
  const Config config_;
  CredentialWaits waits_;
};

}  // namespace gateway
