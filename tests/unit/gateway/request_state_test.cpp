#include "gateway/request_state.hpp"

#include <gtest/gtest.h>

#include "fake/fake_clock.hpp"
#include "fake/fake_random.hpp"

namespace {

using namespace std::chrono_literals;

class RequestState : public testing::Test {
 protected:
  static mcp::Envelope request(std::string method, std::string name = "echo") {
    mcp::Envelope envelope{};
    envelope.method = std::move(method);
    envelope.name = std::move(name);
    return envelope;
  }
  bool opens(const std::string& token, gateway::StateBinding binding) const {
    const auto opened = states_.open(token, binding);
    return opened && *opened;
  }

  fake::FakeClock clock_;
  fake::FakeRandom random_;
  gateway::RequestStates states_{clock_, random_, base::SecretString(std::string_view("key"))};
};

TEST_F(RequestState, OpensForItsPersonEndpointAndRequestAlone) {
  const auto call = request("tools/call");
  const auto other = request("tools/call", "other");
  const auto read = request("resources/read");
  const auto [token, made] = states_.make(gateway::StateKind::parked, {"ann", "hudu", call}, 60s);
  EXPECT_EQ((*states_.open(token, {"ann", "hudu", call}))->id, made.id);
  EXPECT_FALSE(opens(token, {"bob", "hudu", call}));
  EXPECT_FALSE(opens(token, {"ann", "", call}));
  EXPECT_FALSE(opens(token, {"ann", "hudu", other}));
  EXPECT_FALSE(opens(token, {"ann", "hudu", read}));
}

// The expiry is part of what is signed: a line end in a method must not make a part of the token of it.
TEST_F(RequestState, LineEndsOfAMethodMoveNoBorderBetweenTheParts) {
  const auto made_for = request("ann\nhudu\ntools/call");
  const auto token = states_.make(gateway::StateKind::parked, {"ann", "hudu", made_for}, 60s).first;
  const auto dot = token.rfind('.');
  const auto moved = token.substr(0, dot) + "\nann\nhudu" + token.substr(dot);
  EXPECT_FALSE(opens(moved, {"ann", "hudu", request("tools/call")}));
}

TEST_F(RequestState, Expires) {
  const auto call = request("tools/call");
  const auto token = states_.make(gateway::StateKind::parked, {"ann", "hudu", call}, 60s).first;
  clock_.advance(60s);
  EXPECT_TRUE(opens(token, {"ann", "hudu", call}));
  clock_.advance(1s);
  EXPECT_FALSE(opens(token, {"ann", "hudu", call}));
}

TEST_F(RequestState, AVendorsOwnIsNoneOfOurs) {
  EXPECT_FALSE(states_.open("vendor-state", {"ann", "hudu", request("tools/call")}).has_value());
}

}  // namespace
