// A head that comes again on a connection: what is read is what a parser reads that never saw it.
#include "http/detail/known_request.hpp"

#include <gtest/gtest.h>

#include "http/detail/request_parser.hpp"

namespace http {
namespace {

using State = RequestParser::State;

// One connection, request by request.
class Connection {
 public:
  explicit Connection(RequestLimits limits = {}) : limits_(limits) {}

  // Feeds `text` in steps of `step` bytes; false when it is refused or not whole.
  bool read(std::string_view text, std::size_t step) {
    request.method = Method::get;  // until the request line says otherwise
    request.keep_alive = false;
    RequestParser parser(request, known_, heads, limits_);
    std::string waiting;
    for (std::size_t at = 0; at < text.size() && parser.state() < State::done; at += step) {
      waiting += text.substr(at, step);
      waiting.erase(0, parser.put(waiting));
      if (parser.state() == State::body) waiting.erase(0, parser.put(waiting));
    }
    state = parser.state();
    status = state == State::refused ? parser.refusal().status : 0;
    code = state == State::refused ? parser.refusal().error.code : "";
    knew = parser.knows_head();
    left = waiting.size();
    known_->findings = finds ? std::make_unique<HeadFindings>() : nullptr;
    return state == State::done;
  }
  bool read(std::string_view text) { return read(text, text.size()); }

  bool finds = false;  // something out about each request
  Request request;
  State state = State::head;
  int status = 0;
  std::string code;
  bool knew = false;
  std::size_t left = 0;
  KnownHeads heads;

