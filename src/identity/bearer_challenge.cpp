#include "identity/bearer_challenge.hpp"

namespace identity {
namespace {

// RFC 6750 section 3: %x20-21 / %x23-5B / %x5D-7E, so that no quoting is needed.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"') {
      out += '\'';
    } else if (c == '\\' || c < 0x20 || c > 0x7E) {
      out += '?';
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string bearer_challenge(std::string_view public_url, std::string_view path, const base::Error* refusal) {
  const auto authority = public_url.find("://");
  const auto end = authority == std::string_view::npos ? authority : public_url.find('/', authority + 3);
  const std::string_view origin = public_url.substr(0, end);
  const std::string_view issuer_path = end == std::string_view::npos ? std::string_view() : public_url.substr(end);

  std::string text = "Bearer resource_metadata=\"";
  text.append(origin)
      .append("/.well-known/oauth-protected-resource")
      .append(issuer_path)
      .append(plain(path))
      .append("\"");
  if (refusal != nullptr) {
    text.append(", error=\"invalid_token\", error_description=\"").append(plain(refusal->message)).append("\"");
  }
  return text;
}

}  // namespace identity
