#include "identity/accounts.hpp"

#include "fixture.hpp"

namespace identity_test {
namespace {

using base::Kind;
using Accounts = IdentityTest;

TEST_F(Accounts, FoundByIdAndByLoginInAnyCase) {
  const auto user = get(accounts_.create({.login = "Ann@Example.com", .display_name = "Ann"})).value();
  EXPECT_EQ(get(accounts_.find(user.id))->login, "Ann@Example.com");
  EXPECT_EQ(get(accounts_.find_by_login("ANN@example.COM"))->id, user.id);
  EXPECT_EQ(user.role, identity::kMember);
  EXPECT_EQ(user.created, clock_.now());
  EXPECT_FALSE(user.has_password);
}

TEST_F(Accounts, UnknownPeopleAreNotFound) {
  EXPECT_TRUE(fails(get(accounts_.find("nobody")), Kind::not_found));
  EXPECT_TRUE(fails(get(accounts_.find_by_login("nobody")), Kind::not_found));
  EXPECT_TRUE(fails(get(accounts_.set_password("nobody", secret(kPassword))), Kind::not_found));
  EXPECT_TRUE(fails(get(accounts_.disable("nobody")), Kind::not_found));
  EXPECT_TRUE(fails(get(accounts_.enable("nobody")), Kind::not_found));
}

TEST_F(Accounts, LoginIsTakenInAnyCase) {
  add("ann");
  EXPECT_TRUE(fails(get(accounts_.create({.login = "ANN", .display_name = ""})), Kind::conflict));
}

TEST_F(Accounts, WrongFieldsAreRefusedByName) {
  struct Case {
    identity::NewUser user;
    std::string_view code;
  };
  const std::vector<Case> cases = {
      {{.login = "", .display_name = "x"}, "identity.login"},
      {{.login = "two words", .display_name = "x"}, "identity.login"},
      {{.login = "ann\n", .display_name = "x"}, "identity.login"},
      {{.login = "\xD0\xB0nn", .display_name = "x"}, "identity.login"},  // Cyrillic a
      {{.login = std::string(255, 'a'), .display_name = "x"}, "identity.login"},
      {{.login = "ann", .display_name = std::string(101, 'x')}, "identity.display_name"},
      {{.login = "ann", .display_name = "a\nb"}, "identity.display_name"},
      {{.login = "ann", .display_name = "\xff"}, "identity.display_name"},
      {{.login = "ann", .display_name = "x", .role = "emperor"}, "identity.role"},
  };
  for (const auto& [user, code] : cases) {
    const auto made = get(accounts_.create(user));
    ASSERT_TRUE(fails(made, Kind::invalid)) << code;
    EXPECT_EQ(made.error().code, code);
  }
  EXPECT_TRUE(get(accounts_.list())->empty());
}

TEST_F(Accounts, LongestLoginIsAccepted) {
  const auto user = get(accounts_.create({.login = std::string(254, 'a'), .display_name = ""}));
  ASSERT_TRUE(user) << user.error().message;
  EXPECT_EQ(user->display_name.size(), 100U);
}

TEST_F(Accounts, ListIsSortedByLogin) {
  add("Bob");
  add("ann");
  add("Carl");
  std::vector<std::string> logins;
  for (const auto& user : get(accounts_.list()).value()) logins.push_back(user.login);
  EXPECT_THAT(logins, testing::ElementsAre("ann", "Bob", "Carl"));
}

TEST_F(Accounts, PasswordIsVerifiedAfterItWasSet) {
  const auto user = add_with_password("ann");
  const auto verified = verify("Ann");
  ASSERT_TRUE(verified);
  EXPECT_EQ(verified->id, user.id);
  EXPECT_TRUE(verified->has_password);
}

TEST_F(Accounts, EveryWayToFailLooksTheSame) {
  add_with_password("ann");
  add("no-password-yet");
  const auto disabled = add_with_password("disabled");
  ASSERT_TRUE(get(accounts_.disable(disabled.id)));

  const auto wrong = verify("ann", "a quiet green rivet");
  ASSERT_TRUE(fails(wrong, Kind::unauthenticated));
  for (const auto* login : {"unknown", "no-password-yet", "disabled", "", "a b"}) {
    const auto refused = verify(login);
    ASSERT_TRUE(fails(refused, Kind::unauthenticated)) << login;
    EXPECT_EQ(refused.error().message, wrong.error().message);
    EXPECT_EQ(refused.error().code, wrong.error().code);
  }
}

// Not by the clock of a busy machine: an unknown login is refused by a busy hasher just as a known one.
TEST_F(Accounts, UnknownLoginCostsAHashToo) {
  identity::PasswordHasher none({.memory_bytes = 8192, .passes = 1, .threads = 0, .queue_limit = 0});
  identity::Accounts accounts(database_, none, clock_, random_);
  add_with_password("ann");
  for (const auto* login : {"ann", "unknown"}) {
    EXPECT_TRUE(fails(get(accounts.verify_password(login, secret(kPassword))), Kind::too_many)) << login;
  }
}

TEST_F(Accounts, PasswordRuleIsCheckedWithTheLogin) {
  const auto user = add("annabellatrix");
  const auto refused = get(accounts_.set_password(user.id, secret("AnnaBellatrix")));
  ASSERT_TRUE(fails(refused, Kind::invalid));
  EXPECT_FALSE(get(accounts_.find(user.id))->has_password);
}

TEST_F(Accounts, NewPasswordEndsTheOlderOneItsSessionsAndLinks) {
  const auto user = add_with_password("ann");
  const auto cookie = open_session(user);
  const auto link = get(links_.issue(user.id)).value();
  ASSERT_TRUE(get(sessions_.find(cookie)));

  ASSERT_TRUE(get(accounts_.set_password(user.id, secret("another quiet river"))));
  EXPECT_TRUE(fails(verify("ann"), Kind::unauthenticated));
  EXPECT_TRUE(verify("ann", "another quiet river"));
  EXPECT_TRUE(fails(get(sessions_.find(cookie)), Kind::unauthenticated));
  EXPECT_TRUE(fails(get(links_.describe(link.token)), Kind::not_found));
}

TEST_F(Accounts, DisabledPersonIsSignedOutAndComesBackOnlyByPassword) {
  const auto user = add_with_password("ann");
  const auto cookie = open_session(user);
  ASSERT_TRUE(get(sessions_.find(cookie)));

  ASSERT_TRUE(get(accounts_.disable(user.id)));
  EXPECT_TRUE(get(accounts_.find(user.id))->disabled);
  EXPECT_TRUE(fails(get(sessions_.find(cookie)), Kind::unauthenticated));

  ASSERT_TRUE(get(accounts_.enable(user.id)));
  EXPECT_FALSE(get(accounts_.find(user.id))->disabled);
  EXPECT_TRUE(fails(get(sessions_.find(cookie)), Kind::unauthenticated));
  EXPECT_TRUE(verify("ann"));
}

TEST_F(Accounts, LastOwnerWhoCanSignInIsNotDisabled) {
  const auto owner = add_with_password("owner", identity::kOwner);
  const auto second = add("second", identity::kOwner);
  EXPECT_TRUE(fails(get(accounts_.disable(owner.id)), Kind::conflict));
  ASSERT_TRUE(get(accounts_.set_password(second.id, secret(kPassword))));
  EXPECT_TRUE(get(accounts_.disable(owner.id)));
  EXPECT_TRUE(fails(get(accounts_.disable(second.id)), Kind::conflict));
}

TEST_F(Accounts, SignedOutIsToldForNewPasswordsAndDisabledAccounts) {
  const auto user = add("ann");
  std::vector<std::string> told;
  const auto subscription = accounts_.signed_out().subscribe([&](const std::string& id) { told.push_back(id); });
  ASSERT_TRUE(get(accounts_.set_password(user.id, secret(kPassword))));
  ASSERT_TRUE(get(accounts_.disable(user.id)));
  EXPECT_FALSE(get(accounts_.set_password(user.id, secret("short"))));
  EXPECT_THAT(told, testing::ElementsAre(user.id, user.id));
}

TEST_F(Accounts, HashIsRenewedWhenParametersGrewAndOnlyThen) {
  const auto user = add_with_password("ann");
  const auto stored = [&] { return query("SELECT password_hash FROM users")->at(0).text(0); };
  const auto before = stored();
  ASSERT_TRUE(verify("ann"));
  EXPECT_EQ(stored(), before);

  identity::PasswordHasher stronger({.memory_bytes = 16384, .passes = 2, .threads = 1});
  identity::Accounts accounts(database_, stronger, clock_, random_);
  ASSERT_TRUE(fails(get(accounts.verify_password("ann", secret("wrong wrong wrong"))), Kind::unauthenticated));
  EXPECT_EQ(stored(), before);
  ASSERT_TRUE(get(accounts.verify_password("ann", secret(kPassword))));
  const auto after = stored();
  EXPECT_THAT(after, testing::HasSubstr("m=16,t=2"));
  EXPECT_TRUE(get(accounts.verify_password("ann", secret(kPassword))));

  ASSERT_TRUE(verify("ann"));
  EXPECT_EQ(stored(), after) << "weaker parameters replace nothing";
}

TEST_F(Accounts, PasswordDoesNotStandInTheDatabase) {
  add_with_password("ann");
  const auto stored = query("SELECT password_hash FROM users")->at(0).text(0);
  EXPECT_THAT(stored, testing::StartsWith("$argon2id$"));
  EXPECT_THAT(stored, testing::Not(testing::HasSubstr(kPassword)));
}

}  // namespace
}  // namespace identity_test
