// What a vendor said of itself when its channel was opened: its InitializeResult (2025-11-25 basic/lifecycle), or its
// DiscoverResult (2026-07-28 server/discover).
#pragma once

#include <string>
#include <string_view>

#include "mcp/list_page.hpp"
#include "mcp/revision.hpp"

namespace gateway {

// Immutable; shared by all threads.
struct VendorFacts {
  mcp::Era era = mcp::Era::legacy;
  std::string opening;       // the whole result, as sent
  std::string capabilities;  // an object
  std::string server_info;   // an Implementation object; "" when it was not told
  std::string instructions;  // "" for none

  bool tools = false;
  bool prompts = false;
  bool resources = false;  // and resource templates
  bool completions = false;
  bool logging = false;
  bool subscribe = false;  // to single resources

  // 2025-11-25 basic/utilities/tasks, "Server Capabilities".
  bool task_calls = false;
  bool task_list = false;
  bool task_cancel = false;
  bool tasks_extension = false;  // io.modelcontextprotocol/tasks, of the modern era

  [[nodiscard]] bool offers(mcp::ListKind kind) const;
};

// Of something that is no such result nothing is known: the vendor offers nothing.
[[nodiscard]] VendorFacts read_vendor_facts(mcp::Era era, std::string_view opening_result);

}  // namespace gateway
