#include "vendor/detail/protocol_memory.hpp"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "fixture.hpp"

namespace {

using namespace std::chrono_literals;
using vendor::Protocol;

vendor::Definition at(const std::string& url, const std::string& slug = "acme") {
  return vendor_test::definition("slug: " + slug + "\nname: Acme\ntransport:\n  url: " + url + "\n");
}

class ProtocolMemory : public testing::Test {
 protected:
  const vendor::Definition acme_ = at("http://127.0.0.1:1/mcp");
  const base::SteadyTime now_{1h};
  vendor::detail::ProtocolMemory memory_;
};

TEST_F(ProtocolMemory, KnowsNothingOfAVendorNobodyAsked) {
  EXPECT_FALSE(memory_.recall(acme_));
  EXPECT_FALSE(memory_.discovered(acme_, "", now_));
}

TEST_F(ProtocolMemory, RemembersUntilToldToForget) {
  memory_.remember(acme_, Protocol::legacy);
  EXPECT_EQ(memory_.recall(acme_), Protocol::legacy);
  memory_.remember(acme_, Protocol::modern);
  EXPECT_EQ(memory_.recall(acme_), Protocol::modern);
  memory_.forget(acme_);
  EXPECT_FALSE(memory_.recall(acme_));
}

TEST_F(ProtocolMemory, AReloadedDefinitionOfTheSameTransportIsTheSameVendor) {
  memory_.remember(acme_, Protocol::sse);
  auto reloaded = at("http://127.0.0.1:1/mcp");
  reloaded.name = "Acme, renamed";
  EXPECT_EQ(memory_.recall(reloaded), Protocol::sse);
}

TEST_F(ProtocolMemory, AnotherTransportUnderTheSameSlugIsAnotherVendor) {
  memory_.remember(acme_, Protocol::modern);
  const auto moved = at("http://127.0.0.1:1/other");
  EXPECT_FALSE(memory_.recall(moved));
  memory_.forget(moved);
  EXPECT_EQ(memory_.recall(acme_), Protocol::modern)
      << "a definition that was replaced clears nothing of its successor";
  memory_.remember(moved, Protocol::legacy);
  EXPECT_FALSE(memory_.recall(acme_));

  auto command = acme_;
  command.http.reset();
  command.stdio = vendor::StdioTransport{.command = "acme", .arguments = {"-v"}, .environment = {}};
  memory_.remember(command, Protocol::modern);
  auto quiet = command;
  quiet.stdio->arguments.clear();
  EXPECT_FALSE(memory_.recall(quiet));
  EXPECT_EQ(memory_.recall(command), Protocol::modern);
}

TEST_F(ProtocolMemory, VendorsAreApart) {
  memory_.remember(acme_, Protocol::modern);
  EXPECT_FALSE(memory_.recall(at("http://127.0.0.1:1/mcp", "other")));
}

TEST_F(ProtocolMemory, KeepsADiscoverResultPerConnectionForItsTime) {
  memory_.remember(acme_, Protocol::modern);
  memory_.keep_discovered(acme_, "ann/acme/1", "{}", 10min, now_);
  EXPECT_EQ(memory_.discovered(acme_, "ann/acme/1", now_ + 10min - 1ms), "{}");
  EXPECT_FALSE(memory_.discovered(acme_, "ann/acme/1", now_ + 10min));
  EXPECT_FALSE(memory_.discovered(acme_, "ben/acme/1", now_));
}

TEST_F(ProtocolMemory, ADiscoverResultStaysAtLeastAMinuteAndAtMostAnHour) {
  memory_.remember(acme_, Protocol::modern);
  memory_.keep_discovered(acme_, "a", "{}", 0ms, now_);
  memory_.keep_discovered(acme_, "b", "{}", 24h, now_);
  EXPECT_TRUE(memory_.discovered(acme_, "a", now_ + 59s));
  EXPECT_FALSE(memory_.discovered(acme_, "a", now_ + 60s));
  EXPECT_TRUE(memory_.discovered(acme_, "b", now_ + 59min));
  EXPECT_FALSE(memory_.discovered(acme_, "b", now_ + 60min));
}

TEST_F(ProtocolMemory, WhatAVendorSaidGoesWhenItsEraIsForgottenOrAnother) {
  memory_.keep_discovered(acme_, "", "{}", 1h, now_);
  EXPECT_FALSE(memory_.discovered(acme_, "", now_)) << "it is not known to be modern";
  memory_.remember(acme_, Protocol::modern);
  memory_.keep_discovered(acme_, "", "{}", 1h, now_);
  memory_.remember(acme_, Protocol::modern);
  EXPECT_TRUE(memory_.discovered(acme_, "", now_));
  memory_.forget(acme_);
  memory_.remember(acme_, Protocol::modern);
  EXPECT_FALSE(memory_.discovered(acme_, "", now_));
}

TEST_F(ProtocolMemory, ManyThreadsUseItAtOnce) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this, i] {
      const auto mine = at("http://127.0.0.1:1/mcp", "v" + std::to_string(i));
      for (int round = 0; round < 200; ++round) {
        memory_.remember(mine, Protocol::modern);
        memory_.keep_discovered(mine, "k", std::to_string(round), 1min, now_);
        EXPECT_EQ(memory_.discovered(mine, "k", now_), std::to_string(round));
        memory_.forget(mine);
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace
