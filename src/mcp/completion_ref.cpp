#include "mcp/completion_ref.hpp"

#include "mcp/detail/fields.hpp"

namespace mcp {
namespace {

namespace ondemand = json::ondemand;

base::Failure bad_ref() {
  return base::fail(
      base::Kind::invalid, "invalid_params",
      "params.ref must be {\"type\":\"ref/prompt\",\"name\":…} or {\"type\":\"ref/resource\",\"uri\":…}.");
}

}  // namespace

base::Result<CompletionRef> read_completion_ref(std::string_view params) {
  ondemand::document document;
  ondemand::object object;
  ondemand::object ref;
  if (params.empty() || json::walk(params).get(document) || document.get_object().get(object)) return bad_ref();
  if (object.find_field_unordered("ref").get_object().get(ref)) return bad_ref();
  CompletionRef out;
  detail::StringField name;
  detail::StringField uri;
  auto walked =
      detail::each_field(ref, "params.ref", [&](std::string_view key, ondemand::value value) -> base::Result<void> {
        if (key != "type" && key != "name" && key != "uri") return {};
        auto field = detail::take_string(value, key);
        if (!field) return std::move(field).failure();
        if (key == "type") out.type = field->text;
        if (key == "name") name = *field;
        if (key == "uri") uri = *field;
        return {};
      });
  if (!walked) return bad_ref();
  const auto& named = out.type == "ref/prompt" ? name : uri;
  if ((out.type != "ref/prompt" && out.type != "ref/resource") || named.token.data() == nullptr) return bad_ref();
  out.token = named.token;
  out.text = named.text;
  return out;
}

}  // namespace mcp
