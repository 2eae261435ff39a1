// Every text comes through a header field and back; whatever stands in one is read or refused.
#include "http/message.hpp"
#include "mcp/header_value.hpp"
#include "mcp_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using fuzz::require;
  const auto value = fuzz::text_of(data, size);

  const auto encoded = mcp::encode_header_value(value);
  require(http::is_field_value(encoded) && !encoded.empty());
  require(std::ranges::all_of(encoded, [](char c) { return c >= 0x20 && c <= 0x7e; }));
  require(encoded.front() != ' ' && encoded.back() != ' ');
  const auto decoded = mcp::decode_header_value(encoded);
  // What is no UTF-8 can stand in no body, and is refused.
  if (fuzz::parse("\"" + std::string(value) + "\"")) require(decoded == value);
  if (decoded) require(*decoded == value);

  if (const auto read = mcp::decode_header_value(value)) {
    require(mcp::decode_header_value(mcp::encode_header_value(*read)) == read);
  }
  return 0;
}
