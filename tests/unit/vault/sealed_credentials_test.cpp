#include "vault/sealed_credentials.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using vault::State;
using vault_test::fields;
using vault_test::revealed;

class SealedCredentials : public vault_test::VaultTest {
 protected:
  void note(std::int64_t version, State state, const std::string& message = "") {
    EXPECT_TRUE(fake::run(credentials_->note("ann", "hudu", version, state, message)));
  }
  std::int64_t version() { return resolve(*credentials_, "ann", "hudu").value()->version; }
  vault::ConnectionInfo listed() { return fake::run(credentials_->list("ann")).value().at(0); }

  std::unique_ptr<vault::SealedCredentials> credentials_ = open();
};

TEST_F(SealedCredentials, WhatWasSavedIsResolvedAlsoAfterARestart) {
  save(*credentials_, "ann", "hudu", "key-1");
  EXPECT_EQ(revealed(*resolve(*credentials_, "ann", "hudu").value()), "key-1");
  const auto restarted = open();
  const auto credential = resolve(*restarted, "ann", "hudu").value();
  EXPECT_EQ(revealed(*credential), "key-1");
  EXPECT_EQ(credential->owner, "ann");
  EXPECT_EQ(credential->vendor, "hudu");
  EXPECT_EQ(credential->state, State::untested);
}

TEST_F(SealedCredentials, EveryByteOfAFieldSurvives) {
  vault::Fields many;
  many.emplace("empty", base::SecretString());
  many.emplace("binary", base::SecretString(std::string_view("\0\n\xff", 3)));
  many.emplace("long", base::SecretString(std::string(64 * 1024, 'z')));
  ASSERT_TRUE(fake::run(credentials_->save("ann", "hudu", many)));
  const auto got = resolve(*credentials_, "ann", "hudu").value()->fields;
  ASSERT_EQ(got.size(), 3U);
  for (const auto& [name, value] : many) EXPECT_EQ(got.at(name).reveal(), value.reveal());
}

TEST_F(SealedCredentials, OneOwnersCredentialIsNotAnothers) {
  save(*credentials_, "ann", "hudu", "key-1");
  EXPECT_EQ(resolve(*credentials_, "bob", "hudu").value(), nullptr);
  EXPECT_EQ(resolve(*credentials_, "ann", "huntress").value(), nullptr);
  EXPECT_TRUE(fake::run(credentials_->list("bob")).value().empty());
}

TEST_F(SealedCredentials, CachedTellsUnknownFromAbsent) {
  EXPECT_FALSE(credentials_->cached("ann", "hudu").has_value());
  EXPECT_EQ(resolve(*credentials_, "ann", "hudu").value(), nullptr);
  EXPECT_EQ(credentials_->cached("ann", "hudu").value(), nullptr);
  save(*credentials_, "ann", "hudu", "key-1");
  EXPECT_FALSE(credentials_->cached("ann", "hudu").has_value());
  static_cast<void>(resolve(*credentials_, "ann", "hudu"));
  EXPECT_EQ(revealed(*credentials_->cached("ann", "hudu").value()), "key-1");
}

TEST_F(SealedCredentials, ReplacingGivesAHigherVersionAndTheNewValue) {
  save(*credentials_, "ann", "hudu", "key-1");
  const auto before = version();
  note(before, State::rejected, "bad key");
  save(*credentials_, "ann", "hudu", "key-2");
  const auto credential = resolve(*credentials_, "ann", "hudu").value();
  EXPECT_GT(credential->version, before);
  EXPECT_EQ(revealed(*credential), "key-2");
  EXPECT_EQ(credential->state, State::untested);
  EXPECT_EQ(listed().message, "");
}

TEST_F(SealedCredentials, AVersionIsNeverUsedTwiceEvenAfterRemoval) {
  save(*credentials_, "ann", "hudu", "key-1");
  const auto before = version();
  ASSERT_TRUE(fake::run(credentials_->remove("ann", "hudu")));
  EXPECT_EQ(resolve(*credentials_, "ann", "hudu").value(), nullptr);
  save(*credentials_, "ann", "hudu", "key-2");
  EXPECT_GT(version(), before);
}

