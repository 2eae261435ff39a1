#include "web/client_snippets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace web {
namespace {

std::string text_of(std::string_view id, std::string_view url) {
  for (const auto& snippet : client_snippets(url)) {
    if (snippet.id == id) return snippet.text;
  }
  return "";
}

std::vector<std::string> remote_arguments(std::string_view url) {
  const auto config = boost::json::parse(text_of("claude-desktop", url));
  const auto& entry = config.at("mcpServers").at("gateway");
  EXPECT_EQ(entry.at("command").as_string(), "npx");
  std::vector<std::string> arguments;
  for (const auto& one : entry.at("args").as_array()) arguments.emplace_back(one.as_string());
  return arguments;
}

TEST(ClientSnippets, ClaudeDesktopRunsMcpRemote) {
  EXPECT_EQ(remote_arguments("https://gw.example/v1/mcp"),
            (std::vector<std::string>{"-y", "mcp-remote@latest", "https://gw.example/v1/mcp"}));
}

TEST(ClientSnippets, PlainHttpNeedsAFlagExceptWhereMcpRemoteAllowsIt) {
  using testing::Contains;
  for (const auto* url : {"http://localhost:8080/v1/mcp", "http://127.0.0.1/v1/mcp", "https://[::1]/v1/mcp"}) {
    EXPECT_THAT(remote_arguments(url), testing::Not(Contains("--allow-http"))) << url;
  }
  for (const auto* url : {"http://gw.lan:8080/v1/mcp", "http://[::1]:8080/v1/mcp", "http://localhost.evil/v1/mcp"}) {
    EXPECT_THAT(remote_arguments(url), Contains("--allow-http")) << url;
  }
}

TEST(ClientSnippets, CursorAndVsCodeGetTheUrlInTheirOwnShape) {
  const std::string url = "https://gw.example/v1/mcp";
  EXPECT_EQ(boost::json::parse(text_of("cursor", url)).at("mcpServers").at("gateway").at("url").as_string(), url);
  const auto server = boost::json::parse(text_of("vscode", url)).at("servers").at("gateway");
  EXPECT_EQ(server.at("type").as_string(), "http");
  EXPECT_EQ(server.at("url").as_string(), url);
}

TEST(ClientSnippets, AShellTakesTheUrlAsOneWord) {
  EXPECT_EQ(text_of("claude-code", "https://gw.example/v1/mcp"),
            "claude mcp add --transport http gateway https://gw.example/v1/mcp");
  EXPECT_EQ(text_of("claude-code", "https://gw.example/a;b'c"),
            "claude mcp add --transport http gateway 'https://gw.example/a;b'\\''c'");
}

}  // namespace
}  // namespace web
