#include "vendor/health_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using vendor::Status;

base::Micros at(std::chrono::seconds since) { return base::Micros(since); }

// f: failure, s: success, l: slow success. Each row: what happened, the status after it.
struct Row {
  std::string events;
  Status status;
  int failures;
};

TEST(HealthState, StatusAfterARowOfEvents) {
  const std::vector<Row> rows{
      {"", Status::unknown, 0},       {"s", Status::up, 0},          {"f", Status::degraded, 1},
      {"ff", Status::degraded, 2},    {"fff", Status::down, 3},      {"sf", Status::degraded, 1},
      {"sfff", Status::down, 3},      {"sffffff", Status::down, 6},  {"fffs", Status::up, 0},
      {"fffsf", Status::degraded, 1}, {"l", Status::degraded, 0},    {"sl", Status::degraded, 0},
      {"ls", Status::up, 0},          {"fffl", Status::degraded, 0}, {"ffsff", Status::degraded, 2},
  };
  for (const auto& row : rows) {
    vendor::HealthState state({});
    for (const char event : row.events) {
      if (event == 'f') (void)state.on_failure(at(1s), "refused");
      if (event == 's') (void)state.on_success(at(1s), 5ms);
      if (event == 'l') (void)state.on_success(at(1s), 6s);
    }
    EXPECT_EQ(vendor::name(state.health().status), vendor::name(row.status)) << row.events;
    EXPECT_EQ(state.health().consecutive_failures, row.failures) << row.events;
  }
}

TEST(HealthState, RemembersWhenItWasCheckedAndWhenItLastWorked) {
  vendor::HealthState state({});
  (void)state.on_success(at(10s), 5ms);
  (void)state.on_failure(at(20s), "refused");
  EXPECT_EQ(state.health().last_check, at(20s));
  EXPECT_EQ(state.health().last_success, at(10s));
  EXPECT_EQ(state.health().latency, 5ms);
  EXPECT_EQ(state.health().last_error, "refused");
}

TEST(HealthState, SuccessClearsTheErrorAndASlowOneSaysSo) {
  vendor::HealthState state({});
  (void)state.on_failure(at(1s), "refused");
  (void)state.on_success(at(2s), 5ms);
  EXPECT_EQ(state.health().last_error, "");
  (void)state.on_success(at(3s), 6200ms);
  EXPECT_EQ(state.health().last_error, "Answered only after 6.2 s.");
}

TEST(HealthState, EachEventReturnsTheStatusBefore) {
  vendor::HealthState state({.down_after = 1});
  EXPECT_EQ(state.on_success(at(1s), 5ms), Status::unknown);
  EXPECT_EQ(state.on_failure(at(2s), "x"), Status::up);
  EXPECT_EQ(state.on_failure(at(3s), "x"), Status::down);
}

TEST(HealthState, LongMessageIsCutBetweenCharacters) {
  vendor::HealthState state({});
  std::string message = std::string(299, 'a') + "äöü";
  (void)state.on_failure(at(1s), message);
  EXPECT_EQ(state.health().last_error, std::string(299, 'a') + "…");
}

}  // namespace
