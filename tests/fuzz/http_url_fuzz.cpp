// What parse_url accepts can stand in a request head as it is; forms and cookies never crash.
#include <cstdlib>
#include <string>

#include "http/client.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = http::parse_url(text)) {
    if (!url->target.starts_with('/') || url->origin.host.empty() || url->origin.port == 0) std::abort();
    for (const char c : url->target + url->origin.authority()) {
      if (c <= 0x20 || c >= 0x7f || c == '#') std::abort();
    }
  }
  if (const auto parameters = http::Parameters::parse(text)) {
    for (const auto& [name, value] : parameters->pairs()) (void)parameters->find(name);
  }
  if (http::is_field_value(text)) {
    http::Headers headers;
    headers.add("Cookie", text);
    (void)http::cookie(headers, "a");
  }
  return 0;
}
