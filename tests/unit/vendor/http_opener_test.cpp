// What is found out of a vendor over HTTP, with which requests, and what is remembered of it.
#include "vendor/detail/http_opener.hpp"

#include "base/spawn.hpp"
#include "channel_fixture.hpp"

namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using namespace std::chrono_literals;
using fake::Speaks;
using fake::VendorRequest;
using fake::VendorWire;
using vendor::Protocol;

class HttpOpener : public vendor_test::ChannelTest {
 protected:
  using Opened = base::Result<std::shared_ptr<vendor::Channel>>;

  Opened opened(Protocol protocol = Protocol::automatic, std::chrono::milliseconds patience = 20s) {
    auto definition = http_definition(vendor_.url());
    definition->protocol = protocol;
    return open(definition, {}, "", patience);
  }
  static std::string era(const Opened& opened) {
    if (!opened) return opened.error().message;
    return (*opened)->era() == mcp::Era::modern ? "modern" : "legacy";
  }
  // What the vendor was asked, in order.
  [[nodiscard]] std::vector<std::string> asked() const {
    std::vector<std::string> all;
    for (const auto& request : vendor_.requests()) {
      if (request.http_method == "DELETE") continue;  // the goodbye of a channel that the test has left
      all.push_back(request.rpc_method.empty() ? request.http_method : request.rpc_method);
    }
    return all;
  }
  // Opens against a vendor that answers server/discover like this.
  std::string era_after(fake::FakeVendor::Act discover) {
    vendor_.on("server/discover", std::move(discover));
    return era(opened());
  }
  static fake::FakeVendor::Act answer(int status, std::string type, std::string body) {
    return [=](const VendorRequest&, VendorWire& wire) { wire.answer(status, type, body); };
  }
  static fake::FakeVendor::Act error(int status, const std::string& error) {
    return answer(status, "application/json", R"({"jsonrpc":"2.0","id":1,"error":)" + error + "}");
  }
  fake::FakeVendor vendor_;
};

TEST_F(HttpOpener, AModernVendorIsAskedOnceWhatItIs) {
  vendor_.speak(Speaks::modern);
  const auto channel = opened();
  ASSERT_EQ(era(channel), "modern");
  EXPECT_EQ((*channel)->protocol_version(), "2026-07-28");
  EXPECT_THAT((*channel)->opening_result(), HasSubstr("supportedVersions"));
  EXPECT_FALSE((*channel)->stateful());
  EXPECT_THAT(asked(), ElementsAre("server/discover"));
  const auto discover = vendor_.last("server/discover");
  EXPECT_EQ(discover.headers.at("mcp-protocol-version"), "2026-07-28");
  EXPECT_EQ(discover.headers.at("mcp-method"), "server/discover");
  EXPECT_THAT(discover.body,
              AllOf(HasSubstr(R"(clientInfo":{"name":"mcp-gateway")"), HasSubstr(R"(clientCapabilities":{})")));

  EXPECT_EQ(era(opened()), "modern");
  EXPECT_EQ(asked().size(), 1U) << "what it said still holds";
}

TEST_F(HttpOpener, OpeningWithoutARequestSaysNothingAboutHealth) {
  vendor_.speak(Speaks::modern);
  const auto channel = opened();
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) { wire.answer(503, "", ""); });
  for (int i = 0; i < 5; ++i) {
    (void)call(*channel);
    ASSERT_EQ(era(opened()), "modern");
  }
  EXPECT_EQ(board_.of("acme").consecutive_failures, 5);
  EXPECT_EQ(call(*opened()).error->code, "vendor.breaker_open");
}

TEST_F(HttpOpener, AnotherConnectionAsksAgainWhatItSeesThere) {
  vendor_.speak(Speaks::modern);
  ASSERT_EQ(era(opened()), "modern");
  vendor::Injection injection{.key = "ann/acme/1", .headers = {}, .environment = {}};
  ASSERT_TRUE(open(http_definition(vendor_.url()), std::move(injection)));
  EXPECT_THAT(asked(), ElementsAre("server/discover", "server/discover"));
}

