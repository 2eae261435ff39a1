#include "gateway/detail/introduction.hpp"

#include <array>

namespace gateway {
namespace {

constexpr std::string_view kServerInfoKey = "io.modelcontextprotocol/serverInfo";

// What both eras have, and mean the same by. Extensions are of the modern era alone.
boost::json::object shared_capabilities(const boost::json::object& said) {
  constexpr std::array<std::string_view, 5> kShared{"tools", "prompts", "resources", "completions", "logging"};
  boost::json::object out;
  const auto* capabilities = said.if_contains("capabilities");
  if (capabilities == nullptr || !capabilities->is_object()) return out;
  for (const auto name : kShared) {
    const auto* value = capabilities->get_object().if_contains(name);
    if (value != nullptr && value->is_object()) out[name] = *value;
  }
  return out;
}

}  // namespace

boost::json::object initialize_result_of(const boost::json::object& discover_result, std::string_view revision,
                                         std::string_view slug) {
  boost::json::object out{{"protocolVersion", revision},
                          {"capabilities", shared_capabilities(discover_result)},
                          {"serverInfo", {{"name", slug}, {"version", "unknown"}}}};
  const auto* meta = discover_result.if_contains("_meta");
  const auto* info = meta != nullptr && meta->is_object() ? meta->get_object().if_contains(kServerInfoKey) : nullptr;
  if (info != nullptr && info->is_object()) out["serverInfo"] = *info;
  if (const auto* words = discover_result.if_contains("instructions")) out["instructions"] = *words;
  return out;
}

boost::json::object discover_result_of(const boost::json::object& initialize_result) {
  boost::json::object out{{"capabilities", shared_capabilities(initialize_result)}};
  if (const auto* words = initialize_result.if_contains("instructions")) out["instructions"] = *words;
  if (const auto* info = initialize_result.if_contains("serverInfo")) out["_meta"] = {{kServerInfoKey, *info}};
  return out;
}

}  // namespace gateway
