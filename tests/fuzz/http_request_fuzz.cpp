// One request in any cut gives the same answer as in one piece, and what is accepted keeps the parser's promises.
#include <cstdlib>
#include <string>

#include "http/detail/request_parser.hpp"

namespace {

using State = http::RequestParser::State;

struct Parsed {
  State state;
  http::Request request;
};

Parsed parse(std::string_view text, std::size_t step) {
  Parsed parsed{State::head, {}};
  http::RequestParser parser(parsed.request, {.head_bytes = 512, .header_count = 8, .body_bytes = 256});
  std::string waiting;
  for (std::size_t at = 0; at < text.size() && parser.state() < State::done; at += step) {
    waiting += text.substr(at, step);
    waiting.erase(0, parser.put(waiting));
    if (parser.state() == State::body) waiting.erase(0, parser.put(waiting));
  }
  parsed.state = parser.state();
  return parsed;
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
  const auto cut = parse(text, step);
  check(whole);
  check(cut);
  if (whole.state == State::done) {
    require(cut.state == State::done && cut.request.body == whole.request.body);
    require(cut.request.target == whole.request.target && cut.request.headers.size() == whole.request.headers.size());
  } else {
    require(cut.state != State::done);
  }
  return 0;
}
