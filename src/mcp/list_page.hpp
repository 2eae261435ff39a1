// One page of a list result (tools, prompts, resources, resource templates), read without building a tree, so that a
// vendor's definitions keep their bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace mcp {

enum class ListKind { tools, prompts, resources, resource_templates };

[[nodiscard]] std::string_view list_method(ListKind kind);  // "tools/list", "resources/templates/list" …
// Nothing for a method that is no list.
[[nodiscard]] std::optional<ListKind> list_kind(std::string_view method);
[[nodiscard]] std::string_view list_member(ListKind kind);   // "tools", "resourceTemplates" …
[[nodiscard]] std::string_view list_changed(ListKind kind);  // "notifications/tools/list_changed" …

struct ListItem {
  std::string_view definition;  // the raw object
  std::string_view key_token;   // the raw string token of its name, uri or uriTemplate
  std::string key;              // unescaped
  // String tokens of URIs inside the definition that name resources of the same vendor: _meta.ui.resourceUri and the
  // older _meta["ui/resourceUri"] of tools (MCP Apps).
  std::vector<std::string_view> links;
  // Of a tool: execution.taskSupport is "required" (2025-11-25 basic/utilities/tasks, "Tool-Level Negotiation").
  bool requires_task = false;
};

struct ListPage {
  std::vector<ListItem> items;      // views into the response
  std::string next_cursor;          // "" on the last page
  std::optional<std::int64_t> ttl;  // ttlMs
  std::string cache_scope;
};

// `response` is a whole JSON-RPC response with kPadding readable bytes behind it.
// Errors: vendor_invalid (no such array, an item without its key), or the vendor's own JSON-RPC error: then the code is
// "vendor.method_not_found" for -32601, "vendor.bad_list" else.
[[nodiscard]] base::Result<ListPage> read_list_page(ListKind kind, std::string_view response);

}  // namespace mcp
