#include "identity/bearer_challenge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace identity {

std::string bearer_challenge(std::string_view public_url, std::string_view path, const base::Error* error) {
  auto text = fmt::format("Bearer resource_metadata=\"{}/.well-known/oauth-protected-resource{}\"", public_url, path);
  if (error == nullptr) return text;
  auto description = error->message;
  // Characters that RFC 6750 section 3 does not allow in error_description.
  std::ranges::replace_if(description, [](char c) { return c < 0x20 || c > 0x7e || c == '"' || c == '\\'; }, '\'');
  return fmt::format("{}, error=\"invalid_token\", error_description=\"{}\"", text, description);
}

}  // namespace identity
