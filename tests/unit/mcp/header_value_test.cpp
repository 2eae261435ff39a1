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

INSTANTIATE_TEST_SUITE_P(
    Specification, HeaderValue,
    testing::Values(Example{"us-west1", "us-west1"}, Example{"Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="},
                    Example{" padded ", "=?base64?IHBhZGRlZCA=?="},
                    Example{"line1\nline2", "=?base64?bGluZTEKbGluZTI=?="},
                    Example{"=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="},
                    Example{"us west 1", "us west 1"}, Example{"", "=?base64?\?="},
                    Example{" us-west1", "=?base64?IHVzLXdlc3Qx?="}, Example{"\tindented", "=?base64?CWluZGVudGVk?="},
                    Example{"a\tb", "=?base64?YQli?="}, Example{"=?base64?=", "=?base64?PT9iYXNlNjQ/PQ==?="},
                    Example{"=?base64?SGVsbG8=", "=?base64?SGVsbG8="}, Example{"SGVsbG8=", "SGVsbG8="},
                    Example{"SGVsbG8=?=", "SGVsbG8=?="}));

class NoHeaderValue : public testing::TestWithParam<std::string> {};

TEST_P(NoHeaderValue, IsRefused) { EXPECT_EQ(mcp::decode_header_value(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(Values, NoHeaderValue,
                         testing::Values("=?base64?SGVsbG8?=",                           // without its padding
                                         "=?base64?SGVs!!!bG8=?=",                       // characters of no alphabet
                                         "=?base64?SGVs bG8=?=", "=?base64?SGVsbG9=?=",  // bits that say nothing
                                         "=?base64?_-8=?=", "=?base64?//8=?=",           // base64url; no UTF-8
                                         "=?base64?=", "caf\xc3\xa9", "a\x01z", "a\nb", "a\x7f", " a", "a\t"));

TEST(HeaderValueDecoding, TakesWhatOtherClientsMaySend) {
  EXPECT_EQ(mcp::decode_header_value("=?BASE64?eA==?="), "=?BASE64?eA==?=");  // markers are case-sensitive
  EXPECT_EQ(mcp::decode_header_value(""), "");
  EXPECT_EQ(mcp::decode_header_value("a\tb"), "a\tb");
  EXPECT_EQ(mcp::decode_header_value("=?base64?dXMtd2VzdDE=?="), "us-west1");
}

}  // namespace
