#include "vendor/detail/discovery.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mcp/envelope.hpp"
#include "mcp/modern_request.hpp"
#include "mcp/own_info.hpp"

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using vendor::detail::read_discovered;

std::string response(const std::string& rest) { return R"({"jsonrpc":"2.0","id":1,)" + rest + "}"; }
std::string error(int code, const std::string& rest = {}) {
  return response(R"("error":{"code":)" + std::to_string(code) + R"(,"message":"words")" + rest + "}");
}
// "modern", "legacy", or the error's kind and message.
std::string verdict(const std::string& text) {
  const auto read = read_discovered("acme", text);
  if (!read) return std::string(name(read.error().kind)) + ": " + read.error().message;
  return *read ? "modern" : "legacy";
}

TEST(Discovery, TheRequestIsAModernOne) {
  auto text = vendor::detail::discover_request(7);
  text.reserve(text.size() + mcp::kPadding);
  const auto envelope = mcp::scan(text);
  ASSERT_TRUE(envelope);
  EXPECT_EQ(envelope->method, "server/discover");
  EXPECT_EQ(envelope->id, "7");
  EXPECT_TRUE(mcp::check_request_meta(*envelope));
  EXPECT_EQ(envelope->meta, mcp::own_request_meta());
  EXPECT_EQ(envelope->client_info, mcp::kOwnInfo);
}

TEST(Discovery, AResultWithOurRevisionIsAModernVendorAndIsKeptAsItSaid) {
  const auto read = read_discovered(
      "acme", response(R"("result":{"supportedVersions":["2025-11-25","2026-07-28"],"capabilities":{"tools":{}}})"));
  ASSERT_TRUE(read && *read);
  EXPECT_EQ((*read)->era, mcp::Era::modern);
  EXPECT_EQ((*read)->protocol_version, "2026-07-28");
  EXPECT_EQ((*read)->result, R"({"supportedVersions":["2025-11-25","2026-07-28"],"capabilities":{"tools":{}}})");
}

TEST(Discovery, AnythingThatNoModernServerSaysIsALegacyVendor) {
  for (const auto& text : {error(-32601), error(-32602), error(-32000), error(0), response(R"("error":"Unauthorized")"),
                           response(R"("result":{})"), response(R"("result":[])"), response(R"("result":null)"),
                           std::string("nonsense"), response(R"("result":{"supportedVersions":["2025-11-25"]})"),
                           error(-32022, R"(,"data":{"supported":["2025-06-18","2099-01-01"]})")}) {
    EXPECT_EQ(verdict(text), "legacy") << text;
  }
}

TEST(Discovery, AModernErrorIsARefusalInTheVendorsWords) {
  EXPECT_EQ(verdict(error(-32020)), "vendor_invalid: vendor acme refused to say what it is: words");
  EXPECT_EQ(verdict(error(-32021)), "vendor_invalid: vendor acme refused to say what it is: words");
  EXPECT_EQ(verdict(error(-32022, R"(,"data":{"supported":["2026-07-28"]})")),
            "vendor_invalid: vendor acme refused to say what it is: words");
  EXPECT_EQ(verdict(response(R"("error":{"code":-32020,"message":"Unauthorized: no key"})")),
            "vendor_rejected: Unauthorized: no key");
}

TEST(Discovery, RevisionsThatNobodyKnowsAreNamed) {
  const std::string begin = "vendor_invalid: vendor acme speaks only revisions of MCP that the gateway does not: ";
  EXPECT_EQ(verdict(response(R"("result":{"supportedVersions":["2099-01-01","2098-01-01"]})")),
            begin + "2099-01-01, 2098-01-01");
  EXPECT_EQ(verdict(error(-32022, R"(,"data":{"supported":["2099-01-01"]})")), begin + "2099-01-01");
  EXPECT_EQ(verdict(error(-32022)), begin + "it names none");
  EXPECT_EQ(verdict(error(-32022, R"(,"data":{"supported":[1,{}]})")), begin + "it names none");
  EXPECT_EQ(verdict(response(R"("result":{"supportedVersions":["a\nb",")" + std::string(500, 'x') + R"("]})")),
            begin + "a b, " + std::string(40, 'x'));
}

TEST(Discovery, TtlIsReadWhereThereIsOne) {
  EXPECT_EQ(vendor::detail::ttl_of(R"({"ttlMs":3600000})"), 1h);
  for (const auto* none : {"{}", R"({"ttlMs":-5})", R"({"ttlMs":"1"})", R"({"ttlMs":1.5})", "nonsense"}) {
    EXPECT_EQ(vendor::detail::ttl_of(none), 0ms) << none;
  }
}

}  // namespace
