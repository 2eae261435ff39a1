// Requests that go out at once, on a connection that is kept alive.
#include <sys/socket.h>

#include "client_fixture.hpp"
#include "http/detail/client_exchange.hpp"

namespace http::test {
namespace {

using base::Kind;
using namespace std::chrono_literals;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

class TrySend : public ClientTest {
 protected:
  // Of a request that could go out at once.
  base::Task<std::optional<Outcome>> try_fetch(Url url, std::string body, std::chrono::milliseconds patience) {
    auto response = sent(url, body);
    if (!response) co_return std::nullopt;
    Outcome outcome;
    if (auto begun = co_await response->begin(in(patience)); !begun) {
      outcome.error = begun.error();
      co_return outcome;
    }
    outcome.status = response->status();
    const bool at_hand = response->body_at_hand(0).has_value();
    EXPECT_FALSE(at_hand) << "more than was asked for";
    auto body_read = co_await response->read_all(1 << 20, in(patience));
    if (body_read) outcome.body = *body_read;
    co_return outcome;
  }
  std::optional<Outcome> try_post(const ScriptedPeer& peer, std::string body = "hello",
                                  std::chrono::milliseconds patience = 5s) {
    return fake::run(context, try_fetch(url_of(peer.port()), std::move(body), patience));
  }

 private:
  // Nothing but the URL has to live on.
  std::optional<ClientResponse> sent(const Url& url, const std::string& body) {
    const std::string lines = "X-Name: a\r\n";
    const std::string_view all_lines[] = {lines};
    const std::string_view pieces[] = {body};
    return client.try_send({.method = Method::post, .url = &url, .field_lines = all_lines, .body = pieces});
  }
};

TEST_F(TrySend, NeedsAConnectionThatIsKeptAlive) {
  ScriptedPeer peer({{kOk}, {kOk}, {kOk}});
  EXPECT_FALSE(try_post(peer));
  EXPECT_EQ(get(peer).body, "ok");
  for (int i = 0; i < 2; ++i) {
    const auto outcome = try_post(peer);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->status, 200);
    EXPECT_EQ(outcome->body, "ok");
  }
  EXPECT_EQ(peer.connections(), 1U);
}

TEST_F(TrySend, SendsWhatSendSends) {
  ServerUnderTest server;
  EXPECT_EQ(get(url_of(server.port())).body, "GET /x ");
  const auto outcome = fake::run(context, try_fetch(url_of(server.port()), "hello", 5s));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->body, "POST /x hello");
}

TEST_F(TrySend, LeavesLargeRequestsToSend) {
  ScriptedPeer peer({{kOk}, {kOk}});
  EXPECT_EQ(get(peer).body, "ok");
  EXPECT_FALSE(try_post(peer, std::string(1 << 20, 'x')));
}

TEST_F(TrySend, ConnectionClosedInTheFaceOfARequestIsTriedOnceMore) {
  ScriptedPeer peer({{kOk}, {}}, ScriptedPeer::Then::close);
  EXPECT_EQ(get(peer).body, "ok");
  const auto outcome = try_post(peer);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->body, "ok");
  EXPECT_EQ(peer.connections(), 2U);
  EXPECT_EQ(peer.requests(), 3U);
}

TEST_F(TrySend, AnswerCutAfterItsFirstByteIsNotTriedAgain) {
  ScriptedPeer peer({{kOk}, {"H"}}, ScriptedPeer::Then::close);
  EXPECT_EQ(get(peer).body, "ok");
  EXPECT_EQ(try_post(peer)->error->kind, Kind::vendor_invalid);
  EXPECT_EQ(peer.requests(), 2U);
}

TEST_F(TrySend, SilenceIsATimeoutAtTheDeadline) {
  ScriptedPeer peer({{kOk}, {}});
  EXPECT_EQ(get(peer).body, "ok");
  const auto outcome = try_post(peer, "hello", 30ms);
  EXPECT_EQ(outcome->error->kind, Kind::vendor_timeout);
  EXPECT_EQ(client.connection_count().total(), 0U);
}

TEST_F(TrySend, InterimAnswersArePassedOver) {
  ScriptedPeer peer({{kOk}, {"HTTP/1.1 103 Early Hints\r\n\r\n", kOk}});
  EXPECT_EQ(get(peer).body, "ok");
  EXPECT_EQ(try_post(peer)->body, "ok");
}

