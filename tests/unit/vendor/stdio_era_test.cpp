// What is found out of a vendor process, with which questions, and how one of the modern era is spoken with.
#include <filesystem>
#include <fstream>

#include "stdio_fixture.hpp"

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;
using vendor::Protocol;
using vendor_test::eventually;

class StdioEra : public vendor_test::StdioTest {
 protected:
  std::shared_ptr<vendor::Channel> opened(std::vector<std::string> options, Protocol protocol = Protocol::automatic) {
    auto definition = python(std::move(options));
    definition->protocol = protocol;
    auto channel = open(definition);
    EXPECT_TRUE(channel) << channel.error().message;
    return channel ? *channel : nullptr;
  }
  std::string refusal(std::vector<std::string> options, Protocol protocol) {
    auto definition = python(std::move(options));
    definition->protocol = protocol;
    const auto channel = open(definition);
    return channel ? "opened" : channel.error().message;
  }
  // The methods that the process was sent, without the one that asks.
  std::string heard(const std::shared_ptr<vendor::Channel>& channel) {
    const auto answer = tool(channel, "heard").last();
    const std::string begin = R"("text": ")";
    const auto at = answer.find(begin) + begin.size();
    const auto text = answer.substr(at, answer.find('"', at) - at);
    return text.substr(0, text.rfind(" tools/call"));
  }
  bool ends(const std::shared_ptr<vendor::Channel>& channel) {
    channel->close();
    return eventually([&] { return channels().processes() == 0; });
  }
  std::shared_ptr<vendor_test::HearingListener> listening(const std::shared_ptr<vendor::Channel>& channel) {
    auto listener = std::make_shared<vendor_test::HearingListener>();
    listen(channel, listener, {.tools = true, .prompts = true, .resources = true});
    return listener;
  }
  // Waits until the process knows so many subscriptions.
  bool subscribed(const std::shared_ptr<vendor::Channel>& channel, std::size_t count) {
    return eventually([&] {
      const auto methods = heard(channel);
      std::size_t found = 0;
      for (auto at = methods.find("subscriptions/listen"); at != std::string::npos;
           at = methods.find("subscriptions/listen", at + 1)) {
        ++found;
      }
      return found == count;
    });
  }
};

TEST_F(StdioEra, AModernProcessIsDiscoveredAndCalled) {
  const auto channel = opened({"modern"});
  EXPECT_EQ(channel->era(), mcp::Era::modern);
  EXPECT_EQ(channel->protocol_version(), "2026-07-28");
  EXPECT_THAT(channel->opening_result(), HasSubstr("supportedVersions"));
  EXPECT_FALSE(channel->stateful());
  EXPECT_THAT(tool(channel, "echo", R"({"text":"modern pipes"})").last(), HasSubstr("modern pipes"));
  EXPECT_EQ(heard(channel), "server/discover tools/call");
}

TEST_F(StdioEra, ALegacyProcessIsProbedOnceAndNeverAgain) {
  const auto channel = opened({});
  EXPECT_EQ(channel->era(), mcp::Era::legacy);
  EXPECT_EQ(heard(channel), "server/discover initialize notifications/initialized");
  ASSERT_TRUE(ends(channel));
  const auto again = opened({});
  EXPECT_EQ(heard(again), "initialize notifications/initialized");
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
}

TEST_F(StdioEra, AProcessThatIsSilentToTheProbeIsInitialized) {
  config_.stdio.probe_timeout = 200ms;
  const auto channel = opened({"reserved"});
  EXPECT_EQ(channel->era(), mcp::Era::legacy);
  EXPECT_EQ(heard(channel), "server/discover initialize notifications/initialized");
}

TEST_F(StdioEra, AProcessThatDiesOfTheProbeIsStartedAgainAtOnceAndSparedFromThenOn) {
  config_.stdio.restart.first_delay = 30s;
  const auto channel = opened({"fragile"});
  EXPECT_EQ(channel->era(), mcp::Era::legacy);
  EXPECT_EQ(heard(channel), "initialize notifications/initialized");
  ASSERT_TRUE(ends(channel));
  EXPECT_EQ(heard(opened({"fragile"})), "initialize notifications/initialized");
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
}

