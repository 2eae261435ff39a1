#include "vendor/detail/handshake.hpp"

#include <fmt/format.h>

#include "json/document.hpp"
#include "mcp/error.hpp"

namespace vendor::detail {
namespace {

base::Failure refused(std::string_view vendor, const Message& response) {
  const auto code = error_code(response);
  const auto words = error_words(response);
  // initialize is what every server of the legacy era knows.
  if (is_modern_error(code) || code == mcp::kMethodNotFound) return speaks_modern(vendor, words);
  if (sounds_rejected(words)) return base::fail(base::Kind::vendor_rejected, "vendor.rejected", words);
  return base::fail(base::Kind::vendor_invalid, "vendor.initialize_refused",
                    fmt::format("vendor {} refused to open a session: {}", vendor, words));
}

}  // namespace

base::Failure speaks_modern(std::string_view vendor, std::string_view words) {
  return base::fail(base::Kind::vendor_invalid, std::string(kSpeaksModern),
                    fmt::format("vendor {} speaks only revisions of MCP without sessions: {}", vendor, words));
}

std::string initialize_request(std::string_view initialize_params, std::uint64_t id) {
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"initialize","params":{}}})", id, initialize_params);
}

std::string cancelled_notification(std::uint64_t id, std::string_view reason) {
  return fmt::format(
      R"({{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{},"reason":{}}}}})", id,
      json::quote(reason));
}

base::Result<Opening> read_initialized(std::string_view vendor, const Message& response) {
  const auto object = json::parse_object(response);
  const auto* result = object ? object->if_contains("result") : nullptr;
  if (result == nullptr && object && object->contains("error")) return refused(vendor, response);
  if (result == nullptr || !result->is_object()) {
    return base::fail(base::Kind::vendor_invalid, "vendor.bad_initialize",
                      fmt::format("vendor {} answered initialize without a result object", vendor));
  }
  const std::string revision(json::text_at(result->get_object(), "protocolVersion"));
  if (!mcp::is_legacy_revision(revision)) {
    return base::fail(base::Kind::vendor_invalid, "vendor.unknown_revision",
                      fmt::format("vendor {} speaks revision \"{}\" of MCP, which the gateway does not", vendor,
                                  shortened(revision, 40)));
  }
  return Opening{mcp::Era::legacy, boost::json::serialize(*result), revision};
}

}  // namespace vendor::detail
