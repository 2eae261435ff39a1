#include "http/detail/request_head.hpp"

#include "http/detail/characters.hpp"

namespace http {
namespace {

bool is_ours(std::string_view name) {
  for (const std::string_view own :
       {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer"}) {
    if (detail::equal_without_case(name, own)) return true;
  }
  return false;
}

bool wants_length(Method method) { return method == Method::post || method == Method::put || method == Method::patch; }

}  // namespace

void write_request_head(std::string& out, const ClientRequest& request, std::uint64_t body_size) {
  out.append(name(request.method)).append(" ").append(request.url->target).append(" HTTP/1.1\r\n");
  out.append("Host: ").append(request.url->origin.authority()).append("\r\n");
  for (std::size_t i = 0; request.headers != nullptr && i < request.headers->size(); ++i) {
    const auto field = request.headers->at(i);
    if (!is_ours(field.name)) out.append(field.name).append(": ").append(field.value).append("\r\n");
  }
  if (body_size > 0 || wants_length(request.method)) {
    out.append("Content-Length: ").append(std::to_string(body_size)).append("\r\n");
  }
  out.append("\r\n");
}

}  // namespace http
