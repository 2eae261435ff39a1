#include "gateway/detail/resource_requests.hpp"

#include <fmt/format.h>

#include <array>

#include "json/document.hpp"
#include "mcp/envelope.hpp"

namespace gateway {

base::Async<bool> subscribe_to(std::shared_ptr<vendor::Channel> channel, std::string uri, base::SteadyTime deadline) {
  const auto id = channel->next_id();
  const auto text = fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"resources/subscribe","params":{{"uri":{}}}}})",
                                id, json::quote(uri));
  const std::array<std::string_view, 1> pieces{text};
  auto call = co_await channel->request(
      {.pieces = pieces, .method = "resources/subscribe", .name = uri, .id = id, .traceparent = {}}, deadline);
  if (!call) co_return std::unexpected(std::move(call).error());
  while (true) {
    auto message = co_await (*call)->next(deadline);
    if (!message) co_return std::unexpected(std::move(message).error());
    message->reserve(message->size() + mcp::kPadding);
    const auto envelope = mcp::scan(*message);
    if (!envelope) co_return base::fail(base::Kind::vendor_invalid, "vendor.bad_message", envelope.error().message);
    if (envelope->shape == mcp::Shape::response) co_return !envelope->is_error;
  }
}

std::string resource_updated(std::string_view uri) {
  return fmt::format(R"({{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{{"uri":{}}}}})",
                     json::quote(uri));
}

}  // namespace gateway
