// Failures of page paths (/, /auth, /settings, /status, /assets) as a page that says what to do. A free function, any
// thread; logs nothing.
#pragma once

#include "base/error.hpp"
#include "http/message.hpp"

namespace web {

// The status is the kind's row in base/error_shape.hpp. A not-signed-in failure stays a page too: the redirect to the
// sign-in page is the routes' business.
[[nodiscard]] http::Response render_failure(const base::Error& error, const http::RequestHead& request);

}  // namespace web