TEST_F(StdioEra, AModernProcessThatIsSlowToStartIsKnownByItsAnswerToInitialize) {
  config_.stdio.probe_timeout = 100ms;
  const auto channel = opened({"modern", "slow-discover", "1"});
  EXPECT_EQ(channel->era(), mcp::Era::modern);
  EXPECT_EQ(heard(channel), "server/discover initialize");
}

TEST_F(StdioEra, ARememberedEraThatFitsNoMoreIsFoundOutOnTheSameProcess) {
  // One command that is modern as soon as a file says so.
  const auto flag = testing::TempDir() + "modern-" + std::to_string(::getpid());
  const auto script = fake::source_tree() + "/tests/unit/vendor/data/stdio_vendor.py";
  auto definition = python();
  definition->stdio->command = "sh";
  definition->stdio->arguments = {"-c", "exec python3 " + script + " $(cat " + flag + " 2>/dev/null)"};
  const auto legacy = open(definition);
  ASSERT_TRUE(legacy) << legacy.error().message;
  EXPECT_EQ((*legacy)->era(), mcp::Era::legacy);
  ASSERT_TRUE(ends(*legacy));
  std::ofstream(flag) << "modern";
  const auto modern = open(definition);
  ASSERT_TRUE(modern) << modern.error().message;
  EXPECT_EQ((*modern)->era(), mcp::Era::modern);
  EXPECT_EQ(heard(*modern), "initialize server/discover");
  ASSERT_TRUE(ends(*modern));
  std::filesystem::remove(flag);
  const auto again = open(definition);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ((*again)->era(), mcp::Era::legacy);
  EXPECT_EQ(heard(*again), "server/discover initialize notifications/initialized");
}

TEST_F(StdioEra, AStatedProtocolIsTheOnlyOneTried) {
  config_.stdio.restart.first_delay = 1ms;
  EXPECT_EQ(heard(opened({"fragile"}, Protocol::legacy)), "initialize notifications/initialized");
  EXPECT_EQ(opened({"modern"}, Protocol::modern)->era(), mcp::Era::modern);
  EXPECT_EQ(refusal({"noise"}, Protocol::modern), "vendor acme does not speak 2026-07-28, as its definition says");
  EXPECT_TRUE(eventually([&] {
    return refusal({"modern", "noise"}, Protocol::legacy).contains("speaks only revisions of MCP without sessions");
  }));
}

TEST_F(StdioEra, AProcessThatRefusesInTheWordsOfTheModernEraIsNotInitialized) {
  auto definition = python();
  definition->stdio->arguments = {
      "-c",
      "import sys,json\n"
      "for line in sys.stdin:\n"
      "  m = json.loads(line)\n"
      "  print(json.dumps({'jsonrpc': '2.0', 'id': m['id'], 'error': {'code': -32022, 'message': 'no ' + m['method'],"
      " 'data': {'supported': ['2099-01-01']}}}), flush=True)\n"};
  const auto channel = open(definition);
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().message, "vendor acme speaks only revisions of MCP that the gateway does not: 2099-01-01");
}

TEST_F(StdioEra, ProgressGoesToTheCallAndRequestsOfAModernProcessNowhere) {
  const auto channel = opened({"modern"});
  const auto listener = listening(channel);
  const auto id = channel->next_id() + 1;
  const auto answer =
      call(channel, "tools/call", R"({"name":"progress","_meta":{"progressToken":)" + std::to_string(id) + "}}");
  EXPECT_THAT(answer.messages, ElementsAre(HasSubstr("notifications/progress"), HasSubstr("after progress")));
  // It asks, and nobody answers: the call waits in vain.
  EXPECT_THAT(tool(channel, "ask", "{}", 300ms).error_text(), StartsWith("vendor_timeout"));
  EXPECT_THAT(heard(channel), Not(HasSubstr("response")));
  EXPECT_TRUE(listener->messages().empty());
}

