// When processes are shared, started and ended.
#include <signal.h>

#include <fstream>

#include "fake/metrics_text.hpp"
#include "stdio_fixture.hpp"
#include "vendor/metrics.hpp"

namespace {

using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;
using vendor_test::eventually;

class Supervisor : public vendor_test::StdioTest {
 protected:
  int pid_of(const std::shared_ptr<vendor::Channel>& channel, const std::string& tool = "pid") {
    const auto answer = call(channel, "tools/call", R"({"name":")" + tool + R"("})").last();
    const auto at = answer.find(R"("text": ")");
    return at == std::string::npos ? 0 : std::stoi(answer.substr(at + 9));
  }
  static vendor::Injection injection(std::string key) {
    return {.key = std::move(key), .headers = {}, .environment = {}};
  }
  // Neither running nor a zombie.
  static bool lives(int pid) { return ::kill(pid, 0) == 0; }
  // A process whose parent is not here may stay a zombie for a while.
  static bool runs(int pid) {
    std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
    std::string number;
    std::string name;
    std::string state;
    return (stat >> number >> name >> state) && state != "Z";
  }
};

TEST_F(Supervisor, ChannelsOfOneCredentialAndAffinityShareAProcess) {
  const auto one = open(python(), injection("ann/acme/1"), "");
  const auto two = open(python(), injection("ann/acme/1"), "", 20s, 1);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(pid_of(*one), pid_of(*two));
  EXPECT_EQ((*one)->opening_result(), (*two)->opening_result());
  EXPECT_NE((*one)->next_id(), (*two)->next_id());
}

TEST_F(Supervisor, ProcessesAreCountedWhileTheyRun) {
  prometheus::Registry registry;
  vendor::Metrics metrics(registry);
  const auto shows = [&](const std::string& line) {
    metrics.measure(channels());
    return fake::metrics_text(registry).contains("\nmcpgw_vendor_processes " + line + "\n");
  };
  EXPECT_TRUE(shows("0"));
  const auto channel = open(python(), injection("ann/acme/1"), "");
  ASSERT_TRUE(channel);
  EXPECT_TRUE(shows("1"));
  ::kill(pid_of(*channel), SIGKILL);
  EXPECT_TRUE(eventually([&] { return shows("0"); }));
}

TEST_F(Supervisor, AnotherCredentialOrAffinityHasAProcessOfItsOwn) {
  const auto one = open(python(), injection("ann/acme/1"), "");
  const auto two = open(python(), injection("ann/acme/2"), "");
  const auto three = open(python(), injection("ann/acme/1"), "session");
  ASSERT_TRUE(one && two && three);
  const std::set<int> pids{pid_of(*one), pid_of(*two), pid_of(*three)};
  EXPECT_EQ(pids.size(), 3U);
}

TEST_F(Supervisor, TheLastChannelsCloseEndsTheProcess) {
  const auto one = open(python());
  const auto two = open(python());
  ASSERT_TRUE(one && two);
  const int pid = pid_of(*one);
  (*one)->close();
  EXPECT_EQ(pid_of(*two), pid);
  (*two)->close();
  EXPECT_TRUE(eventually([&] { return !lives(pid); }));
}

TEST_F(Supervisor, AProcessThatHearsNothingIsKilled) {
  config_.stdio.terminate_after = 50ms;
  config_.stdio.kill_after = 150ms;
  const auto channel = open(python({"stubborn"}));
  ASSERT_TRUE(channel);
  const int pid = pid_of(*channel);
  (*channel)->close();
  EXPECT_TRUE(eventually([&] { return !lives(pid); }));
}

TEST_F(Supervisor, WhatAProcessStartedEndsWithIt) {
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  const int grandchild = pid_of(*channel, "child");
  ASSERT_TRUE(runs(grandchild));
  (*channel)->close();
  EXPECT_TRUE(eventually([&] { return !runs(grandchild); }));
}

TEST_F(Supervisor, AnIdleProcessIsEndedAndStartedWhenNeeded) {
  config_.stdio.idle_timeout = 300ms;
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(*channel, listener);
  const int pid = pid_of(*channel);
  EXPECT_TRUE(eventually([&] { return !lives(pid) && listener->closed; }));
  EXPECT_TRUE((*channel)->closed());
  EXPECT_EQ(call(*channel).error->code, "vendor.session_gone");
  const auto again = open(python());
  ASSERT_TRUE(again) << "ending an idle process is no crash: " << again.error().message;
  EXPECT_NE(pid_of(*again), pid);
}

TEST_F(Supervisor, AProcessWithACallUnderWayIsNotIdle) {
  config_.stdio.idle_timeout = 200ms;
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  const auto answer = call(*channel, "tools/call", R"({"name":"slow","arguments":{"seconds":1}})");
  EXPECT_THAT(answer.last(), HasSubstr("slow"));
}

TEST_F(Supervisor, AProcessWhoseResourcesSomebodyFollowsIsNotIdle) {
  config_.stdio.idle_timeout = 300ms;
  const auto followed = open(python(), {}, "followed");
  ASSERT_TRUE(followed);
  const auto listener = std::make_shared<vendor_test::HearingListener>();
  listen(*followed, listener, {.uris = {"a:1"}});
  const int pid = pid_of(*followed);
  // The other one is due later.
  const auto idle = open(python(), {}, "idle");
  ASSERT_TRUE(idle);
  const int other = pid_of(*idle);
  EXPECT_TRUE(eventually([&] { return !lives(other); }));
  EXPECT_EQ(pid_of(*followed), pid);
}

TEST_F(Supervisor, ASlowStartGoesOnBehindAnImpatientOpener) {
  const auto impatient = open(python({"late", "1"}), {}, "", 100ms);
  ASSERT_FALSE(impatient);
  EXPECT_EQ(impatient.error().message, "vendor acme is still starting; try again in a moment");
  const auto began = std::chrono::steady_clock::now();
  const auto patient = open(python({"late", "1"}));
  ASSERT_TRUE(patient) << patient.error().message;
  EXPECT_NE(pid_of(*patient), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 15s);
}

TEST_F(Supervisor, AStartThatNeverAnswersIsGivenUp) {
  config_.stdio.start_timeout = 500ms;
  config_.stdio.terminate_after = 50ms;
  const auto channel = open(python({"mute", "noise"}));
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().kind, base::Kind::vendor_timeout);
  EXPECT_THAT(channel.error().message, StartsWith("vendor acme did not answer initialize within 1 s"));
}

