#include "mcp/input_responses.hpp"

#include <fmt/format.h>

#include "mcp/detail/fields.hpp"
#include "mcp/detail/words.hpp"

namespace mcp {
namespace {

namespace ondemand = json::ondemand;

base::Failure bad(std::string message) { return base::fail(base::Kind::invalid, "invalid_params", std::move(message)); }

}  // namespace

base::Result<std::vector<InputResponse>> read_input_responses(std::string_view input_responses) {
  ondemand::document document;
  ondemand::object object;
  if (json::walk(input_responses).get(document) || document.get_object().get(object)) {
    return bad("params.inputResponses must be an object");
  }
  std::vector<InputResponse> out;
  auto walked = detail::each_field(
      object, "params.inputResponses", [&](std::string_view key, ondemand::value value) -> base::Result<void> {
        InputResponse response{std::string(key), {}};
        if (const auto error = json::raw(value, response.result)) return detail::bad_json(error);
        if (!response.result.starts_with('{')) {
          return bad(fmt::format("params.inputResponses.{} must be an object", detail::shown(key)));
        }
        out.push_back(std::move(response));
        return {};
      });
  if (!walked) return bad(std::move(walked).error().message);
  return out;
}

}  // namespace mcp
