// The monitor with real channels and a vendor over HTTP: which answers make a vendor up, and which do not.
#include "channel_fixture.hpp"
#include "vendor/channel_health_probe.hpp"
#include "vendor/health_monitor.hpp"

namespace {

using namespace std::chrono_literals;
using fake::VendorRequest;
using fake::VendorWire;
using vendor::Status;

class HealthChecks : public vendor_test::ChannelTest {
 protected:
  // Checks by MCP until `holds`; false when that never comes.
  bool checked_until(const std::function<bool()>& holds) {
    vendor::ChannelHealthProbe probe(channels());
    vendor::MonitorConfig config;
    config.schedule = {.interval = 5ms, .after_failure = 5ms, .longest = 20ms};
    config.spread = 0ms;
    vendor::HealthMonitor monitor(threads_.executor(0), probe, board_, clock_, random_, config);
    run(watch(monitor, {{"acme", http_definition(vendor_.url())}}));
    const bool held = vendor_test::eventually(holds);
    run(monitor.close());
    return held;
  }

  static base::Task<void> watch(vendor::HealthMonitor& monitor, vendor::Definitions definitions) {
    monitor.watch(definitions);
    co_return;
  }

  [[nodiscard]] Status status() const { return board_.of("acme").status; }

  fake::FakeVendor vendor_;
};

TEST_F(HealthChecks, VendorIsUpAndItsSessionIsKeptBetweenChecks) {
  vendor_.use_session("s-1");
  EXPECT_TRUE(checked_until([this] { return status() == Status::up && vendor_.count("ping") > 3; }));
  EXPECT_EQ(vendor_.count("initialize"), 1U);
}

TEST_F(HealthChecks, VendorThatDemandsACredentialIsUp) {
  vendor_.on("initialize", [](const VendorRequest&, VendorWire& wire) {
    wire.answer(401, "application/json", R"({"error":"Missing credentials","message":"no key","required":["X"]})");
  });
  EXPECT_TRUE(checked_until([this] { return status() == Status::up; }));
}

TEST_F(HealthChecks, VendorThatRefusesAPingButTakesAHandshakeIsUp) {
  vendor_.on("ping", [](const VendorRequest&, VendorWire& wire) { wire.answer(400, "application/json", "{}"); });
  EXPECT_TRUE(checked_until([this] { return status() == Status::up && vendor_.count("initialize") > 3; }));
}

TEST_F(HealthChecks, WrongPathIsDownAndSaysSo) {
  vendor_.on("initialize", [](const VendorRequest&, VendorWire& wire) { wire.answer(404, "text/plain", "nothing"); });
  EXPECT_TRUE(checked_until([this] { return status() == Status::down; }));
  EXPECT_THAT(board_.of("acme").last_error, testing::HasSubstr("HTTP 404"));
}

TEST_F(HealthChecks, VendorThatFailsAndRecoversIsFoundUpAgain) {
  std::atomic<bool> broken = true;
  vendor_.on("initialize", [&](const VendorRequest& request, VendorWire& wire) {
    if (broken) return wire.answer(503, "text/html", "<html>");
    wire.json(fake::result_of(request.id, R"({"protocolVersion":"2025-11-25","capabilities":{},)"
                                          R"("serverInfo":{"name":"fake","version":"1"}})"));
  });
  EXPECT_TRUE(checked_until([&] {
    if (status() == Status::down) broken = false;
    return status() == Status::up;
  }));
}

}  // namespace
