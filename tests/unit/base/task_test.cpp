#include "base/task.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>
#include <string>
#include <thread>

#include "base/async.hpp"
#include "base/spawn.hpp"
#include "fake/run.hpp"

namespace {

using base::Task;
using std::chrono::milliseconds;
namespace asio = boost::asio;

// Says when it goes.
struct Leaving {
  std::vector<std::string>& left;
  std::string name;
  ~Leaving() { left.push_back(name); }
};

Task<int> twice(int value) { co_return value * 2; }
Task<int> failing() {
  throw std::runtime_error("no");
  co_return 0;
}
Task<void> sleep(milliseconds time) {
  base::Timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(base::use_task);
}
Task<std::string> later(milliseconds time, std::string text) {
  co_await sleep(time);
  co_return text;
}
Task<void> for_ever() { co_await sleep(std::chrono::hours(1)); }
Task<std::string> fail_later(milliseconds time, std::string text) {
  co_await sleep(time);
  throw std::runtime_error(text);
}

TEST(Task, GivesItsValue) { EXPECT_EQ(fake::run(twice(21)), 42); }

TEST(Task, MovesAValueThatCannotBeCopied) {
  const auto make = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); };
  EXPECT_EQ(*fake::run(make()), 7);
}

TEST(Task, LetsAnExceptionThroughToWhoAwaits) {
  const auto catching = []() -> Task<std::string> {
    try {
      co_await failing();
    } catch (const std::runtime_error& error) {
      co_return error.what();
    }
    co_return "";
  };
  EXPECT_EQ(fake::run(catching()), "no");
  EXPECT_THROW(fake::run(failing()), std::runtime_error);
}

TEST(Task, DoesNothingUntilItIsAwaited) {
  bool ran = false;
  const auto note = [](bool& flag) -> Task<void> {
    flag = true;
    co_return;
  };
  {
    const auto never = note(ran);
  }
  EXPECT_FALSE(ran);
}

TEST(Task, CallsThatEndAtOnceTakeNoStack) {
  const auto sum = []() -> Task<std::int64_t> {
    std::int64_t total = 0;
    for (int i = 0; i < 1'000'000; ++i) total += co_await twice(1);
    co_return total;
  };
  EXPECT_EQ(fake::run(sum()), 2'000'000);
}

TEST(Task, AnOperationsErrorIsThrownOrGoesWhereItIsWanted) {
  const auto cancelled = [](bool into) -> Task<int> {
    base::Timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    asio::post(timer.get_executor(), [&timer] { timer.cancel(); });
    boost::system::error_code error;
    if (into) {
      co_await timer.async_wait(base::error_into(error));
      co_return error == asio::error::operation_aborted ? 1 : 0;
    }
    try {
      co_await timer.async_wait(base::use_task);
    } catch (const boost::system::system_error& thrown) {
      co_return thrown.code() == asio::error::operation_aborted ? 2 : 0;
    }
    co_return 0;
  };
  EXPECT_EQ(fake::run(cancelled(true)), 1);
  EXPECT_EQ(fake::run(cancelled(false)), 2);
}

TEST(Task, ALoopThatGoesTakesItsSuspendedTasksWithItFromTheInsideOut) {
  std::vector<std::string> left;
  const auto inner = [](std::vector<std::string>& out) -> Task<void> {
    const Leaving leaving{out, "inner"};
    co_await for_ever();
  };
  const auto outer = [&inner](std::vector<std::string>& out) -> Task<void> {
    const Leaving leaving{out, "outer"};
    co_await inner(out);
  };
  {
    asio::io_context loop(1);
    base::spawn(loop, outer(left), [](const std::exception_ptr&) { ADD_FAILURE() << "it did not end"; });
    loop.poll();
    EXPECT_TRUE(left.empty());
  }
  EXPECT_THAT(left, testing::ElementsAre("inner", "outer"));
}

TEST(Spawn, NeverCallsItsHandlerFromInside) {
  asio::io_context loop(1);
  bool done = false;
  asio::post(loop, [&] {
    base::spawn(loop, twice(1), [&](const std::exception_ptr&, int) { done = true; });
    EXPECT_FALSE(done);
  });
  loop.run();
  EXPECT_TRUE(done);
}

TEST(Spawn, RunsOnItsOwnLoopAndGivesTheResultToAnother) {
  asio::io_context loop(1);
  auto future = base::spawn(loop, later(milliseconds(1), "there"), asio::use_future);
  std::thread thread([&loop] { loop.run(); });
  EXPECT_EQ(future.get(), "there");
  thread.join();
}