TEST_F(HttpOpener, ALegacyVendorIsProbedOnceAndNeverAgain) {
  vendor_.use_session("s-1");
  EXPECT_EQ(era(opened()), "legacy");
  EXPECT_EQ(era(opened()), "legacy");
  EXPECT_THAT(asked(), ElementsAre("server/discover", "initialize", "notifications/initialized", "initialize",
                                   "notifications/initialized"));
}

TEST_F(HttpOpener, ARefusedProbeIsNoFailureOfTheVendor) {
  for (int i = 0; i < 6; ++i) {
    auto definition = http_definition(vendor_.url());
    definition->slug = "acme";
    definition->http->url.target = "/mcp?" + std::to_string(i);  // each time a vendor nobody knows
    ASSERT_EQ(era(open(definition)), "legacy");
  }
  EXPECT_EQ(vendor_.count("server/discover"), 6U);
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
  EXPECT_EQ(board_.of("acme").status, vendor::Status::up);
}

TEST_F(HttpOpener, WhateverIsNoAnswerOfTheModernEraMeansLegacy) {
  const std::vector<std::pair<std::string, fake::FakeVendor::Act>> answers{
      {"SDK 1.x, stateful", error(400, R"({"code":-32000,"message":"Bad Request: No valid session ID provided"})")},
      {"an unknown method", error(200, R"({"code":-32601,"message":"Method not found"})")},
      {"Python, stateless", error(200, R"({"code":-32602,"message":"Invalid request parameters"})")},
      {"Python, stateful", answer(400, "application/json",
                                  R"({"jsonrpc":"2.0","id":"server-error","error":{"code":-32600,"message":"x"}})")},
      {"Rust", answer(422, "text/plain", "Unexpected message, expect initialize request")},
      {"Java, stateless", answer(500, "application/json", R"({"message":"Missing handler for request type"})")},
      {"no body", answer(404, "", "")},
      {"a page", answer(405, "text/html", "<html>")},
      {"too eager a limit", answer(429, "", "")},
      {"a page with 200", answer(200, "text/html", "<html>")},
      {"nothing", answer(202, "", "")},
      {"an empty result", answer(200, "application/json", R"({"jsonrpc":"2.0","id":1,"result":{}})")},
      {"no JSON", answer(200, "application/json", "{")},
      {"legacy revisions only",
       answer(200, "application/json", R"({"jsonrpc":"2.0","id":1,"result":{"supportedVersions":["2025-11-25"]}})")},
      {"legacy revisions only, as an error",
       error(400, R"({"code":-32022,"message":"no","data":{"supported":["2025-11-25","2025-06-18"]}})")},
  };
  int number = 0;
  for (const auto& [what, act] : answers) {
    vendor_.on("server/discover", act);
    auto definition = http_definition(vendor_.url() + "?" + std::to_string(number++));
    EXPECT_EQ(era(open(definition)), "legacy") << what;
  }
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
}

TEST_F(HttpOpener, ARecognizedModernErrorIsNoReasonToFallBack) {
  const std::vector<std::pair<std::string, std::string>> errors{
      {R"({"code":-32020,"message":"header mismatch"})", "vendor acme refused to say what it is: header mismatch"},
      {R"({"code":-32021,"message":"needs sampling"})", "vendor acme refused to say what it is: needs sampling"},
      {R"({"code":-32022,"message":"x","data":{"supported":["2026-07-28"]}})",
       "vendor acme refused to say what it is: x"},
      {R"({"code":-32022,"message":"x","data":{"supported":["2099-01-01"]}})",
       "vendor acme speaks only revisions of MCP that the gateway does not: 2099-01-01"},
  };
  for (const auto& [json, words] : errors) EXPECT_EQ(era_after(error(400, json)), words);
  EXPECT_EQ(era_after(answer(400, "application/json",
                             R"({"jsonrpc":"2.0","id":null,"error":{"code":-32020,"message":"no head"}})")),
            "vendor acme refused to say what it is: no head");
  EXPECT_EQ(vendor_.count("initialize"), 0U);
}

