#include <algorithm>

#include "base/encoding.hpp"
#include "http/message.hpp"

namespace http {
namespace {

constexpr std::size_t kMostPairs = 200;

}  // namespace

std::optional<Parameters> Parameters::parse(std::string_view text) {
  Parameters result;
  while (!text.empty()) {
    const auto end = std::min(text.find('&'), text.size());
    const auto pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (pair.empty()) continue;
    if (result.pairs_.size() == kMostPairs) return std::nullopt;

    const auto equals = std::min(pair.find('='), pair.size());
    auto name = base::percent_decode(pair.substr(0, equals), base::PlusIsSpace::yes);
    auto value = base::percent_decode(pair.substr(std::min(equals + 1, pair.size())), base::PlusIsSpace::yes);
    if (!name || !value) return std::nullopt;
    result.pairs_.emplace_back(*std::move(name), *std::move(value));
  }
  return result;
}

std::optional<std::string_view> Parameters::find(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const auto& [key, value] : pairs_) {
    if (key != name) continue;
    if (found) return std::nullopt;
    found = value;
  }
  return found;
}

bool Parameters::repeated(std::string_view name) const {
  return std::ranges::count(pairs_, name, [](const auto& pair) { return std::string_view(pair.first); }) > 1;
}

std::vector<std::string_view> Parameters::all(std::string_view name) const {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : pairs_) {
    if (key == name) values.push_back(value);
  }
  return values;
}

}  // namespace http
