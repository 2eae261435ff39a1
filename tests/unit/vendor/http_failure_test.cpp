// What callers hear of vendors that break the protocol, over the wire.
#include <sys/resource.h>

#include "channel_fixture.hpp"

namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::chrono_literals;
using fake::VendorRequest;
using fake::VendorWire;

class HttpFailure : public vendor_test::ChannelTest {
 protected:
  // The text of the error that a call meets.
  std::string trouble(fake::FakeVendor::Act act, std::chrono::milliseconds patience = 20s) {
    vendor_.on("tools/call", std::move(act));
    const auto channel = open(http_definition(vendor_.url()));
    if (!channel) return "not opened: " + channel.error().message;
    return call(*channel, "tools/call", R"({"name":"echo"})", patience).error_text();
  }
  fake::FakeVendor vendor_;
};

TEST_F(HttpFailure, AStatusIsNamed) {
  const auto answering = [](int status) {
    return [status](const VendorRequest&, VendorWire& wire) { wire.answer(status, "text/html", "<html>no</html>"); };
  };
  EXPECT_EQ(trouble(answering(500)), "vendor_invalid: vendor acme answered HTTP 500");
  EXPECT_EQ(trouble(answering(503)), "vendor_down: vendor acme answered HTTP 503");
  EXPECT_EQ(trouble(answering(401)), "vendor_rejected: vendor acme answered HTTP 401");
  EXPECT_EQ(trouble(answering(404)), "vendor_invalid: vendor acme answered HTTP 404");
}

TEST_F(HttpFailure, A401BringsTheVendorsOwnWords) {
  EXPECT_EQ(trouble([](const VendorRequest&, VendorWire& wire) {
              wire.answer(401, "application/json",
                          R"({"error":"Unauthorized","message":"Missing X-API-Key","required":["X-API-Key"]})");
            }),
            "vendor_rejected: Missing X-API-Key");
}

TEST_F(HttpFailure, TheVendorsWordsAreCut) {
  const auto text = trouble([](const VendorRequest&, VendorWire& wire) {
    wire.answer(403, "application/json", R"({"message":")" + std::string(5'000, 'x') + R"("})");
  });
  EXPECT_EQ(text, "vendor_rejected: " + std::string(300, 'x'));
}

TEST_F(HttpFailure, HtmlIsNotJson) {
  EXPECT_EQ(trouble([](const VendorRequest&, VendorWire& wire) { wire.answer(200, "text/html", "<html></html>"); }),
            "vendor_invalid: vendor acme answered text/html, not JSON: is the URL the MCP endpoint?");
}

TEST_F(HttpFailure, InvalidJsonIsNamed) {
  EXPECT_THAT(trouble([](const VendorRequest&, VendorWire& wire) { wire.json(R"({"jsonrpc":"2.0","id":2,)"); }),
              StartsWith("vendor_invalid: vendor acme sent something that is not an MCP message"));
}

TEST_F(HttpFailure, HalfAResponseIsNotOne) {
  EXPECT_THAT(trouble([](const VendorRequest& request, VendorWire& wire) {
                const auto body = fake::tool_text(request.id, "never whole");
                wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n" + body);
                wire.close();
              }),
              AllOf(StartsWith("vendor_invalid: "), HasSubstr("acme")));
}

TEST_F(HttpFailure, AnSseAnswerWithoutEventIdsThatDropsIsNotResumed) {
  EXPECT_THAT(trouble([](const VendorRequest&, VendorWire& wire) {
                wire.start_stream();
                wire.stream_text(": only a comment\n\n");
                wire.close();
              }),
              AllOf(StartsWith("vendor_"), HasSubstr("acme")));
  EXPECT_EQ(vendor_.count("GET"), 0U);
}

TEST_F(HttpFailure, AnSseAnswerThatEndsWithoutTheResponseSaysSo) {
  EXPECT_EQ(trouble([](const VendorRequest&, VendorWire& wire) {
              wire.start_stream();
              wire.end_stream();
            }),
            "vendor_invalid: vendor acme ended its answer before the response");
}

TEST_F(HttpFailure, AnotherRequestsIdIsNotAnAnswer) {
  EXPECT_EQ(trouble([](const VendorRequest&, VendorWire& wire) { wire.json(fake::tool_text("4711", "x")); }),
            "vendor_invalid: vendor acme answered with the id of another request");
}

TEST_F(HttpFailure, AResetIsDown) {
  EXPECT_THAT(trouble([](const VendorRequest&, VendorWire& wire) { wire.reset(); }),
              AllOf(StartsWith("vendor_down: "), HasSubstr("acme")));
}

