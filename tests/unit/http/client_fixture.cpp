#include "client_fixture.hpp"

namespace http::test {

using namespace std::chrono_literals;

Url url_of(std::uint16_t port, const std::string& path) {
  return *parse_url("http://127.0.0.1:" + std::to_string(port) + path);
}

base::SteadyTime in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

base::Task<Outcome> fetch(Client& client, Url url, ClientRequest request, std::string body) {
  const std::string_view pieces[] = {body};
  request.url = &url;
  request.body = pieces;
  if (request.deadline == base::SteadyTime::max()) request.deadline = in(5s);
  Outcome outcome;
  auto response = co_await client.send(request);
  if (!response) {
    outcome.error = response.error();
    co_return outcome;
  }
  outcome.status = response->status();
  outcome.headers = response->headers();
  auto whole = co_await response->read_all(1 << 20, request.deadline);
  if (whole) {
    outcome.body = *whole;
  } else {
    outcome.error = whole.error();
  }
  co_return outcome;
}

}  // namespace http::test