 private:
  RequestLimits limits_;
  std::unique_ptr<KnownRequest> known_ = std::make_unique<KnownRequest>();
};

void expect_same(const Connection& a, const Connection& b, const std::string& which) {
  ASSERT_EQ(a.state, b.state) << which;
  EXPECT_EQ(a.status, b.status) << which;
  EXPECT_EQ(a.code, b.code) << which;
  EXPECT_EQ(a.left, b.left) << which;
  if (a.state == State::head) return;
  EXPECT_EQ(a.request.method, b.request.method) << which;
  EXPECT_EQ(a.request.target, b.request.target) << which;
  EXPECT_EQ(a.request.path(), b.request.path()) << which;
  EXPECT_EQ(a.request.headers.lines(), b.request.headers.lines()) << which;
  EXPECT_EQ(a.request.keep_alive, b.request.keep_alive) << which;
  EXPECT_EQ(a.request.body, b.request.body) << which;
}

std::string head(std::string_view length, std::string_view token = "abc") {
  return "POST /v1/mcp?a HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + std::string(token) +
         "\r\nContent-Length: " + std::string(length) + "\r\nAccept: application/json\r\n\r\n";
}

// `second` behind `first` on a connection, and alone on another.
void expect_read_as_if_first(std::string_view first, std::string_view second, const std::string& which) {
  Connection known;
  ASSERT_TRUE(known.read(first));
  (void)known.read(second);
  Connection fresh;
  (void)fresh.read(second);
  expect_same(known, fresh, which);

  Connection shared;
  shared.finds = true;
  ASSERT_TRUE(shared.read(first));
  ASSERT_TRUE(shared.read(head("3", "in between") + "abc"));
  (void)shared.read(second);
  expect_same(shared, fresh, which);
}

TEST(KnownRequest, AHeadThatComesAgainIsKnownInOnePiece) {
  Connection connection;
  ASSERT_TRUE(connection.read(head("13") + "0123456789abc"));
  EXPECT_FALSE(connection.knew);
  for (const auto* body : {"0123456789abc", "cba9876543210"}) {
    ASSERT_TRUE(connection.read(head("13") + body));
    EXPECT_TRUE(connection.knew);
    EXPECT_EQ(connection.request.body, body);
    EXPECT_GE(connection.request.body.capacity(), connection.request.body.size() + 64);
  }
}

TEST(KnownRequest, TheLengthMayBeAnotherOfAsManyDigits) {
  Connection connection;
  ASSERT_TRUE(connection.read(head("3") + "abc"));
  ASSERT_TRUE(connection.read(head("5") + "abcde"));
  EXPECT_TRUE(connection.knew);
  EXPECT_EQ(connection.request.headers.get("Content-Length"), "5");
  EXPECT_EQ(connection.request.body, "abcde");
  ASSERT_TRUE(connection.read(head("3") + "abc"));
  EXPECT_TRUE(connection.knew);
  EXPECT_EQ(connection.request.headers.get("Content-Length"), "3");
  ASSERT_TRUE(connection.read(head("10") + "0123456789"));
  EXPECT_FALSE(connection.knew);
  EXPECT_EQ(connection.request.body, "0123456789");
}

TEST(KnownRequest, AnyCutGivesTheSame) {
  const auto first = head("3") + "abc";
  const auto second = head("4") + "efgh";
  for (std::size_t step = 1; step <= second.size(); ++step) {
    Connection connection;
    ASSERT_TRUE(connection.read(first, step));
    ASSERT_TRUE(connection.read(second, step));
    EXPECT_EQ(connection.request.body, "efgh");
    EXPECT_EQ(connection.request.headers.get("Content-Length"), "4");
    EXPECT_EQ(connection.request.headers.size(), 4U);
  }
}

TEST(KnownRequest, WhatFollowsIsLeftForTheNextRequest) {
  Connection connection;
  ASSERT_TRUE(connection.read(head("3") + "abc"));
  ASSERT_TRUE(connection.read(head("3") + "defGET"));
  EXPECT_TRUE(connection.knew);
  EXPECT_EQ(connection.left, 3U);
}

// Every byte of the second head becomes every other byte, in turn.
TEST(KnownRequest, AnotherHeadIsReadAsIfItWereTheFirst) {
  const auto first = head("3") + "abc";
  for (std::size_t at = 0; at < first.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      auto second = first;
      second[at] = static_cast<char>(byte);
      expect_read_as_if_first(first, second, std::to_string(byte) + " at " + std::to_string(at));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(KnownRequest, AByteMoreOrLessIsReadAsIfItWereTheFirst) {
  const auto first = head("3") + "abc";
  for (std::size_t at = 0; at < first.size(); ++at) {
    for (const auto* put : {"", " ", "0", "\r\n", "\n", "X: y\r\n"}) {
      auto second = first;
      second.replace(at, *put == 0 ? 1 : 0, put);
      expect_read_as_if_first(first, second, std::string(put) + " at " + std::to_string(at));
      if (HasFatalFailure()) return;
    }
  }
}

TEST(KnownRequest, OnlyTheLastHeadIsKnown) {
  Connection connection;
  ASSERT_TRUE(connection.read(head("3", "one") + "abc"));
  ASSERT_TRUE(connection.read(head("3", "two") + "abc"));
  ASSERT_TRUE(connection.read(head("3", "one") + "abc"));
  EXPECT_FALSE(connection.knew);
  ASSERT_TRUE(connection.read("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
  ASSERT_TRUE(connection.read(head("3", "one") + "abc"));
  EXPECT_FALSE(connection.knew);
  EXPECT_EQ(connection.request.headers.get("Authorization"), "Bearer one");
}

TEST(KnownRequest, NothingOfTheLastRequestIsSeenBeforeTheNextIsRead) {
  Connection connection;
  ASSERT_TRUE(connection.read(head("3") + "abc"));
  EXPECT_FALSE(connection.read("POST /v1/mcp?a HTT"));
  EXPECT_EQ(connection.request.target, "");
  EXPECT_EQ(connection.request.headers.size(), 0U);
  EXPECT_EQ(connection.request.body, "");
}

TEST(KnownRequest, WhatIsFramedOrKeptInAnotherWayIsParsedEachTime) {
  for (const std::string text :
       {"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.0\r\nHost: x\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na",
        "PROPFIND / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na"}) {
    Connection connection;
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(connection.read(text)) << text;
      EXPECT_FALSE(connection.knew) << text;
    }
  }
}

TEST(KnownRequest, LimitsHoldForAHeadThatIsKnown) {
  Connection connection({.head_bytes = 512, .header_count = 8, .body_bytes = 50});
  ASSERT_TRUE(connection.read(head("10") + "0123456789"));
  EXPECT_FALSE(connection.read(head("51")));
  EXPECT_EQ(connection.status, 413);
}

TEST(KnownRequest, AHeadThatIsTooLongIsNotRemembered) {
  const auto text = head("1") + "a";
  for (std::size_t limit = 1; limit < text.size() - 1; ++limit) {
    Connection connection({.head_bytes = limit, .header_count = 8, .body_bytes = 50});
    for (int i = 0; i < 2; ++i) {
      EXPECT_FALSE(connection.read(text)) << limit;
      EXPECT_EQ(connection.status, 431) << limit;
    }
  }
}

// Several clients on one connection, in turn.
class KnownHeadsTest : public ::testing::Test {
 protected:
  KnownHeadsTest() { connection.finds = true; }
  void read_as(const std::string& who, const std::string& body = "abc") {
    ASSERT_TRUE(connection.read(head(std::to_string(body.size()), who) + body)) << who;
    EXPECT_EQ(connection.request.headers.get("Authorization"), "Bearer " + who);
    EXPECT_EQ(connection.request.body, body);
  }
  // Twice each, so that all are kept but the last one, which the connection has.
  void read_all(std::size_t count) {
    for (std::size_t i = 0; i < 2 * count; ++i) read_as(std::to_string(i % count));
  }

  Connection connection;
};

TEST_F(KnownHeadsTest, EachClientOfASharedConnectionIsKnownAgain) {
  read_all(10);
  for (std::size_t i = 0; i < 100; ++i) {
    read_as(std::to_string(i % 10), i % 2 == 0 ? "abc" : "defgh");
    EXPECT_TRUE(connection.knew) << i;
  }
  EXPECT_EQ(connection.heads.size(), 9U);
}

TEST_F(KnownHeadsTest, AThousandClientsHardlyDisplaceEachOther) {
  constexpr int kClients = 1'000;
  read_all(kClients);
  int known = 0;
  for (int i = 0; i < kClients; ++i) {
    read_as(std::to_string(i));
    known += connection.knew ? 1 : 0;
  }
  EXPECT_GT(known, kClients * 97 / 100);
}

TEST_F(KnownHeadsTest, AHeadThatCameOnceIsNotKept) {
  for (int i = 0; i < 100; ++i) read_as(std::to_string(i));
  EXPECT_EQ(connection.heads.size(), 0U);
}

TEST_F(KnownHeadsTest, AnotherConnectionKnowsWhatThisOneReadBefore) {
  Connection other;
  other.finds = true;
  for (const auto* who : {"anna", "otto", "anna", "otto"}) read_as(who);
  std::swap(other.heads, connection.heads);
  ASSERT_TRUE(other.read(head("3", "anna") + "abc"));
  EXPECT_TRUE(other.knew);
  ASSERT_TRUE(other.read(head("3", "otto") + "abc"));
  EXPECT_FALSE(other.knew);  // the first connection has it still
}

TEST_F(KnownHeadsTest, AHeadThatNothingWasFoundOutFromIsNotKept) {
  connection.finds = false;
  for (const auto* who : {"anna", "otto", "anna", "otto"}) read_as(who);
  EXPECT_EQ(connection.heads.size(), 0U);
  read_as("anna");
  EXPECT_FALSE(connection.knew);
}

TEST_F(KnownHeadsTest, AHeadThatIsParsedEachTimeIsNotKept) {
  const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n";
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(connection.read(chunked));
    read_as(std::to_string(i));
  }
  EXPECT_EQ(connection.heads.size(), 0U);
}

TEST_F(KnownHeadsTest, AHeadThatIsLargeIsNotKept) {
  const auto line_ends = head("3", "").size();
  for (int i = 0; i < 2; ++i) {
    read_as(std::string(KnownHeads::kLargest - line_ends, 'a'));
    read_as("otto");
  }
  EXPECT_EQ(connection.heads.size(), 1U);
  for (int i = 0; i < 2; ++i) {
    read_as(std::string(KnownHeads::kLargest, 'a'));
    EXPECT_EQ(connection.heads.size(), 2U);
    read_as("otto");
    EXPECT_EQ(connection.heads.size(), 1U);
  }
}

TEST_F(KnownHeadsTest, NoMoreAreKeptThanThereArePlaces) {
  read_all(2 * KnownHeads::kMost);
  EXPECT_LE(connection.heads.size(), KnownHeads::kMost);
  EXPECT_GT(connection.heads.size(), KnownHeads::kMost / 4);
}

TEST_F(KnownHeadsTest, WhatDoesNotComeAgainIsLetGo) {
  read_all(10);
  connection.heads.collect();
  EXPECT_EQ(connection.heads.size(), 9U);
  for (int i = 0; i < 2; ++i) read_as("0");
  read_as("1");  // by which "0" comes
  connection.heads.collect();
  EXPECT_EQ(connection.heads.size(), 2U);  // "9", displaced by "0", and "0"
  connection.heads.collect();
  EXPECT_EQ(connection.heads.size(), 0U);
  read_as("5");
  EXPECT_FALSE(connection.knew);
}

}  // namespace
}  // namespace http
