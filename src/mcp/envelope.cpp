#include "mcp/envelope.hpp"

#include <simdjson.h>

#include <algorithm>

#include "json/document.hpp"

namespace mcp {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";

std::unexpected<base::Error> bad_json(std::string_view what) {
  return base::fail(base::Kind::invalid, "parse_error", "not valid JSON: " + std::string(what));
}

std::unexpected<base::Error> bad_message(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_request", std::move(message));
}

std::string_view trimmed(std::string_view token) {
  const auto end = token.find_last_not_of(" \t\r\n");
  return token.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

// simdjson validates only what is visited: visits everything below `value`.
simdjson::error_code visit(ondemand::value value, int depth) {
  if (depth > kMaxDepth) return simdjson::DEPTH_ERROR;
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  switch (type) {
    case ondemand::json_type::object: {
      ondemand::object object;
      if (const auto error = value.get_object().get(object)) return error;
      for (auto field : object) {
        std::string_view key;
        ondemand::value child;
        if (const auto error = field.unescaped_key().get(key)) return error;
        if (const auto error = std::move(field).value().get(child)) return error;
        if (const auto error = visit(child, depth + 1)) return error;
      }
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::array: {
      ondemand::array array;
      if (const auto error = value.get_array().get(array)) return error;
      for (auto item : array) {
        ondemand::value child;
        if (const auto error = std::move(item).get(child)) return error;
        if (const auto error = visit(child, depth + 1)) return error;
      }
      return simdjson::SUCCESS;
    }
    case ondemand::json_type::string:
      return value.get_string().error();
    case ondemand::json_type::number:
      return value.get_number().error();
    case ondemand::json_type::boolean:
      return value.get_bool().error();
    case ondemand::json_type::null: {
      // By get(): the result's own conversion to bool throws for "nope", which begins like null.
      bool is_null = false;
      if (const auto error = value.is_null().get(is_null)) return error;
      return is_null ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    }
  }
  return simdjson::INCORRECT_TYPE;
}

// Calls `take(key, value)` for each field; a key that comes twice is refused. `take` must consume its value.
template <class Take>
base::Result<void> each_field(ondemand::object& object, std::string_view where, Take take) {
  std::vector<std::string> seen;
  for (auto field : object) {
    std::string_view key;
    ondemand::value value;
    if (const auto error = field.unescaped_key().get(key)) return bad_json(simdjson::error_message(error));
    if (std::ranges::find(seen, key) != seen.end()) {
      return bad_message("the key \"" + std::string(key) + "\" stands twice in " + std::string(where));
    }
    seen.emplace_back(key);
    if (const auto error = std::move(field).value().get(value)) return bad_json(simdjson::error_message(error));
    if (auto taken = take(std::string_view(seen.back()), value); !taken) return taken;
  }
  return {};
}

base::Result<void> validate(ondemand::value value, int depth) {
  if (const auto error = visit(value, depth)) return bad_json(simdjson::error_message(error));
  return {};
}

// A string value: its raw token and its unescaped text.
base::Result<void> take_string(ondemand::value value, std::string_view what, std::string_view* token,
                               std::string& text) {
  const auto raw = trimmed(value.raw_json_token());
  std::string_view view;
  if (value.get_string().get(view)) return bad_message(std::string(what) + " must be a string");
  if (token != nullptr) *token = raw;
  text = view;
  return {};
}

// An id or progress token: a string, or a number without a fraction.
base::Result<void> take_id(ondemand::value value, std::string_view what, std::string_view& token) {
  const auto raw = trimmed(value.raw_json_token());
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return bad_json(simdjson::error_message(error));
  const bool integer = type == ondemand::json_type::number && raw.find_first_of(".eE") == std::string_view::npos;
  if (type != ondemand::json_type::string && !integer) {
    return bad_message(std::string(what) + " must be a string or an integer");
  }
  if (auto valid = validate(value, 1); !valid) return valid;
  token = raw;
  return {};
}

base::Result<void> scan_meta(ondemand::value value, Envelope& out) {
  ondemand::object object;
  if (value.get_object().get(object)) return bad_message("params._meta must be an object");
  return each_field(object, "params._meta", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
    if (key == "progressToken") return take_id(item, "progressToken", out.progress_token);
    if (key == kVersionKey) return take_string(item, kVersionKey, nullptr, out.protocol_version);
    return validate(item, 3);
  });
}

base::Result<void> scan_params(ondemand::value value, Envelope& out) {
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return bad_json(simdjson::error_message(error));
  if (type != ondemand::json_type::object) return bad_message("params must be an object");
  ondemand::object object;
  if (const auto error = value.get_object().get(object)) return bad_json(simdjson::error_message(error));
  std::string_view raw;
  if (const auto error = object.raw_json().get(raw)) return bad_json(simdjson::error_message(error));
  object.reset();
  out.params = trimmed(raw);
  return each_field(object, "params", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
    if (key == "_meta") return scan_meta(item, out);
    const bool is_name = (key == "name" || key == "uri") && out.name_token.data() == nullptr;
    ondemand::json_type item_type{};
    if (is_name && !item.type().get(item_type) && item_type == ondemand::json_type::string) {
      return take_string(item, key, &out.name_token, out.name);
    }
    if (key == "progressToken") return take_id(item, key, out.progress_token);
    if (key == "requestId") return take_id(item, key, out.request_id);
    return validate(item, 2);
  });
}

struct Seen {
  bool version = false;
  bool method = false;
  bool result = false;
  bool error = false;
};

base::Result<void> classify(const Seen& seen, Envelope& out) {
  const bool has_id = !out.id.empty();
  if (!seen.version) return bad_message("\"jsonrpc\" must be \"2.0\"");
  if (seen.result && seen.error) return bad_message("a response has either \"result\" or \"error\"");
  if (seen.method && (seen.result || seen.error)) return bad_message("a message has either \"method\" or a result");
  out.is_error = seen.error;
  if (seen.method) {
    if (out.method.empty()) return bad_message("\"method\" is empty");
    out.shape = has_id ? Shape::request : Shape::notification;
    return {};
  }
  if (!seen.result && !seen.error) return bad_message("neither \"method\" nor \"result\" nor \"error\" is there");
  // An error about a request whose id could not be read carries null, which counts as no id here.
  if (!has_id && !seen.error) return bad_message("a response needs an \"id\"");
  out.shape = Shape::response;
  return {};
}

ondemand::parser& thread_parser() {
  thread_local ondemand::parser parser;
  return parser;
}

}  // namespace