TEST_F(HttpOpener, ARejectedCredentialLeavesTheEraUnknown) {
  vendor_.on("server/discover", [](const VendorRequest&, VendorWire& wire) {
    wire.answer(401, "application/json", R"({"error":"unauthorized","message":"The key is no key."})");
  });
  const auto rejected = opened();
  ASSERT_FALSE(rejected);
  EXPECT_EQ(rejected.error().kind, base::Kind::vendor_rejected);
  EXPECT_EQ(rejected.error().message, "The key is no key.");
  EXPECT_THAT(asked(), ElementsAre("server/discover"));
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
  EXPECT_FALSE(opened());
  EXPECT_THAT(asked(), ElementsAre("server/discover", "server/discover"));
}

TEST_F(HttpOpener, AVendorThatIsDownIsNotAskedOnAndItsEraStaysUnknown) {
  vendor_.on("server/discover", [](const VendorRequest&, VendorWire& wire) { wire.answer(503, "", ""); });
  EXPECT_EQ(era(opened()), "vendor acme answered HTTP 503");
  vendor_.on("server/discover", [](const VendorRequest&, VendorWire& wire) { wire.reset(); });
  EXPECT_EQ(opened().error().kind, base::Kind::vendor_down);
  EXPECT_EQ(vendor_.count("initialize"), 0U);
  EXPECT_EQ(board_.of("acme").consecutive_failures, 2);
}

TEST_F(HttpOpener, ALegacyVendorThatIsSilentToTheProbeIsAskedByInitializeInTime) {
  config_.http.probe_timeout = 200ms;
  vendor_.on("server/discover", [](const VendorRequest&, VendorWire& wire) { wire.hang(); });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(era(opened()), "legacy");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  EXPECT_EQ(era(opened()), "legacy");
  EXPECT_EQ(vendor_.count("server/discover"), 1U);
}

TEST_F(HttpOpener, TheProbeTakesAtMostHalfOfTheTime) {
  vendor_.on("server/discover", [](const VendorRequest&, VendorWire& wire) { wire.hang(); });
  EXPECT_EQ(era(opened(Protocol::automatic, 2s)), "legacy");
}

TEST_F(HttpOpener, AModernVendorThatIsSlowToTheProbeIsKnownByItsAnswerToInitialize) {
  config_.http.probe_timeout = 200ms;
  vendor_.speak(Speaks::modern);
  std::atomic<int> asked = 0;
  vendor_.on("server/discover", [&](const VendorRequest& request, VendorWire& wire) {
    if (asked++ == 0) return wire.hang();
    wire.json(fake::result_of(request.id, R"({"supportedVersions":["2026-07-28"],"capabilities":{}})"));
  });
  EXPECT_EQ(era(opened()), "modern");
}

TEST_F(HttpOpener, AVendorThatHangsIsATimeoutAtTheDeadline) {
  const auto hang = [](const VendorRequest&, VendorWire& wire) { wire.hang(); };
  vendor_.on("server/discover", hang);
  vendor_.on("initialize", hang);
  const auto began = std::chrono::steady_clock::now();
  const auto channel = opened(Protocol::automatic, 400ms);
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().kind, base::Kind::vendor_timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
  EXPECT_EQ(board_.of("acme").consecutive_failures, 1);
}

TEST_F(HttpOpener, AVendorThatBecomesModernIsOpenedSoAtOnce) {
  ASSERT_EQ(era(opened()), "legacy");
  vendor_.speak(Speaks::modern);
  EXPECT_EQ(era(opened()), "modern");
  EXPECT_THAT(asked(), ElementsAre("server/discover", "initialize", "notifications/initialized", "initialize",
                                   "server/discover"));
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
}

TEST_F(HttpOpener, AVendorThatBecomesLegacyIsOpenedSoByAConnectionThatAsks) {
  vendor_.speak(Speaks::modern);
  ASSERT_EQ(era(opened()), "modern");
  vendor_.speak(Speaks::legacy);
  vendor::Injection injection{.key = "ann/acme/1", .headers = {}, .environment = {}};
  EXPECT_EQ(era(open(http_definition(vendor_.url()), std::move(injection))), "legacy");
}

TEST_F(HttpOpener, AnOldServerIsReachedOverHttpAndSse) {
  vendor_.speak(Speaks::sse);
  const auto channel = opened();
  ASSERT_EQ(era(channel), "legacy");
  EXPECT_THAT(asked(), ElementsAre("server/discover", "initialize", "GET", "initialize", "notifications/initialized"));
  const auto again = opened();
  ASSERT_TRUE(again);
  EXPECT_EQ(vendor_.count("server/discover"), 1U);
  EXPECT_EQ(vendor_.count("GET"), 2U);
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
}

