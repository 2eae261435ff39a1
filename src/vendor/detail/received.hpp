// Messages as they arrive from a vendor, checked: whole JSON, JSON-RPC 2.0, each with padding behind it.
#pragma once

#include <boost/container/small_vector.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "mcp/envelope.hpp"
#include "vendor/channel.hpp"

namespace vendor::detail {

// Views point into the text and the envelope: it can be moved, but a copy would look at the original.
struct Received {
  Message text;
  std::shared_ptr<const mcp::Envelope> envelope;  // of the text, for who reads it next
  mcp::Shape shape = mcp::Shape::notification;
  bool is_error = false;
  std::string_view id;              // raw token; "" for none
  std::string_view method;          // "" in a response
  std::string_view progress_token;  // raw token; "" for none
  std::string_view request_id;      // of notifications/cancelled: raw token
  std::string subscription;         // of a notification: raw token of the request that it is a part of the answer to
};
using ReceivedMessages = boost::container::small_vector<Received, 1>;  // nearly always one

// One message, or those of a batch (2025-03-26 basic/transports) with the responses last, since callers stop there.
// Takes the text over; it needs no padding.
// Errors: vendor_invalid, naming the vendor and what is wrong with the text.
[[nodiscard]] base::Result<ReceivedMessages> read_received(std::string_view vendor, std::string text);

// Texts of a vendor, fit for messages to people: one line without control characters, at most `longest` bytes.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t longest);
inline constexpr std::size_t kLongestWords = 300;

// error.message of a JSON-RPC error response, shortened; "" when there is none.
[[nodiscard]] std::string error_words(std::string_view response);
// error.code of a JSON-RPC error response; 0 when there is none.
[[nodiscard]] int error_code(std::string_view response);
// Whether only servers of the modern era say it (2026-07-28 basic, "Error Codes").
[[nodiscard]] bool is_modern_error(int code);
// Whether a vendor's words say that it does not accept the credential. A guess, for vendors that tell it inside an
// answer with HTTP 200.
[[nodiscard]] bool sounds_rejected(std::string_view words);

}  // namespace vendor::detail
