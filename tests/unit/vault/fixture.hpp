// Keys, a sealer and directories for the tests of this room.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "base/encoding.hpp"
#include "fake/fake_clock.hpp"
#include "fake/fake_random.hpp"
#include "fake/run.hpp"
#include "vault/migrations.hpp"
#include "vault/sealed_credentials.hpp"

namespace vault_test {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    auto pattern = (std::filesystem::temp_directory_path() / "vault-test-XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TemporaryDirectory() { std::filesystem::remove_all(path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
  // The bytes of every file in it, one after the other.
  [[nodiscard]] std::string everything() const {
    std::ostringstream all;
    for (const auto& entry : std::filesystem::directory_iterator(path_)) {
      all << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    }
    return std::move(all).str();
  }

 private:
  std::string path_;
};

inline vault::Fields fields(const std::string& api_key) {
  vault::Fields fields;
  fields.emplace("api_key", base::SecretString(std::string_view(api_key)));
  return fields;
}

inline std::string revealed(const vault::Credential& credential) {
  return std::string(credential.fields.at("api_key").reveal());
}

// A database with this room's tables, and a sealer of one master key.
class VaultTest : public testing::Test {
 protected:
  explicit VaultTest(std::string path = ":memory:") : db_({.path = std::move(path)}) {
    EXPECT_TRUE(db_.migrate(vault::migrations()));
  }
  [[nodiscard]] std::unique_ptr<vault::SealedCredentials> open(vault::SealedCredentialsConfig config = {}) {
    return std::make_unique<vault::SealedCredentials>(db_, sealer_, clock_, random_, config);
  }
  std::int64_t execute(std::string sql, std::vector<store::Value> parameters = {}) {
    return db_.write_now([=](store::Connection& connection) { return connection.execute(sql, parameters); }).value();
  }
  std::vector<store::Row> query(std::string sql, std::vector<store::Value> parameters = {}) {
    return db_.read_now([=](store::Connection& connection) { return connection.query(sql, parameters); }).value();
  }
  void save(vault::Credentials& credentials, const std::string& owner, const std::string& vendor,
            const std::string& api_key) {
    EXPECT_TRUE(fake::run(credentials.save(owner, vendor, fields(api_key))));
  }
  base::Result<std::shared_ptr<const vault::Credential>> resolve(vault::Credentials& credentials,
                                                                 const std::string& owner, const std::string& vendor) {
    return fake::run(credentials.resolve(owner, vendor));
  }

  fake::FakeClock clock_;
  fake::FakeRandom random_;
  store::Database db_;
  vault::MasterKeys keys_ = vault::MasterKeys::generate(random_);
  std::shared_ptr<const vault::Sealer> sealer_ = std::make_shared<vault::Sealer>(keys_, random_);
};

}  // namespace vault_test
