// How one person's connection to a vendor stands, in words: what the pages say and what to do about it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vault/credentials.hpp"
#include "vendor/definition.hpp"
#include "vendor/health.hpp"

namespace web {

struct ConnectionState {
  std::string_view state = {};  // for tests and style: "needs_key", "no_key_needed", "down", or vault's own names
  std::string_view badge = {};
  std::string_view tone = {};  // "good", "warn", "bad", "" for neutral
  std::string_view advice = {};
  std::string_view action = {};  // label of the way to its page
  std::string words = {};        // the vendor's own; "" for none
  bool urgent = false;           // nothing works before the person acts
};

// What the person can mend comes first: a rejected or missing credential, then the vendor's trouble.
[[nodiscard]] ConnectionState connection_state(const vendor::Definition& definition,
                                               const std::optional<vault::ConnectionInfo>& saved,
                                               const vendor::Health& health);

struct HealthWords {
  std::string_view badge;
  std::string_view tone;
};
[[nodiscard]] HealthWords health_words(vendor::Status status);

}  // namespace web
