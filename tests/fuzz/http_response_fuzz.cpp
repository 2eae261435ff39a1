// One answer in any cut gives the same status and body as in one piece.
#include <cstdlib>
#include <string>

#include "http/detail/response_parser.hpp"

namespace {

using State = http::ResponseParser::State;

struct Parsed {
  State state = State::head;
  int status = 0;
  std::string body;
};

Parsed parse(std::string_view text, std::size_t step, http::Method method) {
  http::ResponseParser parser(512, method);
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
  if (parser.state() < State::done) parser.put_end();
  parsed.state = parser.state();
  parsed.status = parser.status();
  if (parsed.state == State::done) (void)parser.keeps_alive();
  return parsed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::size_t step = data[0] % 64 + 1;
  const auto method = data[0] >= 240 ? http::Method::head : http::Method::get;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto whole = parse(text, text.size(), method);
  const auto cut = parse(text, step, method);
  if (whole.state != cut.state) std::abort();
  if (whole.state == State::done && (whole.body != cut.body || whole.status != cut.status)) std::abort();
  return 0;
}
