#include "http/detail/response_parser.hpp"

#include <gtest/gtest.h>

namespace http {
namespace {

using State = ResponseParser::State;

struct Parsed {
  State state = State::head;
  int status = 0;
  std::string body;
  std::string problem;
  bool keeps_alive = false;
};

enum class Then { silence, close };

Parsed parse(std::string_view text, std::size_t step, Then then = Then::silence, Method method = Method::get) {
  ResponseParser parser(1000, method);
  Parsed parsed;
  std::string waiting;
  for (std::size_t at = 0; at < text.size() && parser.state() < State::done; at += step) {
    waiting += text.substr(at, step);
    for (std::size_t used = 1; used > 0 && parser.state() < State::done;) {
      used = parser.put(waiting);
      parsed.body += parser.piece();
      waiting.erase(0, used);
    }
  }
  if (then == Then::close && parser.state() < State::done) parser.put_end();
  parsed.state = parser.state();
  parsed.status = parser.status();
  parsed.problem = parser.problem();
  if (parsed.state == State::done) parsed.keeps_alive = parser.keeps_alive();
  return parsed;
}

TEST(ResponseParser, ReadsEveryFramingInAnyCut) {
  struct Case {
    std::string text;
    Then then;
    std::string body;
    bool keeps_alive;
  };
  const std::vector<Case> cases = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", Then::silence, "abc", true},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nT: t\r\n\r\n", Then::silence,
       "abcde", true},
      {"HTTP/1.1 200 OK\r\n\r\nuntil the end", Then::close, "until the end", false},
      {"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", Then::silence, "a", false},
      {"HTTP/1.1 204 No Content\r\n\r\n", Then::silence, "", true},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", Then::silence, "", true},
      {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", Then::silence, "", false},
  };
  for (const auto& [text, then, body, keeps_alive] : cases) {
    for (std::size_t step = 1; step <= text.size(); ++step) {
      const auto parsed = parse(text, step, then);
      EXPECT_EQ(parsed.state, State::done) << text << step << parsed.problem;
      EXPECT_EQ(parsed.body, body) << text;
      EXPECT_EQ(parsed.keeps_alive, keeps_alive) << text;
    }
  }
}

TEST(ResponseParser, AnswerToHeadHasNoBody) {
  const auto parsed = parse("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", 100, Then::silence, Method::head);
  EXPECT_EQ(parsed.state, State::done);
}

TEST(ResponseParser, GivesEachPieceOfAChunkAtOnce) {
  ResponseParser parser(1000, Method::get);
  parser.put("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
  ASSERT_EQ(parser.state(), State::body);
  EXPECT_EQ(parser.put("5\r\nabc"), 6U);
  EXPECT_EQ(parser.piece(), "abc");
  EXPECT_EQ(parser.put("d"), 1U);
  EXPECT_EQ(parser.piece(), "d");
}

TEST(ResponseParser, RefusesWhatIsNotOneClearAnswer) {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  for (const auto& text : {
           std::string("hello"),
           std::string("<html><body>502</body></html>\r\n\r\n"),
           std::string("HTTP/2 200 OK\r\n\r\n"),
           std::string("HTTP/1.1 99 X\r\n\r\n"),
           std::string("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
           ok + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
           ok + "Content-Length: 3, 3\r\n\r\nabc",
           ok + "Content-Length: x\r\n\r\n",
           ok + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           ok + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
           ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
           std::string("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
           ok + "A: b\r\n folded\r\n\r\n",
           ok + "A: " + std::string(2000, 'a') + "\r\n\r\n",
           ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\nabc",
           ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcdef",
       }) {
    for (const std::size_t step : {text.size(), std::size_t{1}}) {
      EXPECT_EQ(parse(text, step, Then::close).state, State::invalid) << text;
    }
  }
}

// What stands between two chunks, or behind the last one, is refused by its size and not by how it comes.
TEST(ResponseParser, ChunkLinesAndTrailersAreLimitedHoweverTheyAreCut) {
  const std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string_view last_chunk = "\r\n0\r\n";
  const auto trailers = [&](std::size_t bytes) {
    return std::string(last_chunk) + "T: " + std::string(bytes - last_chunk.size() - 7, 't') + "\r\n\r\n";
  };
  for (std::size_t step = 1; step <= 1200; ++step) {
    EXPECT_EQ(parse(head + "1\r\na" + trailers(1000), step).state, State::done) << step;
    EXPECT_EQ(parse(head + "1\r\na" + trailers(1001), step).state, State::invalid) << step;
    EXPECT_EQ(parse(head + "1;" + std::string(1000, 'e') + "\r\na" + trailers(50), step).state, State::invalid) << step;
  }
}

TEST(ResponseParser, EndBeforeTheAnnouncedEndIsInvalid) {
  for (const std::string_view text :
       {"", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nConte", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"}) {
    const auto parsed = parse(text, 100, Then::close);
    EXPECT_EQ(parsed.state, State::invalid) << text;
    EXPECT_FALSE(parsed.problem.empty());
  }
}

}  // namespace
}  // namespace http
