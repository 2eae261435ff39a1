// What of a response is replaced while it is passed on, found token by token: the handler of Boost.JSON's parser.
// Positions are bytes of the text that is being read; the parser tells them by views into it.
#pragma once

#include <array>
#include <boost/json/error.hpp>
#include <boost/json/string_view.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/detail/response_place.hpp"
#include "mcp/envelope.hpp"
#include "mcp/passed_response.hpp"

namespace mcp::detail {

class ResponseTokens {
 public:
  struct Replacement {
    std::string_view token;  // of the text
    std::string by;
  };

  ResponseTokens(PassedResponse::Ids ids, std::string vendor) : ids_(std::move(ids)), vendor_(std::move(vendor)) {}

  // The next text: it begins with what the last one held_from().
  void read(std::string_view text);
  [[nodiscard]] const std::vector<Replacement>& replacements() const { return replacements_; }
  // From there on nothing can be passed on yet, because a token is not whole that may have to be replaced.
  [[nodiscard]] std::optional<std::size_t> held_from() const { return held_from_; }
  [[nodiscard]] bool has_result() const { return has_result_; }
  // Whether what the parser was given of the text, up to `end`, ended in the middle of a string that is of no interest,
  // and not in an escape sequence.
  [[nodiscard]] bool is_inside_string(const char* end) const { return unwanted_end_ == end; }
  // What is wrong with the message, although it is JSON; "" for nothing.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  // What a message lacks that has ended; "" for nothing.
  [[nodiscard]] std::string_view lacks() const;

  // For the parser. Strings and numbers come in parts, and then their rest.
  using Text = boost::json::string_view;
  using Code = boost::json::error_code;
  static constexpr auto max_object_size = static_cast<std::size_t>(-1);
  static constexpr auto max_array_size = static_cast<std::size_t>(-1);
  static constexpr auto max_key_size = static_cast<std::size_t>(-1);
  static constexpr auto max_string_size = static_cast<std::size_t>(-1);
  bool on_document_begin(Code&) { return true; }
  bool on_document_end(Code&) { return true; }
  bool on_object_begin(Code& error) { return begin(error); }
  bool on_object_end(std::size_t, Code&) { return end(); }
  bool on_array_begin(Code& error) {
    next_ = place_of_array(next_);
    return begin(error);
  }
  bool on_array_end(std::size_t, Code&) { return end(); }
  bool on_key_part(Text part, std::size_t, Code&);
  bool on_key(Text rest, std::size_t, Code& error);
  bool on_string_part(Text part, std::size_t, Code& error);
  bool on_string(Text rest, std::size_t, Code& error);
  bool on_number_part(Text, Code&) { return true; }
  bool on_int64(std::int64_t, Text, Code& error) { return on_number(error); }
  bool on_uint64(std::uint64_t, Text, Code& error) { return on_number(error); }
  bool on_double(double, Text, Code& error) { return on_number(error); }
  bool on_bool(bool, Code& error) { return on_other(error); }
  bool on_null(Code& error) { return on_other(error); }
  bool on_comment_part(Text, Code&) { return true; }
  bool on_comment(Text, Code&) { return true; }

 private:
  // The value that comes next.
  enum class Wanted : std::uint8_t { no, version, id, type, uri, task_id };

  bool begin(Code& error);
  bool end();
  bool on_number(Code& error);
  bool on_other(Code& error);
  bool take_message_key(std::string_view key, Code& error);
  bool take_id(std::string_view token, Code& error);
  void replace_name(const std::string& unified);
  bool hold(Text key_end, Code& error);
  void take_value();
  bool refuse(Code& error, std::string problem);

  const PassedResponse::Ids ids_;
  const std::string vendor_;
  std::string_view text_;
  const char* unwanted_end_ = nullptr;  // of the last part of a string, as it stands in the text
  std::vector<Replacement> replacements_;
  std::optional<std::size_t> held_from_;
  std::array<Place, kMaxDepth + 1> places_{};  // of what is open
  std::size_t depth_ = 0;
  Place next_ = Place::message;  // of the value that comes
  Wanted wanted_ = Wanted::no;
  std::string key_;   // that is not whole yet
  std::string name_;  // likewise
  bool has_version_ = false;
  bool has_id_ = false;
  bool has_result_ = false;
  bool has_error_ = false;
  std::string problem_;
};

}  // namespace mcp::detail
