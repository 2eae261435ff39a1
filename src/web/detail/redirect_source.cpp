#include "web/detail/redirect_source.hpp"

#include <algorithm>
#include <cctype>

namespace web {
namespace {

bool is_scheme(std::string_view text) {
  const auto allowed = [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.'; };
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, allowed);
}

bool is_host_and_port(std::string_view text) {
  const auto allowed = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == ':' || c == '[' || c == ']';
  };
  return !text.empty() && std::ranges::all_of(text, allowed);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

}  // namespace

std::string redirect_origin(std::string_view uri) {
  const auto colon = uri.find("://");
  if (colon == std::string_view::npos) return "";
  const auto scheme = lower(uri.substr(0, colon));
  if (scheme != "http" && scheme != "https") return "";
  const auto rest = uri.substr(colon + 3);
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  if (!is_host_and_port(authority)) return "";
  return scheme + "://" + lower(authority);
}

std::string redirect_source(std::string_view uri) {
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos || !is_scheme(uri.substr(0, colon))) return "";
  const auto scheme = lower(uri.substr(0, colon));
  if (scheme != "http" && scheme != "https") return scheme + ":";
  const auto origin = redirect_origin(uri);
  if (origin.empty()) return "";
  return origin.contains('[') ? scheme + ":" : origin;
}

}  // namespace web
