#include "gateway/detail/resource_requests.hpp"

#include <fmt/format.h>

#include "gateway/detail/own_client.hpp"
#include "json/document.hpp"
#include "mcp/envelope.hpp"

namespace gateway {

base::Async<bool> subscribe_to(std::shared_ptr<vendor::Channel> channel, std::string uri, base::SteadyTime deadline) {
  auto params = fmt::format(R"("uri":{})", json::quote(uri));
  auto response = co_await ask_vendor(std::move(channel), "resources/subscribe", std::move(params), uri, deadline);
  if (!response) co_return std::move(response).failure();
  const auto envelope = mcp::scan(*response);
  co_return envelope && !envelope->is_error;
}

std::string resource_updated(std::string_view uri) {
  return fmt::format(R"({{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{{"uri":{}}}}})",
                     json::quote(uri));
}

}  // namespace gateway
