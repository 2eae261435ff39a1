// The demo vendor "demo-docs": the knowledge base of an invented company. Read-only, the same for everybody.
#pragma once

#include "demo/mcp_server.hpp"

namespace demo {

[[nodiscard]] McpServer make_knowledge_base();

}  // namespace demo
