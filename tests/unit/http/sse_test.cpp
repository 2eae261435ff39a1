#include "http/sse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace http {
namespace {

struct Seen {
  std::string event;
  std::string data;
  std::optional<std::string> id;
  std::optional<std::int64_t> retry_ms;
  bool operator==(const Seen&) const = default;
};

std::vector<Seen> drain(SseReader& reader) {
  std::vector<Seen> all;
  while (const auto event = reader.next()) {
    all.push_back({std::string(event->event), std::string(event->data), std::nullopt, event->retry_ms});
    if (event->id) all.back().id = std::string(*event->id);
  }
  return all;
}

std::vector<Seen> read(std::vector<std::string_view> parts, std::size_t limit = 1000) {
  SseReader reader(limit);
  std::vector<Seen> all;
  for (const auto part : parts) {
    EXPECT_TRUE(reader.feed(part));
    for (auto& event : drain(reader)) all.push_back(std::move(event));
  }
  return all;
}

struct Sample {
  std::string text;
  std::vector<Seen> expected;
};

// The first four are the examples of WHATWG HTML section 9.2.6.
std::vector<Sample> samples() {
  return {
      {"data: YHOO\ndata: +2\ndata: 10\n\n", {{"", "YHOO\n+2\n10", {}, {}}}},
      {": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
       {{"", "first event", "1", {}}, {"", "second event", "", {}}, {"", " third event", {}, {}}}},
      {"data\n\ndata\ndata\n\ndata:", {{"", "", {}, {}}, {"", "\n", {}, {}}}},
      {"data:test\n\ndata: test\n\n", {{"", "test", {}, {}}, {"", "test", {}, {}}}},
      {"\xEF\xBB\xBF"
       "data: a\r\n\r\ndata: b\r\rdata: c\n\n",
       {{"", "a", {}, {}}, {"", "b", {}, {}}, {"", "c", {}, {}}}},
      {"event: message\r\nid: 7\r\nretry: 3000\r\ndata: {\"a\":1}\r\n\r\n", {{"message", "{\"a\":1}", "7", 3000}}},
      {"id: p\ndata:\n\n", {{"", "", "p", {}}}},
      {"retry: 15000\n\n", {{"", "", {}, 15000}}},
      {"retry: 1x\n\nretry: \n\nretry: 99999999999999999999\n\nevent: lonely\n\nunknown: x\n\n", {}},
      {"data: cut off", {}},
  };
}

TEST(SseReader, ReadsTheExamplesOfTheSpecification) {
  for (const auto& sample : samples()) EXPECT_EQ(read({sample.text}), sample.expected) << sample.text;
}

TEST(SseReader, CutAtAnyPlaceChangesNothing) {
  for (const auto& sample : samples()) {
    const std::string_view text = sample.text;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      EXPECT_EQ(read({text.substr(0, cut), text.substr(cut)}), sample.expected) << sample.text << " at " << cut;
    }
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < text.size(); ++i) bytes.push_back(text.substr(i, 1));
    EXPECT_EQ(read(bytes), sample.expected) << sample.text;
  }
}

TEST(SseReader, EventEndedByReturnAloneComesAtOnce) { EXPECT_EQ(read({"data: now\r\r"}).size(), 1U); }

TEST(SseReader, IdWithNulIsIgnored) {
  EXPECT_EQ(read({std::string_view("id: a\0b\ndata: x\n\n", 17)}), (std::vector<Seen>{{"", "x", {}, {}}}));
}

TEST(SseReader, DataOfExactlyTheLimitPasses) {
  EXPECT_EQ(read({"data: 12345678\n\n"}, 8).at(0).data, "12345678");
  EXPECT_EQ(read({"data: 123\ndata: 5678\n\n"}, 8).at(0).data, "123\n5678");
}

TEST(SseReader, MoreThanTheLimitIsTooLarge) {
  for (const std::string text :
       {"data: 123456789\n", "data: 123456789012345678901234567890", "data: 1234\ndata: 6789\n"}) {
    SseReader reader(8);
    const auto fed = reader.feed(text);
    ASSERT_FALSE(fed) << text;
    EXPECT_EQ(fed.error().kind, base::Kind::too_large);
  }
}

TEST(SseReader, EndlessEmptyDataLinesAreTooLarge) {
  SseReader reader(100);
  base::Result<void> fed;
  for (int i = 0; i < 200 && fed; ++i) fed = reader.feed("data\n");
  EXPECT_FALSE(fed);
}

TEST(SseReader, CommentsCostNothing) {
  SseReader reader(8);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(reader.feed(": ping\n"));
  ASSERT_TRUE(reader.feed("data: x\n\n"));
  EXPECT_EQ(drain(reader).size(), 1U);
}

TEST(SseEvent, IsReadBackAsWritten) {
  for (const std::string data : {"", "one", "two\nlines", "three\n\nlines\n", "\n"}) {
    EXPECT_EQ(read({sse_event("7", data)}), (std::vector<Seen>{{"", data, "7", {}}}));
  }
  EXPECT_EQ(read({sse_event("", "a\r\nb\rc")}), (std::vector<Seen>{{"", "a\nb\nc", {}, {}}}));
  EXPECT_EQ(sse_event("1", "x"), "id: 1\ndata: x\n\n");
}

TEST(SseEvent, IdCannotCarryALineEnd) { EXPECT_THROW((void)sse_event("1\ndata: evil", "x"), std::invalid_argument); }

TEST(SsePing, IsNoEvent) { EXPECT_TRUE(read({kSsePing, kSsePing}).empty()); }

}  // namespace
}  // namespace http
