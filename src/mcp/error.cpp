#include "mcp/error.hpp"

#include <fmt/format.h>

#include "base/error_shape.hpp"
#include "json/document.hpp"

namespace mcp {

int http_status(int error_code) {
  switch (error_code) {
    case kMethodNotFound:
      return 404;
    case kHeaderMismatch:
    case kMissingRequiredClientCapability:
    case kUnsupportedProtocolVersion:
      return 400;
    default:
      return 200;
  }
}

std::string error_response(std::string_view id, int code, std::string_view message) {
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"error":{{"code":{},"message":{}}}}})", id.empty() ? "null" : id,
                     code, json::quote(message));
}

std::string error_response(std::string_view id, const base::Error& error) {
  if (error.code == "parse_error") return error_response(id, kParseError, error.message);
  if (error.code == "invalid_request") return error_response(id, kInvalidRequest, error.message);
  return error_response(id, base::shape(error.kind).jsonrpc_code, error.message);
}

std::string result_response(std::string_view id, std::string_view result) {
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"result":{}}})", id, result);
}

std::string tool_error_response(std::string_view id, std::string_view text) {
  return fmt::format(
      R"({{"jsonrpc":"2.0","id":{},"result":{{"content":[{{"type":"text","text":{}}}],"isError":true}}}})", id,
      json::quote(text));
}

std::string notification(std::string_view method) {
  return fmt::format(R"({{"jsonrpc":"2.0","method":{}}})", json::quote(method));
}

}  // namespace mcp
