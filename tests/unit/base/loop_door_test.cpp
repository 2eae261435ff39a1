// Threads that knock while event loops go. Under ThreadSanitizer (./test tsan) a post into a dying loop is a report.
#include "base/loop_door.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <thread>

#include "base/notifier.hpp"
#include "base/spawn.hpp"
#include "base/wake.hpp"

namespace {

constexpr int kRounds = 300;

TEST(LoopDoor, WhatIsPostedRunsInTheLoop) {
  boost::asio::io_context loop(1);
  const auto door = base::LoopDoor::of(loop.get_executor());
  bool ran = false;
  std::thread other([&] { door->post([&ran] { ran = true; }); });
  other.join();
  EXPECT_FALSE(ran);
  loop.run();
  EXPECT_TRUE(ran);
}

TEST(LoopDoor, EveryLoopHasOne) {
  boost::asio::io_context one(1);
  boost::asio::io_context two(1);
  EXPECT_EQ(base::LoopDoor::of(one.get_executor()), base::LoopDoor::of(one.get_executor()));
  EXPECT_NE(base::LoopDoor::of(one.get_executor()), base::LoopDoor::of(two.get_executor()));
}

TEST(LoopDoor, WhatComesAfterTheLoopIsDropped) {
  auto loop = std::make_unique<boost::asio::io_context>(1);
  const auto door = base::LoopDoor::of(loop->get_executor());
  loop.reset();
  const auto held = std::make_shared<int>();
  door->post([held] { FAIL(); });
  EXPECT_EQ(held.use_count(), 1);
}

// Lets `act` run on another thread at the moment when a loop, in which `task` waits, is destroyed.
template <class Act>
void destroy_meanwhile(base::Task<void> task, Act act) {
  std::latch both(2);
  std::thread other;
  {
    boost::asio::io_context loop(1);
    base::spawn(loop, std::move(task), [](const std::exception_ptr&) {});
    loop.poll();
    other = std::thread([&both, act] {
      both.arrive_and_wait();
      act();
    });
    both.arrive_and_wait();
  }
  other.join();
}

base::Task<void> wait_for(std::shared_ptr<std::shared_ptr<base::Wake>> place) {
  *place = std::make_shared<base::Wake>(co_await boost::asio::this_coro::executor);
  co_await base::Wake::wait(*place);
}

TEST(Wake, MayEndWhileItsLoopIsDestroyed) {
  for (int i = 0; i < kRounds; ++i) {
    const auto wake = std::make_shared<std::shared_ptr<base::Wake>>();
    destroy_meanwhile(wait_for(wake), [wake] { (*wake)->ended(); });
  }
}

base::Task<void> wait_for_news(std::shared_ptr<base::Notifier> notifier) {
  (void)co_await notifier->prepare().wait(base::SteadyTime::max());
}

TEST(Notifier, MayNotifyWhileALoopIsDestroyed) {
  for (int i = 0; i < kRounds; ++i) {
    const auto notifier = std::make_shared<base::Notifier>();
    destroy_meanwhile(wait_for_news(notifier), [notifier] { notifier->notify_all(); });
  }
}

}  // namespace
