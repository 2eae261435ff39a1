// Channels to real processes.
#include <dirent.h>
#include <signal.h>

#include <filesystem>

#include "stdio_fixture.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;
using vendor_test::eventually;

class StdioChannel : public vendor_test::StdioTest {
 protected:
  int pid_of(const std::shared_ptr<vendor::Channel>& channel) { return number_in(tool(channel, "pid").last()); }
  // The number in the text of a tool's result.
  static int number_in(const std::string& answer) {
    const auto at = answer.find(R"("text": ")");
    return at == std::string::npos ? 0 : std::stoi(answer.substr(at + 9));
  }
  static bool lives(int pid) { return ::kill(pid, 0) == 0; }
};

TEST_F(StdioChannel, CarriesCallsAndTheirAnswers) {
  const auto channel = open(python());
  ASSERT_TRUE(channel) << channel.error().message;
  EXPECT_EQ((*channel)->protocol_version(), "2025-11-25");
  EXPECT_THAT((*channel)->opening_result(), HasSubstr("stdio"));
  EXPECT_TRUE((*channel)->stateful());
  EXPECT_THAT(tool(*channel, "echo", R"({"text":"over pipes"})").last(), HasSubstr("over pipes"));
}

TEST_F(StdioChannel, AMessageWithLineEndsBetweenItsTokensIsOneLine) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  EXPECT_THAT(tool(*channel, "echo", "{\n  \"text\":\r\n \"pretty\"\n}").last(), HasSubstr("pretty"));
}

TEST_F(StdioChannel, ManyCallsFromTwoThreadsGetEachTheirOwnAnswer) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  std::vector<std::future<vendor_test::Answer>> answers;
  for (int i = 0; i < 100; ++i) {
    answers.push_back(
        begin(*channel, "echo", R"({"text":"number )" + std::to_string(i) + R"(."})", static_cast<std::size_t>(i) % 2));
  }
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(answers[static_cast<std::size_t>(i)].get().last(), HasSubstr("number " + std::to_string(i) + "."));
  }
}

TEST_F(StdioChannel, AQuickCallDoesNotWaitForASlowOne) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  auto slow = begin(*channel, "slow", R"({"seconds":0.5})", 1);
  EXPECT_THAT(tool(*channel, "echo", R"({"text":"quick"})").last(), HasSubstr("quick"));
  EXPECT_NE(slow.wait_for(0s), std::future_status::ready);
  EXPECT_THAT(slow.get().last(), HasSubstr("slow"));
}

TEST_F(StdioChannel, ProgressGoesToTheCallThatOwnsTheToken) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(*channel, listener);
  // The first id behind those of the opening is 3.
  const auto answer = call(*channel, "tools/call", R"({"name":"progress","_meta":{"progressToken":3}})");
  ASSERT_EQ(answer.messages.size(), 2U) << answer.error_text();
  EXPECT_THAT(answer.messages.front(), HasSubstr("notifications/progress"));
  EXPECT_TRUE(listener->messages().empty());
}

TEST_F(StdioChannel, NotificationsGoToEveryListener) {
  const auto one = open(python());
  const auto two = open(python());
  ASSERT_TRUE(one && two);
  const std::array listeners{std::make_shared<vendor_test::HearingListener>(),
                             std::make_shared<vendor_test::HearingListener>()};
  listen(*one, listeners[0]);
  listen(*two, listeners[1]);
  (void)tool(*one, "say", R"({"method":"notifications/tools/list_changed"})");
  for (const auto& listener : listeners) {
    EXPECT_TRUE(eventually([&] { return listener->messages().size() == 1; }));
  }
}

TEST_F(StdioChannel, ARequestOfTheVendorReachesTheOnlyCallThatRuns) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  auto answer = begin(*channel, "ask", "{}", 1);
  // The call's coroutine reads on; the answer to the vendor comes from here.
  const std::string reply = R"({"jsonrpc":"2.0","id":"q1","result":{"roots":["here"]}})";
  ASSERT_TRUE(eventually([&] {
    (void)notify(*channel, reply, "");
    return answer.wait_for(20ms) == std::future_status::ready;
  }));
  const auto messages = answer.get().messages;
  ASSERT_EQ(messages.size(), 2U);
  EXPECT_THAT(messages[0], HasSubstr("roots/list"));
  EXPECT_THAT(messages[1], HasSubstr("here"));
}

TEST_F(StdioChannel, APingOfTheVendorIsAnsweredHere) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  EXPECT_THAT(tool(*channel, "ask", R"({"method":"ping"})").last(), HasSubstr(R"("text": "{}")"));
}

TEST_F(StdioChannel, GarbageOnStandardOutputIsPassedOver) {
  const auto channel = open(python({"noise"}));
  ASSERT_TRUE(channel) << channel.error().message;
  EXPECT_THAT(tool(*channel, "garbage").last(), HasSubstr("after garbage"));
}

