// A message that has no answer of its own, sent over HTTP: a notification, a response, or anything over HTTP+SSE.
#pragma once

#include <memory>

#include "vendor/detail/http_peer.hpp"

namespace vendor::detail {

// Errors: those of Call::next.
base::Async<void> post_message(std::shared_ptr<const HttpPeer> peer, const HttpSession& session,
                               const Outgoing& outgoing, base::SteadyTime deadline);

}  // namespace vendor::detail