TEST_F(HttpFailure, ASilentVendorIsATimeoutAtTheDeadline) {
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(trouble([](const VendorRequest&, VendorWire& wire) { wire.hang(); }, 300ms),
              AllOf(StartsWith("vendor_timeout: "), HasSubstr("acme")));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST_F(HttpFailure, ASilentStreamIsATimeoutAtTheDeadline) {
  EXPECT_THAT(trouble(
                  [](const VendorRequest&, VendorWire& wire) {
                    wire.start_stream();
                    wire.event("e1", "");
                    wire.hang();
                  },
                  300ms),
              AllOf(StartsWith("vendor_timeout: "), HasSubstr("acme")));
}

TEST_F(HttpFailure, An202ToARequestIsNoAnswer) {
  EXPECT_EQ(trouble([](const VendorRequest&, VendorWire& wire) { wire.answer(202, "", ""); }),
            "vendor_invalid: vendor acme answered HTTP 202 to a request, without a result");
}

TEST_F(HttpFailure, ARedirectIsNotFollowedAndItsHostIsNamed) {
  EXPECT_THAT(trouble([](const VendorRequest&, VendorWire& wire) {
                wire.answer(307, "", "", "Location: http://elsewhere.example/mcp?token=secret\r\n");
              }),
              AllOf(HasSubstr("a redirect to host elsewhere.example"), testing::Not(HasSubstr("secret"))));
}

TEST_F(HttpFailure, AHundredMegabytesAreTooLargeAndNotKept) {
  const auto endless = [](VendorWire& wire) {
    const std::string megabyte(1 << 20, 'x');
    for (int i = 0; i < 100; ++i) wire.send(megabyte);
    wire.close();
  };
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  EXPECT_EQ(trouble([&](const VendorRequest&, VendorWire& wire) {
              wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"a\":\"");
              endless(wire);
            }),
            "too_large: vendor acme sent a message of more than 16777216 bytes, which is the limit");
  EXPECT_EQ(trouble([&](const VendorRequest&, VendorWire& wire) {
              wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\ndata: ");
              endless(wire);
            }),
            "too_large: vendor acme sent a message of more than 16777216 bytes, which is the limit");
  rusage after{};
  getrusage(RUSAGE_SELF, &after);
  EXPECT_LT(after.ru_maxrss - before.ru_maxrss, 250 << 10) << "kilobytes";
}

TEST_F(HttpFailure, InitializeAtTheWrongPlaceTellsTheStatus) {
  vendor_.on("initialize", [](const VendorRequest&, VendorWire& wire) { wire.answer(405, "text/plain", "no"); });
  const auto channel = open(http_definition(vendor_.url()));
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().message, "vendor acme answered HTTP 405");
}

TEST_F(HttpFailure, ARevisionThatNobodyKnowsIsRefused) {
  vendor_.on("initialize", [](const VendorRequest& request, VendorWire& wire) {
    wire.json(fake::result_of(request.id, R"({"protocolVersion":"1999-01-01","capabilities":{}})"));
  });
  const auto channel = open(http_definition(vendor_.url()));
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().message, "vendor acme speaks revision \"1999-01-01\" of MCP, which the gateway does not");
}

TEST_F(HttpFailure, ARefusedConnectionIsDownAndNamesTheVendor) {
  std::string url;
  {
    const fake::FakeVendor gone;
    url = gone.url();
  }
  const auto channel = open(http_definition(url));
  ASSERT_FALSE(channel);
  EXPECT_EQ(channel.error().kind, base::Kind::vendor_down);
  EXPECT_THAT(channel.error().message, StartsWith("vendor acme: "));
}

TEST_F(HttpFailure, AfterFiveFailuresCallsFailAtOnceAndTheBoardSaysDown) {
  vendor_.on("tools/call", [](const VendorRequest&, VendorWire& wire) { wire.answer(500, "", ""); });
  const auto channel = open(http_definition(vendor_.url()));
  ASSERT_TRUE(channel);
  for (int i = 0; i < 5; ++i) (void)call(*channel);
  const auto refused = call(*channel);
  EXPECT_THAT(refused.error_text(),
              StartsWith("vendor_down: vendor acme failed several times in a row; it is tried again in "));
  EXPECT_EQ(refused.error->retry_after, 5s);
  EXPECT_EQ(vendor_.count("tools/call"), 5U);
  EXPECT_EQ(board_.of("acme").consecutive_failures, 5);
  EXPECT_EQ(open(http_definition(vendor_.url())).error().code, "vendor.breaker_open");
}

TEST_F(HttpFailure, ARejectedCredentialSaysNothingAboutHealth) {
  for (int i = 0; i < 8; ++i) {
    EXPECT_THAT(trouble([](const VendorRequest&, VendorWire& wire) { wire.answer(401, "", ""); }),
                StartsWith("vendor_rejected"));
  }
  EXPECT_EQ(board_.of("acme").consecutive_failures, 0);
}

}  // namespace
