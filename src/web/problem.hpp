// Failures of API paths (/api, /health) as problem details: RFC 9457, application/problem+json. A free function, any
// thread; logs nothing.
#pragma once

#include "base/error.hpp"
#include "http/message.hpp"

namespace web {

// {"type":"/problems/not-found","title":…,"status":404,"detail":…,"code":…,"requestId":…}, with Retry-After when the
// error says when. Error::detail stays out: it is for the log.
[[nodiscard]] http::Response render_problem(const base::Error& error, const http::RequestHead& request);

}  // namespace web
