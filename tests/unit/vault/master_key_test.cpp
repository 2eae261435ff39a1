#include "vault/master_key.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <latch>
#include <thread>

#include "fixture.hpp"

namespace {

using vault::MasterKeys;
using vault_test::TemporaryDirectory;

// 32 times 'a', 'b', 'c'.
constexpr std::string_view kA = "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE";
constexpr std::string_view kB = "YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJiYmI";

mode_t mode_of(const std::string& path) {
  struct stat status{};
  return stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

void write_file(const std::string& path, const std::string& text, mode_t mode = 0600) {
  std::ofstream(path) << text;
  chmod(path.c_str(), mode);
}

std::string read_file(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return std::move(text).str();
}

TEST(MasterKeys, ABareKeyIsVersionOne) {
  for (const auto& text :
       {std::string(kA), std::string(kA) + "=", " " + std::string(kA) + "\n", "1:" + std::string(kA)}) {
    const auto keys = MasterKeys::parse(text);
    ASSERT_TRUE(keys) << text;
    EXPECT_EQ(keys->current_version(), 1U);
    EXPECT_EQ(keys->find(1)->reveal(), std::string(32, 'a'));
    EXPECT_EQ(keys->find(2), nullptr);
  }
}

TEST(MasterKeys, StandardBase64IsTakenToo) {
  const auto keys = MasterKeys::parse("//////////////////////////////////////////8=");
  ASSERT_TRUE(keys);
  EXPECT_EQ(keys->find(1)->reveal(), std::string(32, '\xff'));
  EXPECT_TRUE(MasterKeys::parse("__________________________________________8"));
}

TEST(MasterKeys, SeveralVersionsOnLinesOrWithCommas) {
  for (const std::string separator : {"\n", ",", " ", "\r\n", "\n# a comment 7:x\n\n"}) {
    const auto keys = MasterKeys::parse("2:" + std::string(kA) + separator + "5:" + std::string(kB));
    ASSERT_TRUE(keys) << separator;
    EXPECT_EQ(keys->oldest_version(), 2U);
    EXPECT_EQ(keys->current_version(), 5U);
    EXPECT_EQ(keys->find(5)->reveal(), std::string(32, 'b'));
  }
}

TEST(MasterKeys, MalformedTextIsRefusedWithoutShowingIt) {
  const std::string a(kA);
  const std::vector<std::string> cases = {"",
                                          "\n",
                                          "# only a comment",
                                          "1:",
                                          "x:" + a,
                                          "0:" + a,
                                          "-1:" + a,
                                          "4294967296:" + a,
                                          "1:" + a + "A",
                                          "1:" + a.substr(1),
                                          "1:" + a + "==",
                                          "1:" + a + "\n1:" + a,
                                          "2:" + a + "\n1:" + a,
                                          a + "\n" + a,
                                          a + " 2:" + a,
                                          "1:" + a + " " + a,
                                          "1:1:" + a,
                                          std::string(70'000, ' '),
                                          "hunter2hunter2hunter2"};
  for (const auto& text : cases) {
    const auto keys = MasterKeys::parse(text);
    ASSERT_FALSE(keys) << text;
    EXPECT_EQ(keys.error().kind, base::Kind::invalid);
    EXPECT_EQ((keys.error().message + keys.error().detail).find("YWFhYW"), std::string::npos) << text;
    EXPECT_EQ((keys.error().message + keys.error().detail).find("hunter2"), std::string::npos) << text;
  }
}

TEST(MasterKeys, TextReadsBackTheSame) {
  fake::FakeRandom random;
  const auto keys = MasterKeys::generate(random).with_new_version(random);
  ASSERT_TRUE(keys);
  const auto again = MasterKeys::parse(keys->text().reveal());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->current_version(), 2U);
  EXPECT_EQ(again->find(1)->reveal(), keys->find(1)->reveal());
  EXPECT_EQ(again->find(2)->reveal(), keys->find(2)->reveal());
  EXPECT_NE(again->find(1)->reveal(), again->find(2)->reveal());
}

TEST(MasterKeyFile, IsMadeOnceForItsOwnerOnly) {
  const TemporaryDirectory directory;
  fake::FakeRandom random;
  const auto path = directory.file("master.key");
  EXPECT_EQ(vault::load_master_keys(path).error().kind, base::Kind::not_found);

  const auto made = vault::load_or_create_master_keys(path, random);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(mode_of(path), 0600U);
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
  const auto again = vault::load_or_create_master_keys(path, random);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->find(1)->reveal(), made->find(1)->reveal());
}

TEST(MasterKeyFile, OpenToOthersIsRefusedAndSaysWhatToDo) {
  const TemporaryDirectory directory;
  fake::FakeRandom random;
  const auto path = directory.file("master.key");
  for (const mode_t mode : {0640, 0604, 0660, 0666, 0610, 0601, 0644}) {
    write_file(path, std::string(kA), mode);
    const auto keys = vault::load_or_create_master_keys(path, random);
    ASSERT_FALSE(keys) << mode;
    EXPECT_EQ(keys.error().kind, base::Kind::invalid);
    EXPECT_NE(keys.error().message.find("chmod 600 " + path), std::string::npos);
    EXPECT_EQ(read_file(path), kA);
  }
  chmod(path.c_str(), 0400);
  EXPECT_TRUE(vault::load_master_keys(path));
}

TEST(MasterKeyFile, MalformedFileIsNamedAndNeverReplaced) {
  const TemporaryDirectory directory;
  fake::FakeRandom random;
  const auto path = directory.file("master.key");
  for (const std::string text : {"", "nonsense"}) {
    write_file(path, text);
    const auto keys = vault::load_or_create_master_keys(path, random);
    ASSERT_FALSE(keys);
    EXPECT_NE(keys.error().message.find(path), std::string::npos);
    EXPECT_EQ(read_file(path), text);
  }
}

TEST(MasterKeyFile, DirectoryInItsPlaceIsRefused) {
  const TemporaryDirectory directory;
  EXPECT_EQ(vault::load_master_keys(directory.path()).error().kind, base::Kind::invalid);
}

TEST(MasterKeyFile, WithoutItsDirectoryItIsUnavailable) {
  fake::FakeRandom random;
  const auto keys = vault::load_or_create_master_keys("/nonexistent/master.key", random);
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().kind, base::Kind::unavailable);
}

