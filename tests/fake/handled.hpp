// What a connection does with a request: the handler, and what that leaves to go on with.
#pragma once

#include "http/exchange.hpp"

namespace fake {

// REQUIRES: both outlive the task.
template <class Handler>
base::Task<void> handled(Handler& handler, http::Exchange& exchange) {
  co_await handler.handle(exchange);
  if (auto rest = exchange.take_rest()) co_await *std::move(rest);
}

}  // namespace fake
