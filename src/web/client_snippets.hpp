// Copy-ready configuration for MCP clients, for the "connect your client" page and the command line. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace web {

struct ClientSnippet {
  std::string id;      // "claude-desktop"
  std::string client;  // "Claude Desktop"
  std::string where;   // which file or where to type it
  std::string text;    // what to paste
  std::string after;   // what to do then; "" for nothing
};

// `url` is an MCP endpoint of this gateway, `name` what the client shall call it ([a-z0-9-]).
[[nodiscard]] std::vector<ClientSnippet> client_snippets(std::string_view url, std::string_view name = "gateway");

}  // namespace web
