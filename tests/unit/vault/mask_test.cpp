#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "base/encoding.hpp"
#include "vault/credentials.hpp"

namespace {

using vault::mask;

vault::Fields with(const std::vector<std::string>& values) {
  vault::Fields fields;
  for (const auto& value : values) {
    fields.emplace("f" + std::to_string(fields.size()), base::SecretString(std::string_view(value)));
  }
  return fields;
}

std::string base64(std::string text) {
  auto out = base::base64url(text);
  for (auto& c : out) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (out.size() % 4 != 0) out += '=';
  return out;
}

TEST(Mask, TextWithoutASecretStaysTheSame) {
  EXPECT_EQ(mask("all is well", with({"sk-secret"})), "all is well");
  EXPECT_EQ(mask("", with({"sk-secret"})), "");
  EXPECT_EQ(mask("all is well", {}), "all is well");
  EXPECT_EQ(mask("all is well", with({""})), "all is well");
}

TEST(Mask, EveryPlaceOfEveryValueIsReplaced) {
  EXPECT_EQ(mask("sk-one and sk-two, again sk-one", with({"sk-one", "sk-two"})), "••• and •••, again •••");
}

TEST(Mask, TheLongerOfTwoValuesLeavesNoRest) {
  EXPECT_EQ(mask("key abcdef-12345", with({"abcdef", "abcdef-12345"})), "key •••");
  EXPECT_EQ(mask("key abcdefgh", with({"abcdef", "defgh"})), "key •••");
}

TEST(Mask, EncodedFormsAreReplaced) {
  const std::string secret = "p\"a\\s/s wörd+\n&=key😀";
  const auto json = boost::json::serialize(boost::json::string(secret));
  const auto fields = with({secret});
  const std::vector<std::string> forms = {secret,
                                          json.substr(1, json.size() - 2),
                                          base::percent_encode(secret),
                                          base64(secret),
                                          base::base64url(secret),
                                          R"(p\"a\\s/s w\u00f6rd+\n&=key\ud83d\ude00)",
                                          R"(p\"a\\s\/s wörd+\n&=key😀)",
                                          "p%22a%5cs%2fs%20w%c3%b6rd%2b%0a%26%3dkey%f0%9f%98%80",
                                          "p%22a%5Cs%2Fs+w%C3%B6rd%2B%0A%26%3Dkey%F0%9F%98%80"};
  for (const auto& form : forms) {
    const auto masked = mask("before " + form + " after", fields);
    EXPECT_TRUE(masked.starts_with("before •••")) << form << " -> " << masked;
    EXPECT_TRUE(masked.ends_with(" after")) << masked;
    EXPECT_LE(masked.size(), std::string("before ••• after").size() + 3) << masked;
  }
}

TEST(Mask, ASecretInsideALongerBase64TextIsReplaced) {
  const std::string secret = "0123456789abcdefXYZ~~~";
  for (const std::string user : {"a:", "ab:", "abc:", ""}) {
    for (const std::string tail : {"", "1", "22", "333"}) {
      const auto encoded = base64(user + secret + tail);
      const auto masked = mask("Basic " + encoded, with({secret}));
      EXPECT_NE(masked.find("•••"), std::string::npos) << masked;
      EXPECT_LE(masked.size(), std::string("Basic •••").size() + base64(user).size() + base64(tail).size() + 4)
          << masked;
    }
  }
}

TEST(Mask, AShortValueIsReplacedAsAWordOnly) {
  EXPECT_EQ(mask("status of us: us-east, 'us'", with({"us"})), "status of •••: •••-east, '•••'");
  EXPECT_EQ(mask("PIN 123 is wrong, 1234 too", with({"123"})), "PIN ••• is wrong, 1234 too");
  EXPECT_EQ(mask("PIN 1234 is wrong", with({"1234"})), "PIN ••• is wrong");
}

TEST(Mask, AnyBytesAreTaken) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  EXPECT_EQ(mask("x" + bytes + "y", with({bytes})), "x•••y");
  EXPECT_EQ(mask("cut short: \xf0\x9f", with({"tail\xf0\x9f"})), "cut short: \xf0\x9f");
}

}  // namespace