TEST_F(Supervisor, NoMoreProcessesThanConfigured) {
  config_.stdio.processes = 2;
  const auto one = open(python(), injection("a"), "");
  const auto two = open(python(), injection("b"), "");
  const auto three = open(python(), injection("c"), "");
  ASSERT_TRUE(one && two);
  ASSERT_FALSE(three);
  EXPECT_EQ(three.error().kind, base::Kind::unavailable);
  EXPECT_THAT(three.error().message, HasSubstr("2 vendor processes"));
}

TEST_F(Supervisor, AChangedCommandStartsAnotherProcess) {
  const auto before = open(python());
  const auto after = open(python({"noise"}));
  ASSERT_TRUE(before && after);
  EXPECT_NE(pid_of(*before), pid_of(*after));
}

TEST_F(Supervisor, ClosingEndsEveryProcess) {
  const auto one = open(python(), injection("a"), "");
  const auto two = open(python(), injection("b"), "");
  ASSERT_TRUE(one && two);
  const std::array pids{pid_of(*one), pid_of(*two)};
  run(channels().close());
  for (const int pid : pids) EXPECT_FALSE(lives(pid));
  const auto refused = open(python(), injection("a"), "");
  EXPECT_EQ(refused.error().kind, base::Kind::unavailable);
}

// A process that does not read must not hold up the one who sends to it, nor fill the memory.
TEST_F(Supervisor, ADeafProcessFailsCallsBeyondTheBacklog) {
  config_.stdio.unread_bytes = 1 << 20;
  config_.stdio.terminate_after = 50ms;
  const auto channel = open(python());
  ASSERT_TRUE(channel);
  (void)call(*channel, "tools/call", R"({"name":"deaf"})");
  const auto params = R"({"name":"echo","arguments":{"text":")" + std::string(400'000, 'x') + R"("}})";
  std::string last;
  for (int i = 0; i < 10 && !last.starts_with("vendor_down"); ++i) {
    last = call(*channel, "tools/call", params, 50ms).error_text();
  }
  EXPECT_EQ(last, "vendor_down: vendor acme does not read what it is sent");
}

}  // namespace
