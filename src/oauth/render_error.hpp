// The one renderer of errors on OAuth's paths: RFC 6749 section 5.2, RFC 7591 section 3.2.2.
// {"error", "error_description"} in JSON, never cached; `server_error` never, since clients answer it by opening a
// browser. Status by base/error_shape.hpp; the error's code when it is one of OAuth's own words, else the shape's.
#pragma once

#include "base/error.hpp"
#include "http/message.hpp"

namespace oauth {

// Logs the error, too. 503 and 429 carry Retry-After.
[[nodiscard]] http::Response render_error(const base::Error& error, const http::RequestHead& request);

}  // namespace oauth
