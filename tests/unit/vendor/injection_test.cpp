#include "vendor/injection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "vendor/definition.hpp"

namespace {

using base::SecretString;
using testing::HasSubstr;
using testing::Not;

vendor::Definition acme() {
  vendor::Definition definition;
  definition.slug = "acme";
  vendor::Field key;
  key.name = "api_key";
  key.label = "API key";
  key.header = "Authorization";
  key.prefix = "Bearer ";
  key.env = "ACME_KEY";
  vendor::Field region;
  region.name = "region";
  region.label = "Region";
  region.required = false;
  region.default_value = "eu";
  region.choices = {"eu", "us"};
  region.header = "X-Acme-Region";
  vendor::Field url;
  url.name = "url";
  url.label = "URL";
  url.required = false;
  url.header = "X-Acme-URL";
  definition.fields = {key, region, url};
  return definition;
}

using Values = std::map<std::string, SecretString>;

Values values(std::string_view key) { return {{"api_key", SecretString(key)}}; }

std::string refusal(const Values& given) {
  const auto injection = vendor::inject(acme(), "k", given);
  return injection ? "accepted" : injection.error().message;
}

TEST(Injection, ValueGoesIntoItsHeaderBehindThePrefixAndIntoItsVariableWithoutIt) {
  const auto injection = vendor::inject(acme(), "owner/acme/3", values("s3cret"));
  ASSERT_TRUE(injection);
  EXPECT_EQ(injection->key, "owner/acme/3");
  EXPECT_EQ(injection->headers.at(0).first, "Authorization");
  EXPECT_EQ(injection->headers.at(0).second.reveal(), "Bearer s3cret");
  EXPECT_EQ(injection->environment.at("ACME_KEY").reveal(), "s3cret");
}

TEST(Injection, DefaultFillsAGapAndAnEmptyOptionalFieldStaysOut) {
  const auto injection = vendor::inject(acme(), "k", values("x"));
  ASSERT_TRUE(injection);
  ASSERT_EQ(injection->headers.size(), 2U);
  EXPECT_EQ(injection->headers.at(1).first, "X-Acme-Region");
  EXPECT_EQ(injection->headers.at(1).second.reveal(), "eu");
}

TEST(Injection, ValueOfAFieldThatTheDefinitionDoesNotHaveAnyMoreIsLeftOut) {
  auto given = values("x");
  given.emplace("gone", SecretString(std::string_view("old")));
  const auto injection = vendor::inject(acme(), "k", given);
  ASSERT_TRUE(injection);
  EXPECT_EQ(injection->headers.size(), 2U);
}

TEST(Injection, MissingRequiredFieldIsNamedByItsLabel) {
  EXPECT_EQ(refusal({}), "\"API key\" is required.");
  EXPECT_EQ(refusal(values("")), "\"API key\" is required.");
}

TEST(Injection, ValueThatIsNoneOfTheChoicesIsRefusedWithTheChoices) {
  auto given = values("x");
  given.emplace("region", SecretString(std::string_view("moon")));
  EXPECT_EQ(refusal(given), "\"Region\" must be one of: eu, us.");
}

TEST(Injection, ControlCharactersCannotSmuggleAHeader) {
  for (const std::string_view bad : {"a\r\nX-Evil: 1", "a\nb", "a\tb", "a\x7f", "a\x01"}) {
    EXPECT_THAT(refusal(values(bad)), HasSubstr("control character")) << bad;
  }
  EXPECT_THAT(refusal(values(std::string_view("a\0b", 3))), HasSubstr("control character"));
}

TEST(Injection, SpaceAtTheEndIsRefusedBecauseAHeaderWouldLoseIt) {
  EXPECT_THAT(refusal(values("key ")), HasSubstr("begins or ends with a space"));
}

TEST(Injection, OverlongValueIsRefused) {
  EXPECT_EQ(refusal(values(std::string(16 << 10, 'a'))), "accepted");
  EXPECT_THAT(refusal(values(std::string((16 << 10) + 1, 'a'))), HasSubstr("longer than"));
}

TEST(Injection, RefusalNeverRepeatsTheValue) {
  EXPECT_THAT(refusal(values("topsecret\n")), Not(HasSubstr("topsecret")));
}

TEST(Injection, WhatAVendorRepeatsIsHiddenWithAndWithoutItsPrefix) {
  vendor::Injection injection;
  injection.headers.emplace_back("Authorization", SecretString(std::string_view("Bearer k-12345")));
  injection.environment.emplace("REGION", SecretString(std::string_view("eu")));
  EXPECT_EQ(vendor::without_secrets("bad key k-12345 (Bearer k-12345) in eu", injection),
            "bad key ••• (Bearer •••) in eu");
}

}  // namespace
