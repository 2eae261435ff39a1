#include "base/task_group.hpp"

#include <gtest/gtest.h>

#include "base/signal.hpp"
#include "fake/run.hpp"

namespace {

base::Task<void> wait_for_ever(bool& ended) {
  base::Timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_at(base::SteadyTime::max());
  boost::system::error_code error;
  co_await timer.async_wait(base::error_into(error));
  ended = true;
}

base::Task<void> throws() {
  throw std::runtime_error("boom");
  co_return;
}

base::Task<void> close_cancels(bool& ended) {
  base::TaskGroup group(co_await boost::asio::this_coro::executor);
  group.spawn("endless", wait_for_ever(ended));
  EXPECT_EQ(group.running(), 1U);
  co_await group.close();
  EXPECT_EQ(group.running(), 0U);
}

base::Task<void> refuses_after_close(bool& ended) {
  base::TaskGroup group(co_await boost::asio::this_coro::executor);
  co_await group.close();
  group.spawn("late", wait_for_ever(ended));
  EXPECT_EQ(group.running(), 0U);
}

base::Task<void> survives_exception() {
  base::TaskGroup group(co_await boost::asio::this_coro::executor);
  group.spawn("bad", throws());
  co_await group.join();
  EXPECT_EQ(group.running(), 0U);
}

TEST(TaskGroup, CloseCancelsAndWaits) {
  bool ended = false;
  fake::run(close_cancels(ended));
  EXPECT_TRUE(ended);
}

TEST(TaskGroup, SpawnAfterCloseDoesNothing) {
  bool ended = false;
  fake::run(refuses_after_close(ended));
  EXPECT_FALSE(ended);
}

TEST(TaskGroup, ExceptionOfOneTaskEndsOnlyThatTask) { fake::run(survives_exception()); }

TEST(Signal, SubscriberHearsUntilItsSubscriptionGoes) {
  base::Signal<int> signal;
  int sum = 0;
  {
    const auto subscription = signal.subscribe([&](int value) { sum += value; });
    signal.emit(2);
  }
  signal.emit(40);
  EXPECT_EQ(sum, 2);
}

}  // namespace
