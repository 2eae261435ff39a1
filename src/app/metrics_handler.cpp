#include "app/metrics_handler.hpp"

#include <prometheus/text_serializer.h>

#include "web/problem.hpp"

namespace app {

base::Task<void> MetricsHandler::handle(http::Exchange& exchange) {
  const auto& request = exchange.request();
  if (request.path() != "/metrics" || request.method != http::Method::get) {
    const base::Error error{base::Kind::not_found, "path.unknown", "There is GET /metrics here.", {}, {}};
    (void)co_await exchange.respond(failure(request, error));
    co_return;
  }
  measure_();
  http::Response response;
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = prometheus::TextSerializer().Serialize(registry_.Collect());
  (void)co_await exchange.respond(std::move(response));
}

http::Response MetricsHandler::failure(const http::RequestHead& head, const base::Error& error) const {
  return web::render_problem(error, head);
}

}  // namespace app
