#include "gateway/request_state.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace gateway {
namespace {

// "mcpgw1." kind id "." expiry (seconds) "." MAC
constexpr std::string_view kPrefix = "mcpgw1.";
constexpr std::size_t kIdLength = 22;

std::int64_t seconds(base::Micros time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
}

base::Failure bad_state(std::string message) {
  return base::fail(base::Kind::invalid, "request_state", std::move(message));
}

}  // namespace

RequestStates::RequestStates(base::Clock& clock, base::Random& random, base::SecretString key)
    : clock_(clock), random_(random), key_(std::move(key)) {}

std::pair<std::string, OpenedState> RequestStates::make(StateKind kind, StateBinding binding,
                                                        std::chrono::milliseconds lifetime) {
  OpenedState state{kind, random_.token(16), clock_.now() + lifetime};
  auto text = fmt::format("{}{}{}.{}", kPrefix, static_cast<char>(kind), state.id, seconds(state.expires));
  text += "." + mac(text, binding);
  return {std::move(text), std::move(state)};
}

std::optional<base::Result<OpenedState>> RequestStates::open(std::string_view token, StateBinding binding) const {
  if (!token.starts_with(kPrefix)) return std::nullopt;
  auto altered = bad_state("requestState was altered, or belongs to another request or person.");
  const auto dot = token.rfind('.');
  const auto text = token.substr(0, dot);
  if (text.size() < kPrefix.size() + 1 + kIdLength + 2) return altered;
  if (!base::equal_constant_time(token.substr(dot + 1), mac(text, binding))) return altered;

  const auto fields = text.substr(kPrefix.size());
  const auto expiry_text = fields.substr(1 + kIdLength + 1);
  std::int64_t expiry = 0;
  std::from_chars(expiry_text.data(), expiry_text.data() + expiry_text.size(), expiry);
  if (expiry < seconds(clock_.now())) return bad_state("requestState has expired. Send the request anew, without it.");
  return OpenedState{static_cast<StateKind>(fields.front()), std::string(fields.substr(1, kIdLength)),
                     base::Micros(std::chrono::seconds(expiry))};
}

std::string RequestStates::mac(std::string_view text, StateBinding binding) const {
  // What a client chooses freely stands there as a digest: no line end in it moves the border between two parts.
  const auto bound =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", binding.subject, binding.endpoint, base::sha256_hex(binding.request.method),
                  base::sha256_hex(binding.request.name), base::sha256_hex(binding.request.arguments), text);
  return base::base64url(base::hmac_sha256(key_.reveal(), bound));
}

}  // namespace gateway
