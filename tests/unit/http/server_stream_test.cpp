#include <thread>

#include "fixture.hpp"

namespace http::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

std::atomic<int> gone{0};
std::atomic<int> waiting{0};

base::Async<void> write(Exchange& exchange, std::string text) {
  const std::string_view pieces[] = {std::string_view(text).substr(0, 1), "", std::string_view(text).substr(1)};
  co_return co_await exchange.write(pieces);
}

base::Task<void> counts(Exchange& exchange) {
  EXPECT_TRUE(co_await exchange.start(Response::text(200, "")));
  EXPECT_TRUE(exchange.started());
  for (const std::string text : {"one ", "two ", "three"}) EXPECT_TRUE(co_await write(exchange, text));
  EXPECT_TRUE(co_await exchange.write({}));
  EXPECT_TRUE(co_await exchange.finish());
}

base::Task<void> unfinished(Exchange& exchange) {
  EXPECT_TRUE(co_await exchange.start(Response::text(200, "")));
  EXPECT_TRUE(co_await write(exchange, "half"));
}

base::Task<void> throws_in_the_middle(Exchange& exchange) {
  co_await unfinished(exchange);
  throw std::runtime_error("boom");
}

// Streams a ping whenever the wait ends, until the peer goes or the server drains.
base::Task<void> stream(Exchange& exchange) {
  (void)co_await exchange.start(Response::text(200, ""));
  (void)co_await write(exchange, "begin\n");
  ++waiting;
  while (!co_await exchange.peer_closed(steady_clock::now() + 10s)) {
    if (!exchange.draining()) continue;
    (void)co_await write(exchange, "end\n");
    (void)co_await exchange.finish();
    --waiting;
    co_return;
  }
  --waiting;
  ++gone;
}

base::Task<void> ticks(Exchange& exchange) {
  (void)co_await exchange.start(Response::text(200, ""));
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(co_await exchange.peer_closed(steady_clock::now() + 10ms));
    (void)co_await write(exchange, "tick\n");
  }
  (void)co_await exchange.finish();
}

base::Task<void> interrupter(Exchange& exchange) {
  base::Timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_after(10ms);
  timer.async_wait([&exchange](const boost::system::error_code&) { exchange.interrupt(); });
  EXPECT_FALSE(co_await exchange.peer_closed(steady_clock::now() + 60s));
  (void)co_await exchange.respond(Response::text(200, "woken"));
}

// What lives in the handler is gone before what it leaves goes on.
std::atomic<bool> handler_lives{false};

base::Task<void> goes_on(Exchange& exchange) {
  EXPECT_FALSE(handler_lives);
  co_await counts(exchange);
}

base::Task<void> leaves_the_rest(Exchange& exchange) {
  struct Local {
    Local() { handler_lives = true; }
    ~Local() { handler_lives = false; }
  };
  const Local local;
  exchange.go_on_with(goes_on(exchange));
  co_return;
}

base::Task<void> leaves_what_throws(Exchange& exchange) {
  exchange.go_on_with(throws_in_the_middle(exchange));
  co_return;
}

// The first request's rest must not be done for the second.
std::atomic<int> asked{0};

base::Task<void> throws_with_a_rest_once(Exchange& exchange) {
  if (asked++ == 0) {
    exchange.go_on_with(counts(exchange));
    throw std::runtime_error("boom");
  }
  EXPECT_TRUE(co_await exchange.respond(Response::text(200, "second")));
}

class ServerStream : public testing::Test {
 protected:
  void SetUp() override { gone = waiting = 0; }
};

TEST_F(ServerStream, GoesOnWithWhatTheHandlerLeaves) {
  const ServerUnderTest server(leaves_the_rest);
  RawClient client(server.port());
  for (int i = 0; i < 2; ++i) {
    client.send(kGet);
    EXPECT_THAT(client.read_answer(), HasSubstr("three"));
  }
}

TEST_F(ServerStream, AHandlerThatThrowsLeavesNothing) {
  asked = 0;
  const ServerUnderTest server(throws_with_a_rest_once);
  RawClient client(server.port());
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), HasSubstr("http.no_answer"));
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), EndsWith("second"));
}

