#include "identity/session_cookie.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/fake_random.hpp"

namespace {

using base::SecretString;
using identity::CookieShape;
using identity::SignedValue;

SignedValue signer(std::string_view key = "key", std::string label = "session") {
  return {SecretString(key), std::move(label)};
}

TEST(SignedValue, MadeValueOpensToItsId) {
  fake::FakeRandom random;
  const auto value = signer().make(random);
  EXPECT_EQ(value.size(), 87U);
  const auto id = signer().open(value.reveal());
  ASSERT_TRUE(id);
  EXPECT_EQ(*id, value.reveal().substr(0, 43));
}

TEST(SignedValue, TwoValuesDiffer) {
  fake::FakeRandom random;
  EXPECT_NE(signer().make(random).reveal(), signer().make(random).reveal());
}

TEST(SignedValue, AnotherKeyOrLabelDoesNotOpenIt) {
  fake::FakeRandom random;
  const auto value = signer().make(random);
  EXPECT_FALSE(signer("other").open(value.reveal()));
  EXPECT_FALSE(signer("key", "pre-session").open(value.reveal()));
}

TEST(SignedValue, EveryChangedCharacterIsNoticed) {
  fake::FakeRandom random;
  const auto value = signer().make(random);
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string forged(value.reveal());
    forged[i] = forged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(signer().open(forged)) << i;
  }
}

TEST(SignedValue, OtherTextsDoNotOpen) {
  fake::FakeRandom random;
  const std::string value(signer().make(random).reveal());
  for (const auto& text : {std::string(), std::string("."), value + "x", value.substr(1), value.substr(0, 86),
                           value + value, std::string(87, '.'), std::string(87, '\0')}) {
    EXPECT_FALSE(signer().open(text)) << text;
  }
}

TEST(CookieShape, PlainHttpHasNoPrefix) {
  const CookieShape shape("mcpgw", "http://127.0.0.1:8080");
  EXPECT_EQ(shape.name(), "mcpgw");
  EXPECT_EQ(shape.set(SecretString(std::string_view("v")), std::chrono::hours(1)),
            "mcpgw=v; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax");
}

TEST(CookieShape, HttpsIsSecureWithHostPrefix) {
  const CookieShape shape("mcpgw", "https://gw.example.com");
  EXPECT_EQ(shape.name(), "__Host-mcpgw");
  EXPECT_EQ(shape.set(SecretString(std::string_view("v")), std::chrono::hours(1)),
            "__Host-mcpgw=v; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure");
}

TEST(CookieShape, ClearingEmptiesItAtOnce) {
  EXPECT_EQ(CookieShape("mcpgw", "https://gw.example.com").clear(),
            "__Host-mcpgw=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure");
}

}  // namespace
