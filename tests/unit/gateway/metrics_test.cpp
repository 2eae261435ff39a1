#include "gateway/metrics.hpp"

#include <algorithm>
#include <thread>

#include "base/spawn.hpp"
#include "fake/handled.hpp"
#include "fake/metrics_text.hpp"
#include "fixture.hpp"

namespace gateway_test {
namespace {

using testing::HasSubstr;
using testing::Not;

class GatewayMetrics : public GatewayTest {
 protected:
  std::string text() {
    endpoint_->measure();
    return fake::metrics_text(*registry_);
  }
};

TEST_F(GatewayMetrics, SessionsAreCountedWhenSomebodyReads) {
  EXPECT_THAT(text(), HasSubstr("\nmcpgw_sessions 0\n"));
  (void)open_session();
  (void)open_session("/v1/open/mcp");
  EXPECT_THAT(text(), HasSubstr("\nmcpgw_sessions 2\n"));
}

TEST_F(GatewayMetrics, AnsweredRequestsAreCountedByRouteMethodAndOutcome) {
  const std::vector<std::pair<std::string, std::string>> session{{"Mcp-Session-Id", open_session()}};
  (void)post("/v1/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})", session);
  (void)post("/v1/mcp", R"({"jsonrpc":"2.0","id":2,"method":"tools/list"})", session);
  EXPECT_THAT(text(), HasSubstr(R"(mcpgw_requests_total{method="tools/list",outcome="ok",route="unified"} 2)"));
  EXPECT_THAT(text(), HasSubstr(R"(mcpgw_request_duration_seconds_count{route="unified"} 3)"));
}

class CancelledCall : public GatewayMetrics {
 protected:
  CancelledCall() {
    channels_.vendors["open"].answer =
        [lists = channels_.vendors["open"].answer](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
      if (seen.method != "tools/call") return lists(seen);
      return {std::string(fake::kUntilCancelled)};
    };
  }
  bool is_called() const {
    const auto seen = channels_.seen();
    return std::ranges::find(seen, "tools/call", &fake::SeenRequest::method) != seen.end();
  }
  // Starts the call, lets `give_up` do its work once the vendor has it, and waits for its end.
  void call_and(http::Request request, const std::function<void(fake::FakeExchange&)>& give_up) {
    fake::FakeExchange exchange(std::move(request));
    auto done = base::spawn(threads_.executor(0), fake::handled(*endpoint_, exchange), boost::asio::use_future);
    while (!is_called()) std::this_thread::yield();
    give_up(exchange);
    ASSERT_EQ(done.wait_for(std::chrono::seconds(20)), std::future_status::ready);
    done.get();
  }
  base::Task<void> start() {
    endpoint_->start_on_this_thread();
    co_return;
  }
  static base::Task<void> leave(fake::FakeExchange& exchange) {
    exchange.gone = true;
    co_return;
  }
  void expect_no_failure() {
    EXPECT_THAT(text(), HasSubstr(R"(mcpgw_requests_total{method="tools/call",outcome="cancelled",route="open"} 1)"));
    EXPECT_THAT(text(), Not(HasSubstr("mcpgw_vendor_errors_total{")));
  }
};

TEST_F(CancelledCall, OfALegacyClientIsNoFailureOfItsVendor) {
  const std::vector<std::pair<std::string, std::string>> session{{"Mcp-Session-Id", open_session("/v1/open/mcp")}};
  call_and(request(http::Method::post, "/v1/open/mcp",
                   R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo"}})", session),
           [&](fake::FakeExchange&) {
             (void)post("/v1/open/mcp",
                        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}})", session);
           });
  expect_no_failure();
}

TEST_F(CancelledCall, OfAModernClientThatClosesItsStreamIsNoFailureOfItsVendor) {
  on_thread(start());
  call_and(
      request(
          http::Method::post, "/v1/open/mcp",
          R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}})",
          {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "tools/call"}, {"Mcp-Name", "echo"}}),
      [this](fake::FakeExchange& exchange) { on_thread(leave(exchange)); });
  expect_no_failure();
}

TEST(GatewayMetricsLabels, AMethodThatIsNotTheProtocolsMakesNoSeriesOfItsOwn) {
  prometheus::Registry registry;
  gateway::Metrics metrics(registry);
  metrics.request("unified", "made/up", "not_found", std::chrono::milliseconds(1));
  EXPECT_THAT(fake::metrics_text(registry), HasSubstr(R"(method="other",outcome="not_found")"));
  EXPECT_THAT(fake::metrics_text(registry), Not(HasSubstr("made/up")));
}

TEST(GatewayMetricsLabels, FailuresOfVendorsAreCountedByKind) {
  prometheus::Registry registry;
  gateway::Metrics metrics(registry);
  metrics.vendor_error("hudu", base::Kind::vendor_timeout);
  metrics.vendor_error("hudu", base::Kind::vendor_timeout);
  EXPECT_THAT(fake::metrics_text(registry),
              HasSubstr(R"(mcpgw_vendor_errors_total{kind="vendor_timeout",vendor="hudu"} 2)"));
}

TEST(GatewayMetricsLabels, AStreamIsOpenForAsLongAsItLives) {
  prometheus::Registry registry;
  gateway::Metrics metrics(registry);
  {
    const auto open = metrics.open_stream();
    EXPECT_THAT(fake::metrics_text(registry), HasSubstr("\nmcpgw_streams 1\n"));
  }
  EXPECT_THAT(fake::metrics_text(registry), HasSubstr("\nmcpgw_streams 0\n"));
}

}  // namespace
}  // namespace gateway_test
