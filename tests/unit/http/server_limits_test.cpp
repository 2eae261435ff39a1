#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fixture.hpp"

namespace http::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

ServerConfig small_limits() {
  ServerConfig config;
  config.limits.head_bytes = 512;
  config.limits.header_count = 10;
  config.limits.body_bytes = 1000;
  config.limits.head_timeout = 100ms;
  config.limits.body_timeout = 100ms;
  config.limits.idle_timeout = 200ms;
  config.limits.write_timeout = 100ms;
  return config;
}

base::Task<void> endless(Exchange& exchange) {
  const std::string block(64 << 10, 'x');
  const std::string_view pieces[] = {block};
  auto sent = co_await exchange.start(Response::text(200, ""));
  while (sent) sent = co_await exchange.write(pieces);
  EXPECT_EQ(sent.error().kind, base::Kind::cancelled);
}

TEST(ServerLimits, HeadTooLargeIs431) {
  ServerUnderTest under_test(echo, small_limits());
  EXPECT_THAT(
      RawClient::exchange(under_test.port(), "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(600, 'a') + "\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 431 "), HasSubstr("Connection: close"), EndsWith("http.head_too_large\"}")));
}

TEST(ServerLimits, BodyTooLargeIs413AlsoForWhoKeepsSending) {
  ServerUnderTest under_test(echo, small_limits());
  const std::string body(5 << 20, 'b');
  for (const auto& text : {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5242880\r\n\r\n" + body,
                           "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n500000\r\n" + body}) {
    EXPECT_THAT(RawClient::exchange(under_test.port(), text), StartsWith("HTTP/1.1 413 "));
  }
}

TEST(ServerLimits, SlowHeadIs408EvenWhenBytesTrickle) {
  ServerUnderTest under_test(echo, small_limits());
  RawClient client(under_test.port());
  const auto start = steady_clock::now();
  client.send("GET / HTTP/1.1\r\nHost: x\r\n");
  std::thread trickle([&] {
    for (int i = 0; i < 20; ++i) {
      client.send("A");
      std::this_thread::sleep_for(20ms);
    }
  });
  EXPECT_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 "));
  EXPECT_LT(steady_clock::now() - start, 5s);
  trickle.join();
}

TEST(ServerLimits, SlowBodyIs408) {
  ServerUnderTest under_test(echo, small_limits());
  EXPECT_THAT(RawClient::exchange(under_test.port(), "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na"),
              StartsWith("HTTP/1.1 408 "));
}

TEST(ServerLimits, IdleConnectionIsClosedWithoutAWord) {
  ServerUnderTest under_test(echo, small_limits());
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.is_closed());
}

TEST(ServerLimits, IdleTimeoutLongerThanTheBuffersLiveStillServes) {
  ServerConfig config;
  ServerUnderTest under_test(echo, config);
  RawClient client(under_test.port());
  for (int i = 0; i < 2; ++i) {
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab");
    EXPECT_THAT(client.read_answer(), EndsWith("POST / ab"));
    if (i == 0) std::this_thread::sleep_for(1200ms);  // the buffers go after a second; no event tells when
  }
}

TEST(ServerLimits, ReaderThatTakesNothingIsCut) {
  ServerUnderTest under_test(endless, small_limits());
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_TRUE(eventually([&] { return under_test.server->connections() == 1; }));
  EXPECT_TRUE(eventually([&] { return under_test.server->connections() == 0; }));
}

TEST(ServerLimits, OneConnectionTooManyIsToldSo) {
  auto config = ServerConfig();
  config.limits.connections = 2;
  ServerUnderTest under_test(echo, config);
  RawClient first(under_test.port());
  RawClient second(under_test.port());
  first.send(kGet);
  second.send(kGet);
  (void)first.read_answer();
  (void)second.read_answer();
  RawClient third(under_test.port());
  EXPECT_THAT(third.read_to_end(), AllOf(StartsWith("HTTP/1.1 503 "), EndsWith("http.full\"}")));
  first.send(kGet);
  EXPECT_THAT(first.read_answer(), StartsWith("HTTP/1.1 200 "));
}

TEST(ServerLimits, SurvivesRunningOutOfDescriptors) {
  ServerUnderTest under_test;
  RawClient before(under_test.port());
  before.send(kGet);
  EXPECT_THAT(before.read_answer(), StartsWith("HTTP/1.1 200 "));

  // The connection waits in the queue: the client's own descriptor is the last one that the process may have.
  rlimit usual{};
  ::getrlimit(RLIMIT_NOFILE, &usual);
  const int next = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::close(next);
  rlimit tight = usual;
  tight.rlim_cur = static_cast<rlim_t>(next) + 1;
  ::setrlimit(RLIMIT_NOFILE, &tight);
  RawClient waiting(under_test.port());
  waiting.send(kGet);
  before.send(kGet);
  EXPECT_THAT(before.read_answer(), StartsWith("HTTP/1.1 200 "));
  ::setrlimit(RLIMIT_NOFILE, &usual);
  EXPECT_THAT(waiting.read_answer(), StartsWith("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace http::test
