#include "bench/stub/options.hpp"

#include <charconv>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

std::size_t number(std::string_view text) {
  std::size_t value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) {
    throw std::invalid_argument("not a number: " + std::string(text));
  }
  return value;
}

void set(Options& options, std::string_view key, std::string_view value) {
  if (key == "answer") {
    options.sse = value == "sse";
  } else if (key == "era") {
    options.modern = value == "modern";
  } else if (key == "session") {
    options.session = value == "1";
  } else if (key == "hang") {
    options.hang = value == "1";
  } else if (key == "bytes") {
    options.bytes = number(value);
  } else if (key == "tools") {
    options.tools = number(value);
  } else if (key == "delay") {
    options.delay = std::chrono::milliseconds(number(value));
  } else {
    throw std::invalid_argument("unknown option: " + std::string(key));
  }
}

}  // namespace

Options read_options(std::string_view path) {
  Options options;
  auto rest = path.substr(0, path.find('/', 1));
  if (rest.starts_with('/')) rest.remove_prefix(1);
  while (!rest.empty() && rest != "-") {
    const auto one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    const auto equals = one.find('=');
    if (equals == std::string_view::npos) throw std::invalid_argument("no key=value: " + std::string(one));
    set(options, one.substr(0, equals), one.substr(equals + 1));
  }
  return options;
}

}  // namespace bench
