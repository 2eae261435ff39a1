#include "http/client.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "base/task_group.hpp"
#include "client_fixture.hpp"

namespace http::test {
namespace {

using base::Kind;
using testing::AllOf;
using testing::HasSubstr;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

base::Task<void> show_head(Exchange& exchange) {
  const auto& headers = exchange.request().headers;
  std::string text(name(exchange.request().method));
  for (std::size_t i = 0; i < headers.size(); ++i) {
    text.append("|").append(headers.at(i).name).append("=").append(headers.at(i).value);
  }
  (void)co_await exchange.respond(Response::text(200, text));
}

TEST_F(ClientTest, SendsItsOwnFramingAndTheHeadersOfTheCaller) {
  ServerUnderTest server(show_head);
  Headers headers;
  headers.add("Accept", "application/json");
  headers.add("Host", "evil.example");
  headers.add("Content-Length", "999");
  headers.add("Connection", "close");
  headers.add("Transfer-Encoding", "chunked");
  ClientRequest request;
  request.method = Method::post;
  request.headers = &headers;
  const auto outcome = fake::run(context, fetch(client, url_of(server.port()), request, "hello"));
  EXPECT_EQ(outcome.body,
            "POST|Host=127.0.0.1:" + std::to_string(server.port()) + "|Accept=application/json|Content-Length=5");
}

TEST_F(ClientTest, ReadsEachFraming) {
  struct Case {
    Script script;
    ScriptedPeer::Then then;
    std::string body;
    std::size_t kept;
  };
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::vector<Case> cases = {
      {{ok + "Content-Length: 5\r\n\r\nab", "cde"}, ScriptedPeer::Then::keep_open, "abcde", 1},
      {{ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "2;x=y\r\nde\r\n0\r\n\r\n"},
       ScriptedPeer::Then::keep_open,
       "abcde",
       1},
      {{ok + "\r\nabc", "de"}, ScriptedPeer::Then::close, "abcde", 0},
      {{ok + "Connection: close\r\nContent-Length: 5\r\n\r\nabcde"}, ScriptedPeer::Then::keep_open, "abcde", 0},
      {{"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n" + ok +
        "Content-Length: 5\r\n\r\nabcde"},
       ScriptedPeer::Then::keep_open,
       "abcde",
       1},
      {{"HTTP/1.1 100 Continue\r\n\r\n", ok + "Content-Length: 5\r\n\r\nabcde"},
       ScriptedPeer::Then::keep_open,
       "abcde",
       1},
      {{"HTTP/1.1 204 No Content\r\n\r\n"}, ScriptedPeer::Then::keep_open, "", 1},
      {{ok + "Content-Length: 0\r\n\r\nsurplus"}, ScriptedPeer::Then::keep_open, "", 0},
  };
  for (const auto& [script, then, body, kept] : cases) {
    Client fresh(context.get_executor(), {});
    ScriptedPeer peer({script}, then);
    const auto outcome = fake::run(context, fetch(fresh, url_of(peer.port()), {}));
    EXPECT_FALSE(outcome.error) << outcome.error->message;
    EXPECT_EQ(outcome.body, body) << script[0];
    EXPECT_EQ(fresh.connection_count().total(), kept) << script[0];
  }
}

TEST_F(ClientTest, AnswerThatEndsEarlyIsInvalid) {
  for (const std::string text :
       {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "HTTP/1.1 200 OK\r\nConte"}) {
    ScriptedPeer peer({{text}}, ScriptedPeer::Then::close);
    const auto outcome = get(peer);
    ASSERT_TRUE(outcome.error) << text;
    EXPECT_EQ(outcome.error->kind, Kind::vendor_invalid);
    EXPECT_THAT(outcome.error->message, AllOf(HasSubstr("http://127.0.0.1:" + std::to_string(peer.port())),
                                              HasSubstr("before its announced end")));
  }
}

TEST_F(ClientTest, GarbageIsInvalid) {
  for (const std::string text : {"<html>hello</html>\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
    ScriptedPeer peer({{text}});
    const auto outcome = get(peer);
    ASSERT_TRUE(outcome.error) << text;
    EXPECT_EQ(outcome.error->kind, Kind::vendor_invalid);
  }
}

TEST_F(ClientTest, EndlessHeadIsInvalid) {
  ScriptedPeer peer({{"HTTP/1.1 200 OK\r\n", std::string(200 << 10, 'a')}});
  EXPECT_EQ(get(peer).error->kind, Kind::vendor_invalid);
}

TEST_F(ClientTest, EndlessInterimAnswersAreInvalid) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "HTTP/1.1 102 Processing\r\n\r\n";
  ScriptedPeer peer({{text}});
  EXPECT_EQ(get(peer).error->kind, Kind::vendor_invalid);
}

TEST_F(ClientTest, AnswerLargerThanTheLimitIsTooLargeAndItsConnectionGone) {
  ScriptedPeer peer({{"HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + std::string(3'000'000, 'x')}});
  EXPECT_EQ(get(peer).error->kind, Kind::too_large);
  EXPECT_EQ(client.connection_count().total(), 0U);
}

TEST_F(ClientTest, RefusedConnectionSaysByWhom) {
  std::uint16_t port = 0;
  {
    port = ScriptedPeer({{}}).port();
  }
  const auto outcome = get(url_of(port));
  EXPECT_EQ(outcome.error->kind, Kind::vendor_down);
  EXPECT_EQ(outcome.error->message, "connection refused by http://127.0.0.1:" + std::to_string(port));
}

TEST_F(ClientTest, ResetIsDown) {
  ScriptedPeer peer({{}}, ScriptedPeer::Then::reset);
  const auto outcome = get(peer);
  EXPECT_EQ(outcome.error->kind, Kind::vendor_down);
  EXPECT_THAT(outcome.error->message, HasSubstr("connection closed by http://127.0.0.1:"));
}

TEST_F(ClientTest, UnknownNameIsDown) {
  const auto outcome = get(*parse_url("http://no-such-name.invalid/"));
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->kind, Kind::vendor_down);
  EXPECT_THAT(outcome.error->message, HasSubstr("no-such-name.invalid"));
}

TEST_F(ClientTest, NameOfThisMachineResolves) {
  ServerUnderTest server;
  const auto outcome = get(*parse_url("http://localhost:" + std::to_string(server.port()) + "/x"));
  EXPECT_EQ(outcome.body, "GET /x ");
}

TEST_F(ClientTest, SilenceIsATimeoutAtTheDeadline) {
  for (const Script& script :
       {Script{}, Script{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"}, Script{"HTTP/1.1"}}) {
    ScriptedPeer peer({script});
    ClientRequest request;
    request.deadline = in(50ms);
    const auto outcome = get(peer, request);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->kind, Kind::vendor_timeout);
    EXPECT_EQ(client.connection_count().total(), 0U);
  }
}

TEST_F(ClientTest, AddressesInsideAreForbiddenWhenOnlyPublicOnesAreAllowed) {
  ServerUnderTest server;
  ClientRequest request;
  request.addresses = Addresses::public_only;
  EXPECT_EQ(get(url_of(server.port())).status, 200);  // leaves a connection that must not be used below
  for (const std::string host :
       {"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433", "127.1"}) {
    const auto outcome = get(*parse_url("http://" + host + ":" + std::to_string(server.port()) + "/"), request);
    ASSERT_TRUE(outcome.error) << host;
    EXPECT_TRUE(outcome.error->kind == Kind::forbidden || outcome.error->kind == Kind::vendor_down)
        << host << outcome.error->message;
  }
  EXPECT_EQ(get(*parse_url("http://localhost:1/"), request).error->kind, Kind::forbidden);
}

base::Task<void> fetch_for_ever(Client& client, Url url, bool& ended) {
  ClientRequest request;
  request.url = &url;
  const auto response = co_await client.send(request);
  EXPECT_EQ(response.error().kind, Kind::cancelled);
  ended = true;
}

base::Task<void> cancel_after_send(Client& client, const ScriptedPeer& peer, bool& ended) {
  base::TaskGroup group(co_await boost::asio::this_coro::executor);
  group.spawn("fetch", fetch_for_ever(client, url_of(peer.port()), ended));
  base::Timer timer(co_await boost::asio::this_coro::executor);
  while (peer.requests() == 0) {
    timer.expires_after(1ms);
    co_await timer.async_wait(base::use_task);
  }
  co_await group.close();
}

TEST_F(ClientTest, CancellingTheAwaitingTaskClosesTheConnection) {
  ScriptedPeer peer({{}});
  bool ended = false;
  fake::run(context, cancel_after_send(client, peer, ended));
  EXPECT_TRUE(ended);
  EXPECT_EQ(client.connection_count().total(), 0U);
}

base::Task<std::vector<std::string>> read_pieces(Client& client, Url url) {
  std::vector<std::string> pieces;
  ClientRequest request;
  request.url = &url;
  request.deadline = in(5s);
  auto response = co_await client.send(request);
  for (;;) {
    const auto piece = co_await response->read_some(in(5s));
    if (!piece || piece->empty()) break;
    pieces.emplace_back(*piece);
  }
  const auto after = co_await response->read_some(in(5s));
  EXPECT_TRUE(after && after->empty());
  co_return pieces;
}

TEST_F(ClientTest, GivesThePiecesOfAStreamAsTheyCome) {
  ScriptedPeer peer({{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"}});
  EXPECT_EQ(fake::run(context, read_pieces(client, url_of(peer.port()))), (std::vector<std::string>{"abc", "de"}));
  EXPECT_EQ(client.connection_count().total(), 1U);
}

}  // namespace
}  // namespace http::test