TEST_F(HttpOpener, AnOldServerThatLearnsANewTransportIsOpenedSo) {
  vendor_.speak(Speaks::sse);
  ASSERT_TRUE(opened());
  vendor_.speak(Speaks::legacy);
  EXPECT_EQ(era(opened()), "legacy");
  vendor_.speak(Speaks::sse);
  EXPECT_EQ(era(opened()), "legacy");
  vendor_.speak(Speaks::modern);
  EXPECT_EQ(era(opened()), "modern");
}

TEST_F(HttpOpener, NothingAtTheUrlTellsTheStatusOfInitialize) {
  const auto nothing = [](const VendorRequest&, VendorWire& wire) { wire.answer(404, "text/html", "<html>"); };
  for (const auto* what : {"server/discover", "initialize", "GET"}) vendor_.on(what, nothing);
  EXPECT_EQ(era(opened()), "vendor acme answered HTTP 404");
  EXPECT_THAT(asked(), ElementsAre("server/discover", "initialize", "GET"));
}

TEST_F(HttpOpener, AStreamWithoutAnEndpointIsNoOldServer) {
  vendor_.on("initialize", [](const VendorRequest&, VendorWire& wire) { wire.answer(405, "", ""); });
  vendor_.on("GET", [](const VendorRequest&, VendorWire& wire) {
    wire.start_stream();
    wire.event("", R"({"jsonrpc":"2.0","method":"notifications/message"})");
    wire.hang();
  });
  EXPECT_EQ(era(opened()), "vendor acme answered HTTP 405");
}

TEST_F(HttpOpener, ARejectionOnTheOldTransportIsTheVerdict) {
  vendor_.on("initialize", [](const VendorRequest&, VendorWire& wire) { wire.answer(404, "", ""); });
  vendor_.on("GET", [](const VendorRequest&, VendorWire& wire) { wire.answer(403, "", ""); });
  EXPECT_EQ(opened().error().kind, base::Kind::vendor_rejected);
}

TEST_F(HttpOpener, AStatedProtocolIsTheOnlyOneTried) {
  EXPECT_EQ(era(opened(Protocol::legacy)), "legacy");
  EXPECT_EQ(vendor_.count("server/discover"), 0U);
  EXPECT_EQ(era(opened(Protocol::modern)), "vendor acme does not speak 2026-07-28");
  EXPECT_EQ(era(opened(Protocol::sse)), "vendor acme does not speak MCP over HTTP+SSE at its URL");
  EXPECT_EQ(vendor_.count("initialize"), 1U);

  vendor_.speak(Speaks::modern);
  EXPECT_EQ(era(opened(Protocol::modern)), "modern");
  EXPECT_THAT(era(opened(Protocol::legacy)), StartsWith("vendor acme speaks only revisions of MCP without sessions"));
  vendor_.speak(Speaks::sse);
  EXPECT_EQ(era(opened(Protocol::legacy)), "vendor acme answered HTTP 404") << "not even the old transport";
  const auto before = vendor_.count("initialize");
  EXPECT_EQ(era(opened(Protocol::sse)), "legacy");
  EXPECT_EQ(vendor_.count("initialize"), before + 1);
}

TEST_F(HttpOpener, ManyAtOnceAllSucceed) {
  vendor_.speak(Speaks::modern);
  std::vector<std::future<Opened>> all;
  for (std::size_t i = 0; i < 20; ++i) {
    vendor::OpenParams params{.definition = http_definition(vendor_.url()),
                              .injection = std::make_shared<const vendor::Injection>(),
                              .initialize_params = vendor_test::kInitializeParams,
                              .affinity = {}};
    all.push_back(base::spawn(threads_.executor(i % 2),
                              channels().open(std::move(params), std::chrono::steady_clock::now() + 20s),
                              boost::asio::use_future));
  }
  for (auto& one : all) EXPECT_EQ(era(one.get()), "modern");
}

}  // namespace
