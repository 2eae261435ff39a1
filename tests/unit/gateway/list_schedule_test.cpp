#include "gateway/list_schedule.hpp"

#include <gtest/gtest.h>

namespace {

using gateway::ListSchedule;
using namespace std::chrono_literals;

// A worker's fetch that began at `at` and was answered at once.
class Schedule : public testing::Test {
 protected:
  static base::SteadyTime at(std::chrono::milliseconds time) { return base::SteadyTime(1h) + time; }
  void fetch(std::chrono::milliseconds time, std::chrono::milliseconds ttl = 60s) {
    schedule_.on_started(at(time));
    EXPECT_FALSE(schedule_.on_answered(at(time), ttl));
  }
  ListSchedule schedule_{{.quiet = 1s, .longest = 60s}};
};

TEST_F(Schedule, UnknownListIsFetchedAtOnceByOneWorker) {
  EXPECT_TRUE(schedule_.on_asked(at(0s)));
  EXPECT_EQ(schedule_.due(), at(0s));
  EXPECT_TRUE(schedule_.is_under_way(at(0s)));
  EXPECT_FALSE(schedule_.on_asked(at(0s)));
  schedule_.on_started(at(1ms));
  EXPECT_FALSE(schedule_.on_asked(at(2ms)));
  EXPECT_EQ(schedule_.under_way_since(at(5s)), at(1ms));
}

TEST_F(Schedule, FreshListIsNotFetchedAndAStaleOneIs) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  fetch(0s, 60s);
  EXPECT_FALSE(schedule_.on_asked(at(59s)));
  EXPECT_TRUE(schedule_.on_asked(at(60s)));
}

TEST_F(Schedule, ChangesAreFetchedOncePerQuietTime) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  fetch(0s);
  EXPECT_TRUE(schedule_.on_changed(at(200ms)));
  EXPECT_EQ(schedule_.due(), at(1s));
  EXPECT_FALSE(schedule_.is_under_way(at(200ms)));
  for (int i = 0; i < 1000; ++i) EXPECT_FALSE(schedule_.on_changed(at(300ms)));
  EXPECT_EQ(schedule_.due(), at(1s));
}

TEST_F(Schedule, ChangeDuringAFetchIsFetchedAfterIt) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  schedule_.on_started(at(0s));
  EXPECT_FALSE(schedule_.on_changed(at(100ms)));
  EXPECT_TRUE(schedule_.on_answered(at(200ms), 60s));
  EXPECT_EQ(schedule_.due(), at(1s));
  EXPECT_FALSE(schedule_.is_fresh(at(200ms)));
  fetch(1s);
  EXPECT_TRUE(schedule_.is_fresh(at(2s)));
}

TEST_F(Schedule, FailureThatNobodyMindsEndsTheWorker) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  schedule_.on_started(at(0s));
  EXPECT_FALSE(schedule_.on_failed(at(5s), ListSchedule::Missed::no));
  EXPECT_EQ(schedule_.failures(), 1);
  EXPECT_TRUE(schedule_.on_asked(at(6s))) << "whoever asks next has it tried again";
}

TEST_F(Schedule, MissedListIsTriedAgainWithGrowingPauses) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  auto now = at(0s);
  for (const auto pause : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    schedule_.on_started(now);
    EXPECT_TRUE(schedule_.on_failed(now, ListSchedule::Missed::yes));
    EXPECT_EQ(schedule_.due() - now, pause);
    now = schedule_.due();
  }
  fetch(10min);
  EXPECT_EQ(schedule_.failures(), 0);
}

TEST_F(Schedule, ListThatIsMissedAfterItsFailureIsTriedAgain) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  schedule_.on_started(at(0s));
  EXPECT_FALSE(schedule_.on_failed(at(0s), ListSchedule::Missed::no));
  EXPECT_TRUE(schedule_.on_missed(at(100ms)));
  EXPECT_EQ(schedule_.due(), at(1100ms));
}

TEST_F(Schedule, ChangeThatCouldNotBeFetchedIsFetchedAgain) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  fetch(0s);
  ASSERT_TRUE(schedule_.on_changed(at(5s)));
  schedule_.on_started(at(5s));
  EXPECT_TRUE(schedule_.on_failed(at(5s), ListSchedule::Missed::no));
  schedule_.on_started(at(6s));
  EXPECT_TRUE(schedule_.on_failed(at(6s), ListSchedule::Missed::no));
  EXPECT_EQ(schedule_.due(), at(8s));
}

TEST_F(Schedule, NeedEndsAPauseButNotTheQuietTime) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  for (int i = 0; i < 10; ++i) {
    schedule_.on_started(at(0s));
    ASSERT_TRUE(schedule_.on_failed(at(0s), ListSchedule::Missed::yes));
  }
  EXPECT_EQ(schedule_.due(), at(60s));
  EXPECT_FALSE(schedule_.on_needed(at(100ms)));
  EXPECT_EQ(schedule_.due(), at(1s));
}

TEST_F(Schedule, RecoveredVendorIsAskedAtTheNextOccasion) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  fetch(0s);
  schedule_.on_recovered(at(5s));
  EXPECT_TRUE(schedule_.on_asked(at(5s)));
  schedule_.on_started(at(5s));
  ASSERT_TRUE(schedule_.on_failed(at(5s), ListSchedule::Missed::yes));
  schedule_.on_recovered(at(7s));
  EXPECT_EQ(schedule_.due(), at(7s));
}

TEST_F(Schedule, WorkerThatGaveUpMakesRoomForAnother) {
  ASSERT_TRUE(schedule_.on_asked(at(0s)));
  schedule_.on_given_up();
  EXPECT_FALSE(schedule_.is_under_way(at(0s)));
  EXPECT_TRUE(schedule_.on_asked(at(1s)));
}

}  // namespace
