// A process that writes is killed at random moments. What it had acknowledged must be there, whole, ever after.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "fixture.hpp"

namespace {

using store::Connection;

constexpr int kAckDescriptor = 7;
constexpr auto kPathVariable = "MCPGW_TEST_DATABASE";
constexpr auto kRoundsVariable = "MCPGW_TEST_KILL_ROUNDS";

const std::vector<store::Migration> kTables = {
    {"kill.0001", "CREATE TABLE heads (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)"},
    {"kill.0002", "CREATE TABLE tails (id TEXT NOT NULL PRIMARY KEY REFERENCES heads (id), size BIGINT NOT NULL)"},
};

base::Result<std::int64_t> insert_pair(Connection& connection, const std::string& id, std::size_t size) {
  auto head = connection.execute("INSERT INTO heads (id, body) VALUES ($1, $2)", {id, std::string(size, id.back())});
  if (!head) return head;
  return connection.execute("INSERT INTO tails (id, size) VALUES ($1, $2)", {id, static_cast<std::int64_t>(size)});
}

void write_for_ever(store::Database& db, int thread) {
  for (int i = 0;; ++i) {
    const auto id = std::to_string(getpid()) + "-" + std::to_string(thread) + "-" + std::to_string(i);
    const auto size = static_cast<std::size_t>(i % 50) * 400 + 1;
    const auto done = db.write_now([=](Connection& connection) { return insert_pair(connection, id, size); });
    ASSERT_TRUE(done) << done.error().message << done.error().detail;
    const auto line = id + "\n";
    if (write(kAckDescriptor, line.data(), line.size()) < 0) return;
  }
}

// Run in the child only.
TEST(Durability, DISABLED_WritesUntilKilled) {
  store::Database db({.path = std::getenv(kPathVariable)});
  ASSERT_TRUE(db.migrate(kTables));
  std::vector<std::jthread> threads;
  for (int i = 0; i < 3; ++i) threads.emplace_back([&db, i] { write_for_ever(db, i); });
}

class Child {
 public:
  explicit Child(const std::string& path) {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    acks_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], kAckDescriptor);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    setenv(kPathVariable, path.c_str(), 1);
    const char* arguments[] = {"store_test", "--gtest_also_run_disabled_tests",
                               "--gtest_filter=Durability.DISABLED_WritesUntilKilled", nullptr};
    EXPECT_EQ(posix_spawn(&process_, "/proc/self/exe", &actions, nullptr, const_cast<char* const*>(arguments), environ),
              0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
  }
  ~Child() { close(acks_); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Reads acknowledgements until `enough` bytes came, kills, and reads what had come meanwhile.
  [[nodiscard]] std::string kill_after(std::size_t enough) {
    std::string text;
    bool killed = false;
    char buffer[256];
    for (ssize_t got = 1; got > 0;) {
      if (!killed && text.size() >= enough) {
        kill(process_, SIGKILL);
        killed = true;
      }
      got = read(acks_, buffer, sizeof buffer);
      if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
    }
    int status = 0;
    waitpid(process_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";
    return text.substr(0, text.rfind('\n') + 1);
  }

 private:
  pid_t process_ = 0;
  int acks_ = -1;
};

base::Result<std::string> whole(Connection& connection) {
  const auto integrity = connection.query("PRAGMA integrity_check", {});
  if (!integrity) return integrity.failure();
  if (integrity->at(0).text(0) != "ok") return integrity->at(0).text(0);
  const auto torn = connection.query(
      "SELECT h.id FROM heads h LEFT JOIN tails t ON t.id = h.id WHERE t.size IS NULL OR t.size <> length(h.body)", {});
  if (!torn) return torn.failure();
  return torn->empty() ? "whole" : "torn: " + torn->at(0).text(0);
}

void expect_all(store::Database& db, const std::vector<std::string>& acknowledged) {
  const auto missing = db.read_now([&](Connection& connection) -> base::Result<int> {
    int count = 0;
    for (const auto& id : acknowledged) {
      const auto rows = connection.query("SELECT size FROM tails WHERE id = $1", {id});
      if (!rows) return rows.failure();
      if (rows->empty()) ++count;
    }
    return count;
  });
  ASSERT_TRUE(missing) << missing.error().detail;
  EXPECT_EQ(*missing, 0) << "of " << acknowledged.size() << " acknowledged rows";
  EXPECT_EQ(db.read_now(whole).value(), "whole");
}

TEST(Durability, WhatWasAcknowledgedSurvivesKill) {
  const auto* wanted = std::getenv(kRoundsVariable);
  const int rounds = wanted != nullptr ? std::atoi(wanted) : 12;
  auto directory = (std::filesystem::temp_directory_path() / "store-kill-XXXXXX").string();
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  const auto path = directory + "/a.db";
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);

  std::vector<std::string> acknowledged;
  for (int round = 0; round < rounds; ++round) {
    std::istringstream lines(Child(path).kill_after(random() % 6000));
    for (std::string id; std::getline(lines, id);) acknowledged.push_back(id);
    // Every other time the next child meets the log as the killed one left it.
    if (round % 2 == 1) continue;
    store::Database db({.path = path});
    ASSERT_TRUE(db.migrate(kTables));
    expect_all(db, acknowledged);
  }
  store::Database db({.path = path});
  expect_all(db, acknowledged);
  EXPECT_GT(acknowledged.size(), 100U);
  RecordProperty("acknowledged", static_cast<int>(acknowledged.size()));
  std::filesystem::remove_all(directory);
}

}  // namespace
