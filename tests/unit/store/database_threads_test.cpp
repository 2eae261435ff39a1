// What crosses threads: coroutines on several event loops, full queues, loops and databases that go at a bad moment.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <latch>
#include <semaphore>

#include "base/io_threads.hpp"
#include "base/spawn.hpp"
#include "base/task_group.hpp"
#include "fake/metrics_text.hpp"
#include "fake/run.hpp"
#include "fixture.hpp"
#include "store/metrics.hpp"

namespace {

using store::Connection;
using store_test::add_thing;
using store_test::DatabaseTest;

class DatabaseThreads : public DatabaseTest {};

// Holds a database thread until it is let go.
struct Gate {
  std::binary_semaphore reached{0};
  std::binary_semaphore open{0};
};

auto hold(std::shared_ptr<Gate> gate) {
  return [gate](Connection&) -> base::Result<void> {
    gate->reached.release();
    gate->open.acquire();
    return {};
  };
}

base::Async<std::int64_t> add_and_count(store::Database& db, std::int64_t id) {
  const auto added = co_await db.write([id](Connection& connection) { return add_thing(connection, id); });
  if (!added) co_return added.failure();
  co_return co_await db.read(
      [](Connection& connection) -> base::Result<std::int64_t> { return store_test::count(connection); });
}

base::Task<std::thread::id> thread_after_write(store::Database& db) {
  EXPECT_TRUE(co_await db.write([](Connection& connection) { return add_thing(connection, 1); }));
  co_return std::this_thread::get_id();
}

TEST_F(DatabaseThreads, ACoroutineReadsWhatItWrote) { EXPECT_EQ(fake::run(add_and_count(db_, 1)).value(), 1); }

TEST_F(DatabaseThreads, ACoroutineResumesOnItsOwnThread) {
  EXPECT_EQ(fake::run(thread_after_write(db_)), std::this_thread::get_id());
}

base::Task<void> throw_in_work(store::Database& db) {
  static_cast<void>(co_await db.read([](Connection&) -> base::Result<void> { throw std::logic_error("boom"); }));
}

TEST_F(DatabaseThreads, WhatTheWorkThrowsReachesTheCoroutine) {
  EXPECT_THROW(fake::run(throw_in_work(db_)), std::logic_error);
}

base::Task<void> bump(store::Database& db, int times, std::latch& ended) {
  for (int i = 0; i < times; ++i) {
    const auto done = co_await db.write([](Connection& connection) -> base::Result<std::int64_t> {
      const auto rows = connection.query("SELECT id FROM things", {});
      if (!rows) return rows.failure();
      return connection.execute("UPDATE things SET id = $1", {rows->at(0).integer(0) + 1});
    });
    EXPECT_TRUE(done);
    const auto read = co_await db.read([](Connection& connection) { return connection.query("SELECT 1", {}); });
    EXPECT_TRUE(read);
  }
  ended.count_down();
}

TEST_F(DatabaseThreads, ReadModifyWriteFromManyLoopsLosesNothing) {
  constexpr int kLoops = 4;
  constexpr int kTasks = 8;
  constexpr int kTimes = 25;
  ASSERT_TRUE(execute("INSERT INTO things (id, owner) VALUES (0, 'ann')", {}));
  std::latch ended(kLoops * kTasks);
  base::IoThreads threads(kLoops);
  std::vector<std::unique_ptr<base::TaskGroup>> groups;
  for (std::size_t i = 0; i < kLoops; ++i) groups.push_back(std::make_unique<base::TaskGroup>(threads.executor(i)));
  for (auto& group : groups) {
    for (int i = 0; i < kTasks; ++i) group->spawn("bump", bump(db_, kTimes, ended));
  }
  threads.start();
  ended.wait();
  threads.stop();
  EXPECT_EQ(query("SELECT id FROM things")->at(0).integer(0), kLoops * kTasks * kTimes);
}

TEST_F(DatabaseThreads, ReadsGoOnWhileAWriteRuns) {
  const auto gate = std::make_shared<Gate>();
  std::jthread writer([&] { EXPECT_TRUE(db_.write_now(hold(gate))); });
  gate->reached.acquire();
  EXPECT_EQ(things(), 0);
  gate->open.release();
}

TEST_F(DatabaseThreads, OneReadSeesOneMoment) {
  const auto counts = db_.read_now([this](Connection& connection) -> base::Result<std::pair<int, int>> {
    const auto before = store_test::count(connection);
    EXPECT_TRUE(db_.write_now([](Connection& writer) { return add_thing(writer, 1); }));
    return std::pair<int, int>(before, store_test::count(connection));
  });
  EXPECT_EQ(counts.value(), (std::pair<int, int>(0, 0)));
  EXPECT_EQ(things(), 1);
}

TEST(DatabaseQueue, AFullQueueIsUnavailable) {
  store::Database db({.path = ":memory:", .queue_limit = 1});
  const auto gate = std::make_shared<Gate>();
  boost::asio::io_context context;
  const auto ignore = [](std::exception_ptr, base::Result<void> result) { EXPECT_TRUE(result); };
  base::spawn(context, db.write(hold(gate)), ignore);
  context.poll();
  gate->reached.acquire();
  base::spawn(context, db.write([](Connection&) -> base::Result<void> { return {}; }), ignore);
  context.poll();
  EXPECT_EQ(db.queued(), 1U);
  prometheus::Registry registry;
  store::Metrics metrics(registry);
  metrics.measure(db);
  EXPECT_THAT(fake::metrics_text(registry), testing::HasSubstr("\nmcpgw_database_jobs_waiting 1\n"));

  const auto refused = db.write_now([](Connection&) -> base::Result<void> { return {}; });
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::unavailable);
  EXPECT_EQ(refused.error().code, "store.overloaded");
  EXPECT_FALSE(fake::run(db.write([](Connection&) -> base::Result<void> { return {}; })));

