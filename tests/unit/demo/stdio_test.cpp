#include "demo/stdio.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "demo/vendors.hpp"
#include "fake/fake_clock.hpp"

namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

std::vector<std::string> lines(std::string_view name, const std::string& input, std::string_view key = {}) {
  fake::FakeClock clock;
  std::istringstream in(input);
  std::stringstream out;
  EXPECT_TRUE(demo::serve_stdio(name, clock, in, out, {.api_key = key, .step = 0ms}));
  std::vector<std::string> all;
  for (std::string line; std::getline(out, line);) all.push_back(line);
  return all;
}

constexpr const char* kTest = R"({"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"test_connection"}})";

TEST(Stdio, EachRequestGetsOneLineAndANotificationNone) {
  const auto answers = lines("demo-docs",
                             "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r\n\n"
                             "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
                             "nonsense\n");
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0], R"({"jsonrpc":"2.0","id":1,"result":{}})");
  EXPECT_THAT(answers[1], HasSubstr("-32700"));
}

TEST(Stdio, TicketsRefuseCallsWithoutTheRightKey) {
  EXPECT_THAT(lines("demo-tickets", kTest).at(0), HasSubstr("needs an API key in the environment"));
  EXPECT_THAT(lines("demo-tickets", kTest, "wrong").at(0), HasSubstr("not known here"));
  EXPECT_THAT(lines("demo-tickets", kTest, demo::kTicketsKey).at(0), HasSubstr("The API key works"));
}

TEST(Stdio, ProgressComesBeforeTheAnswer) {
  const auto answers = lines("demo-docs", R"({"jsonrpc":"2.0","id":1,"method":"tools/call",)"
                                          R"("params":{"name":"check_links","_meta":{"progressToken":"p"}}})");
  ASSERT_EQ(answers.size(), 9U);
  EXPECT_THAT(answers[8], HasSubstr("\"result\""));
}

TEST(Stdio, UnknownVendorIsRefused) {
  fake::FakeClock clock;
  std::istringstream in;
  std::ostringstream out;
  EXPECT_FALSE(demo::serve_stdio("demo-nothing", clock, in, out, {}));
}

}  // namespace
