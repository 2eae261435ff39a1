// Input: a registered redirect URI, a line end, a presented one. What matches an acceptable one is acceptable, and
// differs from it by a loopback port at most.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "oauth/redirect_uri.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = input.find('\n');
  const std::string_view registered = input.substr(0, line);
  const std::string_view presented = line == std::string_view::npos ? std::string_view() : input.substr(line + 1);
  if (!oauth::check_redirect_uri(registered) || !oauth::matches_redirect_uri(registered, presented)) return 0;
  if (!oauth::check_redirect_uri(presented)) std::abort();
  const auto before = oauth::redirect_target(registered);
  const auto after = oauth::redirect_target(presented);
  if (registered != presented && (!before.is_loopback || !after.is_loopback)) std::abort();
  const std::string url = oauth::with_parameters(presented, {{"code", presented}, {"state", registered}});
  if (url.find_first_of("\r\n#") != std::string::npos) std::abort();
  return 0;
}
