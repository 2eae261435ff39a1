#include "demo/mcp_server.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "demo/arguments.hpp"
#include "mcp/error.hpp"
#include "mcp/revision.hpp"

namespace demo {
namespace {

namespace json = boost::json;

constexpr std::size_t kLargestBatch = 50;

Reply just(std::string answer) { return {{}, std::move(answer)}; }

bool is_id(const json::value& id) { return id.is_string() || id.is_int64() || id.is_uint64(); }

std::string_view text_or(const json::object& object, std::string_view key, std::string_view otherwise) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : otherwise;
}

const json::object& object_or_empty(const json::object& parent, std::string_view key) {
  static const json::object kEmpty;
  const auto* value = parent.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : kEmpty;
}

std::string tool_result(const Outcome& outcome) {
  json::object content{{"type", "text"}, {"text", outcome.text}};
  json::object result;
  result["content"] = json::array{std::move(content)};
  if (outcome.is_error) result["isError"] = true;
  return json::serialize(result);
}

std::vector<std::string> progress_of(const Outcome& outcome, const json::object& params) {
  const auto* token = object_or_empty(params, "_meta").if_contains("progressToken");
  if (token == nullptr || !is_id(*token)) return {};
  std::vector<std::string> all;
  for (const auto& step : outcome.steps) {
    json::object told{{"progressToken", *token}, {"progress", all.size() + 1}};
    told["total"] = outcome.steps.size();
    told["message"] = step;
    json::object notification{{"jsonrpc", "2.0"}, {"method", "notifications/progress"}};
    notification["params"] = std::move(told);
    all.push_back(json::serialize(notification));
  }
  return all;
}

}  // namespace

McpServer::McpServer(ServerInfo info, std::vector<Tool> tools) : info_(std::move(info)), tools_(std::move(tools)) {}

Reply McpServer::handle(std::string_view message, std::string_view locked) const {
  boost::system::error_code error;
  const auto parsed = json::parse(json::string_view(message.data(), message.size()), error);
  if (error) return just(mcp::error_response("", mcp::kParseError, "Parse error: the message is no JSON."));
  return parsed.is_array() ? handle_batch(parsed.get_array(), locked) : handle_one(parsed, locked);
}

Reply McpServer::handle_batch(const json::array& batch, std::string_view locked) const {
  if (batch.empty() || batch.size() > kLargestBatch) {
    return just(mcp::error_response("", mcp::kInvalidRequest, "A batch has 1 to 50 messages."));
  }
  std::vector<std::string> answers;
  for (const auto& message : batch) {
    auto reply = handle_one(message, locked);
    if (!reply.answer.empty()) answers.push_back(std::move(reply.answer));
  }
  return answers.empty() ? Reply() : just(fmt::format("[{}]", fmt::join(answers, ",")));
}

Reply McpServer::handle_one(const json::value& message, std::string_view locked) const {
  const auto* object = message.if_object();
  if (object == nullptr || text_or(*object, "jsonrpc", "") != "2.0") {
    return just(mcp::error_response("", mcp::kInvalidRequest, "Expected a JSON-RPC 2.0 message."));
  }
  const auto method = text_or(*object, "method", "");
  if (method.empty()) {
    const bool is_response = object->contains("result") || object->contains("error");
    return is_response ? Reply() : just(mcp::error_response("", mcp::kInvalidRequest, "\"method\" is missing."));
  }
  const auto* id = object->if_contains("id");
  if (id == nullptr) return {};  // notifications need nothing done
  if (!is_id(*id)) return just(mcp::error_response("", mcp::kInvalidRequest, "\"id\" is no string or whole number."));
  return dispatch(method, json::serialize(*id), object_or_empty(*object, "params"), locked);
}

Reply McpServer::dispatch(std::string_view method, std::string_view id, const json::object& params,
                          std::string_view locked) const {
  if (method == "initialize") {
    const auto requested = text_or(params, "protocolVersion", "");
    if (requested.empty()) return just(mcp::error_response(id, mcp::kInvalidParams, "protocolVersion is missing."));
    return just(mcp::result_response(id, initialize_result(requested)));
  }
  if (method == "ping") return just(mcp::result_response(id, "{}"));
  if (method == "tools/list") return just(mcp::result_response(id, tools_result()));
  if (method == "tools/call") return call(id, params, locked);
  return just(mcp::error_response(id, mcp::kMethodNotFound, "Method not found"));
}

Reply McpServer::call(std::string_view id, const json::object& params, std::string_view locked) const {
  const auto name = text_or(params, "name", "");
  const auto tool = std::ranges::find(tools_, name, &Tool::name);
  if (tool == tools_.end()) {
    return just(mcp::error_response(id, mcp::kInvalidParams, fmt::format("Unknown tool: {}", name.substr(0, 80))));
  }
  if (!locked.empty()) return just(mcp::tool_error_response(id, locked));
  const auto* given = params.if_contains("arguments");
  if (given != nullptr && !given->is_object()) {
    return just(mcp::tool_error_response(id, "\"arguments\" must be an object."));
  }
  const auto& arguments = object_or_empty(params, "arguments");
  if (const auto wrong = wrong_with(tool->input_schema, arguments); !wrong.empty()) {
    return just(mcp::tool_error_response(id, wrong));
  }
  const auto outcome = tool->run(arguments);
  return {progress_of(outcome, params), mcp::result_response(id, tool_result(outcome))};
}

std::string McpServer::initialize_result(std::string_view requested) const {
  json::object server{{"name", info_.name}, {"title", info_.title}, {"version", "1.0.0"}};
  json::object result;
  result["protocolVersion"] = mcp::negotiate(requested);
  result["capabilities"] = json::object{{"tools", json::object()}};
  result["serverInfo"] = std::move(server);
  result["instructions"] = info_.instructions;
  return json::serialize(result);
}

std::string McpServer::tools_result() const {
  json::array tools;
  for (const auto& tool : tools_) {
    json::object listed{{"name", tool.name}, {"title", tool.title}, {"description", tool.description}};
    listed["inputSchema"] = tool.input_schema;
    listed["annotations"] = json::object{{"readOnlyHint", tool.read_only}, {"openWorldHint", false}};
    tools.push_back(std::move(listed));
  }
  json::object result;
  result["tools"] = std::move(tools);
  return json::serialize(result);
}

}  // namespace demo
