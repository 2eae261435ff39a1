#include "mcp/envelope.hpp"

#include <array>

#include "json/document.hpp"
#include "mcp/detail/fields.hpp"
#include "mcp/detail/meta_keys.hpp"

namespace mcp {
namespace {

namespace ondemand = json::ondemand;
using detail::bad_json;
using detail::bad_message;
using detail::each_field;
using detail::StringField;
using detail::take_string;
using detail::take_valid;

// What two methods mean differently: a message may carry both, and the one that its method does not mean must not steer
// anything.
struct Candidates {
  StringField name;
  StringField uri;
  std::string_view meta_progress_token;
  std::string_view params_progress_token;
};

// An id or progress token: a string, or a number without a fraction.
base::Result<void> take_id(ondemand::value value, std::string_view what, std::string_view& token) {
  const auto raw = json::trimmed(value.raw_json_token());
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return bad_json(error);
  const bool integer = type == ondemand::json_type::number && raw.find_first_of(".eE") == std::string_view::npos;
  if (type != ondemand::json_type::string && !integer) {
    return bad_message(std::string(what) + " must be a string or an integer");
  }
  if (const auto error = json::validate(value, 0)) return bad_json(error);
  token = raw;
  return {};
}

base::Result<void> take_text(ondemand::value value, std::string_view what, std::string& text) {
  auto field = take_string(value, what);
  if (!field) return std::move(field).failure();
  text = field->text;
  return {};
}

base::Result<void> take_token(ondemand::value value, std::string_view what, std::string_view& token) {
  auto field = take_string(value, what);
  if (!field) return std::move(field).failure();
  token = field->token;
  return {};
}

// A value of any type; the caller of scan() judges it.
base::Result<void> take_any(ondemand::value value, int depth, std::string_view& raw) {
  auto taken = take_valid(value, kMaxDepth - depth);
  if (!taken) return std::move(taken).failure();
  raw = *taken;
  return {};
}

base::Result<void> pass_over(ondemand::value value, int depth) {
  if (const auto error = json::validate(value, kMaxDepth - depth)) return bad_json(error);
  return {};
}

// A member of the message that is none of a request.
base::Result<void> take_outcome(ondemand::value value, Envelope& out) {
  static constexpr std::array<std::string_view, 2> kNames{"uri", "taskId"};
  json::WatchedKeys watched{.names = kNames};
  if (const auto error = json::validate(value, kMaxDepth - 1, &watched)) return bad_json(error);
  out.names_things = out.names_things || watched.seen;
  return {};
}

// A member that is of interest when it is a string.
base::Result<void> take_if_string(ondemand::value value, std::string_view key, StringField& field) {
  if (!detail::is_string(value)) return pass_over(value, 2);
  auto taken = take_string(value, key);
  if (!taken) return std::move(taken).failure();
  field = *taken;
  return {};
}

base::Result<void> scan_meta(ondemand::value value, Envelope& out, Candidates& candidates) {
  const auto* const begin = json::begin_of(value);
  ondemand::object object;
  if (value.get_object().get(object)) return bad_message("params._meta must be an object");
  auto walked =
      each_field(object, "params._meta", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
        if (key == "progressToken") return take_id(item, "progressToken", candidates.meta_progress_token);
        if (key == detail::kProtocolVersionKey) return take_text(item, key, out.protocol_version);
        if (key == detail::kClientInfoKey) return take_any(item, 3, out.client_info);
        if (key == detail::kClientCapabilitiesKey) return take_any(item, 3, out.client_capabilities);
        if (key == detail::kLogLevelKey) return take_text(item, key, out.log_level);
        return pass_over(item, 3);
      });
  if (!walked) return walked;
  if (const auto error = json::text_from(begin, value, out.meta)) return bad_json(error);
  return {};
}

base::Result<void> scan_params(ondemand::value value, Envelope& out, Candidates& candidates) {
  const auto* const begin = json::begin_of(value);
  ondemand::object object;
  if (value.get_object().get(object)) return bad_message("params must be an object");
  StringField task_id;
  auto walked = each_field(object, "params", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
    if (key == "_meta") return scan_meta(item, out, candidates);
    if (key == "name") return take_if_string(item, key, candidates.name);
    if (key == "uri") return take_if_string(item, key, candidates.uri);
    if (key == "arguments") return take_any(item, 2, out.arguments);
    if (key == "progressToken") return take_id(item, key, candidates.params_progress_token);
    if (key == "requestId") return take_id(item, key, out.request_id);
    if (key == "inputResponses") return take_any(item, 2, out.input_responses);
    if (key == "requestState") return take_token(item, "params.requestState", out.request_state);
    if (key == "taskId") return take_if_string(item, key, task_id);
    return pass_over(item, 2);
  });
  if (!walked) return walked;
  out.task_id_token = task_id.token;
  out.task_id = task_id.text;
  if (const auto error = json::text_from(begin, value, out.params)) return bad_json(error);
  return {};
}