// A connection that takes little at once.
class NarrowSocket {
 public:
  NarrowSocket() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends_), 0);
    const int bytes = 1;  // the least that there can be
    ::setsockopt(ends_[0], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
  }
  ~NarrowSocket() {
    if (ends_[1] >= 0) close_other_end();
  }
  NarrowSocket(const NarrowSocket&) = delete;
  NarrowSocket& operator=(const NarrowSocket&) = delete;

  [[nodiscard]] int ours() const { return ends_[0]; }  // closed by whoever adopts it
  void close_other_end() { ::close(std::exchange(ends_[1], -1)); }
  // What was sent since the last time.
  std::string take() const {
    std::string all(1 << 16, '\0');
    const auto size = ::recv(ends_[1], all.data(), all.size(), 0);
    all.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return all;
  }
  void answer(std::string_view text) const {
    EXPECT_EQ(::send(ends_[1], text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
  }

 private:
  int ends_[2] = {-1, -1};
};

base::Task<Pool::Lease> lease_of(const std::shared_ptr<Pool>& pool, const Url& url, const NarrowSocket& socket) {
  auto lease = co_await pool->acquire(url.origin, Addresses::any, Pool::Prefer::kept_alive, in(5s));
  EXPECT_FALSE(lease->open().adopt(socket.ours()));
  co_return *std::move(lease);
}

struct Sent {
  int writes = 0;
  std::string text = {};
  int status = 0;
};

base::Task<Sent> send_through(NarrowSocket& socket, Url url, std::string body) {
  const auto pool = std::make_shared<Pool>(co_await boost::asio::this_coro::executor, ClientLimits{});
  ClientExchange exchange(co_await lease_of(pool, url, socket), 1 << 16, Method::post);
  const std::string_view pieces[] = {body};
  exchange.send_now({.method = Method::post, .url = &url, .body = pieces});
  Sent sent;
  while (true) {
    const auto part = socket.take();
    sent.text += part;
    sent.writes += part.empty() ? 0 : 1;
    if (sent.text.ends_with(body)) socket.answer(kOk);
    if (const auto head = exchange.head_at_hand()) break;
    if (!exchange.go_on_with_head(co_await exchange.wait_for_head(in(5s)))) break;
  }
  sent.status = exchange.parser().status();
  co_return sent;
}

TEST_F(TrySend, WhatIsNotTakenAtOnceGoesOutLater) {
  NarrowSocket socket;
  const auto body = std::string(13'000, 'x') + "end";
  const auto sent = fake::run(context, send_through(socket, url_of(1), body));
  EXPECT_GT(sent.writes, 1) << "it was no test: everything went out at once";
  EXPECT_EQ(sent.status, 200);
  EXPECT_TRUE(sent.text.starts_with("POST /x HTTP/1.1\r\n"));
  EXPECT_EQ(sent.text.substr(sent.text.find("\r\n\r\n") + 4), body);
}

// Whether each of two tries on connections that the peer closes asks for a further one.
base::Task<std::vector<bool>> try_twice(NarrowSocket& first, NarrowSocket& second, Url url) {
  const auto pool = std::make_shared<Pool>(co_await boost::asio::this_coro::executor, ClientLimits{});
  ClientExchange exchange(co_await lease_of(pool, url, first), 1 << 16, Method::post);
  exchange.send_now({.method = Method::post, .url = &url});
  std::vector<bool> stale;
  for (auto* socket : {&first, &second}) {
    if (socket == &second) exchange.send_again(co_await lease_of(pool, url, second));
    EXPECT_TRUE(socket->take().starts_with("POST /x"));
    socket->close_other_end();
    EXPECT_FALSE(exchange.head_at_hand());
    EXPECT_FALSE(exchange.go_on_with_head(co_await exchange.wait_for_head(in(5s))));
    stale.push_back(exchange.found_stale());
  }
  co_return stale;
}

TEST_F(TrySend, SendsNoThirdTime) {
  NarrowSocket first;
  NarrowSocket second;
  EXPECT_EQ(fake::run(context, try_twice(first, second, url_of(1))), (std::vector{true, false}));
}

}  // namespace
}  // namespace http::test
