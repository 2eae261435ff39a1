#include "store/database.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <filesystem>

#include "fixture.hpp"

namespace {

using store::Blob;
using store::Connection;
using store_test::add_thing;
using store_test::DatabaseTest;
using store_test::kMigrations;

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    auto pattern = (std::filesystem::temp_directory_path() / "store-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

mode_t mode_of(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

TEST_F(DatabaseTest, ParametersMayComeInAnyOrderAndTwice) {
  const auto rows = query("SELECT $2 AS second, $1 AS first, $2 || $1 AS both, $3 AS third", {"a", "b", 7});
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->at(0).text(0), "b");
  EXPECT_EQ(rows->at(0).text(1), "a");
  EXPECT_EQ(rows->at(0).text(2), "ba");
  EXPECT_EQ(rows->at(0).integer(3), 7);
}

TEST_F(DatabaseTest, EveryTypeComesBackAsItWent) {
  const std::string bytes("\0\xff\0x", 4);
  ASSERT_TRUE(execute("INSERT INTO things (id, owner, name, bytes) VALUES ($1, $2, $3, $4)",
                      {std::int64_t{1} << 62, "ann", std::monostate{}, Blob{bytes}}));
  ASSERT_TRUE(execute("INSERT INTO things (id, owner, name, bytes) VALUES ($1, $2, $3, $4)", {2, "ann", "", Blob{}}));
  const auto rows = query("SELECT id, name, bytes FROM things ORDER BY id DESC");
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->at(0).integer(0), std::int64_t{1} << 62);
  EXPECT_TRUE(rows->at(0).is_null(1));
  EXPECT_EQ(rows->at(0).blob(2), bytes);
  EXPECT_EQ(rows->at(1).text(1), "");
  EXPECT_EQ(rows->at(1).blob(2), "");
}

TEST_F(DatabaseTest, AskingARowForAnotherTypeThrows) {
  const auto rows = query("SELECT 1, 'x', NULL");
  ASSERT_TRUE(rows);
  const auto& row = rows->at(0);
  EXPECT_THROW(static_cast<void>(row.text(0)), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.integer(1)), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.blob(2)), std::logic_error);
  EXPECT_THROW(static_cast<void>(row.integer(3)), std::logic_error);
}

TEST_F(DatabaseTest, ExecuteCountsTheRowsItChanged) {
  EXPECT_EQ(execute("INSERT INTO things (id, owner) VALUES (1, 'ann'), (2, 'ann')", {}).value(), 2);
  EXPECT_EQ(execute("UPDATE things SET name = NULL WHERE id = $1", {1}).value(), 1);
  EXPECT_EQ(execute("DELETE FROM things WHERE id = $1", {99}).value(), 0);
  EXPECT_EQ(execute("CREATE TABLE later (id TEXT)", {}).value(), 0);
}

TEST_F(DatabaseTest, ReturningGivesRowsAndWrites) {
  const auto rows = db_.write_now([](Connection& connection) {
    return connection.query("INSERT INTO things (id, owner) VALUES ($1, 'ann') RETURNING id", {5});
  });
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->at(0).integer(0), 5);
  EXPECT_EQ(things(), 1);
}

TEST_F(DatabaseTest, DuplicateKeyIsAConflict) {
  ASSERT_TRUE(execute("INSERT INTO things (id, owner, name) VALUES (1, 'ann', 'x')", {}));
  const auto primary = execute("INSERT INTO things (id, owner) VALUES (1, 'ann')", {});
  const auto unique = execute("INSERT INTO things (id, owner, name) VALUES (2, 'ann', 'x')", {});
  ASSERT_FALSE(primary);
  ASSERT_FALSE(unique);
  EXPECT_EQ(primary.error().kind, base::Kind::conflict);
  EXPECT_EQ(unique.error().kind, base::Kind::conflict);
}

