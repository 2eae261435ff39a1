#include "web/detail/connection_state.hpp"

#include <gtest/gtest.h>

namespace web {
namespace {

using vault::State;
using vendor::Status;

vendor::Definition definition(bool needs_key) {
  vendor::Definition one;
  vendor::Field field;
  field.name = "api_key";
  if (needs_key) one.fields.push_back(field);
  return one;
}

std::optional<vault::ConnectionInfo> saved(State state) {
  vault::ConnectionInfo info;
  info.state = state;
  info.message = "vendor's words";
  return info;
}

ConnectionState state_of(bool needs_key, std::optional<vault::ConnectionInfo> info, Status status) {
  vendor::Health health;
  health.status = status;
  health.last_error = "transport's words";
  return connection_state(definition(needs_key), info, health);
}

TEST(ConnectionState, WhatThePersonCanMendComesBeforeTheVendorsTrouble) {
  EXPECT_EQ(state_of(true, std::nullopt, Status::down).state, "needs_key");
  EXPECT_EQ(state_of(true, saved(State::rejected), Status::down).state, "rejected");
  EXPECT_EQ(state_of(true, saved(State::working), Status::down).state, "down");
  EXPECT_EQ(state_of(false, std::nullopt, Status::down).state, "down");
}

TEST(ConnectionState, OtherwiseTheSavedCredentialDecides) {
  for (const auto status : {Status::up, Status::degraded, Status::unknown}) {
    EXPECT_EQ(state_of(true, saved(State::working), status).state, "working");
    EXPECT_EQ(state_of(true, saved(State::untested), status).state, "untested");
    EXPECT_EQ(state_of(true, saved(State::unreachable), status).state, "unreachable");
    EXPECT_EQ(state_of(true, saved(State::rejected), status).state, "rejected");
    EXPECT_EQ(state_of(false, std::nullopt, status).state, "no_key_needed");
  }
}

TEST(ConnectionState, SaysWhoseWordsMatterAndWhatIsUrgent) {
  EXPECT_EQ(state_of(true, saved(State::rejected), Status::up).words, "vendor's words");
  EXPECT_EQ(state_of(true, saved(State::working), Status::up).words, "");
  EXPECT_EQ(state_of(true, saved(State::working), Status::down).words, "transport's words");
  EXPECT_TRUE(state_of(true, saved(State::rejected), Status::up).urgent);
  EXPECT_TRUE(state_of(true, std::nullopt, Status::up).urgent);
  EXPECT_FALSE(state_of(true, saved(State::unreachable), Status::up).urgent);
}

}  // namespace
}  // namespace web
