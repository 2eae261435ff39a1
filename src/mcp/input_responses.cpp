#include "mcp/input_responses.hpp"

#include <simdjson.h>

#include <algorithm>

namespace mcp {
namespace {

namespace ondemand = simdjson::ondemand;

std::unexpected<base::Error> bad(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_params", std::move(message));
}

}  // namespace

base::Result<std::vector<InputResponse>> read_input_responses(std::string_view input_responses) {
  thread_local ondemand::parser parser;
  const simdjson::padded_string_view padded(input_responses, input_responses.size() + simdjson::SIMDJSON_PADDING);
  ondemand::document document;
  ondemand::object object;
  if (parser.iterate(padded).get(document) || document.get_object().get(object)) {
    return bad("params.inputResponses must be an object");
  }
  std::vector<InputResponse> out;
  for (auto field : object) {
    std::string_view key;
    ondemand::object result;
    std::string_view raw;
    if (field.unescaped_key().get(key)) return bad("params.inputResponses has a bad key");
    InputResponse response{std::string(key), {}};
    if (std::move(field).value().get_object().get(result) || result.raw_json().get(raw)) {
      return bad("params.inputResponses." + response.key + " must be an object");
    }
    if (std::ranges::find(out, response.key, &InputResponse::key) != out.end()) {
      return bad("the key \"" + response.key + "\" stands twice in params.inputResponses");
    }
    response.result = raw.substr(0, raw.find_last_of('}') + 1);
    out.push_back(std::move(response));
  }
  return out;
}

}  // namespace mcp
