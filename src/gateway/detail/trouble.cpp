#include "gateway/detail/trouble.hpp"

#include <fmt/format.h>

#include "mcp/error.hpp"

namespace gateway {

std::string trouble(std::string_view method, std::string_view id, const base::Error& error, std::string_view vendor) {
  // The caller's own fault, which the protocol has a code for.
  if (error.code == "header_mismatch") return mcp::error_response(id, mcp::kHeaderMismatch, error.message);
  auto named = error;
  if (!named.message.contains(vendor)) named.message = fmt::format("vendor {}: {}", vendor, named.message);
  if (method == "tools/call") return mcp::tool_error_response(id, named.message);
  return mcp::error_response(id, named);
}

}  // namespace gateway