TEST_F(SealedCredentials, ListShowsStatesAndNamesButNoValues) {
  vault::Fields two = fields("key-1");
  two.emplace("region", base::SecretString(std::string_view("eu")));
  const auto saved = fake::run(credentials_->save("ann", "hudu", two)).value();
  EXPECT_THAT(saved.field_names, ElementsAre("api_key", "region"));
  save(*credentials_, "ann", "acme", "key-2");
  clock_.advance(std::chrono::seconds(5));
  note(saved.version, State::rejected, "Invalid key.");

  const auto all = fake::run(credentials_->list("ann")).value();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].vendor, "acme");
  EXPECT_FALSE(all[0].tested);
  EXPECT_EQ(all[1].vendor, "hudu");
  EXPECT_EQ(all[1].state, State::rejected);
  EXPECT_EQ(all[1].message, "Invalid key.");
  EXPECT_EQ(all[1].version, saved.version);
  EXPECT_THAT(all[1].field_names, ElementsAre("api_key", "region"));
  EXPECT_EQ(all[1].saved, saved.saved);
  EXPECT_EQ(all[1].tested, clock_.now());
}

TEST_F(SealedCredentials, ANoteReachesTheNextResolve) {
  save(*credentials_, "ann", "hudu", "key-1");
  note(version(), State::rejected);
  EXPECT_EQ(resolve(*credentials_, "ann", "hudu").value()->state, State::rejected);
}

TEST_F(SealedCredentials, ANoteOnAReplacedVersionIsIgnored) {
  save(*credentials_, "ann", "hudu", "key-1");
  const auto old = version();
  save(*credentials_, "ann", "hudu", "key-2");
  note(old, State::rejected, "bad key");
  EXPECT_EQ(resolve(*credentials_, "ann", "hudu").value()->state, State::untested);
  EXPECT_EQ(listed().message, "");
}

TEST_F(SealedCredentials, ANoteOnNothingIsIgnored) { note(1, State::working); }