TEST_F(ServerStream, WritesEachCallAsOneChunk) {
  ServerUnderTest under_test(counts);
  RawClient client(under_test.port());
  for (int i = 0; i < 2; ++i) {
    client.send(kGet);
    EXPECT_THAT(client.read_answer(),
                AllOf(HasSubstr("Transfer-Encoding: chunked\r\n"), Not(HasSubstr("Content-Length")),
                      EndsWith("\r\n\r\n4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n")));
  }
}

TEST_F(ServerStream, OldVersionGetsTheRawBodyAndTheEndOfTheConnection) {
  ServerUnderTest under_test(counts);
  EXPECT_THAT(RawClient::exchange(under_test.port(), "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"),
              AllOf(HasSubstr("Connection: close\r\n"), Not(HasSubstr("chunked")), EndsWith("\r\n\r\none two three")));
}

TEST_F(ServerStream, HeadGetsTheHeadOnly) {
  ServerUnderTest under_test(counts);
  EXPECT_THAT(RawClient::exchange(under_test.port(), "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
              EndsWith("\r\n\r\n"));
}

TEST_F(ServerStream, UnfinishedStreamIsCutSoThatThePeerSees) {
  for (const auto act : {unfinished, throws_in_the_middle, leaves_what_throws}) {
    ServerUnderTest under_test(act);
    RawClient client(under_test.port());
    client.send(kGet);
    EXPECT_THAT(client.read_to_end(), EndsWith("4\r\nhalf\r\n"));
  }
}

TEST_F(ServerStream, HandlerLearnsThatThePeerClosed) {
  ServerUnderTest under_test(stream);
  RawClient client(under_test.port());
  client.send(kGet);
  client.read_until("begin\n");
  client.close();
  EXPECT_TRUE(eventually([] { return gone == 1; }));
  EXPECT_TRUE(eventually([&] { return under_test.server->connections() == 0; }));
}

TEST_F(ServerStream, WaitForThePeerEndsAtItsTime) {
  ServerUnderTest under_test(ticks);
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), EndsWith("5\r\ntick\n\r\n5\r\ntick\n\r\n5\r\ntick\n\r\n0\r\n\r\n"));
}

TEST_F(ServerStream, InterruptEndsTheWaitAtOnce) {
  ServerUnderTest under_test(interrupter);
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), EndsWith("woken"));
}

TEST_F(ServerStream, RequestSentDuringAStreamIsServedAfterIt) {
  ServerUnderTest under_test(ticks);
  RawClient client(under_test.port());
  client.send(kGet);
  client.read_until("tick\n");
  client.send(kGet);
  EXPECT_THAT(client.read_until("0\r\n\r\n"), EndsWith("0\r\n\r\n"));
  EXPECT_THAT(client.read_until("0\r\n\r\n"), StartsWith("HTTP/1.1 200 OK"));
}

TEST_F(ServerStream, ManyIdleStreamsEndWhenTheServerDrains) {
  constexpr int kStreams = 500;
  ServerConfig config;
  config.limits.draining_idle_timeout = 100ms;
  ServerUnderTest under_test(stream, config, 2);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < kStreams; ++i) {
    clients.push_back(std::make_unique<RawClient>(under_test.port()));
    clients.back()->send(kGet);
  }
  EXPECT_TRUE(eventually([] { return waiting == kStreams; }));
  under_test.server->drain();
  for (auto& client : clients) EXPECT_THAT(client->read_to_end(), EndsWith("4\r\nend\n\r\n0\r\n\r\n"));
}

TEST_F(ServerStream, CloseCutsWhatIsLeft) {
  ServerUnderTest under_test(stream);
  RawClient client(under_test.port());
  client.send(kGet);
  client.read_until("begin\n");
  EXPECT_TRUE(eventually([] { return waiting == 1; }));
  under_test.server->close();
  EXPECT_EQ(client.read_to_end(), "\r\n");
  EXPECT_TRUE(eventually([&] { return under_test.server->connections() == 0; }));
}

}  // namespace
}  // namespace http::test
