// A database "in memory" with two tables, for the tests of this room.
#pragma once

#include <gtest/gtest.h>

#include "store/database.hpp"

namespace store_test {

inline const std::vector<store::Migration> kMigrations = {
    {"test.0001", "CREATE TABLE owners (id TEXT NOT NULL PRIMARY KEY)"},
    {"test.0002",
     "CREATE TABLE things (id BIGINT NOT NULL PRIMARY KEY, owner TEXT NOT NULL REFERENCES owners (id),"
     " name TEXT UNIQUE, bytes BLOB);"
     "CREATE INDEX things_by_owner ON things (owner)"},
};

inline std::int64_t count(store::Connection& connection) {
  return connection.query("SELECT count(*) FROM things", {}).value().at(0).integer(0);
}

inline base::Result<std::int64_t> add_thing(store::Connection& connection, std::int64_t id) {
  return connection.execute("INSERT INTO things (id, owner) VALUES ($1, 'ann')", {id});
}

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() {
    EXPECT_TRUE(db_.migrate(kMigrations));
    EXPECT_TRUE(execute("INSERT INTO owners (id) VALUES ('ann')", {}));
  }
  base::Result<std::int64_t> execute(std::string sql, std::vector<store::Value> parameters) {
    return db_.write_now([=](store::Connection& connection) { return connection.execute(sql, parameters); });
  }
  base::Result<std::vector<store::Row>> query(std::string sql, std::vector<store::Value> parameters = {}) {
    return db_.read_now([=](store::Connection& connection) { return connection.query(sql, parameters); });
  }
  std::int64_t things() {
    return db_.read_now([](store::Connection& c) -> base::Result<std::int64_t> { return count(c); }).value();
  }

  store::Database db_{{.path = ":memory:"}};
};

}  // namespace store_test
