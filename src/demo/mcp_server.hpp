// A stateless MCP server of the legacy era without its transport: message in, answer out (2024-11-05 to 2025-11-25).
// Offers tools only. Thread-safe as far as its tools are.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "demo/tool.hpp"

namespace demo {

struct Reply {
  std::vector<std::string> progress;  // notifications/progress to send before the answer, one after another
  std::string answer;                 // the response, or the array of a batch; "" when there is nothing to answer
};

struct ServerInfo {
  std::string name;
  std::string title;
  std::string instructions;
};

class McpServer {
 public:
  McpServer(ServerInfo info, std::vector<Tool> tools);

  // Never fails: what is wrong with a message becomes a JSON-RPC error, with a tool's arguments a tool error.
  // While `locked` is not empty, every tools/call is refused with that text. Limits: 50 messages in a batch.
  [[nodiscard]] Reply handle(std::string_view message, std::string_view locked = {}) const;

 private:
  [[nodiscard]] Reply handle_batch(const boost::json::array& batch, std::string_view locked) const;
  [[nodiscard]] Reply handle_one(const boost::json::value& message, std::string_view locked) const;
  [[nodiscard]] Reply dispatch(std::string_view method, std::string_view id, const boost::json::object& params,
                               std::string_view locked) const;
  [[nodiscard]] Reply call(std::string_view id, const boost::json::object& params, std::string_view locked) const;
  [[nodiscard]] std::string initialize_result(std::string_view requested) const;
  [[nodiscard]] std::string tools_result() const;

  ServerInfo info_;
  std::vector<Tool> tools_;
};

}  // namespace demo