TEST(MasterKeyFile, AddingAVersionKeepsTheOldOnes) {
  const TemporaryDirectory directory;
  fake::FakeRandom random;
  const auto path = directory.file("master.key");
  EXPECT_EQ(vault::add_master_key_version(path, random).error().kind, base::Kind::not_found);
  write_file(path, std::string(kA));
  write_file(path + ".new", "left by a killed process");

  ASSERT_TRUE(vault::add_master_key_version(path, random));
  const auto keys = vault::load_master_keys(path);
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ(keys->versions().size(), 2U);
  EXPECT_EQ(keys->find(1)->reveal(), std::string(32, 'a'));
  EXPECT_EQ(mode_of(path), 0600U);
}

TEST(MasterKeyFile, ALinkStaysALink) {
  const TemporaryDirectory directory;
  fake::FakeRandom random;
  write_file(directory.file("real.key"), std::string(kA));
  std::filesystem::create_symlink(directory.file("real.key"), directory.file("master.key"));
  ASSERT_TRUE(vault::add_master_key_version(directory.file("master.key"), random));
  EXPECT_TRUE(std::filesystem::is_symlink(directory.file("master.key")));
  EXPECT_EQ(vault::load_master_keys(directory.file("real.key"))->versions().size(), 2U);
}

TEST(MasterKeyFile, TwoWhoStartAtOnceGetTheSameKey) {
  for (int round = 0; round < 20; ++round) {
    const TemporaryDirectory directory;
    fake::FakeRandom random;
    std::latch go(2);
    std::array<std::string, 2> got;
    {
      std::vector<std::jthread> threads;
      for (auto& mine : got) {
        threads.emplace_back([&] {
          go.arrive_and_wait();
          const auto keys = vault::load_or_create_master_keys(directory.file("master.key"), random);
          ASSERT_TRUE(keys);
          mine = keys->find(1)->reveal();
        });
      }
    }
    EXPECT_EQ(got[0], got[1]);
  }
}

TEST(MasterKeyFile, ConcurrentAdditionsLoseNoVersion) {
  const TemporaryDirectory directory;
  fake::FakeRandom random;
  const auto path = directory.file("master.key");
  ASSERT_TRUE(vault::load_or_create_master_keys(path, random));
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&] { EXPECT_TRUE(vault::add_master_key_version(path, random)); });
    }
  }
  EXPECT_EQ(vault::load_master_keys(path)->versions().size(), 9U);
}

}  // namespace