TEST_F(DatabaseTest, MissingReferenceIsAConflict) {
  const auto result = execute("INSERT INTO things (id, owner) VALUES (1, 'nobody')", {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::Kind::conflict);
  EXPECT_EQ(result.error().code, "store.reference");
}

TEST_F(DatabaseTest, ConflictTellsNoValue) {
  const auto insert = "INSERT INTO things (id, owner, name) VALUES ($1, 'ann', 'top-secret')";
  ASSERT_TRUE(execute(insert, {1}));
  const auto error = execute(insert, {2}).error();
  EXPECT_EQ((error.message + error.detail).find("top-secret"), std::string::npos);
}

TEST_F(DatabaseTest, WrongSqlIsABug) {
  EXPECT_EQ(query("SELECT nothing FROM nowhere").error().kind, base::Kind::bug);
  EXPECT_EQ(query("SELECT 1; SELECT 2").error().kind, base::Kind::bug);
  EXPECT_EQ(query("").error().kind, base::Kind::bug);
  EXPECT_EQ(query("SELECT $1", {}).error().kind, base::Kind::bug);
  EXPECT_EQ(query("SELECT $2", {1, 2}).error().kind, base::Kind::bug);
  EXPECT_EQ(query("SELECT ?", {1}).error().kind, base::Kind::bug);
  EXPECT_EQ(query("SELECT 1.5").error().kind, base::Kind::bug);
}

TEST_F(DatabaseTest, ReadersCannotWrite) {
  const auto result = db_.read_now([](Connection& connection) { return add_thing(connection, 1); });
  EXPECT_FALSE(result);
  EXPECT_EQ(things(), 0);
}

TEST_F(DatabaseTest, WorkThatFailsLeavesNothing) {
  const auto result = db_.write_now([](Connection& connection) -> base::Result<void> {
    if (auto added = add_thing(connection, 1); !added) return added.failure();
    return base::fail(base::Kind::invalid, "test", "changed my mind");
  });
  EXPECT_EQ(result.error().code, "test");
  EXPECT_EQ(things(), 0);
}

TEST_F(DatabaseTest, WorkThatThrowsLeavesNothingAndTheCallerGetsTheException) {
  EXPECT_THROW(static_cast<void>(db_.write_now([](Connection& connection) -> base::Result<void> {
                 EXPECT_TRUE(add_thing(connection, 1));
                 throw std::logic_error("boom");
               })),
               std::logic_error);
  EXPECT_EQ(things(), 0);
  EXPECT_TRUE(execute("INSERT INTO things (id, owner) VALUES (1, 'ann')", {}));
}

TEST_F(DatabaseTest, ATransactionEndedByTheWorkItselfIsReported) {
  const auto result = db_.write_now([](Connection& connection) { return connection.execute("ROLLBACK", {}); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::Kind::bug);
  EXPECT_TRUE(execute("INSERT INTO things (id, owner) VALUES (1, 'ann')", {}));
}

TEST_F(DatabaseTest, MoreStatementsThanAreKeptStillRun) {
  for (int i = 0; i < 1100; ++i) ASSERT_TRUE(query("SELECT " + std::to_string(i)));
}

TEST_F(DatabaseTest, SchemaChangeReachesPreparedStatements) {
  EXPECT_EQ(query("SELECT * FROM owners")->at(0).text(0), "ann");
  ASSERT_TRUE(execute("ALTER TABLE owners ADD COLUMN age BIGINT", {}));
  EXPECT_TRUE(query("SELECT * FROM owners")->at(0).is_null(1));
}

TEST(Migrate, AppliesOnceAndInOrder) {
  const TemporaryDirectory directory;
  {
    store::Database db({.path = directory.file("a.db")});
    EXPECT_EQ(db.migrate({kMigrations[0]}).value(), std::vector<std::string>{"test.0001"});
  }
  store::Database db({.path = directory.file("a.db")});
  EXPECT_EQ(db.migrate(kMigrations).value(), std::vector<std::string>{"test.0002"});
  EXPECT_TRUE(db.migrate(kMigrations).value().empty());
}

TEST(Migrate, FailingMigrationLeavesNothingOfItself) {
  store::Database db({.path = ":memory:"});
  const auto result = db.migrate({kMigrations[0], {"test.bad", "CREATE TABLE half (id TEXT); CREATE NONSENSE"}});
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("test.bad"), std::string::npos);
  EXPECT_EQ(db.migrate(kMigrations).value(), std::vector<std::string>{"test.0002"});
  const auto half = db.read_now([](Connection& c) { return c.query("SELECT * FROM half", {}); });
  EXPECT_FALSE(half);
}

TEST(Migrate, DatabaseOfANewerVersionIsRefused) {
  store::Database db({.path = ":memory:"});
  ASSERT_TRUE(db.migrate(kMigrations));
  const auto result = db.migrate({kMigrations[0]});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, base::Kind::conflict);
  EXPECT_EQ(result.error().code, "store.newer");
  EXPECT_NE(result.error().message.find("test.0002"), std::string::npos);
}

TEST(Database, FilesAreForTheirOwnerOnly) {
  const TemporaryDirectory directory;
  const auto file = directory.file("a.db");
  store::Database db({.path = file});
  ASSERT_TRUE(db.migrate(kMigrations));
  EXPECT_EQ(mode_of(file), 0600U);
  EXPECT_EQ(mode_of(file + "-wal"), 0600U);
  EXPECT_EQ(mode_of(file + "-shm"), 0600U);
}

TEST(Database, DirectoryThatDoesNotExistIsNamed) {
  try {
    store::Database db({.path = "/nonexistent/a.db"});
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_NE(std::string_view(error.what()).find("/nonexistent/a.db"), std::string_view::npos);
  }
}

TEST(Database, FileThatIsNoDatabaseIsRefused) {
  const TemporaryDirectory directory;
  const auto file = directory.file("a.db");
  {
    std::FILE* out = std::fopen(file.c_str(), "w");
    for (int i = 0; i < 1000; ++i) std::fputs("this is a letter to my aunt\n", out);
    std::fclose(out);
  }
  EXPECT_THROW(store::Database({.path = file}), std::runtime_error);
}

TEST(Database, AnotherWriterMakesItUnavailableAfterTheTimeout) {
  const TemporaryDirectory directory;
  const store::DatabaseConfig config{.path = directory.file("a.db"), .busy_timeout = std::chrono::milliseconds(1)};
  store::Database first(config);
  ASSERT_TRUE(first.migrate(kMigrations));
  store::Database second(config);
  const auto result = first.write_now([&second](Connection&) -> base::Result<base::Error> {
    return second.write_now([](Connection& c) { return c.execute("DELETE FROM things", {}); }).error();
  });
  ASSERT_TRUE(result);
  EXPECT_EQ(result->kind, base::Kind::unavailable);
  EXPECT_EQ(result->code, "store.busy");
  EXPECT_TRUE(second.write_now([](Connection& c) { return c.execute("DELETE FROM things", {}); }));
}

}  // namespace