base::Result<Envelope> scan(std::string_view text) {
  ondemand::document document;
  const simdjson::padded_string_view padded(text, text.size() + simdjson::SIMDJSON_PADDING);
  if (const auto error = thread_parser().iterate(padded).get(document)) return bad_json(simdjson::error_message(error));
  ondemand::object object;
  if (const auto error = document.get_object().get(object)) {
    // Something else than an object: JSON or not? Rare enough for a second reader.
    if (json::parse(text)) return bad_message("a message is a JSON object");
    return bad_json(simdjson::error_message(error));
  }

  Envelope out;
  Seen seen;
  auto walked =
      each_field(object, "the message", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
        if (key == "jsonrpc") {
          std::string version;
          auto taken = take_string(item, "jsonrpc", nullptr, version);
          seen.version = version == "2.0";
          return taken;
        }
        if (key == "method") {
          seen.method = true;
          return take_string(item, "method", nullptr, out.method);
        }
        if (key == "id") {
          ondemand::json_type type{};
          if (!item.type().get(type) && type == ondemand::json_type::null) return validate(item, 1);
          return take_id(item, "id", out.id);
        }
        if (key == "params") return scan_params(item, out);
        seen.result = seen.result || key == "result";
        seen.error = seen.error || key == "error";
        return validate(item, 1);
      });
  if (!walked) return std::unexpected(std::move(walked).error());
  // Still a location means still a token.
  if (!document.current_location().error()) return bad_json("there is more behind the message");
  if (auto known = classify(seen, out); !known) return std::unexpected(std::move(known).error());
  return out;
}

bool is_batch(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '[';
}

base::Result<std::vector<std::string>> split_batch(std::string_view text, std::size_t limit) {
  ondemand::document document;
  const simdjson::padded_string_view padded(text, text.size() + simdjson::SIMDJSON_PADDING);
  if (const auto error = thread_parser().iterate(padded).get(document)) return bad_json(simdjson::error_message(error));
  ondemand::array array;
  if (const auto error = document.get_array().get(array)) return bad_json(simdjson::error_message(error));
  std::vector<std::string> messages;
  for (auto item : array) {
    if (messages.size() == limit) {
      return base::fail(base::Kind::too_many, "invalid_request",
                        "a batch has at most " + std::to_string(limit) + " messages");
    }
    ondemand::object object;
    std::string_view raw;
    if (std::move(item).get_object().get(object)) return bad_message("a batch holds message objects only");
    if (const auto error = object.raw_json().get(raw)) return bad_json(simdjson::error_message(error));
    std::string message;
    message.reserve(raw.size() + kPadding);
    message = trimmed(raw);
    messages.push_back(std::move(message));
  }
  if (messages.empty()) return bad_message("the batch is empty");
  return messages;
}

}  // namespace mcp
