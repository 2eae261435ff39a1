#include "base/encoding.hpp"

#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "fake/fake_clock.hpp"
#include "fake/fake_random.hpp"

namespace {

TEST(Encoding, Base64UrlOfRfc7515AppendixC) {
  const std::vector<std::uint8_t> octets{3, 236, 255, 224, 193};
  EXPECT_EQ(base::base64url(octets), "A-z_4ME");
  EXPECT_EQ(base::from_base64url("A-z_4ME"), octets);
}

TEST(Encoding, EmptyTextIsEmptyBytes) {
  EXPECT_EQ(base::from_base64url(""), std::vector<std::uint8_t>{});
  EXPECT_EQ(base::base64url(""), "");
}

TEST(Encoding, PaddedOrForeignBase64IsRefused) {
  EXPECT_FALSE(base::from_base64url("A-z_4ME="));
  EXPECT_FALSE(base::from_base64url("A+z/4ME"));
}

TEST(Encoding, PercentRoundTripKeepsEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(base::percent_decode(base::percent_encode(all), base::PlusIsSpace::yes), all);
}

TEST(Encoding, CutPercentEscapeIsRefused) {
  EXPECT_FALSE(base::percent_decode("%4", base::PlusIsSpace::no));
  EXPECT_FALSE(base::percent_decode("%zz", base::PlusIsSpace::no));
}

TEST(Digest, Sha256OfAbc) {
  EXPECT_EQ(base::sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Digest, HmacOfRfc4231Case2) {
  EXPECT_EQ(base::hex(base::hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Ids, Uuid7SortsByTime) {
  fake::FakeClock clock;
  fake::FakeRandom random;
  const auto first = base::uuid7(clock.now(), random);
  clock.advance(std::chrono::milliseconds(1));
  const auto second = base::uuid7(clock.now(), random);
  EXPECT_LT(first, second);
  EXPECT_TRUE(base::is_uuid(first));
  EXPECT_EQ(first[14], '7');
}

}  // namespace
