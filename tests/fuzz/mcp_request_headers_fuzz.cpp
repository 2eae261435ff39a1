// Input: a tool's inputSchema, a call's arguments, and header fields "name:value", each on a line of its own.
// Whatever they are, they are checked without a throw; the fields that are made for a call pass the check of it.
#include "mcp/error.hpp"
#include "mcp/request_headers.hpp"
#include "mcp_text.hpp"

namespace {

using fuzz::require;

std::string_view next_line(std::string_view& rest) {
  const auto end = std::min(rest.find('\n'), rest.size());
  const auto line = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return line;
}

http::Headers fields_of(std::string_view lines) {
  http::Headers headers;
  while (!lines.empty()) {
    const auto line = next_line(lines);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const auto name = line.substr(0, colon);
    const auto value = line.substr(colon + 1);
    if (http::is_token(name) && http::is_field_value(value)) headers.add(name, value);
  }
  return headers;
}

void check_refused(const base::Result<void>& result) {
  if (result) return;
  require(result.error().kind == base::Kind::invalid && result.error().code == "header_mismatch");
  require(result.error().message.size() < 1'000);
  require(fuzz::parse(mcp::error_response("1", result.error())).has_value());
  for (const char c : result.error().message) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto rest = fuzz::text_of(data, size);
  const auto schema = next_line(rest);
  const auto arguments = next_line(rest);
  const auto headers = fields_of(rest);

  const auto parameters = mcp::mirrored_parameters(R"({"name":"t","inputSchema":)" + std::string(schema) + "}");
  const fuzz::Text text(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t","arguments":)" +
                        std::string(arguments) + "}}");
  const auto envelope = mcp::scan(text.view());
  if (!envelope) return 0;
  check_refused(mcp::check_request_headers(headers, *envelope));
  if (!parameters) {
    require(parameters.error().kind == base::Kind::invalid);
    return 0;
  }
  check_refused(mcp::check_parameter_headers(headers, *parameters, envelope->arguments));

  http::Headers made;
  for (const auto& [name, value] : mcp::parameter_headers(*parameters, envelope->arguments)) made.add(name, value);
  const auto checked = mcp::check_parameter_headers(made, *parameters, envelope->arguments);
  // Only arguments that readers could disagree about have no fields that fit.
  require(checked || checked.error().message.ends_with("stands twice in params.arguments"));
  return 0;
}
