#include "gateway/detail/search_result.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "json/document.hpp"

namespace gateway {
namespace {

namespace ondemand = simdjson::ondemand;

std::string_view trimmed(std::string_view raw) { return raw.substr(0, raw.find_last_not_of(" \t\r\n") + 1); }

// Of another type, they are as good as absent: clients check what they get against the outputSchema.
std::string_view description_of(ondemand::object& tool) {
  ondemand::value value;
  std::string_view text;
  tool.reset();
  if (tool.find_field_unordered("description").get(value)) return R"("")";
  const auto raw = trimmed(value.raw_json_token());
  return value.get_string().get(text) ? R"("")" : raw;
}

std::string_view schema_of(ondemand::object& tool) {
  ondemand::object schema;
  std::string_view raw;
  tool.reset();
  const bool absent = tool.find_field_unordered("inputSchema").get_object().get(schema) || schema.raw_json().get(raw);
  return absent ? R"({"type":"object"})" : trimmed(raw);
}

std::string as_json(const ToolHit& hit) {
  thread_local ondemand::parser parser;
  ondemand::document document;
  ondemand::object object;
  // The definition stands inside a longer text: what is behind it is readable and not part of it.
  const auto text = hit.tool->definition;
  const simdjson::padded_string_view padded(text, text.size() + simdjson::SIMDJSON_PADDING);
  if (parser.iterate(padded).get(document) || document.get_object().get(object)) return {};
  const auto description = description_of(object);
  const auto schema = schema_of(object);
  return fmt::format(R"({{"name":{},"vendor":{},"description":{},"inputSchema":{}}})", json::quote(hit.tool->unified),
                     json::quote(hit.list->vendor()), description, schema);
}

}  // namespace

std::string search_result(std::span<const ToolHit> hits, std::size_t searched) {
  std::string tools;
  for (const auto& hit : hits) tools += (tools.empty() ? "" : ",") + as_json(hit);
  const auto structured = fmt::format(R"({{"tools":[{}],"searched":{}}})", tools, searched);
  const auto text = hits.empty() ? fmt::format(
                                       "No tool of {} fits. Try other words; gateway__status tells whether a "
                                       "vendor is missing.",
                                       searched)
                                 : structured;
  return fmt::format(R"({{"content":[{{"type":"text","text":{}}}],"structuredContent":{}}})", json::quote(text),
                     structured);
}

}  // namespace gateway
