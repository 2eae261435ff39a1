// Writes the head of an answer: everything in it is ours or was checked, nothing is copied from a peer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace http {

struct ResponseFraming {
  std::optional<std::uint64_t> length;  // Content-Length
  bool chunked = false;
  bool close = false;
  bool say_keep_alive = false;  // HTTP/1.0 clients want to be told
  std::string_view date_line;
  std::string_view request_id;
};

// Appends to `out`. Fields that are the connection's to say (Content-Length, Transfer-Encoding, Connection, Date,
// X-Request-Id) are left out of `response.headers`.
void write_response_head(std::string& out, const Response& response, const ResponseFraming& framing);

// RFC 9110 section 8.6: answers that have no body and must not announce one.
[[nodiscard]] inline bool has_no_body(int status) { return status < 200 || status == 204 || status == 304; }

}  // namespace http