void choose(const Candidates& candidates, Envelope& out) {
  const std::string_view method = out.method;
  const bool by_uri = method.starts_with("resources/") || method == "notifications/resources/updated";
  const auto& name = by_uri ? candidates.uri : candidates.name;
  out.name_token = name.token;
  out.name = name.text;
  out.progress_token =
      method == "notifications/progress" ? candidates.params_progress_token : candidates.meta_progress_token;
}

struct Seen {
  bool version = false;
  bool null_id = false;
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
    if (seen.null_id) return bad_message("\"id\" must be a string or an integer");
    out.shape = has_id ? Shape::request : Shape::notification;
    return {};
  }
  if (!seen.result && !seen.error) return bad_message("neither \"method\" nor \"result\" nor \"error\" is there");
  // An error about a request whose id could not be read carries null, which counts as no id here.
  if (!has_id && !seen.error) return bad_message("a response needs an \"id\"");
  out.shape = Shape::response;
  return {};
}

}  // namespace

base::Result<Envelope> scan(std::string_view text) {
  ondemand::document document;
  if (const auto error = json::walk(text).get(document)) return bad_json(error);
  ondemand::object object;
  if (const auto error = document.get_object().get(object)) {
    // Something else than an object: JSON or not? Rare enough for a second reader.
    if (json::parse(text)) return bad_message("a message is a JSON object");
    return bad_json(error);
  }

  Envelope out;
  out.text = text;
  Candidates candidates;
  Seen seen;
  auto walked =
      each_field(object, "the message", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
        if (key == "jsonrpc") {
          auto version = take_string(item, key);
          seen.version = version && version->text == "2.0";
          return {};
        }
        if (key == "method") {
          seen.method = true;
          return take_text(item, key, out.method);
        }
        if (key == "id") {
          ondemand::json_type type{};
          seen.null_id = !item.type().get(type) && type == ondemand::json_type::null;
          return seen.null_id ? pass_over(item, 1) : take_id(item, key, out.id);
        }
        if (key == "params") return scan_params(item, out, candidates);
        seen.result = seen.result || key == "result";
        seen.error = seen.error || key == "error";
        return take_outcome(item, out);
      });
  if (!walked) return std::move(walked).failure();
  // Still a location means still a token.
  if (!document.current_location().error()) {
    return base::fail(base::Kind::invalid, "parse_error", "not valid JSON: there is more behind the message");
  }
  if (auto known = classify(seen, out); !known) return std::move(known).failure();
  choose(candidates, out);
  return out;
}

bool is_batch(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '[';
}

base::Result<std::vector<std::string>> split_batch(std::string_view text, std::size_t limit) {
  ondemand::document document;
  if (const auto error = json::walk(text).get(document)) return bad_json(error);
  ondemand::array array;
  if (const auto error = document.get_array().get(array)) return bad_json(error);
  std::vector<std::string> messages;
  for (auto item : array) {
    if (messages.size() == limit) {
      return base::fail(base::Kind::too_many, "invalid_request",
                        "a batch has at most " + std::to_string(limit) + " messages");
    }
    ondemand::object object;
    std::string_view raw;
    if (std::move(item).get_object().get(object)) return bad_message("a batch holds message objects only");
    if (const auto error = object.raw_json().get(raw)) return bad_json(error);
    std::string message;
    message.reserve(raw.size() + kPadding);
    message = json::trimmed(raw);
    messages.push_back(std::move(message));
  }
  if (messages.empty()) return bad_message("the batch is empty");
  return messages;
}

}  // namespace mcp
