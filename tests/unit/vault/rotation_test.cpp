#include "vault/rotation.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "fixture.hpp"

namespace {

using vault::MasterKeys;
using vault::Sealer;
using vault_test::fields;
using vault_test::revealed;
using vault_test::TemporaryDirectory;

class Rotation : public vault_test::VaultTest {
 protected:
  Rotation() {
    const auto credentials = open();
    for (int i = 0; i < kRecords; ++i) save(*credentials, owner(i), "hudu", "key-" + std::to_string(i));
  }
  static std::string owner(int i) { return "owner-" + std::to_string(i); }
  void expect_all_open(std::shared_ptr<const Sealer> sealer) {
    vault::SealedCredentials credentials(db_, std::move(sealer), clock_, random_);
    for (int i = 0; i < kRecords; ++i) {
      const auto credential = fake::run(credentials.resolve(owner(i), "hudu"));
      ASSERT_TRUE(credential) << i;
      EXPECT_EQ(revealed(**credential), "key-" + std::to_string(i));
    }
  }

  static constexpr int kRecords = 25;
  const std::vector<vault::SealedColumn> columns_ = {vault::sealed_credentials_column()};
  MasterKeys both_ = keys_.with_new_version(random_).value();
  std::shared_ptr<const Sealer> newer_ = std::make_shared<Sealer>(both_, random_);
};

TEST_F(Rotation, EverythingIsUnderTheNewestVersionAfterwards) {
  const auto report = vault::rotate(db_, *newer_, columns_, {.batch = 10, .on_batch = {}});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->version, 2U);
  ASSERT_EQ(report->columns.size(), 1U);
  EXPECT_EQ(report->columns[0].name, "credentials");
  EXPECT_EQ(report->resealed(), kRecords);
  EXPECT_EQ(report->failed(), 0);
  EXPECT_EQ(vault::versions_in_use(db_, *newer_, columns_).value(),
            (std::map<std::uint32_t, std::int64_t>{{2, kRecords}}));

  const auto only_new = "2:" + base::base64url(both_.find(2)->reveal());
  expect_all_open(std::make_shared<Sealer>(MasterKeys::parse(only_new).value(), random_));
}

TEST_F(Rotation, OnceMoreFindsNothingToDo) {
  ASSERT_TRUE(vault::rotate(db_, *newer_, columns_));
  const auto again = vault::rotate(db_, *newer_, columns_);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->resealed(), 0);
  EXPECT_EQ(again->columns[0].current, kRecords);
}

TEST_F(Rotation, BrokenOffHalfWayBothVersionsOpenAndARepeatFinishes) {
  int batches = 0;
  const vault::RotationConfig config{.batch = 5, .on_batch = [&](const auto&) {
                                       if (++batches == 2) throw std::runtime_error("pulled the plug");
                                     }};
  EXPECT_THROW(static_cast<void>(vault::rotate(db_, *newer_, columns_, config)), std::runtime_error);
  EXPECT_EQ(vault::versions_in_use(db_, *newer_, columns_).value(),
            (std::map<std::uint32_t, std::int64_t>{{1, kRecords - 10}, {2, 10}}));
  expect_all_open(newer_);

  const auto rest = vault::rotate(db_, *newer_, columns_);
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->resealed(), kRecords - 10);
  EXPECT_EQ(rest->columns[0].current, 10);
  expect_all_open(newer_);
}

TEST_F(Rotation, ARecordThatDoesNotOpenIsCountedAndLeft) {
  execute("UPDATE vault_credentials SET vendor = 'moved' WHERE owner_id = $1", {owner(3)});
  const auto report = vault::rotate(db_, *newer_, columns_, {.batch = 4, .on_batch = {}});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->failed(), 1);
  EXPECT_EQ(report->resealed(), kRecords - 1);
  execute("UPDATE vault_credentials SET vendor = 'hudu' WHERE owner_id = $1", {owner(3)});
  expect_all_open(newer_);
}

TEST_F(Rotation, NeitherVersionNorStateOfACredentialChanges) {
  const auto before = query("SELECT id, owner_id, version, state, saved_at FROM vault_credentials ORDER BY id");
  ASSERT_TRUE(vault::rotate(db_, *newer_, columns_));
  const auto after = query("SELECT id, owner_id, version, state, saved_at FROM vault_credentials ORDER BY id");
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i].text(0), after[i].text(0));
    EXPECT_EQ(before[i].integer(2), after[i].integer(2));
    EXPECT_EQ(before[i].integer(4), after[i].integer(4));
  }
}

TEST_F(Rotation, AnotherRoomsColumnTakesPart) {
  execute("CREATE TABLE other (name TEXT PRIMARY KEY, kind TEXT NOT NULL, secret BLOB)");
  execute("INSERT INTO other VALUES ('empty', 'k', NULL)");
  execute("INSERT INTO other VALUES ('full', 'k', $1)", {store::Blob{sealer_->seal("oauth", "other/k", "signing")}});
  auto columns = columns_;
  columns.push_back(
      {.name = "others",
       .table = "other",
       .id_column = "name",
       .sealed_column = "secret",
       .context_columns = {"kind"},
       .place = [](const store::Row& row) { return vault::SealedPlace{"oauth", "other/" + row.text(0)}; }});
  const auto report = vault::rotate(db_, *newer_, columns);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->columns[1].resealed, 1);
  const auto sealed = query("SELECT secret FROM other WHERE name = 'full'").at(0).blob(0);
  EXPECT_EQ(newer_->key_version(sealed).value(), 2U);
  EXPECT_EQ(newer_->open("oauth", "other/k", sealed)->reveal(), "signing");
}

