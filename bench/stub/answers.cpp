#include "bench/stub/answers.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace bench {
namespace {

constexpr std::string_view kAccepted = "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view kNoStream = "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view kEnded = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
constexpr std::string_view kSession = "Mcp-Session-Id: 0123456789abcdef0123456789abcdef\r\n";

constexpr std::string_view kLegacyOpening =
    R"({"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"stub","version":"1"}})";
constexpr std::string_view kModernOpening =
    R"({"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{}},)"
    R"("serverInfo":{"name":"stub","version":"1"},"ttlMs":600000,"cacheScope":"public"})";
constexpr std::string_view kNotFound = R"("error":{"code":-32601,"message":"Method not found"}})";

// Of an ordinary size for a vendor's tool.
std::string tool(std::size_t number) {
  return fmt::format(
      R"({{"name":"tool_{}","description":"{}","inputSchema":{{"type":"object","properties":{{)"
      R"("query":{{"type":"string","description":"{}"}},"limit":{{"type":"integer","minimum":1,"maximum":100}}}},)"
      R"("required":["query"]}}}})",
      number, std::string(600, 'd'), std::string(380, 'p'));
}

std::string tools(const Options& options) {
  std::string all;
  for (std::size_t i = 0; i < options.tools; ++i) all += (i > 0 ? "," : "") + tool(i);
  const auto* const modern = R"("resultType":"complete","ttlMs":600000,"cacheScope":"public",)";
  return fmt::format(R"({{{}"tools":[{}]}})", options.modern ? modern : "", all);
}

std::string call_result(const Options& options) {
  const auto make = [&](std::size_t text) {
    return fmt::format(R"({{{}"content":[{{"type":"text","text":"{}"}}]}})",
                       options.modern ? R"("resultType":"complete",)" : "", std::string(text, 'x'));
  };
  const auto rest = std::string_view(R"({"jsonrpc":"2.0","id":1,"result":})").size() + make(0).size();
  return make(options.bytes > rest ? options.bytes - rest : 0);
}

}  // namespace

Answers::Answers(const Options& options) : options_(options) {
  const auto result = [](std::string_view text) {
    return Template{R"({"jsonrpc":"2.0","id":)", fmt::format(R"(,"result":{}}})", text)};
  };
  call_ = result(call_result(options));
  list_ = result(tools(options));
  opening_ = result(options.modern ? kModernOpening : kLegacyOpening);
  unknown_ = {R"({"jsonrpc":"2.0","id":)", "," + std::string(kNotFound)};
}

const Answers::Template& Answers::body_of(std::string_view rpc_method) const {
  if (rpc_method == "tools/call") return call_;
  if (rpc_method == "tools/list") return list_;
  if (rpc_method == (options_.modern ? "server/discover" : "initialize")) return opening_;
  return unknown_;
}

Answer Answers::to(std::string_view http_method, std::string_view rpc_method, std::string_view id) {
  if (http_method == "GET") return {{kNoStream}};
  if (http_method == "DELETE") return {{kEnded}};
  if (id.empty()) return {{kAccepted}};
  return fill(body_of(rpc_method), id, options_.session && rpc_method == "initialize" ? kSession : "");
}

Answer Answers::fill(const Template& body, std::string_view id, std::string_view extra_fields) {
  constexpr std::string_view kEvent = "event: message\ndata: ";
  const auto size = body.before.size() + id.size() + body.after.size();
  const int status = &body == &unknown_ && options_.modern ? 404 : 200;
  head_ = fmt::format("HTTP/1.1 {} {}\r\n{}", status, status == 200 ? "OK" : "Not Found", extra_fields);
  end_.clear();
  if (options_.sse && status == 200) {
    fmt::format_to(std::back_inserter(head_),
                   "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{}",
                   size + kEvent.size() + 2, kEvent);
    end_ = "\n\n\r\n0\r\n\r\n";
  } else {
    fmt::format_to(std::back_inserter(head_), "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n", size);
  }
  return {{head_, body.before, id, body.after, end_}};
}

}  // namespace bench
