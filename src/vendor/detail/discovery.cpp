#include "vendor/detail/discovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>
#include <vector>

#include "json/document.hpp"
#include "mcp/error.hpp"
#include "mcp/own_info.hpp"
#include "mcp/revision.hpp"

namespace vendor::detail {
namespace {

constexpr std::size_t kMostRevisionsNamed = 5;

std::vector<std::string> texts_at(const boost::json::object& object, std::string_view key) {
  std::vector<std::string> texts;
  const auto* array = object.if_contains(key);
  if (array == nullptr || !array->is_array()) return texts;
  for (const auto& item : array->get_array()) {
    if (item.is_string()) texts.emplace_back(item.get_string());
  }
  return texts;
}

bool has_modern(const std::vector<std::string>& revisions) {
  return std::ranges::any_of(revisions, [](const auto& revision) { return mcp::is_modern_revision(revision); });
}

// A vendor that names revisions of the legacy era too is taken at those when it has none of ours in the modern one.
base::Result<std::optional<Opening>> without_modern(std::string_view vendor, std::vector<std::string> revisions) {
  const bool has_legacy =
      std::ranges::any_of(revisions, [](const auto& revision) { return mcp::is_legacy_revision(revision); });
  if (has_legacy) return std::nullopt;
  revisions.resize(std::min(revisions.size(), kMostRevisionsNamed));
  std::string named;
  for (const auto& revision : revisions) named += (named.empty() ? "" : ", ") + shortened(revision, 40);
  return base::fail(base::Kind::vendor_invalid, std::string(kDiscoverRefused),
                    fmt::format("vendor {} speaks only revisions of MCP that the gateway does not: {}", vendor,
                                named.empty() ? "it names none" : named));
}

base::Result<std::optional<Opening>> read_error(std::string_view vendor, std::string_view response,
                                                const boost::json::object& error) {
  const auto code = error_code(response);
  if (!is_modern_error(code)) return std::nullopt;
  if (code == mcp::kUnsupportedProtocolVersion) {
    const auto* data = error.if_contains("data");
    auto revisions =
        data != nullptr && data->is_object() ? texts_at(data->get_object(), "supported") : std::vector<std::string>();
    if (!has_modern(revisions)) return without_modern(vendor, std::move(revisions));
  }
  const auto words = error_words(response);
  if (sounds_rejected(words)) return base::fail(base::Kind::vendor_rejected, "vendor.rejected", words);
  return base::fail(base::Kind::vendor_invalid, std::string(kDiscoverRefused),
                    fmt::format("vendor {} refused to say what it is: {}", vendor, words));
}

}  // namespace

std::string discover_request(std::uint64_t id) {
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"server/discover","params":{{"_meta":{}}}}})", id,
                     mcp::own_request_meta());
}

base::Result<std::optional<Opening>> read_discovered(std::string_view vendor, std::string_view response) {
  const auto object = json::parse_object(response);
  if (!object) return std::nullopt;
  if (const auto* error = object->if_contains("error"); error != nullptr && error->is_object()) {
    return read_error(vendor, response, error->get_object());
  }
  const auto* result = object->if_contains("result");
  // Some servers of the legacy era answer whatever they do not know with an empty result.
  if (result == nullptr || !result->is_object() || !result->get_object().contains("supportedVersions")) {
    return std::nullopt;
  }
  auto revisions = texts_at(result->get_object(), "supportedVersions");
  if (!has_modern(revisions)) return without_modern(vendor, std::move(revisions));
  const auto best = std::ranges::find_first_of(mcp::kModernRevisions, revisions);
  return Opening{mcp::Era::modern, boost::json::serialize(*result), std::string(*best)};
}

std::chrono::milliseconds ttl_of(std::string_view discover_result) {
  const auto object = json::parse_object(discover_result);
  const auto* ttl = object ? object->if_contains("ttlMs") : nullptr;
  return std::chrono::milliseconds(ttl != nullptr && ttl->is_int64() ? std::max<std::int64_t>(ttl->get_int64(), 0) : 0);
}

}  // namespace vendor::detail
