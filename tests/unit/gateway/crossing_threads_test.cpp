// What the I/O threads share, used by all of them at once: sessions, streams, listenings, parked calls, the catalogue.
// These tests say most under ThreadSanitizer (./test tsan gateway).
#include <set>

#include "base/spawn.hpp"
#include "fake/handled.hpp"
#include "listening_fixture.hpp"

namespace {

using gateway_test::list_changed;
using gateway_test::resource_updated;
using gateway_test::Stream;
using testing::HasSubstr;

constexpr std::size_t kThreads = 3;
constexpr int kRounds = 60;

class CrossingThreads : public gateway_test::ListeningTest {
 protected:
  CrossingThreads() : ListeningTest(kThreads) {}

  // Requests go to the threads in turn; their answers are awaited together.
  void send(http::Request r) {
    under_way_.push_back(base::spawn(threads_.executor(sent_++ % kThreads), answer_of(*endpoint_, std::move(r)),
                                     boost::asio::use_future));
  }
  std::vector<http::Response> answers() {
    std::vector<http::Response> out;
    for (auto& answer : std::exchange(under_way_, {})) out.push_back(answer.get());
    return out;
  }
  http::Response answer(http::Request r) {
    send(std::move(r));
    return answers().front();
  }

  http::Request legacy(const std::string& path, const std::string& session, const std::string& message) {
    return request(http::Method::post, path, message, {{"Mcp-Session-Id", session}});
  }
  http::Request modern(const std::string& method, const std::string& name, const std::string& params) {
    const std::string meta =
        R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}})";
    auto r = request(http::Method::post, "/v1/open/mcp",
                     R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":{)" + params + meta + "}}",
                     {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", method}});
    if (!name.empty()) r.headers.set("Mcp-Name", name);
    return r;
  }
  Stream listen(const std::string& session, std::size_t thread) {
    return open_stream(
        request(http::Method::get, "/v1/mcp", {}, {{"Accept", "text/event-stream"}, {"Mcp-Session-Id", session}}),
        thread);
  }

  base::Notifier released_;
  static base::Task<void> wait_for_release(base::Notifier& released, base::SteadyTime deadline) {
    co_await released.prepare().wait(deadline);
  }

 private:
  static base::Task<http::Response> answer_of(gateway::Endpoint& endpoint, http::Request r) {
    fake::FakeExchange exchange(std::move(r));
    co_await fake::handled(endpoint, exchange);
    co_return exchange.answer;
  }

  std::size_t sent_ = 0;
  std::vector<std::future<http::Response>> under_way_;
};

std::string call_of(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":"open__echo","_meta":{"progressToken":"t"}}})";
}
std::string subscription(const std::string& method, int number) {
  return R"({"jsonrpc":"2.0","id":5,"method":"resources/)" + method + R"(","params":{"uri":"open+a:)" +
         std::to_string(number) + R"("}})";
}

TEST_F(CrossingThreads, OneSessionIsUsedEverywhereWhileItsVendorsAndKeysChange) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
    if (seen.method != "tools/call") return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[]}})")};
    return {std::string(
                R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":$ID,"progress":1}})"),
            std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[]}})")};
  };
  const auto session = open_session();
  auto stream = listen(session, 1);
  ASSERT_TRUE(stream->wait_for("retry:"));
  for (int i = 0; i < kRounds; ++i) {
    send(legacy("/v1/mcp", session, call_of(i)));
    send(legacy("/v1/mcp", session, R"({"jsonrpc":"2.0","id":"list","method":"tools/list"})"));
    if (i % 10 == 0) save_key();
    if (i % 10 == 3) vendor_says(list_changed("tools"));
    if (i % 10 == 6) vendor_forgets("open");
  }
  std::set<std::string> bodies;
  for (const auto& answer : answers()) {
    EXPECT_THAT(answer.body, HasSubstr(R"("result":)"));
    bodies.insert(answer.body.substr(answer.body.rfind(R"("id":)")));
  }
  EXPECT_GE(bodies.size(), static_cast<std::size_t>(kRounds));
  EXPECT_TRUE(stream->wait_for("notifications/tools/list_changed"));
}

