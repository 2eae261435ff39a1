// Calls that are given up at the end of a drain.
#include "gateway/responder.hpp"

#include "listening_fixture.hpp"

namespace {

using testing::HasSubstr;
using testing::Not;

class GivenUp : public gateway_test::ListeningTest {
 protected:
  static constexpr std::string_view kCall =
      R"({"jsonrpc":"2.0","id":"c-5","method":"tools/call","params":{"name":"echo","_meta":{"progressToken":"t"}}})";

  // The vendor takes calls and answers none before release().
  void hold() {
    channels_.vendors["open"].dawdle = [this](base::SteadyTime deadline) { return wait_for_release(deadline); };
  }
  void release() { released_.notify_all(); }
  gateway_test::Stream call(std::vector<std::pair<std::string, std::string>> headers = {}) {
    return open_stream(request(http::Method::post, "/v1/open/mcp", std::string(kCall), std::move(headers)));
  }
  void give_up(std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    on_thread(endpoint_->give_up_calls(std::chrono::steady_clock::now() + patience));
  }

 private:
  base::Task<void> wait_for_release(base::SteadyTime deadline) { co_await released_.prepare().wait(deadline); }

  base::Notifier released_;
};

TEST_F(GivenUp, ACallIsAnsweredWithAnErrorAndTheVendorsAnswerIsDropped) {
  hold();
  auto held = call();
  ASSERT_TRUE(wait_until([&] { return !channels_.seen().empty(); }));
  give_up();
  EXPECT_TRUE(held->is_finished());
  EXPECT_EQ(held->answer().status, 200);
  const auto told = held->text();
  EXPECT_THAT(told, HasSubstr(R"("id":"c-5","error":{"code":)"));
  EXPECT_THAT(told, HasSubstr("The gateway is being restarted"));
  release();
  held.wait();
  EXPECT_EQ(held->text(), told);
}

TEST_F(GivenUp, AStreamEndsWithTheError) {
  channels_.vendors["open"].answer = [](const fake::SeenRequest&) -> std::vector<fake::Step> {
    return {std::string(R"({"jsonrpc":"2.0","id":"ask-1","method":"elicitation/create","params":{"message":"?"}})"),
            std::string(fake::kUntilAnswered), std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[]}})")};
  };
  const auto session = open_session("/v1/open/mcp", "2025-11-25", R"({"elicitation":{}})");
  auto asking = call({{"Mcp-Session-Id", session}});
  ASSERT_TRUE(asking->wait_for("elicitation/create"));
  give_up();
  EXPECT_TRUE(asking->is_finished());
  EXPECT_THAT(asking->text(), HasSubstr("The gateway is being restarted"));
  post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":1,"result":{"action":"accept"}})", {{"Mcp-Session-Id", session}});
  asking.wait();
  EXPECT_THAT(asking->text(), Not(HasSubstr(R"("result")")));
}

TEST_F(GivenUp, AClientThatTakesNothingDoesNotHoldUpTheStop) {
  hold();
  auto held = call();
  ASSERT_TRUE(wait_until([&] { return !channels_.seen().empty(); }));
  held->stall();
  give_up(std::chrono::milliseconds(50));
  release();
  held.wait();
}

}  // namespace
