#include "mcp/subscriptions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/detail/meta_keys.hpp"
#include "mcp/detail/object_edit.hpp"

namespace mcp {
namespace {

constexpr std::array kSubscriptionKey{detail::kSubscriptionIdKey};

base::Failure bad_params(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_params", std::move(message));
}

base::Result<bool> flag_at(const boost::json::object& filter, std::string_view key) {
  const auto* value = filter.if_contains(key);
  if (value == nullptr) return false;
  if (!value->is_bool()) return bad_params(fmt::format("params.notifications.{} must be true or false.", key));
  return value->get_bool();
}

base::Result<std::vector<std::string>> uris_at(const boost::json::object& filter, std::size_t max_uris) {
  std::vector<std::string> uris;
  const auto* value = filter.if_contains("resourceSubscriptions");
  if (value == nullptr) return uris;
  constexpr std::string_view kWrongType = "params.notifications.resourceSubscriptions must be an array of URIs.";
  if (!value->is_array()) return bad_params(std::string(kWrongType));
  for (const auto& each : value->get_array()) {
    if (!each.is_string()) return bad_params(std::string(kWrongType));
    uris.emplace_back(std::string_view(each.get_string()));
  }
  std::ranges::sort(uris);
  const auto doubles = std::ranges::unique(uris);
  uris.erase(doubles.begin(), doubles.end());
  if (uris.size() <= max_uris) return uris;
  return bad_params(fmt::format(
      "params.notifications.resourceSubscriptions has {} resources, and at most {} are taken in one subscription.",
      uris.size(), max_uris));
}

std::string mark(std::string_view id) { return fmt::format("\"{}\":{},", detail::kSubscriptionIdKey, id); }

}  // namespace

base::Result<SubscriptionFilter> read_subscription_filter(std::string_view params, std::size_t max_uris) {
  const auto object = json::parse_object(params.data() != nullptr ? params : "{}");
  const auto* notifications = object ? object->if_contains("notifications") : nullptr;
  if (notifications == nullptr || !notifications->is_object()) {
    return bad_params("params.notifications is missing: an object that says what to listen for.");
  }
  const auto& filter = notifications->get_object();
  const auto tools = flag_at(filter, "toolsListChanged");
  if (!tools) return tools.failure();
  const auto prompts = flag_at(filter, "promptsListChanged");
  if (!prompts) return prompts.failure();
  const auto resources = flag_at(filter, "resourcesListChanged");
  if (!resources) return resources.failure();
  auto uris = uris_at(filter, max_uris);
  if (!uris) return std::move(uris).failure();
  return SubscriptionFilter{*tools, *prompts, *resources, *std::move(uris)};
}

std::string subscription_acknowledged(std::string_view id, const SubscriptionFilter& agreed) {
  std::vector<std::string> members;
  if (agreed.tools) members.emplace_back(R"("toolsListChanged":true)");
  if (agreed.prompts) members.emplace_back(R"("promptsListChanged":true)");
  if (agreed.resources) members.emplace_back(R"("resourcesListChanged":true)");
  if (!agreed.uris.empty()) {
    std::vector<std::string> quoted;
    for (const auto& uri : agreed.uris) quoted.push_back(json::quote(uri));
    members.push_back(fmt::format(R"("resourceSubscriptions":[{}])", fmt::join(quoted, ",")));
  }
  return fmt::format(
      R"({{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{{"_meta":{{"{}":{}}},"notifications":{{{}}}}}}})",
      detail::kSubscriptionIdKey, id, fmt::join(members, ","));
}

std::string with_subscription_id(std::string_view text, const Envelope& envelope, std::string_view id) {
  json::Splice splice(text);
  auto added = mark(id);
  if (envelope.meta.data() != nullptr) {
    detail::change_members(splice, envelope.meta, kSubscriptionKey, added);
    return splice.str();
  }
  added.pop_back();
  added = fmt::format("\"_meta\":{{{}}},", added);
  if (envelope.params.data() != nullptr) {
    detail::insert_members(splice, envelope.params, added);
    return splice.str();
  }
  added.pop_back();
  added = fmt::format("\"params\":{{{}}},", added);
  detail::insert_members(splice, text.substr(text.find('{')), added);
  return splice.str();
}

std::string without_subscription_id(std::string_view text, const Envelope& envelope) {
  json::Splice splice(text);
  if (envelope.meta.data() != nullptr) detail::change_members(splice, envelope.meta, kSubscriptionKey, {});
  return splice.str();
}

std::string subscription_ended(std::string_view id, std::string_view server_info) {
  return fmt::format(
      R"({{"jsonrpc":"2.0","id":{0},"result":{{"resultType":"complete","_meta":{{"{1}":{0},"{2}":{3}}}}}}})", id,
      detail::kSubscriptionIdKey, detail::kServerInfoKey, server_info);
}

}  // namespace mcp
