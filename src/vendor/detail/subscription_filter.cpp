#include "vendor/detail/subscription_filter.hpp"

#include <fmt/format.h>

#include "json/document.hpp"
#include "mcp/envelope.hpp"
#include "mcp/error.hpp"
#include "mcp/own_info.hpp"
#include "vendor/detail/discovery.hpp"

namespace vendor::detail {
namespace {

// capabilities.<kind>.<flag>
bool announces(const boost::json::object& result, std::string_view kind, std::string_view flag) {
  const boost::json::object* at = &result;
  for (const auto key : {std::string_view("capabilities"), kind}) {
    const auto* value = at->if_contains(key);
    if (value == nullptr || !value->is_object()) return false;
    at = &value->get_object();
  }
  const auto* value = at->if_contains(flag);
  return value != nullptr && value->is_bool() && value->get_bool();
}

Message padded(std::string_view text) {
  Message message;
  message.reserve(text.size() + mcp::kPadding);
  message += text;
  return message;
}

}  // namespace

Subscriptions offered(const Subscriptions& asked, std::string_view discover_result) {
  const auto result = json::parse_object(discover_result);
  if (!result) return {.tools = false, .prompts = false, .resources = false};
  Subscriptions filter{.tools = asked.tools && announces(*result, "tools", "listChanged"),
                       .prompts = asked.prompts && announces(*result, "prompts", "listChanged"),
                       .resources = asked.resources && announces(*result, "resources", "listChanged")};
  if (announces(*result, "resources", "subscribe")) filter.uris = asked.uris;
  return filter;
}

bool is_empty(const Subscriptions& filter) {
  return !filter.tools && !filter.prompts && !filter.resources && filter.uris.empty();
}

std::string listen_request(std::uint64_t id, const Subscriptions& filter) {
  boost::json::object notifications;
  if (filter.tools) notifications["toolsListChanged"] = true;
  if (filter.prompts) notifications["promptsListChanged"] = true;
  if (filter.resources) notifications["resourcesListChanged"] = true;
  if (!filter.uris.empty()) notifications["resourceSubscriptions"] = boost::json::value_from(filter.uris);
  return fmt::format(
      R"({{"jsonrpc":"2.0","id":{},"method":"subscriptions/listen","params":{{"notifications":{},"_meta":{}}}}})", id,
      boost::json::serialize(notifications), mcp::own_request_meta());
}

std::vector<Message> missed_notifications(const Subscriptions& filter) {
  std::vector<Message> all;
  if (filter.tools) all.push_back(padded(mcp::notification("notifications/tools/list_changed")));
  if (filter.prompts) all.push_back(padded(mcp::notification("notifications/prompts/list_changed")));
  if (filter.resources) all.push_back(padded(mcp::notification("notifications/resources/list_changed")));
  for (const auto& uri : filter.uris) {
    all.push_back(padded(fmt::format(
        R"({{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{{"uri":{}}}}})", json::quote(uri))));
  }
  return all;
}

}  // namespace vendor::detail
