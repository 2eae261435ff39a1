#include "gateway/list_patience.hpp"

#include <gtest/gtest.h>

namespace {

using gateway::OtherVendors;
using namespace std::chrono_literals;
using Duration = std::chrono::steady_clock::duration;

constexpr base::SteadyTime kBegin{1h};

vendor::Health heard(std::chrono::microseconds latency) {
  vendor::Health health;
  health.status = vendor::Status::up;
  health.latency = latency;
  health.last_success = base::Micros(1s);
  return health;
}

vendor::Health failing() {
  auto health = heard(1s);
  health.consecutive_failures = 1;
  return health;
}

// How long a vendor is waited for whose fetch begins now; the others' last answer came `answered` later.
Duration patience(const vendor::Health& health, std::optional<Duration> slowest, Duration answered = {},
                  bool is_process = false, std::optional<Duration> pause = {}) {
  vendor::Definition definition;
  if (is_process) definition.stdio.emplace();
  gateway::Config config;
  config.list_wait = 3s;
  return patience_end(config, {definition, health, kBegin}, {slowest, kBegin + answered, pause}) - kBegin;
}

TEST(ListPatience, NothingOfAnyOtherVendorYet) {
  EXPECT_EQ(patience({}, {}), 3s);
  EXPECT_EQ(patience(failing(), {}), 3s);
}

TEST(ListPatience, NeverHeardOf) {
  EXPECT_EQ(patience({}, 10ms), 250ms);
  EXPECT_EQ(patience({}, 10ms, 10ms), 260ms);
  EXPECT_EQ(patience({}, 1s), 1100ms) << "the others are known for long";
  EXPECT_EQ(patience({}, 1s, 1s), 1250ms);
  EXPECT_EQ(patience({}, 10s, 2900ms), 3s);
}

TEST(ListPatience, AnswersComingInKeepItUp) { EXPECT_EQ(patience({}, 600ms, 600ms), 850ms); }

TEST(ListPatience, OthersThatAnswerTogetherAreNotHeldUp) {
  EXPECT_EQ(patience({}, 200ms, 200ms, false, 5ms), 220ms) << "a tenth longer than the slowest";
  EXPECT_EQ(patience({}, 200ms, 200ms, false, 50ms), 300ms) << "twice the longest pause";
  EXPECT_EQ(patience({}, 200ms, 200ms, false, 1s), 450ms);
}

TEST(ListPatience, APauseIsToldByThreeAnswersAtLeast) {
  EXPECT_EQ(gateway::longest_pause({kBegin, kBegin + 1s}), std::nullopt);
  EXPECT_EQ(gateway::longest_pause({kBegin + 30ms, kBegin, kBegin + 10ms}), 20ms);
}

TEST(ListPatience, KnownToLive) {
  EXPECT_EQ(patience(heard(100ms), 10ms), 1s);
  EXPECT_EQ(patience(heard(1ms), 10ms), 250ms);
  EXPECT_EQ(patience(heard(10s), 10ms), 3s);
}

TEST(ListPatience, FailingVendorGetsNoExtraTime) { EXPECT_EQ(patience(failing(), 10ms), 250ms); }

TEST(ListPatience, ProcessMayBeStarting) {
  EXPECT_EQ(patience({}, 10ms, {}, true), 3s);
  EXPECT_EQ(patience(failing(), 10ms, {}, true), 250ms);
}

}  // namespace
