#include "mcp/tool_page.hpp"

#include <simdjson.h>

namespace mcp {
namespace {

namespace ondemand = simdjson::ondemand;

std::unexpected<base::Error> bad(std::string message) {
  return base::fail(base::Kind::vendor_invalid, "vendor.bad_list", std::move(message));
}

std::string_view trimmed(std::string_view token) {
  const auto end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

base::Result<ToolSpan> read_tool(ondemand::value value) {
  ToolSpan tool;
  ondemand::object object;
  std::string_view raw;
  ondemand::value name;
  std::string_view text;
  if (value.get_object().get(object) || object.raw_json().get(raw)) return bad("a tool in its list is no object");
  object.reset();
  if (object.find_field_unordered("name").get(name)) return bad("a tool in its list has no name");
  tool.name_token = trimmed(name.raw_json_token());
  if (name.get_string().get(text)) return bad("a tool's name in its list is no string");
  tool.definition = trimmed(raw);
  tool.name = text;
  return tool;
}

std::unexpected<base::Error> vendor_error(ondemand::object& root) {
  std::string_view message = "an error without a message";
  ondemand::object error;
  if (!root.find_field_unordered("error").get_object().get(error)) {
    (void)error.find_field_unordered("message").get_string().get(message);
  }
  return bad("answered tools/list with: " + std::string(message.substr(0, 300)));
}

}  // namespace

base::Result<ToolPage> read_tool_page(std::string_view response) {
  thread_local ondemand::parser parser;
  const simdjson::padded_string_view padded(response, response.size() + simdjson::SIMDJSON_PADDING);
  ondemand::document document;
  ondemand::object root;
  if (parser.iterate(padded).get(document) || document.get_object().get(root)) return bad("its list is not JSON");
  ondemand::object result;
  if (root.find_field_unordered("result").get_object().get(result)) return vendor_error(root);

  ToolPage page;
  ondemand::array tools;
  if (result.find_field_unordered("tools").get_array().get(tools)) return bad("its list has no \"tools\"");
  for (auto item : tools) {
    ondemand::value value;
    if (std::move(item).get(value)) return bad("its list is not JSON");
    auto tool = read_tool(value);
    if (!tool) return std::unexpected(std::move(tool).error());
    page.tools.push_back(*std::move(tool));
  }
  std::string_view cursor;
  if (!result.find_field_unordered("nextCursor").get_string().get(cursor)) page.next_cursor = cursor;
  return page;
}

}  // namespace mcp