TEST_F(CrossingThreads, OneSessionFollowsResourcesEverywhere) {
  const auto session = open_session();
  auto stream = listen(session, 2);
  ASSERT_TRUE(stream->wait_for("retry:"));
  for (int i = 0; i < kRounds; ++i) {
    send(legacy("/v1/mcp", session, subscription("subscribe", i)));
    if (i % 10 == 5) vendor_forgets("open");
    if (i % 10 == 8) vendor_says(resource_updated("a:1"));
  }
  for (const auto& answer : answers()) EXPECT_THAT(answer.body, HasSubstr(R"("result":)"));
  vendor_says(resource_updated("a:" + std::to_string(kRounds - 1)));
  EXPECT_TRUE(stream->wait_for("open+a:" + std::to_string(kRounds - 1)));
  for (int i = 0; i < kRounds; ++i) send(legacy("/v1/mcp", session, subscription("unsubscribe", i)));
  for (const auto& answer : answers()) EXPECT_THAT(answer.body, HasSubstr(R"("result":)"));
}

TEST_F(CrossingThreads, ListeningsOfAllThreadsHearTheSameVendor) {
  const std::string filter = R"("notifications":{"toolsListChanged":true,"resourceSubscriptions":["a:1","a:2"]},)";
  std::vector<Stream> streams;
  for (std::size_t i = 0; i < 4 * kThreads; ++i) {
    streams.push_back(open_stream(modern("subscriptions/listen", "", filter), i % kThreads));
  }
  for (auto& stream : streams) ASSERT_TRUE(stream->wait_for("acknowledged"));
  vendor_forgets("open");
  vendor_says(resource_updated("a:1"));
  for (std::size_t i = 0; i < kThreads; ++i) streams.at(i).leave();
  ASSERT_TRUE(wait_until([&] { return channels_.open_channels("open") > 0; }));
  // A vendor that is subscribed to again after it forgot is not heard at once.
  for (auto& stream : std::span(streams).subspan(kThreads)) {
    ASSERT_TRUE(wait_until([&] {
      vendor_says(resource_updated("a:2"));
      return stream->text().contains(R"("uri":"a:2")");
    }));
  }
  ASSERT_TRUE(on_thread(endpoint_->end_of_grant("grant-of-alice"), 1));
}

TEST_F(CrossingThreads, AParkedCallIsTakenUpOnAnotherThread) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
    const std::string result = R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":"done"}]}})";
    if (seen.name != "ask") return {result};
    return {std::string(R"({"jsonrpc":"2.0","id":"ask-1","method":"elicitation/create","params":{"message":"?"}})"),
            std::string(fake::kUntilAnswered), result};
  };
  for (int i = 0; i < kRounds / 4; ++i) {
    const auto asked = answer(modern("tools/call", "ask", R"("name":"ask",)"));
    const auto object = json::parse_object(asked.body);
    ASSERT_TRUE(object) << asked.body;
    const std::string state(json::text_at(object->at("result").get_object(), "requestState"));
    for (int other = 0; other < 4; ++other) send(modern("tools/call", "echo", R"("name":"echo",)"));
    send(modern("tools/call", "ask",
                R"("name":"ask","inputResponses":{"input-1":{"action":"accept","content":{}}},"requestState":)" +
                    json::quote(state) + ","));
    for (const auto& done : answers()) EXPECT_THAT(done.body, HasSubstr("done"));
  }
}

TEST_F(CrossingThreads, CallsOfAllThreadsAreGivenUp) {
  channels_.vendors["open"].dawdle = [this](base::SteadyTime deadline) {
    return wait_for_release(released_, deadline);
  };
  std::vector<Stream> calls;
  for (std::size_t i = 0; i < 2 * kThreads; ++i) {
    calls.push_back(open_stream(modern("tools/call", "echo", R"("name":"echo",)"), i % kThreads));
  }
  ASSERT_TRUE(wait_until([&] { return channels_.seen().size() == calls.size(); }));
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  for (std::size_t i = 0; i < kThreads; ++i) on_thread(endpoint_->give_up_calls(until), i);
  for (auto& call : calls) EXPECT_THAT(call->text(), HasSubstr("The gateway is being restarted"));
  released_.notify_all();
}

}  // namespace
