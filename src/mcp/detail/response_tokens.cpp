#include "mcp/detail/response_tokens.hpp"

#include <functional>
#include <utility>

#include "json/document.hpp"
#include "mcp/tasks.hpp"
#include "mcp/unified_uri.hpp"

namespace mcp::detail {
namespace {

// A longer key is none of those that are looked for.
constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kLongestName = 64 << 10;
constexpr auto kNeedsVersion = R"("jsonrpc" must be "2.0")";

std::string_view view(boost::json::string_view text) { return {text.data(), text.size()}; }

// The string that follows in text that has been validated.
std::string_view string_token(std::string_view text) {
  const auto begin = text.find('"');
  auto end = begin + 1;
  while (text[end] != '"') end += text[end] == '\\' ? 2 : 1;
  return text.substr(begin, end + 1 - begin);
}

std::string_view number_token(std::string_view text) {
  const auto begin = text.find_first_of("-0123456789");
  return text.substr(begin, text.find_first_not_of("-+.0123456789eE", begin) - begin);
}

}  // namespace

void ResponseTokens::read(std::string_view text) {
  text_ = text;
  unwanted_end_ = nullptr;
  replacements_.clear();
  if (held_from_) held_from_ = 0;
}

std::string_view ResponseTokens::lacks() const {
  if (!has_version_) return kNeedsVersion;
  if (has_result_ == has_error_) return R"(a response has either "result" or "error")";
  if (!has_id_) return R"(a response needs an "id")";
  return {};
}

bool ResponseTokens::begin(Code& error) {
  if (wanted_ == Wanted::id) return take_id({}, error);
  take_value();
  places_.at(depth_++) = next_;
  return true;
}

// If it is an array that goes on, its elements are where it is.
bool ResponseTokens::end() {
  --depth_;
  next_ = depth_ > 0 ? places_.at(depth_ - 1) : Place::elsewhere;
  return true;
}

bool ResponseTokens::on_key_part(Text part, std::size_t, Code&) {
  if (key_.size() <= kLongestKey) key_ += view(part);
  return true;
}

bool ResponseTokens::on_key(Text rest, std::size_t, Code& error) {
  const auto place = places_.at(depth_ - 1);
  if (place == Place::elsewhere) {
    key_.clear();
    next_ = Place::elsewhere;
    return true;
  }
  key_ += view(rest);
  const auto key = std::exchange(key_, {});
  next_ = place_of_member(place, key);
  if (place == Place::message && !take_message_key(key, error)) return false;
  if (place == Place::block && key == "type") wanted_ = Wanted::type;
  const auto kind = vendor_.empty() ? NameKind::none : name_kind(place, key);
  if (kind != NameKind::none) wanted_ = kind == NameKind::uri ? Wanted::uri : Wanted::task_id;
  const bool may_change = wanted_ == Wanted::id || kind != NameKind::none;
  return !may_change || hold(rest, error);
}

bool ResponseTokens::take_message_key(std::string_view key, Code& error) {
  if (key == "method") return refuse(error, "a message has either \"method\" or a result");
  if (key == "jsonrpc") wanted_ = Wanted::version;
  if (key == "id") wanted_ = Wanted::id;
  const bool twice = (key == "jsonrpc" && has_version_) || (key == "id" && has_id_) ||
                     (key == "result" && has_result_) || (key == "error" && has_error_);
  if (twice) return refuse(error, "\"" + std::string(key) + "\" stands twice in the message");
  has_result_ = has_result_ || key == "result";
  has_error_ = has_error_ || key == "error";
  return true;
}

bool ResponseTokens::on_string_part(Text part, std::size_t, Code& error) {
  if (wanted_ == Wanted::no) {
    unwanted_end_ = part.data() + part.size();
    return true;
  }
  if (name_.size() + part.size() > kLongestName) return refuse(error, "a name in it is too long");
  name_ += view(part);
  return true;
}

bool ResponseTokens::on_string(Text rest, std::size_t, Code& error) {
  if (wanted_ == Wanted::no) return true;
  if (!on_string_part(rest, 0, error)) return false;
  const auto name = std::exchange(name_, {});
  if (wanted_ == Wanted::id) return take_id({}, error);
  if (wanted_ == Wanted::version && name != "2.0") return refuse(error, kNeedsVersion);
  has_version_ = has_version_ || wanted_ == Wanted::version;
  if (wanted_ == Wanted::type) places_.at(depth_ - 1) = place_of_block(name);
  if (wanted_ == Wanted::uri) replace_name(unified_uri(vendor_, name));
  if (wanted_ == Wanted::task_id) replace_name(unified_task_id(vendor_, name));
  take_value();
  return true;
}

bool ResponseTokens::on_number(Code& error) {
  if (wanted_ == Wanted::id) return take_id(number_token(text_.substr(held_from_.value_or(0))), error);
  take_value();
  return true;
}

bool ResponseTokens::on_other(Code& error) {
  if (wanted_ == Wanted::id) return take_id({}, error);
  take_value();
  return true;
}

// The vendor got a number; null data for a value of any other type.
bool ResponseTokens::take_id(std::string_view token, Code& error) {
  if (token != ids_.vendors) return refuse(error, "it has the id of another request");
  has_id_ = true;
  replacements_.push_back({token, ids_.clients});
  take_value();
  return true;
}

void ResponseTokens::replace_name(const std::string& unified) {
  replacements_.push_back({string_token(text_.substr(held_from_.value_or(0))), json::quote(unified)});
}

// An escaped key is told by a view into the parser's own memory.
bool ResponseTokens::hold(Text key_end, Code& error) {
  const auto* const end = key_end.data() + key_end.size();
  const bool escaped = std::less<>()(end, text_.data()) || std::less<>()(text_.data() + text_.size(), end);
  if (escaped) return refuse(error, "a key in it has escapes that it does not need");
  held_from_ = static_cast<std::size_t>(end - text_.data()) + 1;
  return true;
}

void ResponseTokens::take_value() {
  wanted_ = Wanted::no;
  held_from_.reset();
}

bool ResponseTokens::refuse(Code& error, std::string problem) {
  problem_ = std::move(problem);
  error = boost::json::make_error_code(boost::json::error::syntax);
  return false;
}

}  // namespace mcp::detail