TEST_F(SealedCredentials, TheVendorsWordsAreMaskedAndCut) {
  save(*credentials_, "ann", "hudu", "sk-very-secret");
  note(version(), State::rejected, "The key sk-very-secret is wrong. " + std::string(5'000, 'x'));
  const auto message = listed().message;
  EXPECT_THAT(message, HasSubstr("The key ••• is wrong."));
  EXPECT_LE(message.size(), 1'003U);
}

TEST_F(SealedCredentials, ALongMessageIsCutBetweenCharacters) {
  credentials_ = open({.message_limit = 5});
  save(*credentials_, "ann", "hudu", "sk-very-secret");
  note(version(), State::rejected, "éééé");
  EXPECT_EQ(listed().message, "éé…");
}

TEST_F(SealedCredentials, WorkingOverAndOverIsWrittenOnceAMinute) {
  save(*credentials_, "ann", "hudu", "key-1");
  note(version(), State::working);
  const auto first = listed().tested;
  static_cast<void>(resolve(*credentials_, "ann", "hudu"));
  clock_.advance(std::chrono::seconds(59));
  note(version(), State::working);
  EXPECT_EQ(listed().tested, first);
  clock_.advance(std::chrono::seconds(1));
  note(version(), State::working);
  EXPECT_EQ(listed().tested, clock_.now());
}

TEST_F(SealedCredentials, EveryVisibleChangeIsTold) {
  std::vector<std::string> told;
  const auto subscription = credentials_->changes().subscribe(
      [&](const vault::Change& change) { told.push_back(change.owner + "/" + change.vendor); });
  save(*credentials_, "ann", "hudu", "key-1");
  EXPECT_EQ(told.size(), 1U);
  note(version(), State::working);
  EXPECT_EQ(told.size(), 2U);
  note(version(), State::working, "again");
  EXPECT_EQ(told.size(), 2U);
  ASSERT_TRUE(fake::run(credentials_->remove("ann", "hudu")));
  EXPECT_EQ(told.size(), 3U);
  ASSERT_TRUE(fake::run(credentials_->remove("ann", "hudu")));
  EXPECT_EQ(told.size(), 3U);
  EXPECT_THAT(told, testing::Each("ann/hudu"));
}

TEST_F(SealedCredentials, AListenerSeesTheNewState) {
  save(*credentials_, "ann", "hudu", "key-1");
  static_cast<void>(version());
  bool fresh = false;
  const auto subscription = credentials_->changes().subscribe(
      [&](const vault::Change& change) { fresh = !credentials_->cached(change.owner, change.vendor).has_value(); });
  note(version(), State::rejected);
  EXPECT_TRUE(fresh);
}

TEST_F(SealedCredentials, TooMuchIsRefused) {
  vault::Fields many;
  for (int i = 0; i < 65; ++i) many.emplace("f" + std::to_string(i), base::SecretString());
  EXPECT_EQ(fake::run(credentials_->save("ann", "hudu", many)).error().kind, base::Kind::invalid);
  EXPECT_EQ(fake::run(credentials_->save("ann", "hudu", fields(std::string(65'537, 'x')))).error().kind,
            base::Kind::too_large);
  vault::Fields unnamed;
  unnamed.emplace("", base::SecretString());
  EXPECT_EQ(fake::run(credentials_->save("ann", "hudu", unnamed)).error().kind, base::Kind::invalid);
  EXPECT_EQ(fake::run(credentials_->save("", "hudu", {})).error().kind, base::Kind::invalid);
  EXPECT_EQ(fake::run(credentials_->save("ann", "", {})).error().kind, base::Kind::invalid);
}

TEST_F(SealedCredentials, TheLeastRecentlyUsedIsForgotten) {
  credentials_ = open({.cached = 2});
  for (const std::string vendor : {"a", "b"}) {
    save(*credentials_, "ann", vendor, "key-" + vendor);
    static_cast<void>(resolve(*credentials_, "ann", vendor));
  }
  EXPECT_TRUE(credentials_->cached("ann", "a"));
  static_cast<void>(resolve(*credentials_, "ann", "c"));
  EXPECT_TRUE(credentials_->cached("ann", "a"));
  EXPECT_FALSE(credentials_->cached("ann", "b"));
  EXPECT_TRUE(credentials_->cached("ann", "c"));
  EXPECT_EQ(revealed(*resolve(*credentials_, "ann", "b").value()), "key-b");
}

TEST_F(SealedCredentials, ARowMovedToAnotherOwnerDoesNotOpen) {
  save(*credentials_, "ann", "hudu", "key-1");
  ASSERT_EQ(execute("UPDATE vault_credentials SET owner_id = 'bob'"), 1);
  const auto moved = resolve(*credentials_, "bob", "hudu");
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().kind, base::Kind::unavailable);
  EXPECT_EQ(moved.error().code, "vault.sealed");
  EXPECT_THAT(moved.error().message, HasSubstr("hudu"));
}

TEST_F(SealedCredentials, ASealedValueCopiedOverAnothersDoesNotOpen) {
  save(*credentials_, "ann", "hudu", "key-1");
  save(*credentials_, "bob", "hudu", "key-2");
  execute(
      "UPDATE vault_credentials SET version = (SELECT version FROM vault_credentials WHERE owner_id = 'ann'),"
      " sealed = (SELECT sealed FROM vault_credentials WHERE owner_id = 'ann') WHERE owner_id = 'bob'");
  EXPECT_FALSE(resolve(*credentials_, "bob", "hudu"));
  EXPECT_TRUE(resolve(*credentials_, "ann", "hudu"));
}

TEST_F(SealedCredentials, ARowMovedToAnotherVendorOrVersionDoesNotOpen) {
  save(*credentials_, "ann", "hudu", "key-1");
  execute("UPDATE vault_credentials SET vendor = 'huntress'");
  EXPECT_FALSE(resolve(*credentials_, "ann", "huntress"));
  execute("UPDATE vault_credentials SET vendor = 'hudu', version = version + 1");
  EXPECT_FALSE(resolve(*credentials_, "ann", "hudu"));
  execute("UPDATE vault_credentials SET version = version - 1");
  EXPECT_TRUE(resolve(*credentials_, "ann", "hudu"));
}

TEST_F(SealedCredentials, AnAlteredByteDoesNotOpenAndIsNotCached) {
  save(*credentials_, "ann", "hudu", "key-1");
  auto sealed = query("SELECT sealed FROM vault_credentials").at(0).blob(0);
  const auto whole = sealed;
  sealed[20] = static_cast<char>(sealed[20] ^ 1);
  execute("UPDATE vault_credentials SET sealed = $1", {store::Blob{sealed}});
  EXPECT_FALSE(resolve(*credentials_, "ann", "hudu"));
  execute("UPDATE vault_credentials SET sealed = $1", {store::Blob{whole}});
  EXPECT_TRUE(resolve(*credentials_, "ann", "hudu"));
}

base::Task<void> save_and_resolve(vault::Credentials& credentials, std::string vendor, int times) {
  for (int i = 0; i < times; ++i) {
    const auto key = vendor + std::to_string(i);
    EXPECT_TRUE(co_await credentials.save("ann", vendor, fields(key)));
    const auto got = co_await credentials.resolve("ann", vendor);
    EXPECT_TRUE(got);
    EXPECT_EQ(revealed(**got), key);
  }
}

base::Task<void> resolve_often(vault::Credentials& credentials, std::string vendor, int times) {
  std::int64_t last = 0;
  for (int i = 0; i < times; ++i) {
    const auto got = co_await credentials.resolve("ann", vendor);
    EXPECT_TRUE(got);
    if (!*got) continue;
    EXPECT_GE((*got)->version, last) << "an older credential came back";
    last = (*got)->version;
  }
}

TEST_F(SealedCredentials, NoReaderBringsAnOldCredentialBack) {
  std::vector<std::jthread> threads;
  for (const std::string vendor : {"a", "b"}) {
    threads.emplace_back([this, vendor] { fake::run(save_and_resolve(*credentials_, vendor, 60)); });
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([this, vendor] { fake::run(resolve_often(*credentials_, vendor, 300)); });
    }
  }
}

class VaultOnDisk : public vault_test::TemporaryDirectory, public vault_test::VaultTest {
 protected:
  VaultOnDisk() : VaultTest(file("gateway.db")) {}
};

TEST_F(VaultOnDisk, NoFileHoldsASecretThatWasTypedIn) {
  const std::string secret = "sk-live-0123456789abcdef";
  const auto credentials = open();
  save(*credentials, "ann", "hudu", secret);
  const auto version = resolve(*credentials, "ann", "hudu").value()->version;
  ASSERT_TRUE(fake::run(credentials->note("ann", "hudu", version, State::rejected, "no such key: " + secret)));
  EXPECT_THAT(everything(), HasSubstr("no such key: •••"));  // the search looks where the data is
  EXPECT_THAT(everything(), Not(HasSubstr(secret)));
  EXPECT_THAT(everything(), Not(HasSubstr(base::base64url(secret))));
  EXPECT_THAT(everything(), Not(HasSubstr(keys_.find(1)->reveal())));
  save(*credentials, "ann", "hudu", "another-" + secret);
  ASSERT_TRUE(fake::run(credentials->remove("ann", "hudu")));
  execute("PRAGMA optimize");
  EXPECT_THAT(everything(), Not(HasSubstr(secret)));
}

}  // namespace