TEST_F(StdioChannel, AHugeLineIsTooLargeAndTheProcessGoesOn) {
  config_.stdio.message_bytes = 1 << 20;
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  EXPECT_EQ(tool(*channel, "huge", R"({"size":50000000})").error_text(),
            "too_large: vendor acme sent a message of more than 1048576 bytes, which is the limit");
  EXPECT_THAT(tool(*channel, "huge", R"({"size":1000000})").last(), HasSubstr("xxxx"));
}

TEST_F(StdioChannel, ASilentCallIsATimeoutAndTheNextOneIsAnswered) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  EXPECT_THAT(tool(*channel, "slow", R"({"seconds":0.5})", 100ms).error_text(),
              StartsWith("vendor_timeout: vendor acme"));
  EXPECT_THAT(tool(*channel, "echo", R"({"text":"still here"})").last(), HasSubstr("still here"));
}

TEST_F(StdioChannel, TheEnvironmentIsTheMinimalOneAndWhatWasGiven) {
  config_.stdio.environment = {{"PATH", config_.stdio.environment.at("PATH")}, {"HOME", "/nowhere"}};
  auto definition = python();
  definition->stdio->environment = {{"MODE", "gateway"}, {"TOKEN", "of the definition"}};
  vendor::Injection injection{.key = "owner/acme/1", .headers = {}, .environment = {}};
  injection.environment.emplace("TOKEN", base::SecretString(std::string_view("of the credential")));
  ::setenv("GATEWAY_ONLY", "x", 1);
  const auto channel = open(definition, std::move(injection));
  ASSERT_TRUE(channel) << channel.error().message;
  const auto answer = tool(*channel, "environ").last();
  EXPECT_THAT(answer, HasSubstr("of the credential"));
  EXPECT_THAT(answer, AllOf(HasSubstr("HOME"), HasSubstr("MODE"), HasSubstr("PATH"), Not(HasSubstr("GATEWAY_ONLY"))));
}

TEST_F(StdioChannel, NoDescriptorOfTheGatewayIsOpenInTheProcess) {
  const fake::FakeVendor sockets;
  const int leaky = ::dup(0);  // without close-on-exec
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  std::vector<std::string> open_files;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_of(*channel)) + "/fd")) {
    open_files.push_back(entry.path().filename().string());
  }
  ::close(leaky);
  EXPECT_THAT(open_files, testing::UnorderedElementsAre("0", "1", "2"));
}

TEST_F(StdioChannel, AProcessThatEndsFailsItsCallsAtOnceWithItsStatus) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(*channel, listener);
  auto slow = begin(*channel, "slow", R"({"seconds":600})", 0);
  EXPECT_EQ(tool(*channel, "exit", R"({"status":3})").error_text(),
            "vendor_down: the process of vendor acme ended by itself (exit status 3)");
  EXPECT_THAT(slow.get().error_text(), HasSubstr("exit status 3"));
  EXPECT_TRUE((*channel)->closed());
  EXPECT_TRUE(eventually([&] { return listener->closed.load(); }));
  EXPECT_EQ(tool(*channel, "echo").error->code, "vendor.session_gone");
}

TEST_F(StdioChannel, AKilledProcessIsStartedAgainAfterItsDelay) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  auto slow = begin(*channel, "slow", R"({"seconds":600})", 0);
  const int pid = pid_of(*channel);
  ::kill(pid, SIGKILL);
  EXPECT_THAT(slow.get().error_text(), HasSubstr("(signal 9)"));
  EXPECT_TRUE(eventually([&] { return !lives(pid); })) << "a zombie stays";

  base::Result<std::shared_ptr<vendor::Channel>> again;
  EXPECT_TRUE(eventually([&] {
    again = open(python());
    return again.has_value();
  }));
  EXPECT_NE(pid_of(*again), pid);
}

TEST_F(StdioChannel, BackingOffFailsAtOnceAndSaysWhenItStartsAgain) {
  config_.stdio.restart.first_delay = 30s;
  const auto failed = open(python({"crash", "7"}));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "the process of vendor acme ended by itself (exit status 7)");
  const auto refused = open(python({"crash", "7"}));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::vendor_down);
  EXPECT_THAT(refused.error().message, testing::MatchesRegex(".*acme.*restarting in (29|30) s"));
  EXPECT_EQ(board_.of("acme").consecutive_failures, 1) << "what was not tried says nothing";
}

TEST_F(StdioChannel, ACommandThatDoesNotExistIsNamed) {
  auto definition = python();
  definition->stdio->command = "/no/such/command";
  const auto channel = open(definition);
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().kind, base::Kind::vendor_down);
  EXPECT_EQ(channel.error().message, "vendor acme: cannot start \"/no/such/command\": No such file or directory");
}

}  // namespace
