#include "mcp/modern_request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/detail/meta_keys.hpp"
#include "mcp/detail/object_edit.hpp"
#include "mcp/detail/words.hpp"

namespace mcp {
namespace {

constexpr std::array<std::string_view, 2> kInputKeys{"inputResponses", "requestState"};
// 2026-07-28 server/utilities/logging, "Log Levels".
constexpr std::array<std::string_view, 8> kLogLevels{"debug", "info",     "notice", "warning",
                                                     "error", "critical", "alert",  "emergency"};

// Appends `"key":value,`; nothing for an empty value.
void append_member(std::string& out, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  out.append("\"").append(key).append("\":").append(value).append(",");
}

std::string members_of(const RequestMeta& meta) {
  std::string out;
  out.reserve(256 + meta.client_info.size() + meta.client_capabilities.size());
  append_member(out, detail::kProtocolVersionKey, json::quote(meta.protocol_version));
  append_member(out, detail::kClientInfoKey, meta.client_info);
  append_member(out, detail::kClientCapabilitiesKey, meta.client_capabilities);
  if (!meta.log_level.empty()) append_member(out, detail::kLogLevelKey, json::quote(meta.log_level));
  return out;
}

// `members` each with a comma behind it.
std::string object_of(std::string_view members) {
  if (!members.empty()) members.remove_suffix(1);
  return fmt::format("{{{}}}", members);
}

base::Failure bad_params(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_params", std::move(message));
}

bool has_input(const Envelope& envelope) {
  return envelope.input_responses.data() != nullptr || envelope.request_state.data() != nullptr;
}

bool is_object(std::string_view raw) { return raw.starts_with('{'); }

}  // namespace

std::string with_request_meta(std::string_view text, const Envelope& envelope, const RequestMeta& meta) {
  auto added = members_of(meta);
  json::Splice splice(text);
  if (envelope.meta.data() != nullptr) {
    detail::change_members(splice, envelope.meta, detail::kRequestKeys, added);
    return splice.str();
  }
  added = fmt::format("\"_meta\":{},", object_of(added));
  if (envelope.params.data() != nullptr) {
    detail::insert_members(splice, envelope.params, added);
    return splice.str();
  }
  added = fmt::format("\"params\":{},", object_of(added));
  detail::insert_members(splice, text.substr(text.find('{')), added);
  return splice.str();
}

std::string without_request_meta(std::string_view text, const Envelope& envelope) {
  json::Splice splice(text);
  if (envelope.meta.data() != nullptr) detail::change_members(splice, envelope.meta, detail::kRequestKeys, {});
  if (has_input(envelope)) detail::change_members(splice, envelope.params, kInputKeys, {});
  return splice.str();
}

std::string with_input_responses(std::string_view text, const Envelope& envelope, std::string_view input_responses,
                                 std::string_view request_state) {
  std::string added;
  append_member(added, "inputResponses", input_responses);
  append_member(added, "requestState", request_state);
  json::Splice splice(text);
  if (has_input(envelope)) {
    detail::change_members(splice, envelope.params, kInputKeys, added);
  } else if (envelope.params.data() != nullptr) {
    detail::insert_members(splice, envelope.params, added);
  } else if (!added.empty()) {
    added = fmt::format("\"params\":{},", object_of(added));
    detail::insert_members(splice, text.substr(text.find('{')), added);
  }
  return splice.str();
}

base::Result<void> check_request_meta(const Envelope& envelope) {
  if (envelope.protocol_version.empty()) {
    return bad_params(fmt::format("params._meta has no \"{}\"", detail::kProtocolVersionKey));
  }
  if (envelope.client_capabilities.data() == nullptr) {
    return bad_params(fmt::format("params._meta has no \"{}\"", detail::kClientCapabilitiesKey));
  }
  if (!is_object(envelope.client_capabilities)) {
    return bad_params(fmt::format("\"{}\" must be an object", detail::kClientCapabilitiesKey));
  }
  if (envelope.client_info.data() != nullptr && !is_object(envelope.client_info)) {
    return bad_params(fmt::format("\"{}\" must be an object", detail::kClientInfoKey));
  }
  const bool known =
      envelope.log_level.empty() || std::ranges::find(kLogLevels, envelope.log_level) != kLogLevels.end();
  if (!known) {
    return bad_params(fmt::format("\"{}\" must be one of {}, not \"{}\"", detail::kLogLevelKey,
                                  fmt::join(kLogLevels, ", "), detail::shown(envelope.log_level)));
  }
  return {};
}

}  // namespace mcp
