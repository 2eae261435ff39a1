#include "http/detail/response_parser.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/error.hpp>

#include "http/detail/characters.hpp"
#include "http/detail/fields.hpp"

namespace http {

namespace beast = boost::beast::http;
using detail::view;

ResponseParser::ResponseParser(std::size_t head_bytes, Method request_method) : limit_(head_bytes) {
  header_limit(static_cast<std::uint32_t>(head_bytes + detail::kLimitSlack));
  body_limit(boost::none);  // the caller reads piece by piece, and has limits of its own
  skip(request_method == Method::head);
}

std::size_t ResponseParser::put(std::string_view bytes) {
  piece_ = {};
  std::size_t used = 0;
  std::size_t longest_line = 0;  // of those between chunks, or the trailer
  const State before = state_;
  while (state_ == before && state_ != State::done && piece_.empty() && used < bytes.size()) {
    Code error;
    const auto rest = bytes.substr(used);
    if (chunked_ && state_ == State::body && chunk_left_ == 0 && rest.size() < detail::kShortestLastChunk) break;
    const auto step = Base::put(boost::asio::const_buffer(rest.data(), rest.size()), error);
    used += step;
    if (before == State::head) head_bytes_ += step;
    if (before == State::body && piece_.empty()) longest_line = std::max(longest_line, step);
    if (error && error != beast::error::need_more) refuse(error, error.message());
    if (error) break;
  }
  // What waits belongs to the head, or to a line or trailer between chunks. Both are small.
  const bool waits = state_ == before && state_ != State::done && piece_.empty();
  const auto read = before == State::head ? head_bytes_ : longest_line;
  if (read + (waits ? bytes.size() - used : 0) > limit_) {
    Code error;
    refuse(error, "a line or head larger than " + std::to_string(limit_) + " bytes");
  }
  return used;
}

void ResponseParser::put_end() {
  Code error;
  if (state_ == State::body) Base::put_eof(error);
  if (error || state_ == State::head) refuse(error, "it ends before its announced end");
}

void ResponseParser::on_response_impl(int status, View, int version, Code&) {
  status_ = status;
  version_ = version;
}

void ResponseParser::on_field_impl(Name field, View name, View value, Code& error) {
  if (detail::is_folded(view(name), view(value))) return refuse(error, "a header field folded over lines");
  if (state_ != State::head) return;  // a trailer
  headers_.append(view(name), view(value));
  if (field == Name::content_length && ++content_lengths_ > 1) return refuse(error, "two Content-Length fields");
  if (field == Name::content_length && view(value).contains(',')) return refuse(error, "a list as Content-Length");
  if (field == Name::transfer_encoding) {
    chunked_ = version_ >= 11 && detail::equal_without_case(view(value), "chunked");
    if (!chunked_) refuse(error, "a Transfer-Encoding other than chunked");
  }
}

void ResponseParser::on_header_impl(Code& error) {
  if (chunked_ && content_lengths_ > 0) return refuse(error, "both kinds of length");
  if (status_ < 100 || status_ == 101) return refuse(error, "status " + std::to_string(status_));
  state_ = State::body;
}

std::size_t ResponseParser::on_body_impl(View body, Code&) {
  piece_ = view(body);
  return body.size();
}

std::size_t ResponseParser::on_chunk_body_impl(std::uint64_t, View body, Code& error) {
  chunk_left_ -= body.size();
  return on_body_impl(body, error);
}

void ResponseParser::on_finish_impl(Code&) { state_ = State::done; }

void ResponseParser::refuse(Code& error, std::string problem) {
  if (state_ == State::invalid) return;
  problem_ = std::move(problem);
  state_ = State::invalid;
  error = beast::error::bad_value;
}

}  // namespace http