TEST_F(StdioEra, EachChannelOfAProcessHearsItsOwnSubscription) {
  const auto one = opened({"modern"});
  const auto two = opened({"modern"});
  const auto first = listening(one);
  ASSERT_TRUE(subscribed(one, 1));
  (void)tool(two, "subscribed", R"({"method":"notifications/tools/list_changed"})");
  EXPECT_TRUE(eventually([&] { return first->messages().size() == 1; }));
  EXPECT_THAT(first->messages(), ElementsAre(AllOf(HasSubstr("list_changed"), HasSubstr("subscriptionId"))));

  const auto second = listening(two);
  ASSERT_TRUE(subscribed(one, 2));
  (void)tool(one, "subscribed", R"({"method":"notifications/tools/list_changed"})");
  EXPECT_TRUE(eventually([&] { return first->messages().size() == 2 && second->messages().size() == 1; }));
}

TEST_F(StdioEra, ASubscriptionThatEndedIsAskedForAnewAndTheListenerToldWhatItMayHaveMissed) {
  const auto channel = opened({"modern"});
  const auto listener = listening(channel);
  ASSERT_TRUE(subscribed(channel, 1));
  (void)tool(channel, "unsubscribe");
  EXPECT_TRUE(eventually([&] { return listener->messages().size() == 1; }));
  (void)tool(channel, "unsubscribe", R"({"how":"cancelled"})");
  EXPECT_TRUE(eventually([&] { return listener->messages().size() == 2; }));
  for (const auto& message : listener->messages()) {
    EXPECT_EQ(message, R"({"jsonrpc":"2.0","method":"notifications/tools/list_changed"})");
  }
  EXPECT_TRUE(subscribed(channel, 3));
}

TEST_F(StdioEra, ClosingAChannelEndsItsSubscriptionAndTheProcessLivesOn) {
  const auto one = opened({"modern"});
  const auto two = opened({"modern"});
  const auto listener = listening(one);
  ASSERT_TRUE(subscribed(two, 1));
  one->close();
  EXPECT_TRUE(eventually([&] { return heard(two).contains("notifications/cancelled"); }));
  EXPECT_FALSE(listener->closed);
}

TEST_F(StdioEra, AProcessThatEndsTellsTheListener) {
  const auto channel = opened({"modern"});
  const auto listener = listening(channel);
  ASSERT_TRUE(subscribed(channel, 1));
  EXPECT_THAT(tool(channel, "exit", R"({"status":3})").error_text(), HasSubstr("exit status 3"));
  EXPECT_TRUE(eventually([&] { return listener->closed.load(); }));
  EXPECT_TRUE(channel->closed());
}

TEST_F(StdioEra, ASubscriptionDoesNotKeepAnIdleProcess) {
  config_.stdio.idle_timeout = 300ms;
  const auto channel = opened({"modern"});
  const auto listener = listening(channel);
  EXPECT_TRUE(eventually([&] { return listener->closed.load(); }));
}

TEST_F(StdioEra, CancellingTellsTheProcessAndEndsTheCall) {
  for (const auto* era : {"modern", "legacy"}) {
    const auto channel = opened({era});
    auto slow = begin(channel, "slow", R"({"seconds":600})", 0);
    ASSERT_TRUE(eventually([&] { return heard(channel).contains("tools/call"); }));
    // The first id behind those of the opening.
    EXPECT_TRUE(run(channel->cancel(3, "enough", std::chrono::steady_clock::now() + 1s), 1));
    EXPECT_THAT(slow.get().error_text(), StartsWith("cancelled: ")) << era;
    const auto methods = heard(channel);
    EXPECT_THAT(methods, HasSubstr("notifications/cancelled")) << era;
    EXPECT_EQ(methods.find("notifications/cancelled"), methods.rfind("notifications/cancelled")) << "once";
    ASSERT_TRUE(ends(channel));
  }
}

TEST_F(StdioEra, AModernProcessIsToldOfACallThatNobodyWaitsFor) {
  const auto channel = opened({"modern"});
  EXPECT_THAT(tool(channel, "slow", R"({"seconds":600})", 100ms).error_text(), StartsWith("vendor_timeout"));
  EXPECT_TRUE(eventually([&] { return heard(channel).contains("notifications/cancelled"); }));
  const auto legacy = opened({"noise"});
  EXPECT_THAT(tool(legacy, "slow", R"({"seconds":600})", 100ms).error_text(), StartsWith("vendor_timeout"));
  EXPECT_THAT(heard(legacy), Not(HasSubstr("notifications/cancelled")));
}

}  // namespace
