#include <algorithm>
#include <functional>
#include <stdexcept>

#include "http/detail/characters.hpp"
#include "http/message.hpp"

namespace http {
namespace {

// Room for an ordinary message, so that it is made once.
constexpr std::size_t kUsualBytes = 450;
constexpr std::size_t kUsualFields = 12;

bool lies_in(std::string_view part, const std::string& whole) {
  const std::less_equal<const char*> not_after;
  return not_after(whole.data(), part.data()) && not_after(part.data(), whole.data() + whole.size());
}

}  // namespace

bool equal_without_case(std::string_view a, std::string_view b) { return detail::equal_without_case(a, b); }

bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, detail::is_token_character); }

bool is_field_value(std::string_view text) {
  // Without a way out of the loop, so that it is done sixteen bytes at a time.
  bool good = true;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    good &= static_cast<int>(byte == '\t') | (static_cast<int>(byte >= 0x20) & static_cast<int>(byte != 0x7f));
  }
  return good;
}

void Headers::append(std::string_view name, std::string_view value) {
  if (places_.empty()) {
    lines_.reserve(kUsualBytes);
    places_.reserve(kUsualFields);
  }
  const auto begin = static_cast<std::uint32_t>(lines_.size());
  lines_.append(name).append(": ").append(value).append("\r\n");
  places_.push_back({begin, static_cast<std::uint32_t>(name.size()), static_cast<std::uint32_t>(value.size())});
}

void Headers::add(std::string_view name, std::string_view value) {
  if (!is_token(name)) throw std::invalid_argument("header name is not a token");
  if (!is_field_value(value)) throw std::invalid_argument("control character in a header value");
  if (!lies_in(name, lines_) && !lies_in(value, lines_)) return append(name, value);
  append(std::string(name), std::string(value));
}

void Headers::set(std::string_view name, std::string_view value) {
  if (!find(name)) return add(name, value);
  const std::string own_name(name);
  const std::string own_value(value);
  remove(own_name);
  add(own_name, own_value);
}

void Headers::remove(std::string_view name) {
  const std::string own_name(name);
  for (std::size_t i = 0; i < places_.size();) {
    if (!detail::equal_without_case(at(i).name, own_name)) {
      ++i;
      continue;
    }
    const auto size = places_[i].size();
    lines_.erase(places_[i].begin, size);
    places_.erase(places_.begin() + static_cast<std::ptrdiff_t>(i));
    for (std::size_t later = i; later < places_.size(); ++later) {
      places_[later].begin -= static_cast<std::uint32_t>(size);
    }
  }
}

void Headers::clear() {
  lines_.clear();
  places_.clear();
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  const std::string_view lines = lines_;
  for (const auto& place : places_) {
    if (place.name_length != name.size()) continue;
    if (!detail::equal_without_case(lines.substr(place.begin, place.name_length), name)) continue;
    return lines.substr(place.value_begin(), place.value_length);
  }
  return std::nullopt;
}

std::string_view Headers::get(std::string_view name) const { return find(name).value_or(std::string_view()); }

Headers::Field Headers::at(std::size_t index) const {
  const auto& place = places_.at(index);
  const std::string_view lines = lines_;
  return {lines.substr(place.begin, place.name_length), lines.substr(place.value_begin(), place.value_length)};
}

std::optional<std::string_view> cookie(const Headers& headers, std::string_view name) {
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (!detail::equal_without_case(headers.at(i).name, "cookie")) continue;
    auto rest = headers.at(i).value;
    while (!rest.empty()) {
      const auto end = std::min(rest.find(';'), rest.size());
      const auto pair = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      const auto equals = pair.find('=');
      if (equals == std::string_view::npos) continue;
      if (detail::trimmed(pair.substr(0, equals)) == name) return detail::trimmed(pair.substr(equals + 1));
    }
  }
  return std::nullopt;
}

}  // namespace http
