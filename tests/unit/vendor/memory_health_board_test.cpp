#include "vendor/memory_health_board.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake/fake_clock.hpp"
#include "fixture.hpp"
#include "vendor/health_json.hpp"

namespace {

using namespace std::chrono_literals;
using vendor::Status;

class MemoryHealthBoard : public testing::Test {
 protected:
  void fail(base::Kind kind, std::string message = "refused") {
    board_.note_failure("acme", base::Error{kind, "c", std::move(message), "Bearer hush", std::nullopt});
  }

  fake::FakeClock clock_;
  vendor::MemoryHealthBoard board_{clock_};
};

TEST_F(MemoryHealthBoard, VendorNobodyAskedIsUnknown) {
  EXPECT_EQ(board_.of("acme").status, Status::unknown);
  EXPECT_TRUE(board_.all().empty());
}

TEST_F(MemoryHealthBoard, ThreeFailuresInARowMakeAVendorDownAndOneSuccessUp) {
  fail(base::Kind::vendor_down);
  fail(base::Kind::vendor_timeout);
  EXPECT_EQ(board_.of("acme").status, Status::degraded);
  fail(base::Kind::vendor_invalid);
  EXPECT_EQ(board_.of("acme").status, Status::down);
  board_.note_success("acme", 3ms);
  EXPECT_EQ(board_.of("acme").status, Status::up);
}

TEST_F(MemoryHealthBoard, ErrorsThatDoNotSpeakOfTheVendorsHealthAreIgnored) {
  for (const auto kind : {base::Kind::vendor_rejected, base::Kind::cancelled, base::Kind::too_large,
                          base::Kind::not_found, base::Kind::unavailable, base::Kind::bug}) {
    fail(kind);
  }
  EXPECT_EQ(board_.of("acme").status, Status::unknown);
}

TEST_F(MemoryHealthBoard, OnlyTheMessageOfAnErrorIsKeptNeverItsDetail) {
  fail(base::Kind::vendor_down, "connection refused");
  EXPECT_EQ(board_.of("acme").last_error, "connection refused");
}

TEST_F(MemoryHealthBoard, ChangesAreEmittedOnceAndReadersMayAskInside) {
  std::vector<std::string> heard;
  const auto subscription = board_.changes().subscribe([&](const vendor::HealthChange& change) {
    heard.push_back(std::string(vendor::name(change.before)) + ">" + std::string(vendor::name(change.now)));
    EXPECT_EQ(board_.of(change.vendor).status, change.now);
  });
  board_.note_success("acme", 1ms);
  board_.note_success("acme", 1ms);
  for (int i = 0; i < 4; ++i) fail(base::Kind::vendor_down);
  EXPECT_THAT(heard, testing::ElementsAre("unknown>up", "up>degraded", "degraded>down"));
}

TEST_F(MemoryHealthBoard, ForgetsVendorsThatAreGoneOrSwitchedOff) {
  board_.note_success("acme", 1ms);
  board_.note_success("gone", 1ms);
  board_.keep({{"acme", vendor_test::shared(vendor_test::definition(vendor_test::kOpenVendor))}});
  EXPECT_EQ(board_.all().size(), 1U);
  board_.keep({{"acme", vendor_test::shared(vendor_test::definition("slug: acme\nname: Acme\n"))}});
  EXPECT_TRUE(board_.all().empty());
}

TEST_F(MemoryHealthBoard, JsonShowsEveryEnabledVendorAndNoOther) {
  const vendor::Definitions definitions{
      {"acme", vendor_test::shared(vendor_test::definition(vendor_test::kOpenVendor))},
      {"new", vendor_test::shared(vendor_test::definition("slug: new\nname: New\ntransport: {url: http://x/}\n"))},
      {"off", vendor_test::shared(vendor_test::definition("slug: off\nname: Off\n"))}};
  board_.note_success("acme", 12'600us);
  clock_.advance(1s);
  fail(base::Kind::vendor_down, "connection refused");
  EXPECT_EQ(vendor::health_json(definitions, board_),
            R"({"vendors":{"acme":{"name":"Acme","status":"degraded","consecutiveFailures":1,)"
            R"("lastCheck":"2027-01-15T08:00:01.000Z","lastSuccess":"2027-01-15T08:00:00.000Z","latencyMs":13,)"
            R"("lastError":"connection refused"},"new":{"name":"New","status":"unknown","consecutiveFailures":0,)"
            R"("lastCheck":null,"lastSuccess":null,"latencyMs":null,"lastError":null}}})");
}

}  // namespace
