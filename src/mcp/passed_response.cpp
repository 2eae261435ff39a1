#include "mcp/passed_response.hpp"

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <utility>

#include "json/plain.hpp"
#include "json/splice.hpp"
#include "mcp/detail/fields.hpp"
#include "mcp/detail/response_tokens.hpp"

namespace mcp {
namespace {

// What is held when a part ends in the middle of a name.
constexpr std::size_t kMostHeld = 128 << 10;

boost::json::parse_options options() {
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  return options;
}

// Bytes of the text without a character at its end that is not whole: Boost.JSON 1.81 writes behind a buffer of its own
// when it is given one in two parts.
std::size_t whole_characters(std::string_view text) {
  for (std::size_t behind = 1; behind <= std::min<std::size_t>(3, text.size()); ++behind) {
    const auto byte = static_cast<unsigned char>(text[text.size() - behind]);
    if (byte < 0x80) break;
    if (byte < 0xc0) continue;
    const std::size_t length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return text.size() - (behind < length ? behind : 0);
  }
  return text.size();
}

}  // namespace

class PassedResponse::Reader {
 public:
  Reader(Ids ids, std::string_view vendor) : parser_(options(), std::move(ids), std::string(vendor)) {}

  base::Result<std::span<const std::string_view>> take(std::string_view part);
  base::Result<void> end();
  [[nodiscard]] bool has_result() const { return parser_.handler().has_result(); }

 private:
  base::Result<void> parse_next(std::string_view text);
  // `more` may come.
  base::Result<void> parse(std::string_view text, bool more);

  boost::json::basic_parser<detail::ResponseTokens> parser_;
  std::string held_;            // not passed on yet
  std::size_t parsed_ = 0;      // bytes of it
  std::string text_;            // what was held, and the part
  bool inside_string_ = false;  // of no interest
  json::Splice passed_{{}};
};

base::Result<std::span<const std::string_view>> PassedResponse::Reader::take(std::string_view part) {
  auto text = part;
  if (!held_.empty()) {
    text_ = std::exchange(held_, {});
    text_ += part;
    text = text_;
  }
  parser_.handler().read(text);
  const auto end = parsed_ + whole_characters(text.substr(parsed_));
  if (auto parsed = parse_next(text.substr(parsed_, end - parsed_)); !parsed) return parsed.failure();

  const auto until = parser_.handler().held_from().value_or(end);
  passed_ = json::Splice(text.substr(0, until));
  for (const auto& [token, by] : parser_.handler().replacements()) passed_.replace(token, by);
  held_ = text.substr(until);
  parsed_ = end - until;
  if (held_.size() > kMostHeld) return detail::bad_message("a name in it is too long");
  return passed_.pieces();
}

// The parser reads a long string slowly, and learns nothing from what is plain in it.
base::Result<void> PassedResponse::Reader::parse_next(std::string_view text) {
  if (inside_string_) text.remove_prefix(json::plain_prefix(text));
  if (text.empty()) return {};
  auto parsed = parse(text, true);
  inside_string_ = parser_.handler().is_inside_string(text.data() + text.size());
  return parsed;
}

base::Result<void> PassedResponse::Reader::parse(std::string_view text, bool more) {
  boost::json::error_code error;
  const auto used = parser_.write_some(more, text.data(), text.size(), error);
  const auto& problem = parser_.handler().problem();
  if (!problem.empty()) return detail::bad_message(problem);
  if (error) return base::fail(base::Kind::invalid, "parse_error", "not valid JSON: " + error.message());
  if (used == text.size()) return {};
  return base::fail(base::Kind::invalid, "parse_error", "not valid JSON: there is more behind the message");
}

base::Result<void> PassedResponse::Reader::end() {
  if (!held_.empty()) return detail::bad_message("it ends in the middle");
  if (auto whole = parse("", false); !whole) return whole;
  const auto lacks = parser_.handler().lacks();
  return lacks.empty() ? base::Result<void>() : detail::bad_message(std::string(lacks));
}

PassedResponse::PassedResponse(Ids ids, std::string_view vendor)
    : reader_(std::make_unique<Reader>(std::move(ids), vendor)) {}

PassedResponse::~PassedResponse() = default;

base::Result<std::span<const std::string_view>> PassedResponse::take(std::string_view part) {
  return reader_->take(part);
}

base::Result<void> PassedResponse::end() { return reader_->end(); }

bool PassedResponse::has_result() const { return reader_->has_result(); }

}  // namespace mcp
