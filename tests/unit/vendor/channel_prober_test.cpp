#include "vendor/channel_prober.hpp"

#include "channel_fixture.hpp"

namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;
using fake::VendorRequest;
using fake::VendorWire;
using vendor::Verdict;

class ChannelProber : public vendor_test::ChannelTest {
 protected:
  vendor::ProbeResult probe(const std::string& tool = "whoami", std::chrono::milliseconds patience = 10s) {
    auto definition = http_definition(vendor_.url());
    definition->probe_tool = tool;
    definition->probe_arguments = R"({"verbose":true})";
    definition->list_timeout = patience;
    vendor::ChannelProber prober(channels(), random_);
    return run(prober.probe(definition, std::make_shared<const vendor::Injection>()));
  }
  // The verdict on a result or error of the probe tool.
  vendor::ProbeResult judged(const std::string& rest) {
    return vendor::judge_probe(R"({"jsonrpc":"2.0","id":2,)" + rest + "}");
  }
  fake::FakeVendor vendor_;
};

TEST_F(ChannelProber, CallsTheProbeToolOnASessionOfItsOwnAndEndsIt) {
  vendor_.use_session("s-1");
  EXPECT_EQ(probe().verdict, Verdict::working);
  EXPECT_THAT(vendor_.last("tools/call").body, HasSubstr(R"("name":"whoami","arguments":{"verbose":true})"));
  EXPECT_TRUE(vendor_test::eventually([&] { return vendor_.count("DELETE") == 1; }));
}

TEST_F(ChannelProber, WithoutAProbeToolListingIsTheProbe) {
  EXPECT_EQ(probe("").verdict, Verdict::working);
  EXPECT_EQ(vendor_.count("tools/list"), 1U);
}

TEST_F(ChannelProber, AModernVendorIsProbedInItsOwnWords) {
  vendor_.speak(fake::Speaks::modern);
  EXPECT_EQ(probe().verdict, Verdict::working);
  const auto request = vendor_.last("tools/call");
  EXPECT_THAT(request.body, HasSubstr(R"("name":"whoami","arguments":{"verbose":true})"));
  EXPECT_THAT(request.body, HasSubstr(R"(clientInfo":{"name":"mcp-gateway")"));
  EXPECT_EQ(request.headers.at("mcp-name"), "whoami");
  EXPECT_EQ(probe("").verdict, Verdict::working);
  EXPECT_EQ(vendor_.count("tools/list"), 1U);
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) {
    wire.answer(401, "application/json", R"({"message":"The key is no key."})");
  });
  const auto result = probe();
  EXPECT_EQ(result.verdict, Verdict::rejected);
  EXPECT_EQ(result.message, "The key is no key.");
}

TEST_F(ChannelProber, AnOldVendorIsProbedOverItsStream) {
  vendor_.speak(fake::Speaks::sse);
  EXPECT_EQ(probe().verdict, Verdict::working);
  EXPECT_TRUE(vendor_test::eventually([&] { return vendor_.open_streams() == 0; }));
}

TEST_F(ChannelProber, A401IsARejectionInTheVendorsWords) {
  vendor_.on("initialize", [](const VendorRequest&, VendorWire& wire) {
    wire.answer(401, "application/json", R"({"error":"unauthorized","message":"The key is no key."})");
  });
  const auto result = probe();
  EXPECT_EQ(result.verdict, Verdict::rejected);
  EXPECT_EQ(result.message, "The key is no key.");
}

TEST_F(ChannelProber, TransportTroubleIsUnreachable) {
  vendor_.on("initialize", [](const VendorRequest&, VendorWire& wire) { wire.reset(); });
  EXPECT_EQ(probe().verdict, Verdict::unreachable);
  vendor_.on("initialize", [](const VendorRequest&, VendorWire& wire) { wire.answer(200, "text/html", "<html>"); });
  EXPECT_EQ(probe().verdict, Verdict::unreachable);
}

TEST_F(ChannelProber, ASilentVendorIsUnreachableWithinTheListTimeout) {
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) { wire.hang(); });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(probe("whoami", 300ms).verdict, Verdict::unreachable);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST_F(ChannelProber, AToolErrorIsARejection) {
  const auto result = judged(R"("result":{"isError":true,"content":[{"type":"text","text":"HTTP 403 from the API"}]})");
  EXPECT_EQ(result.verdict, Verdict::rejected);
  EXPECT_EQ(result.message, "HTTP 403 from the API");
}

TEST_F(ChannelProber, AnErrorThatSpeaksOfTheCredentialIsARejection) {
  EXPECT_EQ(judged(R"("error":{"code":-32000,"message":"Unauthorized: bad key"})").verdict, Verdict::rejected);
  EXPECT_EQ(judged(R"("error":{"code":-32602,"message":"Unknown tool"})").verdict, Verdict::working);
}

TEST_F(ChannelProber, AResultIsWorking) {
  EXPECT_EQ(judged(R"("result":{"content":[],"isError":false})").verdict, Verdict::working);
  EXPECT_EQ(judged(R"("result":{"tools":[]})").verdict, Verdict::working);
}

}  // namespace
