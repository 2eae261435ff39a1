#include "demo/stdio.hpp"

#include <istream>
#include <optional>
#include <ostream>
#include <string>
#include <thread>

#include "base/encoding.hpp"
#include "demo/knowledge.hpp"
#include "demo/ticket_tools.hpp"
#include "demo/vendors.hpp"

namespace demo {
namespace {

std::optional<McpServer> server_of(std::string_view name, const base::Clock& clock) {
  if (name == "demo-docs") return make_knowledge_base();
  if (name == "demo-tickets") return make_ticket_server(std::make_shared<ServiceDesk>(clock));
  return std::nullopt;
}

// Real servers start without a credential too, and say so when a tool is called.
std::string_view locked(std::string_view name, std::string_view api_key) {
  if (name == "demo-docs" || base::equal_constant_time(api_key, kTicketsKey)) return {};
  return api_key.empty() ? "This server needs an API key in the environment variable DEMO_API_KEY."
                         : "The API key in the environment variable DEMO_API_KEY is not known here.";
}

}  // namespace

bool serve_stdio(std::string_view name, const base::Clock& clock, std::istream& in, std::ostream& out,
                 StdioConfig config) {
  const auto server = server_of(name, clock);
  if (!server) return false;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line == "\r") continue;
    const auto reply = server->handle(line, locked(name, config.api_key));
    for (const auto& progress : reply.progress) {
      std::this_thread::sleep_for(config.step);
      out << progress << '\n' << std::flush;
    }
    if (!reply.answer.empty()) out << reply.answer << '\n' << std::flush;
  }
  return true;
}

}  // namespace demo
