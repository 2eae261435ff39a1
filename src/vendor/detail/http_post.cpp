#include "vendor/detail/http_post.hpp"

namespace vendor::detail {

base::Async<void> post_message(std::shared_ptr<const HttpPeer> peer, const HttpSession& session,
                               const Outgoing& outgoing, base::SteadyTime deadline) {
  auto response = co_await peer->post(session, outgoing, deadline);
  if (!response) co_return std::move(response).failure();
  const auto status = response->status();
  if (status < 200 || status >= 300) {
    co_return base::Failure((co_await peer->failure(*std::move(response), session, deadline)).error);
  }
  // 202 has no body; whatever stands there instead is of no interest, but read it leaves the connection usable.
  if (response->headers().get("Content-Type") != "text/event-stream") {
    (void)co_await response->read_all(4'096, deadline);
  }
  co_return base::Result<void>();
}

}  // namespace vendor::detail
