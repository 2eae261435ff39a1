#include "http/detail/response_head.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "http/detail/characters.hpp"

namespace http {
namespace {

bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kOwn{"date", "connection", "x-request-id", "content-length",
                                                        "transfer-encoding"};
  return std::ranges::any_of(kOwn, [name](auto own) { return detail::equal_without_case(name, own); });
}

}  // namespace

void write_response_head(std::string& out, const Response& response, const ResponseFraming& framing) {
  const auto end = std::back_inserter(out);
  fmt::format_to(end, FMT_COMPILE("HTTP/1.1 {} {}\r\n"), response.status, reason(response.status));
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    const auto field = response.headers.at(i);
    if (!is_ours(field.name)) out.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  out.append(framing.date_line);
  out.append("X-Request-Id: ").append(framing.request_id).append("\r\n");
  if (framing.length) fmt::format_to(end, FMT_COMPILE("Content-Length: {}\r\n"), *framing.length);
  if (framing.chunked) out.append("Transfer-Encoding: chunked\r\n");
  if (framing.close) {
    out.append("Connection: close\r\n");
  } else if (framing.say_keep_alive) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

}  // namespace http
