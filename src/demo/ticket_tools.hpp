// The tools of the demo vendor "demo-tickets".
#pragma once

#include <memory>

#include "demo/mcp_server.hpp"
#include "demo/service_desk.hpp"

namespace demo {

[[nodiscard]] McpServer make_ticket_server(const std::shared_ptr<ServiceDesk>& desk);

}  // namespace demo
