// The requestState that the gateway itself gives out (2026-07-28 basic/patterns/mrtr, "Server Requirements"): proves,
// when it comes back, that it was made here, for this principal and this very request, and has not expired. What it
// stands for is kept here (parked_calls.hpp) or is nothing more than that somebody was asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret_string.hpp"
#include "mcp/envelope.hpp"

namespace gateway {

enum class StateKind : char {
  parked = 'p',      // a call waits for the answer
  credential = 'c',  // the person was asked to open the page where the vendor's credential is saved
  saving = 's',      // and agreed: the call waits for that
};

// What a state is bound to.
struct StateBinding {
  std::string_view subject;
  std::string_view endpoint;     // slug, "" for the unified one
  const mcp::Envelope& request;  // its method, name and arguments
};

struct OpenedState {
  StateKind kind;
  std::string id;
  base::Micros expires;  // to the second
};

// Thread-safe.
class RequestStates {
 public:
  // REQUIRES: references outlive this.
  RequestStates(base::Clock& clock, base::Random& random, base::SecretString key);

  // A new one with an id of its own: 16 random bytes in base64url.
  [[nodiscard]] std::pair<std::string, OpenedState> make(StateKind kind, StateBinding binding,
                                                         std::chrono::milliseconds lifetime);

  // `token` is unescaped text from a client. Nothing: it is none of ours, but a vendor's. Errors: invalid with code
  // "request_state" (altered, another's, of another request, expired).
  [[nodiscard]] std::optional<base::Result<OpenedState>> open(std::string_view token, StateBinding binding) const;

 private:
  [[nodiscard]] std::string mac(std::string_view text, StateBinding binding) const;

  base::Clock& clock_;
  base::Random& random_;
  const base::SecretString key_;
};

}  // namespace gateway
