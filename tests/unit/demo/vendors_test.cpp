#include "demo/vendors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "fake/fake_clock.hpp"
#include "fake/fake_exchange.hpp"
#include "fake/run.hpp"

namespace {

using namespace std::chrono_literals;
using fake::FakeExchange;
using http::Method;
using testing::HasSubstr;

constexpr const char* kPing = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
constexpr const char* kDiagnose = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_diagnostics",)"
                                  R"("arguments":{"asset_id":"as-01"},"_meta":{"progressToken":7}}})";

void set(FakeExchange& exchange, std::string_view name, std::string_view value) {
  exchange.request().headers.set(name, value);
}

// The events of a stream.
std::vector<std::string> events(const FakeExchange& exchange) {
  std::vector<std::string> all;
  const auto& body = exchange.answer.body;
  for (std::size_t begin = 0, end; (end = body.find("\n\n", begin)) != std::string::npos; begin = end + 2) {
    all.push_back(body.substr(begin, end - begin));
  }
  return all;
}

class Vendors : public testing::Test {
 protected:
  static FakeExchange request(Method method, std::string path, std::string body = {}) {
    http::Request request;
    request.method = method;
    request.path_length = path.size();
    request.target = std::move(path);
    request.body = std::move(body);
    return FakeExchange(std::move(request));
  }
  static FakeExchange post(std::string path, std::string body = kPing) {
    auto exchange = request(Method::post, std::move(path), std::move(body));
    set(exchange, "Content-Type", "application/json");
    set(exchange, "Accept", "application/json, text/event-stream");
    return exchange;
  }
  FakeExchange tickets(std::string body) const {
    auto exchange = post("/demo-tickets/mcp", std::move(body));
    set(exchange, demo::kTicketsKeyHeader, demo::kTicketsKey);
    return exchange;
  }
  int status(FakeExchange& exchange) {
    fake::run(vendors_.handle(exchange));
    return exchange.answer.status;
  }

  fake::FakeClock clock_;
  demo::Vendors vendors_{clock_, {.step = 0ms}};
};

TEST_F(Vendors, OpenVendorAnswersJsonWithoutAnyKey) {
  auto exchange = post("/demo-docs/mcp");
  EXPECT_EQ(status(exchange), 200);
  EXPECT_EQ(exchange.answer.headers.get("Content-Type"), "application/json");
  EXPECT_EQ(exchange.answer.body, R"({"jsonrpc":"2.0","id":1,"result":{}})");
}

TEST_F(Vendors, TicketsWithoutOrWithAWrongKeyAnswerAsRealVendorsDo) {
  for (const std::string key : {"", "wrong", "demo-key-123456789", "demo-key-12345678901"}) {
    auto exchange = post("/demo-tickets/mcp");
    if (!key.empty()) set(exchange, "X-Demo-API-Key", key);
    EXPECT_EQ(status(exchange), 401);
    const auto body = boost::json::parse(exchange.answer.body).as_object();
    EXPECT_EQ(body.at("error").as_string(), key.empty() ? "Missing credentials" : "Invalid credentials");
    EXPECT_EQ(body.at("required").as_array().at(0).as_string(), "X-Demo-API-Key");
    EXPECT_THAT(exchange.answer.body, testing::Not(HasSubstr(std::string(demo::kTicketsKey))));
  }
  auto right = tickets(kPing);
  EXPECT_EQ(status(right), 200);
}

TEST_F(Vendors, GetAndDeleteAnswer405WithJson) {
  for (const auto method : {Method::get, Method::delete_}) {
    auto exchange = request(method, "/demo-docs/mcp");
    EXPECT_EQ(status(exchange), 405);
    EXPECT_EQ(exchange.answer.headers.get("Allow"), "POST");
    EXPECT_THAT(exchange.answer.body, HasSubstr("-32000"));
  }
}

TEST_F(Vendors, NotificationIsAcceptedWith202AndNoBody) {
  auto exchange = post("/demo-docs/mcp", R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
  EXPECT_EQ(status(exchange), 202);
  EXPECT_EQ(exchange.answer.body, "");
}

TEST_F(Vendors, RequestsThatTheTransportForbidsAreRefused) {
  auto origin = post("/demo-docs/mcp");
  set(origin, "Origin", "https://evil.example");
  EXPECT_EQ(status(origin), 403);
  auto type = post("/demo-docs/mcp");
  set(type, "Content-Type", "text/plain");
  EXPECT_EQ(status(type), 415);
  auto revision = post("/demo-docs/mcp");
  set(revision, "MCP-Protocol-Version", "2026-07-28");
  EXPECT_EQ(status(revision), 400);
  auto path = post("/mcp");
  EXPECT_EQ(status(path), 404);
}

TEST_F(Vendors, HealthAnswersOk) {
  auto exchange = request(Method::get, "/health");
  EXPECT_EQ(status(exchange), 200);
  EXPECT_EQ(exchange.answer.body, R"({"status":"ok"})");
}

TEST_F(Vendors, ProgressIsStreamedBeforeTheAnswer) {
  auto exchange = tickets(kDiagnose);
  EXPECT_EQ(status(exchange), 200);
  EXPECT_EQ(exchange.answer.headers.get("Content-Type"), "text/event-stream");
  const auto all = events(exchange);
  ASSERT_EQ(all.size(), 6U);
  EXPECT_THAT(all[0], HasSubstr(R"("progressToken":7,"progress":1,"total":5)"));
  EXPECT_THAT(all[5], HasSubstr(R"("id":1,"result")"));
  EXPECT_TRUE(exchange.finished);
}

TEST_F(Vendors, ClientThatTakesNoStreamGetsTheAnswerAlone) {
  auto exchange = tickets(kDiagnose);
  set(exchange, "Accept", "application/json");
  EXPECT_EQ(status(exchange), 200);
  EXPECT_FALSE(exchange.started());
  EXPECT_THAT(exchange.answer.body, HasSubstr("Nothing to do"));
}

TEST_F(Vendors, StreamEndsQuietlyWhenThePeerIsGone) {
  auto exchange = tickets(kDiagnose);
  exchange.gone = true;
  EXPECT_EQ(status(exchange), 200);
  EXPECT_FALSE(exchange.finished);
}

TEST_F(Vendors, FailureIsJson) {
  const base::Error error{base::Kind::too_large, "http.body", "The body is too large.", "", std::nullopt};
  const auto response = vendors_.failure({}, error);
  EXPECT_EQ(response.status, 413);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
}

}  // namespace