  gate->open.release();
  context.run();
}

TEST(DatabaseQueue, DestructionFinishesQueuedWrites) {
  const auto ran = std::make_shared<std::atomic<int>>(0);
  boost::asio::io_context context;
  const auto ignore = [](std::exception_ptr, base::Result<void>) {};
  {
    store::Database db({.path = ":memory:"});
    const auto gate = std::make_shared<Gate>();
    base::spawn(context, db.write(hold(gate)), ignore);
    for (int i = 0; i < 20; ++i) {
      const auto work = [ran](Connection&) -> base::Result<void> {
        ++*ran;
        return {};
      };
      base::spawn(context, db.write(work), ignore);
    }
    context.poll();
    gate->open.release();
  }
  EXPECT_EQ(*ran, 20);
  context.run();
}

TEST_F(DatabaseThreads, AnEventLoopMayGoWhileItsWorkRuns) {
  const auto gate = std::make_shared<Gate>();
  {
    boost::asio::io_context context;
    base::spawn(context, db_.write(hold(gate)), [](std::exception_ptr, base::Result<void>) { FAIL(); });
    context.poll();
    gate->reached.acquire();
  }
  gate->open.release();
  EXPECT_EQ(things(), 0);  // the writer lives on
  EXPECT_TRUE(execute("INSERT INTO things (id, owner) VALUES (1, 'ann')", {}));
}

TEST_F(DatabaseThreads, EventLoopsThatGoAtRandomMomentsHarmNothing) {
  for (std::int64_t round = 0; round < 200; ++round) {
    boost::asio::io_context context;
    base::spawn(context, add_and_count(db_, round), [](std::exception_ptr, base::Result<std::int64_t>) {});
    context.poll();
    for (int i = 0; i < round % 7; ++i) context.poll_one();
  }
  EXPECT_EQ(execute("DELETE FROM things", {}).value(), 200);
}

base::Task<void> write_then_wait(store::Database& db, std::shared_ptr<Gate> gate, bool& written, bool& after) {
  written = (co_await db.write(hold(std::move(gate)))).has_value();
  base::Timer timer(co_await boost::asio::this_coro::executor);
  timer.expires_at(base::SteadyTime::max());
  co_await timer.async_wait(base::use_task);
  after = true;
}

TEST_F(DatabaseThreads, CancelledWorkIsFinishedBeforeTheCancelIsSeen) {
  const auto gate = std::make_shared<Gate>();
  bool written = false;
  bool after = false;
  std::exception_ptr failure;
  boost::asio::cancellation_signal cancel;
  boost::asio::io_context context;
  base::spawn(context, write_then_wait(db_, gate, written, after),
              boost::asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr error) { failure = error; }));
  context.poll();
  gate->reached.acquire();
  cancel.emit(boost::asio::cancellation_type::terminal);
  context.poll();
  EXPECT_FALSE(written);
  gate->open.release();
  context.run();
  EXPECT_TRUE(written);
  EXPECT_FALSE(after);
  EXPECT_TRUE(failure);
}

}  // namespace
