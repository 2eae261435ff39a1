// What scan() accepts is JSON for another reader too, who finds the same method, id and name in it; what is carried to
// the other era and back keeps everything but what is meant to change.
#include "json/document.hpp"
#include "mcp/envelope.hpp"
#include "mcp/error.hpp"
#include "mcp/modern_request.hpp"
#include "mcp_text.hpp"

namespace {

using boost::json::object;
using fuzz::require;
using fuzz::Text;

constexpr mcp::RequestMeta kMeta{.protocol_version = "2026-07-28",
                                 .client_info = R"({"name":"c","version":"1"})",
                                 .client_capabilities = R"({"roots":{}})",
                                 .log_level = "info"};

const object* object_at(const object& parent, std::string_view key) {
  const auto* value = parent.if_contains(key);
  return value != nullptr ? value->if_object() : nullptr;
}

void check_differential(std::string_view text, const mcp::Envelope& envelope) {
  const auto value = fuzz::parse(text);
  require(value && value->is_object());
  const auto& message = value->get_object();
  require(json::text_at(message, "jsonrpc") == "2.0");
  require(json::text_at(message, "method") == envelope.method);
  const auto* id = message.if_contains("id");
  const bool has_id = id != nullptr && !id->is_null();
  require(has_id == !envelope.id.empty());
  require(!has_id || fuzz::same(*id, *fuzz::parse(envelope.id)));
  require((envelope.shape == mcp::Shape::response) == !message.contains("method"));
  require(envelope.is_error == message.contains("error"));

  const auto* params = object_at(message, "params");
  require((params != nullptr) == (envelope.params.data() != nullptr));
  if (params == nullptr) return;
  require(fuzz::same(*fuzz::parse(envelope.params), *params));
  const bool by_uri = envelope.method.starts_with("resources/") || envelope.method == "notifications/resources/updated";
  require(json::text_at(*params, by_uri ? "uri" : "name") == envelope.name);
  if (envelope.name_token.data() != nullptr) require(fuzz::unescaped(envelope.name_token) == envelope.name);
  for (const auto& [key, raw] : {std::pair{"arguments", envelope.arguments},
                                 {"_meta", envelope.meta},
                                 {"inputResponses", envelope.input_responses},
                                 {"requestState", envelope.request_state}}) {
    const auto* member = params->if_contains(key);
    require((member != nullptr) == (raw.data() != nullptr));
    if (member != nullptr) require(fuzz::same(*fuzz::parse(raw), *member));
  }
}

// The message without what changes between the eras.
object without_eras(std::string_view text) {
  auto message = fuzz::parse(text)->get_object();
  if (!message.contains("params")) message["params"] = object();
  auto& params = message["params"].get_object();
  params.erase("inputResponses");
  params.erase("requestState");
  if (!params.contains("_meta")) params["_meta"] = object();
  auto& meta = params["_meta"].get_object();
  for (const auto* key : {"protocolVersion", "clientInfo", "clientCapabilities", "logLevel"}) {
    meta.erase(std::string("io.modelcontextprotocol/") + key);
  }
  return message;
}

void check_eras(std::string_view text, const mcp::Envelope& envelope) {
  const Text modern(mcp::with_request_meta(text, envelope, kMeta));
  const auto scanned = mcp::scan(modern.view());
  require(scanned && mcp::check_request_meta(*scanned));
  require(scanned->protocol_version == kMeta.protocol_version && scanned->client_info == kMeta.client_info);
  require(scanned->client_capabilities == kMeta.client_capabilities && scanned->log_level == kMeta.log_level);
  require(fuzz::same(without_eras(modern.view()), without_eras(text)));

  const Text legacy(mcp::without_request_meta(modern.view(), *scanned));
  const auto again = mcp::scan(legacy.view());
  require(again && again->protocol_version.empty() && again->client_capabilities.data() == nullptr);
  require(again->input_responses.data() == nullptr && again->request_state.data() == nullptr);
  require(fuzz::same(without_eras(legacy.view()), without_eras(text)));

  const Text retry(mcp::with_input_responses(text, envelope, R"({"k":{}})", R"("s")"));
  const auto retried = mcp::scan(retry.view());
  require(retried && retried->input_responses == R"({"k":{}})" && retried->request_state == R"("s")");
  require(fuzz::same(without_eras(retry.view()), without_eras(text)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Text text(fuzz::text_of(data, size));
  const auto envelope = mcp::scan(text.view());
  if (!envelope) {
    require(envelope.error().kind == base::Kind::invalid);
    require(fuzz::parse(mcp::error_response({}, envelope.error())).has_value());
    if (mcp::is_batch(text.view())) (void)mcp::split_batch(text.view(), 8);
    return 0;
  }
  if (fuzz::is_beyond_boost(text.view())) return 0;
  check_differential(text.view(), *envelope);
  if (envelope->shape == mcp::Shape::request) check_eras(text.view(), *envelope);
  return 0;
}
