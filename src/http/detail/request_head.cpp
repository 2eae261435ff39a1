#include "http/detail/request_head.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "http/detail/characters.hpp"

namespace http {
namespace {

// What this side writes itself.
bool is_ours(std::string_view name) {
  static constexpr std::array<std::string_view, 8> kOwn{
      "te", "host", "trailer", "upgrade", "connection", "keep-alive", "content-length", "transfer-encoding"};
  return std::ranges::any_of(kOwn, [name](auto own) { return detail::equal_without_case(name, own); });
}

void append_authority(base::KeptString& out, const Origin& origin) {
  const bool is_v6 = origin.host.contains(':');
  out.append(is_v6 ? "[" : "").append(origin.host).append(is_v6 ? "]" : "");
  if (origin.port != (origin.tls ? 443 : 80)) out.append(":").append(fmt::format_int(origin.port).c_str());
}

template <class String>
void append_line(String& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

template <class String>
void append_fields(String& out, const Headers& headers) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto field = headers.at(i);
    if (!is_ours(field.name)) append_line(out, field.name, field.value);
  }
}

bool wants_length(Method method) { return method == Method::post || method == Method::put || method == Method::patch; }

}  // namespace

std::string field_lines(const Headers& headers) {
  std::string out;
  append_fields(out, headers);
  return out;
}

void append_field_line(std::string& lines, std::string_view name, std::string_view value) {
  append_line(lines, name, value);
}

void write_request_head(base::KeptString& out, const ClientRequest& request, std::uint64_t body_size) {
  out.append(name(request.method)).append(" ").append(request.url->target).append(" HTTP/1.1\r\n");
  out.append("Host: ");
  append_authority(out, request.url->origin);
  out.append("\r\n");
  for (const auto lines : request.field_lines) out.append(lines);
  if (request.headers != nullptr) append_fields(out, *request.headers);
  if (body_size > 0 || wants_length(request.method)) {
    out.append("Content-Length: ").append(fmt::format_int(body_size).c_str()).append("\r\n");
  }
  out.append("\r\n");
}

}  // namespace http
