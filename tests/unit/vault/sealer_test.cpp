#include "vault/sealer.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "base/encoding.hpp"
#include "fixture.hpp"

namespace {

using vault::MasterKeys;
using vault::Sealer;

class SealerTest : public testing::Test {
 protected:
  fake::FakeRandom random_;
  MasterKeys keys_ = MasterKeys::generate(random_);
  Sealer sealer_{keys_, random_};
};

TEST_F(SealerTest, OpensWhatItSealed) {
  for (const auto& text : {std::string(), std::string("x"), std::string("\0\xff", 2), std::string(100'000, 'y')}) {
    const auto sealed = sealer_.seal("user/ann", "id", text);
    EXPECT_EQ(sealed.size(), text.size() + Sealer::kOverhead);
    const auto opened = sealer_.open("user/ann", "id", sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), text);
  }
}

TEST_F(SealerTest, SealsTheSameTextDifferentlyEachTime) {
  std::set<std::string> all;
  for (int i = 0; i < 100; ++i) all.insert(sealer_.seal("user/ann", "id", "text"));
  EXPECT_EQ(all.size(), 100U);
}

TEST_F(SealerTest, AnotherScopeOrIdentityDoesNotOpen) {
  const auto sealed = sealer_.seal("user/ann", "credential/hudu/1", "secret");
  using Place = std::pair<std::string, std::string>;
  for (const auto& [scope, identity] : std::vector<Place>{{"user/bob", "credential/hudu/1"},
                                                          {"user/ann", "credential/hudu/2"},
                                                          {"user/ann", "credential/huntress/1"},
                                                          {"user/anncredential", "/hudu/1"},
                                                          {"user/ann", ""},
                                                          {"", ""}}) {
    const auto opened = sealer_.open(scope, identity, sealed);
    ASSERT_FALSE(opened) << scope << " " << identity;
    EXPECT_EQ(opened.error().kind, base::Kind::unavailable);
    EXPECT_EQ(opened.error().code, "vault.sealed");
  }
}

TEST_F(SealerTest, ABorderBetweenScopeAndIdentityCannotBeMoved) {
  const auto sealed = sealer_.seal("ab", "c", "secret");
  EXPECT_FALSE(sealer_.open("a", "bc", sealed));
}

TEST_F(SealerTest, AnyAlteredBitDoesNotOpen) {
  const auto sealed = sealer_.seal("user/ann", "id", "secret");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    auto altered = sealed;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(sealer_.open("user/ann", "id", altered)) << bit;
  }
}

TEST_F(SealerTest, AnyOtherLengthDoesNotOpen) {
  const auto sealed = sealer_.seal("user/ann", "id", "secret");
  for (std::size_t length = 0; length < sealed.size(); ++length) {
    EXPECT_FALSE(sealer_.open("user/ann", "id", sealed.substr(0, length))) << length;
  }
  EXPECT_FALSE(sealer_.open("user/ann", "id", sealed + "x"));
}

TEST_F(SealerTest, AnotherMasterKeyDoesNotOpen) {
  const Sealer other(MasterKeys::generate(random_), random_);
  EXPECT_FALSE(other.open("user/ann", "id", sealer_.seal("user/ann", "id", "secret")));
}

TEST_F(SealerTest, ANewerVersionOpensTheOlderAndSealsAnew) {
  const auto old = sealer_.seal("user/ann", "id", "secret");
  const Sealer newer(keys_.with_new_version(random_).value(), random_);
  ASSERT_TRUE(newer.open("user/ann", "id", old));
  EXPECT_EQ(newer.key_version(old).value(), 1U);
  EXPECT_EQ(newer.key_version(newer.seal("user/ann", "id", "secret")).value(), 2U);
  EXPECT_EQ(newer.versions(), (std::vector<std::uint32_t>{1, 2}));
}

TEST_F(SealerTest, AMissingVersionIsNamedForTheLog) {
  const Sealer newer(keys_.with_new_version(random_).value(), random_);
  const auto opened = sealer_.open("user/ann", "id", newer.seal("user/ann", "id", "secret"));
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().detail.find("version 2"), std::string::npos);
}

TEST_F(SealerTest, ANewerVersionIsFetchedWhenARecordNamesIt) {
  const auto more = keys_.with_new_version(random_).value();
  int reloads = 0;
  const Sealer running(keys_, random_, {.reload = [&]() -> base::Result<MasterKeys> {
                         ++reloads;
                         return more;
                       }});
  const auto sealed = Sealer(more, random_).seal("user/ann", "id", "secret");
  ASSERT_TRUE(running.open("user/ann", "id", sealed));
  EXPECT_EQ(running.current_version(), 2U);
  ASSERT_TRUE(running.open("user/ann", "id", sealed));
  EXPECT_EQ(reloads, 1);
}

TEST_F(SealerTest, DerivedKeysStayTheSameWhenAVersionIsAdded) {
  const Sealer newer(keys_.with_new_version(random_).value(), random_);
  const auto key = sealer_.derive("browser-session");
  EXPECT_EQ(key.size(), 32U);
  EXPECT_EQ(key.reveal(), newer.derive("browser-session").reveal());
  EXPECT_NE(key.reveal(), sealer_.derive("other").reveal());
  EXPECT_NE(sealer_.fingerprint(1), newer.fingerprint(2));
}

TEST_F(SealerTest, TooMuchIsRefused) {
  EXPECT_THROW(static_cast<void>(sealer_.seal("s", "i", std::string(Sealer::kMaxPlaintext + 1, 'x'))),
               std::length_error);
}

// Guards the bytes on disk: made by another implementation (Python's cryptography) of docs/formats/sealed-record.md.
TEST(SealerFormat, IsAsDocumented) {
  fake::FakeRandom random;
  const Sealer sealer(MasterKeys::parse("7:YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE").value(), random);
  const auto bytes = base::from_base64url("AQAAAAcAAQIDBAUGBwgJCgsmVRFG_BffZj2DuwbRcy5xVZ0NeCrE69-qsA");
  ASSERT_TRUE(bytes);
  const auto opened = sealer.open("user/ann", "credential/hudu/3", base::text_of(*bytes));
  ASSERT_TRUE(opened) << opened.error().detail;
  EXPECT_EQ(opened->reveal(), "top secret");
}

TEST_F(SealerTest, ManyThreadsMaySealAndOpen) {
  Sealer small(keys_, random_, {.data_keys = 3, .reload = {}});
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&small, t] {
      for (int i = 0; i < 200; ++i) {
        const auto scope = "user/" + std::to_string((i + t) % 7);
        const auto opened = small.open(scope, "id", small.seal(scope, "id", scope));
        ASSERT_TRUE(opened);
        ASSERT_EQ(opened->reveal(), scope);
      }
    });
  }
  for (int i = 0; i < 20; ++i) small.replace(keys_);
}

}  // namespace
