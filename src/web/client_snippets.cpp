#include "web/client_snippets.hpp"

#include <fmt/format.h>

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

namespace web {
namespace {

std::string quoted(std::string_view text) { return boost::json::serialize(boost::json::string(text)); }

// In single quotes a POSIX shell takes every character as it is; plain URLs stay as readable as they are.
std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~:/@%+=,";
  if (text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

// mcp-remote takes plain http from "localhost" and "127.0.0.1" only (its README and parseCommandLineArgs, 0.15.1).
bool needs_allow_http(std::string_view url) {
  if (!url.starts_with("http://")) return false;
  const auto rest = url.substr(7);
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  const auto host = authority.substr(0, authority.rfind(':'));
  return host != "localhost" && host != "127.0.0.1";
}

std::string mcp_remote(std::string_view url, std::string_view name) {
  const std::string_view flag = needs_allow_http(url) ? ",\n        \"--allow-http\"" : "";
  return fmt::format(R"({{
  "mcpServers": {{
    {}: {{
      "command": "npx",
      "args": [
        "-y",
        "mcp-remote@latest",
        {}{}
      ]
    }}
  }}
}})",
                     quoted(name), quoted(url), flag);
}

std::string cursor(std::string_view url, std::string_view name) {
  return fmt::format(R"({{
  "mcpServers": {{
    {}: {{
      "url": {}
    }}
  }}
}})",
                     quoted(name), quoted(url));
}

std::string vs_code(std::string_view url, std::string_view name) {
  return fmt::format(R"({{
  "servers": {{
    {}: {{
      "type": "http",
      "url": {}
    }}
  }}
}})",
                     quoted(name), quoted(url));
}

}  // namespace

std::vector<ClientSnippet> client_snippets(std::string_view url, std::string_view name) {
  return {
      {"claude-desktop", "Claude Desktop",
       "In Claude Desktop open Settings, Developer, Edit Config. That opens claude_desktop_config.json; put this into "
       "it, beside what is there. Node.js has to be installed.",
       mcp_remote(url, name), "Then quit Claude Desktop wholly and start it again; your browser opens for approval."},
      {"claude-code", "Claude Code",
       "In a terminal:", fmt::format("claude mcp add --transport http {} {}", name, shell_word(url)),
       "Then start claude, type /mcp, choose it, and authenticate."},
      {"cursor", "Cursor", "In .cursor/mcp.json of a project, or ~/.cursor/mcp.json for all:", cursor(url, name),
       "Then open Cursor Settings, MCP, and press Needs login."},
      {"vscode", "VS Code", "In .vscode/mcp.json of a workspace:", vs_code(url, name),
       "Then press Start above the entry and allow the sign-in."},
  };
}

}  // namespace web