TEST(Spawn, TheHandlersSlotCancelsTheTask) {
  asio::io_context loop(1);
  asio::cancellation_signal cancel;
  std::exception_ptr failure;
  base::spawn(loop, for_ever(),
              asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr error) { failure = error; }));
  loop.poll();
  cancel.emit(asio::cancellation_type::all);
  loop.run();
  EXPECT_THROW(std::rethrow_exception(failure), boost::system::system_error);
}

TEST(Spawn, ACancelledTaskAwaitsNothingMore) {
  asio::io_context loop(1);
  asio::cancellation_signal cancel;
  bool reached = false;
  const auto stubborn = [](bool& flag) -> Task<void> {
    boost::system::error_code error;
    base::Timer timer(co_await asio::this_coro::executor, std::chrono::hours(1));
    co_await timer.async_wait(base::error_into(error));
    co_await twice(1);
    flag = true;
  };
  base::spawn(loop, stubborn(reached),
              asio::bind_cancellation_slot(cancel.slot(), [](const std::exception_ptr& error) { EXPECT_TRUE(error); }));
  loop.poll();
  cancel.emit(asio::cancellation_type::all);
  loop.run();
  EXPECT_FALSE(reached);
}

TEST(Uncancellable, IsNotReachedByItsChainsCancellation) {
  asio::io_context loop(1);
  asio::cancellation_signal cancel;
  bool whole = false;
  const auto patient = [](bool& flag) -> Task<void> {
    boost::system::error_code error;
    base::Timer timer(co_await asio::this_coro::executor, milliseconds(20));
    co_await timer.async_wait(base::uncancellable(base::error_into(error)));
    flag = !error;
  };
  base::spawn(loop, patient(whole), asio::bind_cancellation_slot(cancel.slot(), [](const std::exception_ptr&) {}));
  loop.poll();
  cancel.emit(asio::cancellation_type::all);
  loop.run();
  EXPECT_TRUE(whole);
}

TEST(CancelledBy, CancelsWhatIsAwaitedInsideAndNothingAfter) {
  asio::io_context loop(1);
  asio::cancellation_signal inner;
  std::vector<std::string> seen;
  const auto work = [](asio::cancellation_signal& signal, std::vector<std::string>& out) -> Task<void> {
    try {
      const auto scope = co_await base::cancelled_by(signal);
      co_await for_ever();
    } catch (const boost::system::system_error&) {
      out.emplace_back("cancelled");
    }
    co_await sleep(milliseconds(1));
    out.emplace_back("goes on");
  };
  base::spawn(loop, work(inner, seen), [&](const std::exception_ptr& error) { EXPECT_FALSE(error); });
  loop.poll();
  inner.emit(asio::cancellation_type::all);
  loop.run();
  EXPECT_THAT(seen, testing::ElementsAre("cancelled", "goes on"));
}

TEST(CancelledBy, LeavesTheChainsOwnCancellationInForce) {
  asio::io_context loop(1);
  asio::cancellation_signal inner;
  asio::cancellation_signal outer;
  std::exception_ptr failure;
  const auto work = [](asio::cancellation_signal& signal) -> Task<void> {
    const auto scope = co_await base::cancelled_by(signal);
    co_await for_ever();
  };
  base::spawn(loop, work(inner),
              asio::bind_cancellation_slot(outer.slot(), [&](std::exception_ptr error) { failure = error; }));
  loop.poll();
  outer.emit(asio::cancellation_type::all);
  loop.run();
  EXPECT_TRUE(failure);
}

TEST(FirstOfTwo, TheQuickerWinsAndTheOtherIsCancelled) {
  const auto race = []() -> Task<std::size_t> {
    const auto first = co_await (for_ever() || later(milliseconds(1), "quick"));
    EXPECT_EQ(std::get<1>(first), "quick");
    co_return first.index();
  };
  EXPECT_EQ(fake::run(race()), 1U);
}

TEST(FirstOfTwo, AFailureLosesAndTwoFailuresThrowTheFirst) {
  const auto one = []() -> Task<std::size_t> {
    co_return (co_await (fail_later(milliseconds(1), "early") || later(milliseconds(5), "late"))).index();
  };
  EXPECT_EQ(fake::run(one()), 1U);
  const auto both = []() -> Task<std::string> {
    try {
      co_await (fail_later(milliseconds(9), "second") || fail_later(milliseconds(1), "first"));
    } catch (const std::runtime_error& error) {
      co_return error.what();
    }
    co_return "";
  };
  EXPECT_EQ(fake::run(both()), "first");
}

TEST(FirstOfTwo, OneThatIsDoneAlreadyWins) {
  const auto race = []() -> Task<std::size_t> { co_return (co_await (twice(2) || for_ever())).index(); };
  EXPECT_EQ(fake::run(race()), 0U);
}

}  // namespace
