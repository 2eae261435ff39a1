#include "mcp/header_value.hpp"

#include <gtest/gtest.h>

namespace {

struct Example {
  std::string value;
  std::string encoded;
};

class HeaderValue : public testing::TestWithParam<Example> {};

TEST_P(HeaderValue, IsEncodedAsTheSpecificationShowsAndDecodesBack) {
  EXPECT_EQ(mcp::encode_header_value(GetParam().value), GetParam().encoded);
  EXPECT_EQ(mcp::decode_header_value(GetParam().encoded), GetParam().value);
}

INSTANTIATE_TEST_SUITE_P(Specification, HeaderValue,
                         testing::Values(Example{"us-west1", "us-west1"},
                                         Example{"Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="},
                                         Example{" padded ", "=?base64?IHBhZGRlZCA=?="},
                                         Example{"line1\nline2", "=?base64?bGluZTEKbGluZTI=?="},
                                         Example{"=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="},
                                         Example{"inner space", "inner space"}, Example{"", ""}));

TEST(HeaderValueDecoding, RefusesWhatNoClientMaySend) {
  EXPECT_FALSE(mcp::decode_header_value("=?base64?not base64?="));
  EXPECT_FALSE(mcp::decode_header_value("=?base64?//8=?="));  // no UTF-8
  EXPECT_FALSE(mcp::decode_header_value("caf\xc3\xa9"));
  EXPECT_FALSE(mcp::decode_header_value("a\x01z"));
  EXPECT_EQ(mcp::decode_header_value("=?BASE64?eA==?="), "=?BASE64?eA==?=");  // markers are case-sensitive
}

}  // namespace
