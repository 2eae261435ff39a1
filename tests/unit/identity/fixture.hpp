// The whole room over a database "in memory", with cheap password hashes and time that moves by hand.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/fake_clock.hpp"
#include "fake/fake_random.hpp"
#include "fake/run.hpp"
#include "identity/accounts.hpp"
#include "identity/browser_sessions.hpp"
#include "identity/login_limiter.hpp"
#include "identity/migrations.hpp"
#include "identity/one_time_links.hpp"
#include "identity/sign_in.hpp"

namespace identity_test {

inline constexpr std::string_view kPassword = "a quiet green river";
inline constexpr identity::PasswordHasherConfig kCheap{.memory_bytes = 8192, .passes = 1, .threads = 1};

inline base::SecretString secret(std::string_view text) { return base::SecretString(text); }

class IdentityTest : public testing::Test {
 protected:
  IdentityTest() { EXPECT_TRUE(database_.migrate(identity::migrations())); }

  template <class T>
  T get(base::Task<T> task) {
    return fake::run(context_, std::move(task));
  }
  identity::User add(std::string login, std::string_view role = identity::kMember) {
    return get(accounts_.create({.login = std::move(login), .display_name = "", .role = std::string(role)})).value();
  }
  identity::User add_with_password(std::string login, std::string_view role = identity::kMember) {
    auto user = add(std::move(login), role);
    EXPECT_TRUE(get(accounts_.set_password(user.id, secret(kPassword))));
    return user;
  }
  base::Result<identity::User> verify(std::string login, std::string_view password = kPassword) {
    return get(accounts_.verify_password(std::move(login), secret(password)));
  }
  base::SecretString open_session(const identity::User& user, std::string agent = "Firefox") {
    return get(sessions_.create(user.id, std::move(agent))).value();
  }
  base::Result<std::vector<store::Row>> query(std::string sql, std::vector<store::Value> parameters = {}) {
    return database_.read_now([=](store::Connection& connection) { return connection.query(sql, parameters); });
  }
  std::int64_t execute(std::string sql) {
    return database_.write_now([=](store::Connection& connection) { return connection.execute(sql, {}); }).value();
  }

  boost::asio::io_context context_{1};
  store::Database database_{{.path = ":memory:"}};
  fake::FakeClock clock_;
  fake::FakeRandom random_;
  identity::PasswordHasher hasher_{kCheap};
  identity::Accounts accounts_{database_, hasher_, clock_, random_};
  identity::OneTimeLinks links_{database_, accounts_, hasher_, clock_, random_};
  identity::BrowserSessions sessions_{database_, accounts_, clock_, random_,
                                      secret("key of thirty-two bytes, or such")};
  identity::LoginLimiter limiter_;
  identity::SignIn sign_in_{accounts_, sessions_, limiter_, clock_};
};

template <class T>
testing::AssertionResult fails(const base::Result<T>& result, base::Kind kind) {
  if (result) return testing::AssertionFailure() << "it succeeded";
  if (result.error().kind == kind) return testing::AssertionSuccess();
  return testing::AssertionFailure() << name(result.error().kind) << ": " << result.error().message;
}

}  // namespace identity_test
