#include "identity/password_rules.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using base::SecretString;

bool accepts(std::string_view password, std::string_view login = "ann@example.com") {
  return identity::check_password(SecretString(password), login).has_value();
}

TEST(PasswordRules, OrdinaryPasswordsAreAccepted) {
  for (const auto* password :
       {"a quiet green river", "0123456780", "tr0ub4dor&3", "ann@example.com!?", "passwordless?no"}) {
    EXPECT_TRUE(accepts(password)) << password;
  }
}

TEST(PasswordRules, LengthCountsCharactersNotBytes) {
  EXPECT_FALSE(accepts("ninechars"));
  EXPECT_TRUE(accepts("tencharsxy"));
  EXPECT_FALSE(accepts("\u00e4\u00f6\u00fc\u00e4\u00f6\u00fcx\u00e4y"));  // nine characters in 16 bytes
  std::string long_text = "start";
  while (long_text.size() < 256) long_text += static_cast<char>('a' + long_text.size() % 23);
  EXPECT_TRUE(accepts(long_text));
  EXPECT_FALSE(accepts(long_text + "x"));
}

TEST(PasswordRules, ContinuationBytesAloneDoNotGetPastTheLimit) {
  EXPECT_FALSE(accepts("tencharsxy" + std::string(2000, '\x80')));
}

TEST(PasswordRules, CommonOnesAreRefusedWithAnyTailAndCase) {
  for (const auto* password : {"Password123!", "password2026", "P@ssw0rd123", "qwertyuiop", "1q2w3e4r5t", "Changeme!!!",
                               "iloveyou<3<3", "Administrator", "correcthorsebatterystaple"}) {
    EXPECT_FALSE(accepts(password)) << password;
  }
}

TEST(PasswordRules, RepetitionsAndCountingAreRefused) {
  for (const auto* password :
       {"aaaaaaaaaa", "ababababab", "abcabcabcabc", "1234567890", "9876543210", "0123456789012"}) {
    EXPECT_FALSE(accepts(password)) << password;
  }
}

TEST(PasswordRules, LoginIsNoPassword) {
  EXPECT_FALSE(accepts("Ann@Example.com"));
  EXPECT_FALSE(accepts("annabellatrix1", "annabellatrix@example.com"));
  EXPECT_TRUE(accepts("annabellatrix and me", "annabellatrix@example.com"));
}

TEST(PasswordRules, MessageSaysTheRule) {
  const auto refused = identity::check_password(SecretString(std::string_view("short")), "ann");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::Kind::invalid);
  EXPECT_NE(refused.error().message.find("at least 10 characters"), std::string::npos);
}

}  // namespace
