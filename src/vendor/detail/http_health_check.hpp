// GET of a vendor's health path.
#pragma once

#include <memory>

#include "http/client.hpp"
#include "vendor/definition.hpp"

namespace vendor::detail {

// Success: a 2xx answer, read to its end. REQUIRES: the definition has a URL.
// Errors: those of http::Client; vendor_down for another status.
base::Async<void> check_http_health(http::Client& client, std::shared_ptr<const Definition> definition,
                                    base::SteadyTime deadline);

}  // namespace vendor::detail
