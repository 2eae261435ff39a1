#include "http/detail/response_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "http/detail/characters.hpp"

namespace http {
namespace {

void append_number(std::string& out, std::uint64_t number) {
  const fmt::format_int digits(number);
  out.append(digits.data(), digits.size());
}

bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kOwn{"date", "connection", "x-request-id", "content-length",
                                                        "transfer-encoding"};
  return std::ranges::any_of(kOwn, [name](auto own) { return detail::equal_without_case(name, own); });
}

}  // namespace

void write_response_head(std::string& out, const Response& response, const ResponseFraming& framing) {
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::uint64_t>(response.status));
  out.append(" ").append(reason(response.status)).append("\r\n");
  for (std::size_t i = 0; i < response.headers.size(); ++i) {
    const auto field = response.headers.at(i);
    if (!is_ours(field.name)) out.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  out.append(framing.date_line);
  out.append("X-Request-Id: ").append(framing.request_id).append("\r\n");
  if (framing.length) {
    out.append("Content-Length: ");
    append_number(out, *framing.length);
    out.append("\r\n");
  }
  if (framing.chunked) out.append("Transfer-Encoding: chunked\r\n");
  if (framing.close) {
    out.append("Connection: close\r\n");
  } else if (framing.say_keep_alive) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
}

}  // namespace http
