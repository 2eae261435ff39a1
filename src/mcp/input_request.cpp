#include "mcp/input_request.hpp"

#include "json/document.hpp"
#include "mcp/detail/fields.hpp"

namespace mcp {
namespace {

namespace ondemand = json::ondemand;
using detail::bad_json;
using detail::bad_message;
using detail::each_field;

base::Result<InputRequest> read_request(std::string_view key, ondemand::value value) {
  ondemand::object object;
  if (value.get_object().get(object)) return bad_message("an input request is an object");
  InputRequest request{.key = std::string(key), .method = {}, .params = {}};
  auto walked =
      each_field(object, "an input request", [&](std::string_view name, ondemand::value item) -> base::Result<void> {
        if (name == "method") {
          auto method = detail::take_string(item, "method");
          if (!method) return std::move(method).failure();
          request.method = method->text;
        }
        if (name == "params") {
          if (const auto error = json::raw(item, request.params)) return bad_json(error);
          if (!request.params.starts_with('{')) return bad_message("params must be an object");
        }
        return {};
      });
  if (!walked) return std::move(walked).failure();
  if (request.method.empty()) return bad_message("an input request has no \"method\"");
  return request;
}

base::Result<std::vector<InputRequest>> read_all(std::string_view input_requests) {
  ondemand::document document;
  ondemand::object object;
  if (const auto error = json::walk(input_requests).get(document)) return bad_json(error);
  if (document.get_object().get(object)) return bad_message("inputRequests must be an object");
  std::vector<InputRequest> requests;
  auto walked =
      each_field(object, "inputRequests", [&](std::string_view key, ondemand::value value) -> base::Result<void> {
        auto request = read_request(key, value);
        if (!request) return std::move(request).failure();
        requests.push_back(*std::move(request));
        return {};
      });
  if (!walked) return std::move(walked).failure();
  return requests;
}

const boost::json::object* object_at(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr ? value->if_object() : nullptr;
}

}  // namespace

base::Result<std::vector<InputRequest>> read_input_requests(std::string_view input_requests) {
  auto requests = read_all(input_requests);
  if (requests) return requests;
  return base::fail(base::Kind::vendor_invalid, "vendor.bad_input_requests", std::move(requests).error().message);
}

std::string_view required_capability(std::string_view method, std::string_view params) {
  if (method == "roots/list") return "roots";
  if (method != "elicitation/create" && method != "sampling/createMessage") return "";
  const auto object = json::parse_object(params).value_or(boost::json::object());
  if (method == "elicitation/create") return json::text_at(object, "mode") == "url" ? "elicitation.url" : "elicitation";
  return object.contains("tools") || object.contains("toolChoice") ? "sampling.tools" : "sampling";
}

bool has_capability(std::string_view client_capabilities, std::string_view capability) {
  const auto all = json::parse_object(client_capabilities);
  if (!all) return false;
  const auto dot = capability.find('.');
  const auto* const feature = object_at(*all, capability.substr(0, dot));
  if (feature == nullptr) return false;
  if (capability == "elicitation") return feature->contains("form") || !feature->contains("url");
  return dot == std::string_view::npos || object_at(*feature, capability.substr(dot + 1)) != nullptr;
}

}  // namespace mcp
