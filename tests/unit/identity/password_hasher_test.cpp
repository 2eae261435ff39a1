#include "identity/password_hasher.hpp"

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <latch>
#include <semaphore>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/spawn.hpp"
#include "fake/run.hpp"
#include "identity/detail/workers.hpp"

namespace {

using base::SecretString;
using identity::PasswordHasher;
using identity::detail::Workers;

constexpr identity::PasswordHasherConfig kCheap{.memory_bytes = 8192, .passes = 1, .threads = 2};

std::string hash(PasswordHasher& hasher, std::string_view password) {
  return fake::run(hasher.hash(SecretString(password))).value();
}

bool verify(PasswordHasher& hasher, std::string_view password, const std::string& encoded) {
  return fake::run(hasher.verify(SecretString(password), encoded)).value();
}

TEST(PasswordHasher, OnlyTheHashedPasswordMatches) {
  PasswordHasher hasher(kCheap);
  const auto encoded = hash(hasher, "secret");
  EXPECT_TRUE(verify(hasher, "secret", encoded));
  EXPECT_FALSE(verify(hasher, "Secret", encoded));
  EXPECT_FALSE(verify(hasher, "", encoded));
}

TEST(PasswordHasher, SamePasswordHashesDifferently) {
  PasswordHasher hasher(kCheap);
  EXPECT_NE(hash(hasher, "secret"), hash(hasher, "secret"));
}

TEST(PasswordHasher, BytesBehindANulCount) {
  PasswordHasher hasher(kCheap);
  const auto encoded = hash(hasher, std::string_view("a\0b", 3));
  EXPECT_FALSE(verify(hasher, std::string_view("a\0c", 3), encoded));
  EXPECT_TRUE(verify(hasher, std::string_view("a\0b", 3), encoded));
}

TEST(PasswordHasher, DamagedHashMatchesNothing) {
  PasswordHasher hasher(kCheap);
  for (const auto* encoded : {"", "$argon2id$", "x", "$argon2id$v=19$m=8,t=1,p=1$AAAA"}) {
    EXPECT_FALSE(verify(hasher, "secret", encoded)) << encoded;
  }
}

TEST(PasswordHasher, DecoyHasThePresentParameters) {
  PasswordHasher hasher(kCheap);
  EXPECT_TRUE(hasher.decoy().starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
  EXPECT_FALSE(verify(hasher, "", hasher.decoy()));
}

TEST(PasswordHasher, OutdatedMeansWeaker) {
  PasswordHasher hasher({.memory_bytes = 16384, .passes = 2, .threads = 1});
  EXPECT_FALSE(hasher.is_outdated("$argon2id$v=19$m=16,t=2,p=1$x$y"));
  EXPECT_FALSE(hasher.is_outdated("$argon2id$v=19$m=65536,t=3,p=1$x$y"));
  EXPECT_TRUE(hasher.is_outdated("$argon2id$v=19$m=15,t=2,p=1$x$y"));
  EXPECT_TRUE(hasher.is_outdated("$argon2id$v=19$m=16,t=1,p=1$x$y"));
  EXPECT_TRUE(hasher.is_outdated("not a hash"));
}

TEST(PasswordHasher, ImpossibleParametersAreRefusedAtStart) {
  EXPECT_THROW(PasswordHasher({.memory_bytes = 1, .passes = 1}), std::runtime_error);
  EXPECT_THROW(PasswordHasher({.memory_bytes = 8192, .passes = 0}), std::runtime_error);
}

TEST(PasswordHasher, FullQueueIsRefusedWithARetryTime) {
  PasswordHasher hasher({.memory_bytes = 8192, .passes = 1, .threads = 0, .queue_limit = 0});
  const auto refused = fake::run(hasher.hash(SecretString(std::string_view("x"))));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::too_many);
  EXPECT_TRUE(refused.error().retry_after);
}

TEST(PasswordHasher, ManyThreadsAreAnsweredOnTheirOwn) {
  PasswordHasher hasher(kCheap);
  const auto encoded = hash(hasher, "secret");
  std::vector<std::thread> threads;
  std::atomic<int> matches = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 10; ++n) matches += verify(hasher, "secret", encoded) ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(matches, 40);
}

base::Task<void> verify_into(PasswordHasher& hasher, bool& begun, bool& ended) {
  begun = true;
  static_cast<void>(co_await hasher.verify(SecretString(std::string_view("secret")), hasher.decoy()));
  ended = true;
}

TEST(PasswordHasher, EventLoopMayGoWhileAHashIsUnderWay) {
  PasswordHasher hasher({.memory_bytes = 1 << 20, .passes = 1, .threads = 1});
  // A hash may be quicker than the loop gets to its wait, now and then.
  int under_way = 0;
  for (int i = 0; i < 20; ++i) {
    bool begun = false;
    bool ended = false;
    {
      boost::asio::io_context context(1);
      base::spawn(context, verify_into(hasher, begun, ended), [](std::exception_ptr) {});
      // Up to its wait and not further, however quick the hash is.
      while (!begun) context.poll_one();
    }
    under_way += ended ? 0 : 1;
  }
  EXPECT_GT(under_way, 0);
}

TEST(Workers, JobsBeyondThreadsAndQueueAreRefused) {
  std::counting_semaphore<> let_go(0);
  std::latch done(3);
  const auto job = [&] {
    let_go.acquire();
    done.count_down();
  };
  Workers workers(1, 2);
  EXPECT_TRUE(workers.push(job));
  EXPECT_TRUE(workers.push(job));
  EXPECT_TRUE(workers.push(job));
  EXPECT_FALSE(workers.push(job)) << "one under way, or about to be, and two waiting";
  let_go.release(3);
  done.wait();
}

TEST(Workers, NoMoreRunAtOnceThanThereAreThreads) {
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::latch done(50);
  Workers workers(2, 50);
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(workers.push([&] {
      const int now = ++running;
      for (int seen = most; now > seen && !most.compare_exchange_weak(seen, now);) continue;
      std::this_thread::yield();
      --running;
      done.count_down();
    }));
  }
  done.wait();
  EXPECT_LE(most, 2);
}

TEST(Workers, WaitingJobsRunBeforeTheEnd) {
  std::atomic<int> ran = 0;
  {
    Workers workers(1, 10);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(workers.push([&] { ++ran; }));
  }
  EXPECT_EQ(ran, 10);
}

}  // namespace
