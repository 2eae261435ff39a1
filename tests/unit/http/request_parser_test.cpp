#include "http/detail/request_parser.hpp"

#include <gtest/gtest.h>

namespace http {
namespace {

using State = RequestParser::State;

struct Parsed {
  State state = State::head;
  int status = 0;
  std::string code;
  std::size_t left = 0;
  Request request;
};

// Feeds `text` in steps of `step` bytes, as a connection does.
Parsed parse(std::string_view text, std::size_t step, RequestLimits limits = {}) {
  Parsed parsed;
  auto known = std::make_unique<KnownRequest>();
  KnownHeads heads;
  RequestParser parser(parsed.request, known, heads, limits);
  std::string waiting;
  for (std::size_t at = 0; at < text.size() && parser.state() < State::done; at += step) {
    waiting += text.substr(at, step);
    waiting.erase(0, parser.put(waiting));
    if (parser.state() == State::body) waiting.erase(0, parser.put(waiting));
  }
  parsed.state = parser.state();
  parsed.left = waiting.size();
  if (parsed.state == State::refused) {
    parsed.status = parser.refusal().status;
    parsed.code = parser.refusal().error.code;
  }
  return parsed;
}

Parsed parse(std::string_view text) { return parse(text, text.size()); }

constexpr std::string_view kHost = "Host: x\r\n";

TEST(RequestParser, ReadsHeadAndBodyInAnyCut) {
  constexpr std::string_view kText =
      "POST /a?b HTTP/1.1\r\nHost: x:80\r\nContent-Length: 3\r\nEmpty:\r\nX-Y: a  b \r\n\r\nabc";
  for (std::size_t step = 1; step <= kText.size(); ++step) {
    const auto parsed = parse(kText, step);
    ASSERT_EQ(parsed.state, State::done) << step << parsed.code;
    EXPECT_EQ(parsed.request.method, Method::post);
    EXPECT_EQ(parsed.request.path(), "/a");
    EXPECT_EQ(parsed.request.query(), "b");
    EXPECT_EQ(parsed.request.body, "abc");
    EXPECT_EQ(parsed.request.headers.get("x-y"), "a  b");
    EXPECT_EQ(parsed.request.headers.find("Empty"), "");
    EXPECT_GE(parsed.request.body.capacity(), parsed.request.body.size() + 64);
    EXPECT_TRUE(parsed.request.keep_alive);
  }
}

TEST(RequestParser, ReadsChunksInAnyCutAndDropsTrailers) {
  constexpr std::string_view kText =
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\nA;n=v\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
  for (std::size_t step = 1; step <= kText.size(); ++step) {
    const auto parsed = parse(kText, step);
    ASSERT_EQ(parsed.state, State::done) << step << parsed.code;
    EXPECT_EQ(parsed.request.body, "abc0123456789");
    EXPECT_FALSE(parsed.request.headers.find("Trailer"));
    EXPECT_GE(parsed.request.body.capacity(), parsed.request.body.size() + 64);
  }
}

TEST(RequestParser, LeavesWhatFollowsTheRequest) {
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /2").left, 6U);
  EXPECT_EQ(parse("\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n").state, State::done);
}

TEST(RequestParser, KeepsAliveAsTheVersionSays) {
  EXPECT_TRUE(parse("GET / HTTP/1.1\r\nHost: x\r\n\r\n").request.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").request.keep_alive);
  EXPECT_FALSE(parse("GET / HTTP/1.0\r\n\r\n").request.keep_alive);
  EXPECT_TRUE(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").request.keep_alive);
}

// Where one parser reads another request than the next, requests are smuggled: RFC 9112 section 11.2.
TEST(RequestParser, RefusesWhatParsersDisagreeAbout) {
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const std::string cases[] = {
      post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
      post + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
      post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
      post + "Content-Length: 3, 3\r\n\r\nabc",
      post + "Content-Length: +3\r\n\r\nabc",
      post + "Content-Length: -1\r\n\r\n",
      post + "Content-Length: 0x3\r\n\r\nabc",
      post + "Content-Length: 3 4\r\n\r\nabc",
      post + "Content-Length: \r\n\r\nabc",
      post + "Content-Length: 99999999999999999999999\r\n\r\nabc",
      post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding: identity\r\n\r\n",
      post +
          "Transfer-Encoding:\x0b"
          "chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding\r\n : chunked\r\n\r\n0\r\n\r\n",
      post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
      post + "X: y\r\n Transfer-Encoding: chunked\r\n\r\n",
      post + "X: y\r\n\tfolded\r\n\r\n",
      post + "X:\r\n \r\n\r\n",
      post + "X: a\rb\r\n\r\n",
      post + "X: a\nb\r\n\r\n",
      post + "X: y\nContent-Length: 3\r\n\r\nabc",
      post + std::string("X: a\0b\r\n\r\n", 10),
      post + "Bad Name: x\r\n\r\n",
      post + ": x\r\n\r\n",
      post + "no colon\r\n\r\n",
      post + "Host: y\r\n\r\n",
      post + "Expect: something\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: x/y\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: u@x\r\n\r\n",
      "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET / HTTP/1.1\nHost: x\n\n",
      "GET / HTTP/2.0\r\nHost: x\r\n\r\n",
      "GET / HTTP/1.2\r\nHost: x\r\n\r\n",
      "GET /\r\n\r\n",
      "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /\t HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET * HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET x HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /#f HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n",
      "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "\x16\x03\x01\x02",
      post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n3 \r\nabc\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n10000000000000003\r\nabc\r\n0\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n\r\nabc",
      post + "Transfer-Encoding: chunked\r\n\r\n0\r\nContent-Length: 3\r\n\r\n",
      post + "Transfer-Encoding: chunked\r\n\r\n3;" + std::string(300, 'x') + "\r\nabc\r\n0\r\n\r\n",
  };
  for (const auto& text : cases) {
    for (const std::size_t step : {text.size(), std::size_t{1}}) {
      const auto parsed = parse(text, step);
      EXPECT_EQ(parsed.state, State::refused) << text;
      EXPECT_TRUE(parsed.status == 400 || parsed.status == 405 || parsed.status == 413 || parsed.status == 417)
          << parsed.status << text;
    }
  }
}

TEST(RequestParser, AsteriskIsForOptionsAlone) {
  EXPECT_EQ(parse("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").state, State::done);
}

TEST(RequestParser, UpgradeIsIgnored) {
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n").state,
            State::done);
}

TEST(RequestParser, HeadBeyondItsLimitIs431WhateverItsShape) {
  const RequestLimits limits{.head_bytes = 200, .header_count = 5, .body_bytes = 10};
  const std::string long_value(300, 'a');
  std::string many(kHost);
  for (int i = 0; i < 5; ++i) many += "A: b\r\n";
  for (const auto& text :
       {"GET /" + long_value, "GET /" + long_value + " HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: " + long_value + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(90, 'a') + "\r\nB: " + std::string(90, 'b') + "\r\n\r\n",
        "GET / HTTP/1.1\r\n" + many + "\r\n"}) {
    for (const std::size_t step : {text.size(), std::size_t{1}, std::size_t{7}}) {
      EXPECT_EQ(parse(text, step, limits).status, 431) << text << step;
    }
  }
}

TEST(RequestParser, HeadOfExactlyItsLimitPassesHoweverItIsCut) {
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
  const RequestLimits limits{.head_bytes = 100, .header_count = 5, .body_bytes = 10};
  for (const std::size_t more : {0U, 1U}) {
    const auto text = start + std::string(100 - start.size() - 4 + more, 'a') + "\r\n\r\n";
    for (std::size_t step = 1; step <= text.size(); ++step) {
      EXPECT_EQ(parse(text, step, limits).state, more == 0 ? State::done : State::refused) << step;
    }
  }
}

TEST(RequestParser, BodyBeyondItsLimitIs413BeforeItIsRead) {
  const RequestLimits limits{.head_bytes = 200, .header_count = 5, .body_bytes = 10};
  const std::string post = "POST / HTTP/1.1\r\nHost: x\r\n";
  EXPECT_EQ(parse(post + "Content-Length: 11\r\n\r\n", 1, limits).status, 413);
  EXPECT_EQ(parse(post + "Content-Length: 10\r\n\r\n0123456789", 1, limits).state, State::done);
  EXPECT_EQ(parse(post + "Transfer-Encoding: chunked\r\n\r\nb\r\nab", 1, limits).status, 413);
  EXPECT_EQ(parse(post + "Transfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\n", 1, limits).status, 413);
}

// What stands between two chunks, or behind the last one, is refused by its size and not by how it comes.
TEST(RequestParser, ChunkLinesAndTrailersAreLimitedHoweverTheyAreCut) {
  const RequestLimits limits{.head_bytes = 200, .header_count = 5, .body_bytes = 10};
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string_view last_chunk = "\r\n0\r\n";
  const auto trailers = [&](std::size_t bytes) {
    return std::string(last_chunk) + "T: " + std::string(bytes - last_chunk.size() - 7, 't') + "\r\n\r\n";
  };
  for (std::size_t step = 1; step <= 400; ++step) {
    EXPECT_EQ(parse(head + "1\r\na" + trailers(200), step, limits).state, State::done) << step;
    EXPECT_EQ(parse(head + "1\r\na" + trailers(201), step, limits).status, 431) << step;
    EXPECT_EQ(parse(head + std::string(200, '0') + "1\r\na" + trailers(50), step, limits).state, State::refused);
  }
}

TEST(RequestParser, EndlessTrailersAreRefused) {
  const RequestLimits limits{.head_bytes = 200, .header_count = 5, .body_bytes = 10};
  std::string text = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
  for (int i = 0; i < 100; ++i) text += "T: t\r\n";
  EXPECT_EQ(parse(text, 7, limits).status, 431);
}

TEST(RequestParser, FailedRequestStillShowsWhatWasRead) {
  const auto parsed = parse("POST /v1/mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n");
  EXPECT_EQ(parsed.status, 413);
  EXPECT_EQ(parsed.request.path(), "/v1/mcp");
}

}  // namespace
}  // namespace http
