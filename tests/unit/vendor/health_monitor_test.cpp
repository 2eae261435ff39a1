#include "vendor/health_monitor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/fake_random.hpp"
#include "fake/run.hpp"
#include "fixture.hpp"
#include "http/server.hpp"

namespace {

using namespace std::chrono_literals;
using vendor::Status;

// Answers as told, by slug; a vendor told to hang never does. Tells the board of failures, as channels do.
class FakeProbe final : public vendor::HealthProbe {
 public:
  explicit FakeProbe(vendor::HealthBoard& board) : board_(board) {}

  base::Async<void> check(std::shared_ptr<const vendor::Definition> definition, base::SteadyTime) override {
    ++checks[definition->slug];
    if (hangs == definition->slug) {
      base::Timer never(co_await boost::asio::this_coro::executor);
      never.expires_at(base::SteadyTime::max());
      co_await never.async_wait(base::use_task);
    }
    if (!failing) co_return base::Result<void>();
    auto error = base::fail(*failing, "vendor.fake", "refused");
    board_.note_failure(definition->slug, error.error());
    co_return error;
  }
  void forget(const std::shared_ptr<const vendor::Definition>& definition) override {
    forgotten.push_back(definition->slug);
  }

  std::optional<base::Kind> failing;
  std::string hangs;
  std::map<std::string, int> checks;
  std::vector<std::string> forgotten;

 private:
  vendor::HealthBoard& board_;
};

vendor::Definitions open_vendors(std::initializer_list<std::string> slugs, const std::string& more = {}) {
  vendor::Definitions all;
  for (const auto& slug : slugs) {
    all[slug] = vendor_test::shared(vendor_test::definition("slug: " + slug + "\nname: " + slug +
                                                            "\ntransport: {url: 'http://127.0.0.1:1/mcp'}\n" + more));
  }
  return all;
}

// Waits for what must come true; 10 s stand for "never".
base::Task<bool> eventually(std::function<bool()> holds) {
  base::Timer timer(co_await boost::asio::this_coro::executor);
  for (int i = 0; i < 10'000 && !holds(); ++i) {
    timer.expires_after(1ms);
    co_await timer.async_wait(base::use_task);
  }
  co_return holds();
}

vendor::MonitorConfig quick() {
  vendor::MonitorConfig config;
  config.schedule = {.interval = 1ms, .after_failure = 1ms, .longest = 5ms};
  config.spread = 0ms;
  return config;
}

class HealthMonitor : public testing::Test {
 protected:
  // Watches, waits until `holds`, closes. False when it never held.
  bool watch_until(const vendor::Definitions& definitions, std::function<bool()> holds,
                   vendor::MonitorConfig config = quick()) {
    return fake::run(context_, watched(definitions, std::move(holds), config));
  }

  base::Task<bool> watched(vendor::Definitions definitions, std::function<bool()> holds, vendor::MonitorConfig config) {
    vendor::HealthMonitor monitor(context_.get_executor(), probe_, board_, clock_, random_, config);
    monitor.watch(definitions);
    const bool held = co_await eventually(std::move(holds));
    co_await monitor.close();
    co_return held;
  }

  [[nodiscard]] Status status(std::string_view vendor) const { return board_.of(vendor).status; }

