#include "mcp/elicitation.hpp"

#include <gtest/gtest.h>

#include "fixture.hpp"
#include "mcp/input_request.hpp"

namespace {

using mcp::tests::keep;

// 2025-11-25 client/elicitation, "URL Elicitation Required Error".
constexpr std::string_view kRequired =
    R"({"code":-32042,"message":"This request requires more information.","data":{"elicitations":[{"mode":"url",)"
    R"("elicitationId":"550e8400-e29b-41d4-a716-446655440000",)"
    R"("url":"https://mcp.example.com/connect?elicitationId=550e8400-e29b-41d4-a716-446655440000",)"
    R"("message":"Authorization is required to access your Example Co files."}]}})";

TEST(UrlElicitations, AreReadAsTheModernEraAsks) {
  const auto found = mcp::read_url_elicitations(keep(kRequired));
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 1U);
  EXPECT_EQ(found->front().elicitation_id, "550e8400-e29b-41d4-a716-446655440000");
  EXPECT_EQ(
      found->front().params,
      R"({"mode":"url","url":"https://mcp.example.com/connect?elicitationId=550e8400-e29b-41d4-a716-446655440000",)"
      R"("message":"Authorization is required to access your Example Co files."})");
}

TEST(UrlElicitations, BecomeInputRequestsWithKeysOfTheirOwn) {
  // Two of the same id stay two.
  const auto found = mcp::read_url_elicitations(
      keep(R"({"data":{"elicitations":[{"mode":"url","elicitationId":"a","url":"https://a","message":"A"},)"
           R"({"elicitationId":"a","_meta":{"x":1},"message":"","mode":"url","url":"https://b"}]}})"));
  ASSERT_TRUE(found) << found.error().message;
  const auto requests = mcp::read_input_requests(keep(mcp::url_input_requests(*found)));
  ASSERT_TRUE(requests) << requests.error().message;
  ASSERT_EQ(requests->size(), 2U);
  EXPECT_EQ((*requests)[0].key, "url_1");
  EXPECT_EQ((*requests)[0].method, "elicitation/create");
  EXPECT_EQ((*requests)[0].params, R"({"mode":"url","url":"https://a","message":"A"})");
  EXPECT_EQ((*requests)[1].key, "url_2");
  EXPECT_EQ((*requests)[1].params, R"({"_meta":{"x":1},"message":"","mode":"url","url":"https://b"})");
  EXPECT_EQ(mcp::required_capability((*requests)[1].method, (*requests)[1].params), "elicitation.url");
}

class BadUrlElicitations : public testing::TestWithParam<std::string_view> {};

TEST_P(BadUrlElicitations, AreTheVendorsFault) {
  const auto found = mcp::read_url_elicitations(keep(GetParam()));
  ASSERT_FALSE(found) << GetParam();
  EXPECT_EQ(found.error().kind, base::Kind::vendor_invalid);
}

INSTANTIATE_TEST_SUITE_P(
    Errors, BadUrlElicitations,
    testing::Values(
        "", "{}", R"({"data":7})", R"({"data":{}})", R"({"data":{"elicitations":{}}})",
        R"({"data":{"elicitations":[]}})", R"({"data":{"elicitations":[7]}})",
        R"({"data":{"elicitations":[{"mode":"form","elicitationId":"a","url":"u","message":"m"}]}})",
        R"({"data":{"elicitations":[{"elicitationId":"a","url":"u","message":"m"}]}})",
        R"({"data":{"elicitations":[{"mode":"url","url":"u","message":"m"}]}})",
        R"({"data":{"elicitations":[{"mode":"url","elicitationId":"a","message":"m"}]}})",
        R"({"data":{"elicitations":[{"mode":"url","elicitationId":"a","url":"u"}]}})",
        R"({"data":{"elicitations":[{"mode":"url","elicitationId":"a","url":"u","url":"v","message":""}]}})",
        R"({"data":{"elicitations":[{"mode":"url","elicitationId":"a","url":"u","message":"m")"));

TEST(UrlElicitationParams, HaveAnIdForALegacyClientOnly) {
  EXPECT_EQ(mcp::url_elicitation_params("Say \"yes\"", "https://x/y", "e1"),
            R"({"mode":"url","elicitationId":"e1","url":"https://x/y","message":"Say \"yes\""})");
  EXPECT_EQ(mcp::url_elicitation_params("m", "https://x/y", ""), R"({"mode":"url","url":"https://x/y","message":"m"})");
}

TEST(WithElicitationId, ReplacesOrRemovesIt) {
  EXPECT_EQ(mcp::with_elicitation_id(keep(R"({"mode":"url","url":"u"})"), "e\"1"),
            R"({"elicitationId":"e\"1","mode":"url","url":"u"})");
  EXPECT_EQ(mcp::with_elicitation_id(keep(R"({"elicitationId":"old","mode":"url"})"), "e1"),
            R"({"elicitationId":"e1","mode":"url"})");
  EXPECT_EQ(mcp::with_elicitation_id(keep(R"({"mode":"url" , "elicitationId":"old"})"), ""), R"({"mode":"url"})");
  EXPECT_EQ(mcp::with_elicitation_id(keep("{}"), "e1"), R"({"elicitationId":"e1"})");
}

}  // namespace
