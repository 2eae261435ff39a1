#include "gateway/vendor_facts.hpp"

#include "json/document.hpp"
#include "mcp/tasks.hpp"

namespace gateway {
namespace {

constexpr std::string_view kServerInfoKey = "io.modelcontextprotocol/serverInfo";

const boost::json::object* object_at(const boost::json::object& object, std::string_view key) {
  const auto* member = object.if_contains(key);
  return member != nullptr ? member->if_object() : nullptr;
}

}  // namespace

bool VendorFacts::offers(mcp::ListKind kind) const {
  switch (kind) {
    case mcp::ListKind::tools:
      return tools;
    case mcp::ListKind::prompts:
      return prompts;
    case mcp::ListKind::resources:
    case mcp::ListKind::resource_templates:
      return resources;
  }
  return false;
}

VendorFacts read_vendor_facts(mcp::Era era, std::string_view opening_result) {
  VendorFacts facts;
  facts.era = era;
  facts.opening = opening_result;
  facts.capabilities = "{}";
  const auto result = json::parse_object(opening_result);
  if (!result) return facts;

  facts.instructions = json::text_at(*result, "instructions");
  // The modern era carries it in _meta.
  const auto* meta = object_at(*result, "_meta");
  const auto* info = object_at(*result, "serverInfo");
  if (info == nullptr && meta != nullptr) info = object_at(*meta, kServerInfoKey);
  if (info != nullptr) facts.server_info = boost::json::serialize(*info);

  const auto* capabilities = object_at(*result, "capabilities");
  if (capabilities == nullptr) return facts;
  facts.capabilities = boost::json::serialize(*capabilities);
  facts.tools = object_at(*capabilities, "tools") != nullptr;
  facts.prompts = object_at(*capabilities, "prompts") != nullptr;
  facts.completions = object_at(*capabilities, "completions") != nullptr;
  facts.logging = object_at(*capabilities, "logging") != nullptr;
  if (const auto* tasks = object_at(*capabilities, "tasks")) {
    const auto* requests = object_at(*tasks, "requests");
    const auto* tools = requests != nullptr ? object_at(*requests, "tools") : nullptr;
    facts.task_calls = tools != nullptr && tools->contains("call");
    facts.task_list = tasks->contains("list");
    facts.task_cancel = tasks->contains("cancel");
  }
  if (const auto* resources = object_at(*capabilities, "resources")) {
    facts.resources = true;
    const auto* subscribe = resources->if_contains("subscribe");
    facts.subscribe = subscribe != nullptr && subscribe->is_bool() && subscribe->get_bool();
  }
  if (const auto* extensions = object_at(*capabilities, "extensions")) {
    facts.tasks_extension = extensions->contains(mcp::kTasksExtension);
  }
  return facts;
}

}  // namespace gateway
