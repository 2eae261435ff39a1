// What a client of the modern era subscribes to, and the marks on what it is sent (2026-07-28
// basic/patterns/subscriptions). The id of a subscription is that of its subscriptions/listen request, a raw token.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/envelope.hpp"

namespace mcp {

// "Notification Filter".
struct SubscriptionFilter {
  bool tools = false;  // toolsListChanged …
  bool prompts = false;
  bool resources = false;
  std::vector<std::string> uris;  // resourceSubscriptions, sorted, each once
};

// `params`: those of the request, raw; null data when absent. Members that are not known here are ignored.
// Errors: invalid with code "invalid_params": no params.notifications, another type than the specification's, more than
// `max_uris` resources.
[[nodiscard]] base::Result<SubscriptionFilter> read_subscription_filter(std::string_view params, std::size_t max_uris);

// notifications/subscriptions/acknowledged.
[[nodiscard]] std::string subscription_acknowledged(std::string_view id, const SubscriptionFilter& agreed);
// A notification as it stands on the subscription's stream; the mark of another subscription gives way.
// `envelope` is scan(text).
[[nodiscard]] std::string with_subscription_id(std::string_view text, const Envelope& envelope, std::string_view id);
// The same as the legacy era knows it.
[[nodiscard]] std::string without_subscription_id(std::string_view text, const Envelope& envelope);
// The response that ends a subscription gracefully. `server_info` is a raw Implementation object.
[[nodiscard]] std::string subscription_ended(std::string_view id, std::string_view server_info);

}  // namespace mcp
