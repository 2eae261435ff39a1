#include "gateway/event_stream.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/encoding.hpp"

namespace {

TEST(EventStream, BufferIsBounded) {
  gateway::EventStream stream(0, "", {.events = 3, .bytes = 1000});
  for (int i = 0; i < 10; ++i) stream.append(std::to_string(i));
  const auto reader = stream.attach([] {}, std::nullopt);
  EXPECT_EQ(stream.take(reader).text, "id: 0-8\ndata: 7\n\nid: 0-9\ndata: 8\n\nid: 0-10\ndata: 9\n\n");
}

TEST(EventStream, NewReaderReplacesTheOlderOne) {
  gateway::EventStream stream(0, "", {.events = 3, .bytes = 1000});
  bool woken = false;
  const auto first = stream.attach([&] { woken = true; }, std::nullopt);
  const auto second = stream.attach([] {}, std::nullopt);
  EXPECT_TRUE(woken);
  EXPECT_EQ(stream.take(first).phase, gateway::EventStream::Phase::replaced);
  EXPECT_EQ(stream.take(second).phase, gateway::EventStream::Phase::open);
}

TEST(EventStream, SameChangeIsToldOnceUntilItIsDelivered) {
  gateway::EventStream stream(0, "", {.events = 10, .bytes = 1000});
  stream.append_once("x");
  stream.append_once("x");
  const auto reader = stream.attach([] {}, std::nullopt);
  EXPECT_EQ(stream.take(reader).text, "id: 0-1\ndata: x\n\n");
  stream.append_once("x");
  EXPECT_EQ(stream.take(reader).text, "id: 0-2\ndata: x\n\n");
}

TEST(EventStream, EventsOfAnAnswerNameTheRequestTheyAnswer) {
  gateway::EventStream stream(3, R"("a\n7")", {.events = 3, .bytes = 1000});
  EXPECT_EQ(gateway::parse_event_id(stream.resume_id())->request_id, R"("a\n7")");
  stream.append("x");
  const auto reader = stream.attach([] {}, std::nullopt);
  const auto text = stream.take(reader).text;
  const auto id = gateway::parse_event_id(text.substr(4, text.find('\n') - 4));
  ASSERT_TRUE(id) << text;
  EXPECT_EQ(id->stream, 3U);
  EXPECT_EQ(id->number, 1U);
  EXPECT_EQ(id->request_id, R"("a\n7")");
}

TEST(EventStream, AVeryLongRequestIdIsNotCarriedAlong) {
  gateway::EventStream stream(3, '"' + std::string(300, 'x') + '"', {.events = 3, .bytes = 1000});
  EXPECT_EQ(stream.resume_id(), "3-0");
}

TEST(EventId, OnlyOurOwnFormIsRead) {
  EXPECT_EQ(gateway::parse_event_id("3-17")->number, 17U);
  for (const auto* text : {"", "3", "3-", "-3", "a-b", "3-17x", "99999999999999999999999-1"}) {
    EXPECT_FALSE(gateway::parse_event_id(text)) << text;
  }
}

// The client sends what it likes: nothing but the id of a request may get into the answer.
TEST(EventId, ARequestIdIsAStringOrANumber) {
  const auto request_id = [](std::string_view token) {
    return gateway::parse_event_id("3-17-" + base::base64url(token))->request_id;
  };
  EXPECT_EQ(request_id("7"), "7");
  EXPECT_EQ(request_id("-7"), "-7");
  EXPECT_EQ(request_id(R"("seven")"), R"("seven")");
  for (const std::string_view token :
       {"", "null", "true", "{}", "[1]", "7,\"x\":1", "7 8", "\"open", "\"\n\"", "\xff"}) {
    EXPECT_EQ(request_id(token), "") << token;
  }
  EXPECT_EQ(request_id('"' + std::string(300, 'x') + '"'), "");
  EXPECT_EQ(gateway::parse_event_id("3-17-")->request_id, "");
  EXPECT_EQ(gateway::parse_event_id("3-17-no base64!")->request_id, "");
}

}  // namespace
