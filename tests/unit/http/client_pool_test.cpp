#include "base/task_group.hpp"
#include "client_fixture.hpp"

namespace http::test {
namespace {

using base::Kind;
using namespace std::chrono_literals;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST_F(ClientTest, UsesAConnectionAgain) {
  ScriptedPeer peer({{kOk}, {kOk}, {kOk}});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(peer).body, "ok");
  EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(ClientTest, ConnectionClosedByThePeerMeanwhileIsReplacedQuietly) {
  ScriptedPeer peer({{kOk}}, ScriptedPeer::Then::close);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(peer).body, "ok");
  EXPECT_EQ(peer.connections(), 3U);
}

TEST_F(ClientTest, ConnectionClosedInTheFaceOfARequestIsTriedOnceMore) {
  // The second request is read, and answered by closing: only a new connection answers it.
  ScriptedPeer peer({{kOk}, {}}, ScriptedPeer::Then::close);
  EXPECT_EQ(get(peer).body, "ok");
  EXPECT_EQ(get(peer).body, "ok");
  EXPECT_EQ(peer.connections(), 2U);
  EXPECT_EQ(peer.requests(), 3U);
}

TEST_F(ClientTest, AnswerCutAfterItsFirstByteIsNotTriedAgain) {
  ScriptedPeer peer({{kOk}, {"H"}}, ScriptedPeer::Then::close);
  EXPECT_EQ(get(peer).body, "ok");
  EXPECT_EQ(get(peer).error->kind, Kind::vendor_invalid);
  EXPECT_EQ(peer.requests(), 2U);
}

TEST_F(ClientTest, NewConnectionThatIsClosedIsNotTriedAgain) {
  ScriptedPeer peer({{}}, ScriptedPeer::Then::close);
  EXPECT_EQ(get(peer).error->kind, Kind::vendor_down);
  EXPECT_EQ(peer.requests(), 1U);
}

class ShortIdleTest : public ClientTest {
 protected:
  ShortIdleTest() : ClientTest(ClientLimits{.idle_timeout = 20ms}) {}
};

base::Task<void> pause(std::chrono::milliseconds time) {
  base::Timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_after(time);
  co_await timer.async_wait(base::use_task);
}

base::Task<void> until_closed(const Client& client) {
  while (client.connection_count().total() > 0) co_await pause(1ms);
}

TEST_F(ShortIdleTest, IdleConnectionIsClosedAfterItsTime) {
  ScriptedPeer peer({{kOk}, {kOk}});
  EXPECT_EQ(get(peer).body, "ok");
  EXPECT_EQ(client.connection_count().total(), 1U);
  fake::run(context, until_closed(client));
  EXPECT_EQ(get(peer).body, "ok");
  EXPECT_EQ(peer.connections(), 2U);
}

base::Task<void> keep_the_answer_longer(Url url) {
  std::optional<Client> short_lived(std::in_place, co_await boost::asio::this_coro::executor, ClientLimits());
  ClientRequest request;
  request.url = &url;
  request.deadline = in(10s);
  auto response = co_await short_lived->send(request);
  EXPECT_TRUE(response && co_await response->read_all(1'000, in(10s)));
  EXPECT_EQ(short_lived->connection_count().idle, 1U);
  short_lived.reset();
}

TEST_F(ClientTest, AnswerMayOutliveItsClient) {
  ScriptedPeer peer({{kOk}});
  fake::run(context, keep_the_answer_longer(url_of(peer.port())));
}

class TwoConnectionsTest : public ClientTest {
 protected:
  TwoConnectionsTest() : ClientTest(ClientLimits{.connections_per_origin = 2, .idle_per_origin = 1}) {}
};

base::Task<void> fetch_into(Client& client, Url url, ClientRequest request, std::vector<Outcome>& outcomes) {
  outcomes.push_back(co_await fetch(client, std::move(url), request));
}

base::Task<void> fetch_at_once(Client& client, Url url, int count, std::vector<Outcome>& outcomes) {
  base::TaskGroup group(co_await boost::asio::this_coro::executor);
  for (int i = 0; i < count; ++i) group.spawn("fetch", fetch_into(client, url, {}, outcomes));
  EXPECT_LE(client.connection_count().total(), 2U);
  co_await group.join();
}

TEST_F(TwoConnectionsTest, MoreRequestsThanConnectionsWaitTheirTurn) {
  ServerUnderTest server;
  std::vector<Outcome> outcomes;
  fake::run(context, fetch_at_once(client, url_of(server.port()), 20, outcomes));
  ASSERT_EQ(outcomes.size(), 20U);
  for (const auto& outcome : outcomes) EXPECT_EQ(outcome.body, "GET /x ");
  EXPECT_EQ(client.connection_count().total(), 1U);  // idle_per_origin
}

base::Task<void> fetch_behind_busy_ones(Client& client, const ScriptedPeer& peer, std::vector<Outcome>& outcomes) {
  base::TaskGroup group(co_await boost::asio::this_coro::executor);
  const auto url = url_of(peer.port());
  std::vector<Outcome> ignored;
  for (int i = 0; i < 2; ++i) group.spawn("busy", fetch_into(client, url, {}, ignored));
  while (peer.requests() < 2) co_await pause(1ms);

  ClientRequest hurried;
  hurried.deadline = in(30ms);
  outcomes.push_back(co_await fetch(client, url, hurried));
  co_await group.close();
}

TEST_F(TwoConnectionsTest, WaitForAConnectionEndsAtTheDeadline) {
  ScriptedPeer peer({{}});
  std::vector<Outcome> outcomes;
  fake::run(context, fetch_behind_busy_ones(client, peer, outcomes));
  EXPECT_EQ(outcomes.at(0).error->kind, Kind::vendor_timeout);
  EXPECT_THAT(outcomes.at(0).error->message, testing::HasSubstr("all 2 connections are busy"));
  EXPECT_EQ(client.connection_count().total(), 0U);
}

base::Task<void> drop_response(Client& client, Url url) {
  ClientRequest request;
  request.url = &url;
  request.deadline = in(5s);
  const auto response = co_await client.send(request);
  EXPECT_TRUE(response);
  EXPECT_EQ(client.connection_count().total(), 1U);
}

TEST_F(ClientTest, ResponseDroppedBeforeItsEndClosesTheConnection) {
  ScriptedPeer peer({{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"}});
  fake::run(context, drop_response(client, url_of(peer.port())));
  EXPECT_EQ(client.connection_count().total(), 0U);
}

TEST_F(ClientTest, ResponseMayOutliveItsClient) {
  ScriptedPeer peer({{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab"}});
  auto url = url_of(peer.port());
  auto short_lived = std::make_unique<Client>(context.get_executor(), ClientLimits{});
  ClientRequest request;
  request.url = &url;
  request.deadline = in(5s);
  const auto response = fake::run(context, short_lived->send(request));
  short_lived.reset();
  EXPECT_EQ(response->status(), 200);
}

}  // namespace
}  // namespace http::test
