#include "mcp/response.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "json/splice.hpp"
#include "mcp/detail/fields.hpp"
#include "mcp/detail/meta_keys.hpp"
#include "mcp/detail/object_edit.hpp"
#include "mcp/error.hpp"

namespace mcp {
namespace {

namespace ondemand = json::ondemand;
using detail::bad_json;
using detail::bad_message;
using detail::each_field;
using detail::take_string;

constexpr std::string_view kInputRequired = "input_required";
constexpr std::string_view kComplete = "complete";
// 2026-07-28 server/utilities/caching, "Cacheable Results".
constexpr std::array<std::string_view, 6> kCacheable{
    "server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read"};

base::Result<void> nothing(std::string_view /*key*/, ondemand::value /*value*/) { return {}; }

// Milliseconds as 300000, 3e5 or 300000.0; none of a task that lives for ever, which is null.
base::Result<std::int64_t> take_milliseconds(ondemand::value value) {
  double number = 0;
  ondemand::json_type type{};
  if (!value.type().get(type) && type == ondemand::json_type::null) return 0;
  if (value.get_double().get(number)) return bad_message("ttlMs must be a number");
  // What a double can count one by one; nobody keeps a list for 285,000 years.
  constexpr double kMost = 9'007'199'254'740'991.0;
  return static_cast<std::int64_t>(std::clamp(number, 0.0, kMost));
}

base::Result<void> read_meta(ondemand::value value, std::string_view& raw) {
  const auto* const begin = json::begin_of(value);
  ondemand::object object;
  if (value.get_object().get(object)) return bad_message("result._meta must be an object");
  if (auto walked = each_field(object, "result._meta", nothing); !walked) return walked;
  if (const auto error = json::text_from(begin, value, raw)) return bad_json(error);
  return {};
}

base::Result<void> read_input_map(ondemand::value value, std::string_view& raw) {
  ondemand::json_type type{};
  if (value.type().get(type) || type != ondemand::json_type::object) {
    return bad_message("inputRequests must be an object");
  }
  if (const auto error = json::raw(value, raw)) return bad_json(error);
  return {};
}

base::Result<void> read_member(std::string_view key, ondemand::value value, ResponseView& out) {
  if (key == "_meta") return read_meta(value, out.meta);
  if (key == "inputRequests") return read_input_map(value, out.input_requests);
  if (key == "ttlMs") {
    auto ttl = take_milliseconds(value);
    if (!ttl) return std::move(ttl).failure();
    out.ttl = *ttl;
    return {};
  }
  if (key != "resultType" && key != "requestState" && key != "cacheScope") return {};
  auto field = take_string(value, key);
  if (!field) return std::move(field).failure();
  if (key == "resultType") {
    if (field->text.empty()) return bad_message("resultType is empty");
    out.result_type = field->text;
  }
  if (key == "requestState") out.request_state = field->token;
  if (key == "cacheScope") out.cache_scope = field->text == "public" ? "public" : "private";
  return {};
}

base::Result<void> read_result(ondemand::value value, ResponseView& out) {
  const auto* const begin = json::begin_of(value);
  ondemand::object object;
  if (value.get_object().get(object)) return bad_message("\"result\" must be an object");
  auto walked = each_field(object, "result",
                           [&](std::string_view key, ondemand::value item) { return read_member(key, item, out); });
  if (!walked) return walked;
  if (const auto error = json::text_from(begin, value, out.object)) return bad_json(error);
  return {};
}

base::Result<void> read_error(ondemand::value value, ResponseView& out) {
  const auto* const begin = json::begin_of(value);
  ondemand::object object;
  if (value.get_object().get(object)) return bad_message("\"error\" must be an object");
  auto walked = each_field(object, "error", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
    std::int64_t code = 0;
    if (key != "code" || item.get_int64().get(code)) return {};
    const bool fits = code >= std::numeric_limits<int>::min() && code <= std::numeric_limits<int>::max();
    out.error_code = fits ? static_cast<int>(code) : 0;
    return {};
  });
  if (!walked) return walked;
  if (const auto error = json::text_from(begin, value, out.error)) return bad_json(error);
  return {};
}

base::Result<void> read_id(ondemand::value value, ResponseView& out) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return bad_json(error);
  if (type != ondemand::json_type::string && type != ondemand::json_type::number) return {};
  out.id = json::trimmed(value.raw_json_token());
  return {};
}

// The raw value of that member; null data when absent.
std::string_view member(std::string_view object, std::string_view wanted) {
  ondemand::document document;
  ondemand::object members;
  if (json::walk(object).get(document) || document.get_object().get(members)) return {};
  std::string_view found;
  (void)each_field(members, "", [&](std::string_view key, ondemand::value value) -> base::Result<void> {
    if (key == wanted) (void)json::raw(value, found);
    return {};
  });
  return found;
}

// What the result lacks, each member with a comma behind it.
std::string missing_members(const ResponseView& result, std::string_view method, const ResultHints& hints) {
  std::string out;
  if (result.result_type.empty()) out += R"("resultType":"complete",)";
  if (is_cacheable(method) && (result.result_type.empty() || result.result_type == kComplete)) {
    if (!result.ttl) out += fmt::format(R"("ttlMs":{},)", hints.ttl);
    if (result.cache_scope.empty()) out += fmt::format(R"("cacheScope":"{}",)", hints.cache_scope);
  }
  return out;
}

}  // namespace

base::Result<ResponseView> read_response(std::string_view response) {
  ondemand::document document;
  ondemand::object root;
  if (const auto error = json::walk(response).get(document)) return bad_json(error);
  if (document.get_object().get(root)) return bad_message("a response is a JSON object");
  ResponseView out;
  auto walked = each_field(root, "the message", [&](std::string_view key, ondemand::value value) -> base::Result<void> {
    if (key == "id") return read_id(value, out);
    if (key == "result") return read_result(value, out);
    if (key == "error") return read_error(value, out);
    return {};
  });
  if (!walked) return std::move(walked).failure();
  const bool one = (out.object.data() != nullptr) != (out.error.data() != nullptr);
  if (!one) return bad_message("a response has either \"result\" or \"error\"");
  return out;
}

bool is_cacheable(std::string_view method) { return std::ranges::find(kCacheable, method) != kCacheable.end(); }

std::string to_modern_response(std::string_view response, const ResponseView& result, std::string_view method,
                               const ResultHints& hints) {
  json::Splice splice(response);
  if (result.error.data() != nullptr) {
    const auto code = std::to_string(kInvalidParams);
    const bool renamed = result.error_code == kResourceNotFound && method == "resources/read";
    if (renamed) splice.replace(member(result.error, "code"), code);
    return splice.str();
  }
  if (result.result_type == kInputRequired) return splice.str();

  auto added = missing_members(result, method, hints);
  const auto server_info = fmt::format("\"{}\":{},", detail::kServerInfoKey, hints.server_info);
  if (!hints.server_info.empty()) {
    if (result.meta.data() == nullptr) {
      added += fmt::format("\"_meta\":{{{}}},", std::string_view(server_info).substr(0, server_info.size() - 1));
    } else if (member(result.meta, detail::kServerInfoKey).data() == nullptr) {
      detail::insert_members(splice, result.meta, server_info);
    }
  }
  detail::insert_members(splice, result.object, added);
  return splice.str();
}

}  // namespace mcp
