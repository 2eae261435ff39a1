#include <atomic>

#include "fixture.hpp"

namespace http::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

std::atomic<bool> entered{false};
std::atomic<bool> may_answer{false};

base::Task<void> waits(Exchange& exchange) {
  entered = true;
  base::Timer timer(co_await boost::asio::this_coro::executor);
  while (!may_answer) {
    timer.expires_after(std::chrono::milliseconds(1));
    co_await timer.async_wait(base::use_task);
  }
  (void)co_await exchange.respond(Response::text(200, "done"));
}

class ServerDrain : public testing::Test {
 protected:
  void SetUp() override { entered = may_answer = false; }
};

TEST_F(ServerDrain, RequestUnderWayIsAnsweredAndItsConnectionClosed) {
  ServerUnderTest under_test(waits);
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_TRUE(eventually([] { return entered.load(); }));
  under_test.server->drain();
  EXPECT_TRUE(under_test.server->draining());
  may_answer = true;
  EXPECT_THAT(client.read_to_end(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("done")));
}

TEST_F(ServerDrain, IdleConnectionIsAnsweredOnceMore) {
  ServerUnderTest under_test;
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), Not(HasSubstr("Connection: close")));
  under_test.server->drain();
  client.send(kGet);
  EXPECT_THAT(client.read_to_end(), AllOf(HasSubstr("Connection: close\r\n"), EndsWith("GET /a?b=c ")));
}

TEST_F(ServerDrain, IdleConnectionThatStaysIdleIsClosedSoon) {
  ServerConfig config;
  config.limits.draining_idle_timeout = std::chrono::milliseconds(20);
  ServerUnderTest under_test(echo, config);
  RawClient client(under_test.port());
  client.send(kGet);
  (void)client.read_answer();
  under_test.server->drain();
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(ServerDrain, NobodyIsAcceptedAnyMore) {
  ServerUnderTest under_test;
  under_test.server->drain();
  const auto port = under_test.port();
  EXPECT_TRUE(eventually([port] {
    try {
      RawClient client(port);
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
}

TEST_F(ServerDrain, DestructionCutsHandlersThatStillWait) {
  std::unique_ptr<RawClient> client;
  {
    ServerUnderTest under_test(waits);
    client = std::make_unique<RawClient>(under_test.port());
    client->send(kGet);
    EXPECT_TRUE(eventually([] { return entered.load(); }));
  }
  EXPECT_EQ(client->read_to_end(), "");
}

TEST_F(ServerDrain, DestructionAfterTheThreadsStoppedDoesNotHang) {
  ServerUnderTest under_test(waits);
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_TRUE(eventually([] { return entered.load(); }));
  under_test.threads.stop();
}

}  // namespace
}  // namespace http::test
