#include "http/detail/known_request.hpp"

#include <charconv>
#include <utility>

namespace http {
namespace {

// Whether `bytes` begin so; they are taken off then.
bool take(std::string_view& bytes, std::string_view expected) {
  if (!bytes.starts_with(expected)) return false;
  bytes.remove_prefix(expected.size());
  return true;
}

std::optional<std::uint64_t> number(std::string_view digits) {
  std::uint64_t value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool whole = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
  return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

void KnownRequest::exchange_fields(Request& request) {
  std::swap(request.target, target_);
  std::swap(request.path_length, path_length_);
  std::swap(request.headers, headers_);
}

void KnownRequest::keep(Request& request) {
  exchange_fields(request);
  request.target.clear();
  request.path_length = 0;
  request.headers.clear();
}

std::optional<KnownRequest::Recalled> KnownRequest::recall(std::string_view bytes, Request& request, std::size_t most) {
  if (!remembered_) return std::nullopt;
  auto rest = bytes;
  if (!take(rest, name(method_)) || !take(rest, " ") || !take(rest, target_) || !take(rest, " HTTP/1.1\r\n")) {
    return std::nullopt;
  }
  const std::string_view lines = headers_.lines();
  const auto& length = headers_.places_[content_length_];
  if (!take(rest, lines.substr(0, length.value_begin()))) return std::nullopt;
  const auto digits = rest.substr(0, length.value_length);
  rest.remove_prefix(digits.size());
  if (!take(rest, lines.substr(length.value_begin() + length.value_length)) || !take(rest, "\r\n")) return std::nullopt;
  const auto body_bytes = number(digits);
  if (!body_bytes || *body_bytes == 0 || *body_bytes > most) return std::nullopt;

  headers_.lines_.replace(length.value_begin(), digits.size(), digits);
  exchange_fields(request);
  request.method = method_;
  came_again_ = true;
  return Recalled{.head_bytes = bytes.size() - rest.size(), .body_bytes = *body_bytes};
}

void KnownRequest::remember(const Request& request, std::size_t content_length) {
  remembered_ = request.method != Method::other;
  came_again_ = false;
  method_ = request.method;
  content_length_ = content_length;
}

}  // namespace http