TEST_F(Rotation, TheRightKeysPassTheCheckBeforeAndAfter) {
  EXPECT_TRUE(vault::check_keys(db_, *sealer_, columns_));
  EXPECT_TRUE(vault::check_keys(db_, *newer_, columns_));
  ASSERT_TRUE(vault::rotate(db_, *newer_, columns_));
  EXPECT_TRUE(vault::check_keys(db_, *newer_, columns_));
  const auto only_new = MasterKeys::parse("2:" + base::base64url(both_.find(2)->reveal())).value();
  EXPECT_TRUE(vault::check_keys(db_, Sealer(only_new, random_), columns_));
}

TEST_F(Rotation, AnotherKeyOfTheSameVersionIsNoticed) {
  ASSERT_TRUE(vault::check_keys(db_, *sealer_, columns_));
  const auto wrong = vault::check_keys(db_, Sealer(MasterKeys::generate(random_), random_), columns_);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, "vault.wrong_key");
}

TEST_F(Rotation, AMissingVersionIsNoticed) {
  ASSERT_TRUE(vault::rotate(db_, *newer_, columns_));
  const auto missing = vault::check_keys(db_, *sealer_, columns_);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, "vault.missing_key");
  EXPECT_NE(missing.error().message.find("version 2"), std::string::npos);
}

// A rotating process that is killed for real, again and again.
constexpr int kBatchDescriptor = 7;
constexpr auto kDirectoryVariable = "MCPGW_TEST_ROTATION";

TEST(RotationKilled, DISABLED_RotatesUntilKilled) {
  const std::string directory = std::getenv(kDirectoryVariable);
  base::SystemRandom random;
  store::Database db({.path = directory + "/a.db"});
  const Sealer sealer(vault::load_master_keys(directory + "/master.key").value(), random);
  const vault::RotationConfig config{.batch = 1,
                                     .on_batch = [](const auto&) { EXPECT_EQ(write(kBatchDescriptor, ".", 1), 1); }};
  ASSERT_TRUE(vault::rotate(db, sealer, {vault::sealed_credentials_column()}, config));
}

void rotate_and_kill(const std::string& directory, int batches) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], kBatchDescriptor);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  setenv(kDirectoryVariable, directory.c_str(), 1);
  const char* arguments[] = {"vault_test", "--gtest_also_run_disabled_tests",
                             "--gtest_filter=RotationKilled.DISABLED_RotatesUntilKilled", nullptr};
  pid_t process = 0;
  ASSERT_EQ(posix_spawn(&process, "/proc/self/exe", &actions, nullptr, const_cast<char* const*>(arguments), environ),
            0);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  char dot = 0;
  for (int i = 0; i < batches && read(ends[0], &dot, 1) == 1; ++i) continue;
  kill(process, SIGKILL);
  close(ends[0]);
  int status = 0;
  waitpid(process, &status, 0);
}

TEST(RotationKilled, EveryCredentialOpensAfterEachKillAndARepeatFinishes) {
  constexpr int kRecords = 120;
  const TemporaryDirectory directory;
  base::SystemRandom random;
  const base::SystemClock clock;
  const std::vector<vault::SealedColumn> columns = {vault::sealed_credentials_column()};
  const auto key_file = directory.file("master.key");
  const auto old = vault::load_or_create_master_keys(key_file, random).value();
  const auto keys = vault::add_master_key_version(key_file, random).value();
  store::Database db({.path = directory.file("a.db")});
  ASSERT_TRUE(db.migrate(vault::migrations()));
  const auto only_old = std::make_shared<Sealer>(old, random);
  {
    vault::SealedCredentials credentials(db, only_old, clock, random);
    for (int i = 0; i < kRecords; ++i) {
      ASSERT_TRUE(
          fake::run(credentials.save("owner-" + std::to_string(i), "hudu", fields("key-" + std::to_string(i)))));
    }
  }

  const auto both = std::make_shared<Sealer>(keys, random);
  for (const int batches : {0, 1, 7, 30}) {
    rotate_and_kill(directory.path(), batches);
    vault::SealedCredentials credentials(db, both, clock, random);
    for (int i = 0; i < kRecords; ++i) {
      const auto credential = fake::run(credentials.resolve("owner-" + std::to_string(i), "hudu"));
      ASSERT_TRUE(credential);
      ASSERT_EQ(revealed(**credential), "key-" + std::to_string(i));
    }
  }
  const auto halfway = vault::versions_in_use(db, *both, columns).value();
  EXPECT_GE(halfway.at(2), 38);
  EXPECT_EQ(vault::rotate(db, *both, columns)->failed(), 0);
  EXPECT_EQ(vault::versions_in_use(db, *both, columns).value(), (std::map<std::uint32_t, std::int64_t>{{2, kRecords}}));
}

}  // namespace
