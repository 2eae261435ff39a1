// HTTP messages as values: what was parsed and allowed, never the peer's raw head (RFC 9110, RFC 9112).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

// RFC 9110 section 5.6.2: what a field name consists of; not empty.
[[nodiscard]] bool is_token(std::string_view text);
// RFC 9110 section 5.5: no control character but HTAB, so that no value can end its line (CR, LF, NUL).
[[nodiscard]] bool is_field_value(std::string_view text);

// As names and schemes compare: without case, for ASCII alone.
[[nodiscard]] bool equal_without_case(std::string_view a, std::string_view b);

enum class Method { get, post, put, delete_, head, options, patch, other };
[[nodiscard]] std::string_view name(Method method);

// Header fields in order, as lines in one buffer that is reused from request to request. Names compare without case.
class Headers {
 public:
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  // Both throw std::invalid_argument unless is_token(name) and is_field_value(value): text from outside is checked
  // by the caller before. The arguments may be views into this object.
  void add(std::string_view name, std::string_view value);
  // Replaces every field of that name.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);
  void clear();

  // The first value of that name; views live until the next change.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const [[clang::lifetimebound]];
  [[nodiscard]] std::string_view get(std::string_view name) const [[clang::lifetimebound]];  // "" when absent
  [[nodiscard]] std::size_t size() const { return places_.size(); }
  [[nodiscard]] Field at(std::size_t index) const [[clang::lifetimebound]];
  // "Name: value" CRLF of each.
  [[nodiscard]] std::string_view lines() const [[clang::lifetimebound]] { return lines_; }

 private:
  friend class RequestParser;  // whose fields are checked already
  friend class ResponseParser;
  friend class KnownRequest;
  void append(std::string_view name, std::string_view value);

  struct Place {
    std::uint32_t begin;
    std::uint32_t name_length;
    std::uint32_t value_length;

    [[nodiscard]] std::size_t value_begin() const { return std::size_t{begin} + name_length + 2; }
    [[nodiscard]] std::size_t size() const { return std::size_t{name_length} + value_length + 4; }
  };
  std::string lines_;
  std::vector<Place> places_;
};

struct RequestHead {
  Method method = Method::get;
  std::string target;  // origin form, as sent: "/v1/mcp?x=1"
  std::size_t path_length = 0;
  Headers headers;
  bool keep_alive = true;
  std::string peer;        // address of the peer, without port
  std::string request_id;  // unique; in logs and in X-Request-Id of the answer
  bool tls = false;

  [[nodiscard]] std::string_view path() const { return std::string_view(target).substr(0, path_length); }
  // Without the '?'.
  [[nodiscard]] std::string_view query() const {
    return path_length < target.size() ? std::string_view(target).substr(path_length + 1) : std::string_view();
  }
};

struct Request : RequestHead {
  // Whole, within limits; has simdjson's padding behind its end (capacity >= size + 64).
  std::string body;
};

struct Response {
  int status = 200;
  Headers headers;  // without Content-Length, Connection, Date: the connection writes them
  std::string body;

  [[nodiscard]] static Response json(int status, std::string body);
  [[nodiscard]] static Response html(int status, std::string body);
  [[nodiscard]] static Response text(int status, std::string body);
  [[nodiscard]] static Response empty(int status);
  // 303 See Other.
  [[nodiscard]] static Response see_other(std::string_view location);
};

// Name and value pairs of a query or a form (application/x-www-form-urlencoded).
class Parameters {
 public:
  // Nothing for bad percent-encoding or more than 200 pairs.
  [[nodiscard]] static std::optional<Parameters> parse(std::string_view text);
  // The only value of that name; nothing when absent or when it stands there twice (RFC 6749 section 3.1).
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const [[clang::lifetimebound]];
  [[nodiscard]] bool repeated(std::string_view name) const;
  // Every value of that name, in order.
  [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const [[clang::lifetimebound]];
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& pairs() const { return pairs_; }

 private:
  std::vector<std::pair<std::string, std::string>> pairs_;
};

// The value of one cookie of the request's Cookie fields (RFC 6265 section 5.4); nothing when absent.
[[nodiscard]] std::optional<std::string_view> cookie(const Headers& headers, std::string_view name);

// "Internal Server Error".
[[nodiscard]] std::string_view reason(int status);

}  // namespace http
