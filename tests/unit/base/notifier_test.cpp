#include "base/notifier.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "base/io_threads.hpp"
#include "base/single_flight.hpp"
#include "base/spawn.hpp"
#include "fake/run.hpp"

namespace {

using namespace std::chrono_literals;

base::Task<bool> wait(base::Notifier::Ticket ticket, base::SteadyTime until) { co_return co_await ticket.wait(until); }

TEST(Notifier, WhatHappensBetweenTicketAndWaitIsNotMissed) {
  base::Notifier notifier;
  auto ticket = notifier.prepare();
  notifier.notify_all();
  EXPECT_TRUE(fake::run(wait(ticket, base::SteadyTime::max())));
}

TEST(Notifier, WakesAWaiterOnAnotherThread) {
  base::Notifier notifier;
  auto ticket = notifier.prepare();
  std::thread other([&] { notifier.notify_all(); });
  EXPECT_TRUE(fake::run(wait(ticket, base::SteadyTime::max())));
  other.join();
}

TEST(Notifier, WaitEndsAtItsDeadline) {
  base::Notifier notifier;
  EXPECT_FALSE(fake::run(wait(notifier.prepare(), std::chrono::steady_clock::now() + 1ms)));
}

TEST(Notifier, WaiterThatWentAwayWithItsLoopIsNotWoken) {
  base::Notifier notifier;
  {
    boost::asio::io_context loop(1);
    base::spawn(loop, wait(notifier.prepare(), base::SteadyTime::max()), [](auto&&...) {});
    loop.poll();
  }
  notifier.notify_all();
}

base::Async<int> make(int& calls, base::Notifier& gate) {
  ++calls;
  auto ticket = gate.prepare();
  co_await ticket.wait(std::chrono::steady_clock::now() + 20ms);
  co_return 42;
}

base::Task<void> ask(base::SingleFlight<int>& flights, int& calls, base::Notifier& gate, std::vector<int>& answers) {
  auto answer = co_await flights.run("key", [&] { return make(calls, gate); }, base::SteadyTime::max());
  answers.push_back(answer ? *answer : -1);
}

TEST(SingleFlight, SameThingIsDoneOnceForAllWhoAsk) {
  base::SingleFlight<int> flights;
  base::Notifier gate;
  int calls = 0;
  std::vector<int> answers;
  boost::asio::io_context loop(1);
  for (int i = 0; i < 3; ++i) base::spawn(loop, ask(flights, calls, gate, answers), [](auto&&...) {});
  loop.run();
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(answers, (std::vector<int>{42, 42, 42}));
}

}  // namespace
