// Who sent a request, to which endpoint, in which session.
#pragma once

#include "gateway/endpoint.hpp"

namespace gateway {

struct Endpoint::Caller {
  std::shared_ptr<const identity::Principal> principal;
  std::shared_ptr<const vendor::Definition> definition;  // nullptr on the unified endpoint
  std::string slug;                                      // "" on the unified endpoint
  std::shared_ptr<Session> session;                      // nullptr for a one-shot request
  std::string_view traceparent;                          // into the request's headers
  base::SteadyTime arrived;
};

}  // namespace gateway