  boost::asio::io_context context_{1};
  base::SystemClock clock_;
  fake::FakeRandom random_;
  vendor::MemoryHealthBoard board_{clock_};
  FakeProbe probe_{board_};
};

TEST_F(HealthMonitor, VendorThatAnswersIsUpAndIsCheckedAgain) {
  EXPECT_TRUE(watch_until(open_vendors({"acme"}), [this] { return probe_.checks["acme"] > 2; }));
  EXPECT_EQ(status("acme"), Status::up);
}

TEST_F(HealthMonitor, VendorThatDemandsACredentialIsUp) {
  probe_.failing = base::Kind::vendor_rejected;
  EXPECT_TRUE(watch_until(open_vendors({"acme"}), [this] { return status("acme") == Status::up; }));
}

TEST_F(HealthMonitor, VendorThatFailsGoesDownAndItsRecoveryIsFound) {
  probe_.failing = base::Kind::vendor_down;
  EXPECT_TRUE(watch_until(open_vendors({"acme"}), [this] {
    if (status("acme") == Status::down) probe_.failing.reset();
    return status("acme") == Status::up;
  }));
}

TEST_F(HealthMonitor, FailureFoundByAChannelCountsOnce) {
  probe_.failing = base::Kind::vendor_down;
  EXPECT_TRUE(watch_until(open_vendors({"acme"}), [this] { return status("acme") == Status::down; }));
  EXPECT_GE(probe_.checks["acme"], 3);
  EXPECT_EQ(board_.of("acme").consecutive_failures, probe_.checks["acme"]);
}

TEST_F(HealthMonitor, VendorThatHangsDelaysNoOther) {
  probe_.hangs = "slow";
  EXPECT_TRUE(watch_until(open_vendors({"acme", "slow"}), [this] { return probe_.checks["acme"] > 3; }));
  EXPECT_EQ(probe_.checks["slow"], 1);
  EXPECT_EQ(status("slow"), Status::unknown);
}

TEST_F(HealthMonitor, StdioVendorIsCheckedOnlyWhenItNeedsNoCredential) {
  auto definitions = open_vendors({"acme"});
  definitions["open"] =
      vendor_test::shared(vendor_test::definition("slug: open\nname: Open\ntransport: {type: stdio, command: x}\n"));
  definitions["closed"] =
      vendor_test::shared(vendor_test::definition("slug: closed\nname: Closed\ntransport: {type: stdio, command: x}\n"
                                                  "credential: {fields: [{name: k, label: K, env: K_KEY}]}\n"));
  EXPECT_TRUE(watch_until(definitions, [this] { return probe_.checks["acme"] > 2 && probe_.checks["open"] > 2; }));
  EXPECT_EQ(probe_.checks["closed"], 0);
}

TEST_F(HealthMonitor, VendorWithoutACheckIsNeverAsked) {
  auto definitions = open_vendors({"acme"});
  definitions.merge(open_vendors({"quiet"}, "health: {check: none}\n"));
  EXPECT_TRUE(watch_until(definitions, [this] { return probe_.checks["acme"] > 2; }));
  EXPECT_EQ(probe_.checks["quiet"], 0);
}

TEST_F(HealthMonitor, VendorFoundDownByCallsIsCheckedSoonNotAtTheNextInterval) {
  auto config = quick();
  config.schedule.interval = 1h;
  bool told = false;
  EXPECT_TRUE(watch_until(
      open_vendors({"acme"}),
      [&] {
        if (!told && status("acme") == Status::up) {
          const base::Error error{base::Kind::vendor_down, "vendor.down", "refused", "", std::nullopt};
          for (int i = 0; i < 3; ++i) board_.note_failure("acme", error);
          told = true;
        }
        return told && status("acme") == Status::up;
      },
      config));
  EXPECT_EQ(probe_.checks["acme"], 2);
}

base::Task<void> replace(vendor::HealthMonitor& monitor, FakeProbe& probe, const vendor::MemoryHealthBoard& board) {
  const auto both = open_vendors({"acme", "gone"});
  monitor.watch(both);
  EXPECT_TRUE(co_await eventually([&] { return probe.checks["acme"] > 1 && probe.checks["gone"] > 1; }));

  monitor.watch({{"acme", both.at("acme")}});
  EXPECT_TRUE(co_await eventually([&] { return !probe.forgotten.empty(); }));
  EXPECT_EQ(board.all().size(), 1U);
  const int checks = probe.checks["acme"];
  const int gone = probe.checks["gone"];
  EXPECT_TRUE(co_await eventually([&] { return probe.checks["acme"] > checks + 2; }));
  EXPECT_EQ(probe.checks["gone"], gone);
  EXPECT_EQ(board.all().size(), 1U);
  co_await monitor.close();
}

TEST_F(HealthMonitor, VendorTakenOutIsForgottenAndTheOthersGoOn) {
  vendor::HealthMonitor monitor(context_.get_executor(), probe_, board_, clock_, random_, quick());
  fake::run(context_, replace(monitor, probe_, board_));
  EXPECT_EQ(probe_.forgotten.front(), "gone");
}

// Answers GET of any path with the status told.
class HealthEndpoint final : public http::Handler {
 public:
  base::Task<void> handle(http::Exchange& exchange) override {
    const bool expected = exchange.request().path() == "/healthz" && exchange.request().method == http::Method::get;
    (void)co_await exchange.respond(http::Response::json(expected ? status.load() : 404, R"({"status":"ok"})"));
  }
  [[nodiscard]] http::Response failure(const http::RequestHead&, const base::Error&) const override {
    return http::Response::empty(500);
  }
  std::atomic<int> status = 200;
};

TEST_F(HealthMonitor, HealthPathMustAnswerTwoHundredAndSomething) {
  HealthEndpoint endpoint;
  base::IoThreads threads(1);
  http::ServerConfig config;
  config.port = 0;
  http::Server server(threads, endpoint, config);
  threads.start();
  server.start();
  const vendor::Definitions definitions{
      {"acme", vendor_test::shared(vendor_test::definition(
                   "slug: acme\nname: Acme\ntransport: {url: 'http://127.0.0.1:" + std::to_string(server.port()) +
                   "/mcp'}\nhealth: {check: http, path: /healthz}\n"))}};

  EXPECT_TRUE(watch_until(definitions, [this] { return status("acme") == Status::up; }));
  endpoint.status = 503;
  EXPECT_TRUE(watch_until(definitions, [this] { return status("acme") == Status::down; }));
  EXPECT_EQ(board_.of("acme").last_error, "GET /healthz answered 503.");
  endpoint.status = 204;
  EXPECT_TRUE(watch_until(definitions, [this] { return status("acme") == Status::up; }));
  EXPECT_EQ(probe_.checks["acme"], 0);
  server.close();
  threads.stop();
}

}  // namespace
