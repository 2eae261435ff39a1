#include "http/client.hpp"

#include "fake/run.hpp"
#include "fixture.hpp"
#include "scripted_peer.hpp"

namespace http::test {
namespace {

using base::Kind;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;

struct Outcome {
  int status = 0;
  std::string body;
  std::optional<base::Error> error;
  Headers headers;
};

Url url_of(std::uint16_t port, const std::string& path = "/x") {
  return *parse_url("http://127.0.0.1:" + std::to_string(port) + path);
}

base::SteadyTime in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

base::Task<Outcome> fetch(Client& client, Url url, ClientRequest request, std::string body = {}) {
  const std::string_view pieces[] = {body};
  request.url = &url;
  request.body = pieces;
  if (request.deadline == base::SteadyTime::max()) request.deadline = in(5s);
  auto response = co_await client.send(request);
  Outcome outcome;
  if (!response) {
    outcome.error = response.error();
    co_return outcome;
  }
  outcome.status = response->status();
  outcome.headers = response->headers();
  auto whole = co_await response->read_all(1 << 20, in(5s));
  if (whole) {
    outcome.body = *whole;
  } else {
    outcome.error = whole.error();
  }
  co_return outcome;
}

class ClientTest : public testing::Test {
 protected:
  Outcome get(const Url& url, ClientRequest request = {}) { return fake::run(context, fetch(client, url, request)); }
  Outcome get(const ScriptedPeer& peer) { return get(url_of(peer.port())); }

  boost::asio::io_context context{1};
  Client client{context.get_executor(), {}};
};

TEST_F(ClientTest, SendsRequestAndReadsAnswerOfOurOwnServer) {
  ServerUnderTest server;
  Headers headers;
  headers.add("Accept", "application/json");
  ClientRequest request;
  request.method = Method::post;
  request.headers = &headers;
  const auto outcome = fake::run(context, fetch(client, url_of(server.port()), request, "hello"));
  EXPECT_EQ(outcome.error ? outcome.error->message : "", "");
  EXPECT_EQ(outcome.status, 200);
  EXPECT_EQ(outcome.body, "POST /x hello");
}

TEST_F(ClientTest, ReadsChunkedAnswer) {
  ScriptedPeer peer(
      {{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "2;x=y\r\nde\r\n0\r\n\r\n"}});
  const auto outcome = get(peer);
  EXPECT_EQ(outcome.body, "abcde");
  EXPECT_EQ(client.open_connections(), 1U);
}

}  // namespace
}  // namespace http::test
