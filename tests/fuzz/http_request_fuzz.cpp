// One request gives the same answer in any cut as in one piece, and behind one that is like it; what is accepted keeps
// the parser's promises.
#include <cstdlib>
#include <string>

#include "http/detail/request_parser.hpp"

namespace {

using State = http::RequestParser::State;

struct Parsed {
  State state = State::head;
  http::Request request;
};

// Of which every request is worth remembering.
struct Connection : Parsed {
  std::unique_ptr<http::KnownRequest> known = std::make_unique<http::KnownRequest>();
  http::KnownHeads heads;
};

// The next request on a connection that has read `last` by then.
void parse(std::string_view text, std::size_t step, Connection& last) {
  http::RequestParser parser(last.request, last.known, last.heads,
                             {.head_bytes = 512, .header_count = 8, .body_bytes = 256});
  std::string waiting;
  for (std::size_t at = 0; at < text.size() && parser.state() < State::done; at += step) {
    waiting += text.substr(at, step);
    waiting.erase(0, parser.put(waiting));
    if (parser.state() == State::body) waiting.erase(0, parser.put(waiting));
  }
  last.state = parser.state();
  last.known->findings = std::make_unique<http::HeadFindings>();
}

Parsed parse(std::string_view text, std::size_t step) {
  Connection connection;
  parse(text, step, connection);
  return std::move(connection);
}

// `text` behind a request that differs from it in one byte, or in none, and perhaps another one in between.
enum class Between { nothing, another };
Parsed parse_after(std::string text, std::size_t step, std::size_t place, char byte, Between between) {
  Connection connection;
  auto before = text;
  before[place % text.size()] = byte;
  parse(before, before.size(), connection);
  if (between == Between::another) {
    parse("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na", 100, connection);
  }
  parse(text, step, connection);
  return std::move(connection);
}

void require(bool holds) {
  if (!holds) std::abort();
}

void check(const Parsed& parsed) {
  if (parsed.state != State::done) return;
  const auto& request = parsed.request;
  require(request.headers.size() <= 8 && request.body.size() <= 256);
  require(request.body.capacity() >= request.body.size() + 64);
  require(request.target == "*" || request.target.starts_with('/'));
  require(request.path_length <= request.target.size());
  require(!(request.headers.find("Content-Length") && request.headers.find("Transfer-Encoding")));
  for (std::size_t i = 0; i < request.headers.size(); ++i) {
    require(http::is_token(request.headers.at(i).name) && http::is_field_value(request.headers.at(i).value));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = data[0] % 64 + 1;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = parse(text, text.size());
  check(whole);
  const std::size_t place = data[0] * 31U;
  const auto after = [&](std::size_t step_size, char byte, Between between) {
    return parse_after(std::string(text), step_size, place, byte, between);
  };
  const char same = text[place % text.size()];
  for (const auto& other :
       {parse(text, step), after(text.size(), same, Between::nothing), after(step, text[0], Between::nothing),
        after(text.size(), same, Between::another), after(step, text[0], Between::another)}) {
    check(other);
    if (whole.state == State::done) {
      require(other.state == State::done && other.request.body == whole.request.body);
      require(other.request.target == whole.request.target);
      require(other.request.headers.lines() == whole.request.headers.lines());
    } else {
      require(other.state != State::done);
    }
  }
  return 0;
}
