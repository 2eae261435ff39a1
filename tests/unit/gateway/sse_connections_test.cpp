#include "gateway/sse_connections.hpp"

#include <gtest/gtest.h>

#include "fake/fake_random.hpp"

namespace {

using gateway::SseConnection;

class SseConnections : public testing::Test {
 protected:
  base::SystemClock clock_;
  fake::FakeRandom random_;
  gateway::SseConnections connections_{clock_, random_};
};

TEST_F(SseConnections, AreFoundByTheirOwnPersonAtTheirOwnEndpoint) {
  const auto opened = connections_.open("alice", "");
  const auto& id = opened->id();
  EXPECT_EQ(connections_.find(id, "alice", ""), opened);
  EXPECT_EQ(connections_.find(id, "bob", ""), nullptr);
  EXPECT_EQ(connections_.find(id, "alice", "hudu"), nullptr);
  EXPECT_EQ(connections_.find("", "alice", ""), nullptr);
  connections_.close(id);
  EXPECT_EQ(connections_.find(id, "alice", ""), nullptr);
}

TEST_F(SseConnections, EndWhenTheirClientDoesNotInitialize) {
  const auto opened = connections_.open("alice", "");
  const auto reader = opened->stream()->attach([] {}, std::nullopt);
  connections_.collect(opened->opened() + std::chrono::seconds(59));
  EXPECT_EQ(opened->stream()->take(reader).phase, gateway::EventStream::Phase::open);
  connections_.collect(opened->opened() + std::chrono::seconds(61));
  EXPECT_EQ(opened->stream()->take(reader).phase, gateway::EventStream::Phase::ended);
}

TEST_F(SseConnections, TakeSoManyMessagesAtATime) {
  const auto opened = connections_.open("alice", "");
  for (int i = 0; i < SseConnection::kMostUnderWay; ++i) EXPECT_TRUE(opened->begin_message());
  EXPECT_FALSE(opened->begin_message());
  opened->end_message();
  EXPECT_TRUE(opened->begin_message());
}

}  // namespace
