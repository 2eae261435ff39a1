#include "web/problem.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/error_shape.hpp"

namespace web {

http::Response render_problem(const base::Error& error, const http::RequestHead& request) {
  const auto& shape = base::shape(error.kind);
  boost::json::object body;
  body["type"] = "/problems/" + std::string(shape.problem_type);
  body["title"] = shape.title;
  body["status"] = shape.http_status;
  if (!error.message.empty()) body["detail"] = error.message;
  if (!error.code.empty()) body["code"] = error.code;
  if (!request.request_id.empty()) body["requestId"] = request.request_id;

  auto response = http::Response::json(shape.http_status, boost::json::serialize(body));
  response.headers.set("Content-Type", "application/problem+json");
  response.headers.set("Cache-Control", "no-store");
  response.headers.set("X-Content-Type-Options", "nosniff");
  if (error.retry_after) response.headers.set("Retry-After", std::to_string(error.retry_after->count()));
  return response;
}

}  // namespace web
