#include "vendor/detail/http_health_check.hpp"

#include <fmt/format.h>

namespace vendor::detail {
namespace {

// More is read by nobody: the connection is closed instead of kept.
constexpr std::size_t kLongestBody = 64 << 10;

}  // namespace

base::Async<void> check_http_health(http::Client& client, std::shared_ptr<const Definition> definition,
                                    base::SteadyTime deadline) {
  const http::Url url{definition->http->url.origin, definition->health_path};
  http::Headers headers;
  headers.add("Accept", "application/json, */*;q=0.5");
  http::ClientRequest request{.url = &url, .headers = &headers, .body = {}, .deadline = deadline};
  auto response = co_await client.send(request);
  if (!response) co_return std::move(response).failure();

  if (response->status() < 200 || response->status() > 299) {
    co_return base::fail(base::Kind::vendor_down, "vendor.unhealthy",
                         fmt::format("GET {} answered {}.", definition->health_path, response->status()));
  }
  const auto body = co_await response->read_all(kLongestBody, deadline);
  if (!body && body.error().kind != base::Kind::too_large) co_return body.failure();
  co_return base::Result<void>();
}

}  // namespace vendor::detail
