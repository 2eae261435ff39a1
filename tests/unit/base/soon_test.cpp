#include "base/soon.hpp"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <memory>

#include "fake/run.hpp"

namespace {

using base::Async;
using base::Soon;
using base::Task;
using namespace std::chrono_literals;

Async<int> later(int value) {
  base::Timer timer(co_await boost::asio::this_coro::executor, 1ms);
  co_await timer.async_wait(base::use_task);
  co_return value;
}
base::Failure no() { return base::fail(base::Kind::conflict, "no", "no"); }
Async<int> refused_later() {
  (void)co_await later(0);
  co_return no();
}

Soon<int> mostly_there(int value) {
  if (value < 0) return no();
  if (value < 10) return value;
  return value < 100 ? later(value) : refused_later();
}

Task<base::Result<int>> outcome(Soon<int> soon) { co_return co_await std::move(soon); }

TEST(Soon, GivesWhatIsThere) {
  EXPECT_TRUE(mostly_there(7).is_there());
  EXPECT_EQ(fake::run(outcome(mostly_there(7))), 7);
  EXPECT_EQ(mostly_there(7).get(), 7);
}

TEST(Soon, GivesAnErrorThatIsThere) {
  EXPECT_TRUE(mostly_there(-1).is_there());
  EXPECT_EQ(fake::run(outcome(mostly_there(-1))).error().code, "no");
}

TEST(Soon, WaitsForTheTask) {
  EXPECT_FALSE(mostly_there(70).is_there());
  EXPECT_EQ(fake::run(outcome(mostly_there(70))), 70);
  EXPECT_EQ(fake::run(outcome(mostly_there(700))).error().code, "no");
  EXPECT_EQ(fake::run(mostly_there(70).task()), 70);
}

TEST(Soon, IsATaskWhereOneIsWanted) {
  EXPECT_EQ(fake::run(base::as_task(mostly_there(7))), 7);
  EXPECT_EQ(fake::run(base::as_task(mostly_there(70))), 70);
}

Soon<std::unique_ptr<int>> by_a_coroutine() {
  auto value = co_await later(5);
  co_return std::make_unique<int>(*value);
}

TEST(Soon, CanBeACoroutine) {
  EXPECT_FALSE(by_a_coroutine().is_there());
  EXPECT_EQ(**fake::run(base::as_task(by_a_coroutine())), 5);
}

TEST(Soon, OfNothingButSuccess) {
  const auto done = []() -> Soon<void> { return base::Result<void>(); };
  EXPECT_TRUE(fake::run(base::as_task(done())));
}

// What is there is not given to a chain that was cancelled, as a task's value is not.
Task<bool> await_after_cancellation() {
  boost::asio::cancellation_signal signal;
  const auto scope = co_await base::cancelled_by(signal);
  signal.emit(boost::asio::cancellation_type::all);
  try {
    (void)co_await mostly_there(7);
  } catch (const boost::system::system_error&) {
    co_return true;
  }
  co_return false;
}

TEST(Soon, ThrowsInAChainThatWasCancelled) { EXPECT_TRUE(fake::run(await_after_cancellation())); }

}  // namespace
