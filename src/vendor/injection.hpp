// A credential in the form a vendor's transport takes: HTTP fields, or environment variables.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/secret_string.hpp"

namespace vendor {

struct Definition;

// Immutable and shared.
struct Injection {
  // Names one credential in one version, without telling it: "owner/vendor/3"; "" where the vendor wants none.
  // Everything that is kept per connection (upstream sessions, processes, lists) is keyed by it.
  std::string key;
  std::vector<std::pair<std::string, base::SecretString>> headers;
  std::map<std::string, base::SecretString> environment;
};

// Puts field values where the definition says; defaults fill gaps.
// Errors: invalid (a required field is missing, a value is none of the choices, or holds a control character).
[[nodiscard]] base::Result<Injection> inject(const Definition& definition, std::string key,
                                             const std::map<std::string, base::SecretString>& values);

// `text` with every value of the injection that stands in it replaced by "•••": vendors repeat keys in what they say,
// and their words reach pages and logs. Values under four characters are left, they would hide too much.
[[nodiscard]] std::string without_secrets(std::string text, const Injection& injection);

}  // namespace vendor
