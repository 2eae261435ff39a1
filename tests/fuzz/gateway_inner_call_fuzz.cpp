// The arguments of gateway__call_tool, which a model writes: another reader sees the same call in them, and none is a
// call of the gateway's own tools or smuggles anything beside the arguments.
#include <boost/json.hpp>

#include "base/encoding.hpp"
#include "gateway/inner_call.hpp"
#include "gateway/own_tools.hpp"
#include "json/splice.hpp"
#include "mcp/envelope.hpp"
#include "mcp_text.hpp"

namespace {

using fuzz::require;
using fuzz::Text;

std::string call_of(std::string_view arguments) {
  return R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"gateway__call_tool","arguments":)" +
         std::string(arguments) + "}}";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // As it comes to the endpoint: inside a message that scan() took.
  const Text outer(call_of(base::text_of({data, size})));
  const auto envelope = mcp::scan(outer.view());
  if (!envelope) return 0;
  const auto inner = gateway::read_inner_call(envelope->arguments);
  if (!inner) {
    require(inner.error().kind == base::Kind::invalid && !inner.error().message.empty());
    return 0;
  }
  require(!inner->name.empty() && !gateway::OwnTools::owns(inner->name));

  json::Splice splice(outer.view());
  splice.replace(envelope->name_token, inner->name_token);
  splice.replace(envelope->arguments, inner->arguments);
  const Text call(splice.str());
  const auto scanned = mcp::scan(call.view());
  require(scanned.has_value());
  require(scanned->name == inner->name && scanned->arguments == inner->arguments && scanned->id == "1");

  boost::json::error_code error;
  const auto seen = boost::json::parse(boost::json::string_view(envelope->arguments.data(), envelope->arguments.size()),
                                       error, {}, {.max_depth = 2 * static_cast<std::size_t>(mcp::kMaxDepth)});
  if (error) return 0;  // numbers beyond Boost.JSON
  const auto& object = seen.get_object();
  require(object.at("name").get_string() == std::string_view(inner->name));
  require(object.size() == (object.contains("arguments") ? 2U : 1U));
  return 0;
}
