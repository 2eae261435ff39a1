#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cctype>

#include "base/encoding.hpp"
#include "vault/credentials.hpp"

namespace vault {
namespace {

constexpr std::string_view kMask = "•••";
constexpr std::size_t kShort = 4;  // shorter values are masked as whole words only

struct Needle {
  base::SecretString text;
  bool whole_word = false;
};

// [begin, end) of the text.
struct Span {
  std::size_t begin;
  std::size_t end;
};

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string lower_hex(std::string percent_encoded) {
  for (std::size_t i = 0; i + 2 < percent_encoded.size(); ++i) {
    if (percent_encoded[i] != '%') continue;
    for (const auto j : {i + 1, i + 2}) {
      percent_encoded[j] = static_cast<char>(std::tolower(static_cast<unsigned char>(percent_encoded[j])));
    }
  }
  return percent_encoded;
}

std::string json_escaped(std::string_view value) {
  const auto quoted = boost::json::serialize(boost::json::string(value));
  return quoted.substr(1, quoted.size() - 2);
}

// JSON that keeps to ASCII, as many servers write it: "\u00e9" for "é". Values that are not UTF-8 stay as they are.
std::string json_ascii(std::string_view escaped) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto unit = [&](std::uint32_t code) {
    std::string out = "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += kHex[code >> shift & 15];
    return out;
  };
  std::string out;
  for (std::size_t i = 0; i < escaped.size();) {
    const auto lead = static_cast<unsigned char>(escaped[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (length == 1 || i + length > escaped.size()) {
      out += escaped[i++];
      continue;
    }
    std::uint32_t code = lead & (0xffU >> (length + 1));
    for (std::size_t k = 1; k < length; ++k) code = code << 6 | (static_cast<unsigned char>(escaped[i + k]) & 0x3fU);
    i += length;
    if (code < 0x10000) {
      out += unit(code);
    } else {
      out += unit(0xd800 + ((code - 0x10000) >> 10 & 0x3ff)) + unit(0xdc00 + (code & 0x3ff));
    }
  }
  return out;
}

// What base64 shows of a value that begins at `offset` in its group of three bytes, whatever stands before and after.
std::string base64_core(std::string_view value, std::size_t offset) {
  const base::SecretString padded(std::string(offset, '\0') + std::string(value));
  auto encoded = base::base64url(padded.reveal());
  // A character holds six bits: drop those that share bits with a neighbour.
  const std::size_t first = (offset * 8 + 5) / 6;
  const std::size_t whole = padded.size() * 8 / 6;
  return encoded.substr(first, whole - first);
}

class Needles {
 public:
  void add_forms_of(std::string_view value) {
    const bool is_short = value.size() < kShort;
    add(std::string(value), is_short);
    if (is_short) return;

    const auto json = json_escaped(value);
    add(json, false);
    add(replaced(json, "/", "\\/"), false);
    add(json_ascii(json), false);
    const auto percent = base::percent_encode(value);
    add(percent, false);
    add(lower_hex(percent), false);
    add(replaced(percent, "%20", "+"), false);
    for (const std::size_t offset : {0U, 1U, 2U}) add_base64(base64_core(value, offset));
  }

  [[nodiscard]] const std::vector<Needle>& all() const { return needles_; }

 private:
  void add_base64(std::string core) {
    if (core.size() < kShort) return;
    auto standard = core;
    std::ranges::replace(standard, '-', '+');
    std::ranges::replace(standard, '_', '/');
    add(replaced(standard, "/", "\\/"), false);
    add(std::move(standard), false);
    add(std::move(core), false);
  }

  void add(std::string text, bool whole_word) {
    const auto same = [&](const Needle& needle) { return needle.text.reveal() == text; };
    if (text.empty() || std::ranges::any_of(needles_, same)) return;
    needles_.push_back({base::SecretString(std::move(text)), whole_word});
  }

  std::vector<Needle> needles_;
};

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool stands_alone(std::string_view text, Span span) {
  return (span.begin == 0 || !is_word(text[span.begin - 1])) && (span.end == text.size() || !is_word(text[span.end]));
}

std::vector<Span> find_all(std::string_view text, const std::vector<Needle>& needles) {
  std::vector<Span> spans;
  for (const auto& needle : needles) {
    const auto wanted = needle.text.reveal();
    for (std::size_t at = 0; (at = text.find(wanted, at)) != std::string_view::npos; ++at) {
      const Span span{at, at + wanted.size()};
      if (!needle.whole_word || stands_alone(text, span)) spans.push_back(span);
    }
  }
  std::ranges::sort(spans, {}, &Span::begin);
  return spans;
}

}  // namespace

std::string mask(std::string text, const Fields& fields) {
  Needles needles;
  for (const auto& [name, value] : fields) needles.add_forms_of(value.reveal());
  const auto spans = find_all(text, needles.all());
  if (spans.empty()) return text;

  // Overlapping finds become one, so that no end of a longer value is left.
  std::string out;
  std::size_t done = 0;
  for (const auto& [begin, end] : spans) {
    if (end <= done) continue;
    if (begin >= done) {
      out.append(text, done, begin - done);
      out += kMask;
    }
    done = end;
  }
  return out.append(text, done);
}

}  // namespace vault
