#include "gateway/inner_call.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "gateway/own_tools.hpp"

namespace gateway {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kForm = R"(Expected {"name": "vendor__tool", "arguments": {…}}.)";

base::Failure wrong(std::string_view what) {
  return base::fail(base::Kind::invalid, "invalid_params", fmt::format("{} {}", what, kForm));
}

std::string_view trimmed(std::string_view token) {
  const auto end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

base::Result<void> read_name(InnerCall& call, ondemand::value value) {
  if (call.name_token.data() != nullptr) return wrong("\"name\" stands there twice.");
  call.name_token = trimmed(value.raw_json_token());
  std::string_view name;
  if (value.get_string().get(name) || name.empty()) return wrong("\"name\" is not the name of a tool.");
  call.name = name;
  return {};
}

base::Result<void> read_arguments(InnerCall& call, ondemand::value value) {
  if (call.arguments.data() != nullptr) return wrong("\"arguments\" stands there twice.");
  ondemand::object object;
  std::string_view raw;
  if (value.get_object().get(object) || object.raw_json().get(raw)) return wrong("\"arguments\" is not an object.");
  call.arguments = trimmed(raw);
  return {};
}

base::Result<void> read_member(InnerCall& call, ondemand::field& member) {
  std::string_view key;
  if (member.unescaped_key().get(key)) return wrong("The arguments are not JSON.");
  if (key == "name") return read_name(call, member.value());
  if (key == "arguments") return read_arguments(call, member.value());
  return wrong(fmt::format("\"{}\" belongs into \"arguments\".", key));
}

}  // namespace

base::Result<InnerCall> read_inner_call(std::string_view arguments) {
  thread_local ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  const simdjson::padded_string_view padded(arguments, arguments.size() + simdjson::SIMDJSON_PADDING);
  if (arguments.empty() || parser.iterate(padded).get(document) || document.get_object().get(object)) {
    return wrong("The arguments are missing.");
  }
  InnerCall call;
  for (auto each : object) {
    ondemand::field member;
    if (std::move(each).get(member)) return wrong("The arguments are not JSON.");
    if (auto read = read_member(call, member); !read) return std::move(read).failure();
  }
  if (call.name_token.data() == nullptr) return wrong("\"name\" is missing.");
  if (OwnTools::owns(call.name)) return wrong(fmt::format("{} is called by itself, not through this tool.", call.name));
  if (call.arguments.data() == nullptr) call.arguments = "{}";
  return call;
}

}  // namespace gateway
