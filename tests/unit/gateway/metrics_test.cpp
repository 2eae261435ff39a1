#include "gateway/metrics.hpp"

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
