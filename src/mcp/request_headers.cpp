#include "mcp/request_headers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "json/document.hpp"
#include "mcp/detail/argument_values.hpp"
#include "mcp/detail/words.hpp"
#include "mcp/header_value.hpp"

namespace mcp {
namespace {

using detail::ArgumentValue;

constexpr std::string_view kAnnotation = "x-mcp-header";
constexpr double kLargestSafe = 9'007'199'254'740'991.0;
// 2026-07-28 basic/transports/streamable-http, "Standard Request Headers".
constexpr std::array<std::string_view, 3> kNamed{"tools/call", "prompts/get", "resources/read"};

base::Failure bad_annotation(std::string_view where, std::string_view what) {
  return base::fail(base::Kind::invalid, "x_mcp_header", fmt::format("x-mcp-header at {}: {}", where, what));
}

base::Failure mismatch(std::string message) {
  return base::fail(base::Kind::invalid, "header_mismatch", "Header mismatch: " + std::move(message));
}

bool same_name(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// Looks through one inputSchema. An annotation counts only on a chain of `properties`; anywhere else it spoils the
// tool.
class Annotations {
 public:
  base::Result<std::vector<MirroredParameter>> read(const boost::json::value& schema) {
    if (auto walked = walk_schema(schema); !walked) return std::move(walked).failure();
    return std::move(found_);
  }

 private:
  std::string place() const { return path_.empty() ? "the schema's root" : fmt::format("{}", fmt::join(path_, ".")); }

  // A schema that can be reached by `properties` alone.
  base::Result<void> walk_schema(const boost::json::value& schema) {
    const auto* object = schema.if_object();
    if (object == nullptr) return {};
    for (const auto& [key, value] : *object) {
      if (key == kAnnotation) {
        if (auto taken = take(*object, value); !taken) return taken;
      } else if (key == "properties") {
        if (auto walked = walk_properties(value); !walked) return walked;
      } else if (!is_data(key)) {
        if (auto none = refuse_below(value, key); !none) return none;
      }
    }
    return {};
  }

  base::Result<void> walk_properties(const boost::json::value& value) {
    const auto* properties = value.if_object();
    if (properties == nullptr) return {};
    for (const auto& [name, property] : *properties) {
      path_.emplace_back(name);
      auto walked = walk_schema(property);
      path_.pop_back();
      if (!walked) return walked;
    }
    return {};
  }

  // Members whose values are instances, not schemas: what looks like an annotation there is none.
  static bool is_data(std::string_view key) {
    return key == "default" || key == "const" || key == "enum" || key == "examples";
  }

  base::Result<void> refuse_below(const boost::json::value& value, std::string_view keyword) {
    if (const auto* array = value.if_array()) {
      for (const auto& item : *array) {
        if (auto none = refuse_below(item, keyword); !none) return none;
      }
    }
    const auto* object = value.if_object();
    if (object == nullptr) return {};
    for (const auto& [key, child] : *object) {
      // An object there is the schema of a property of that name.
      if (key == kAnnotation && !child.is_object()) {
        return bad_annotation(place(), fmt::format("it stands below \"{}\", where no property path leads", keyword));
      }
      if (is_data(key)) continue;
      if (auto none = refuse_below(child, keyword); !none) return none;
    }
    return {};
  }

  base::Result<void> take(const boost::json::object& schema, const boost::json::value& value) {
    const auto* name = value.if_string();
    if (name == nullptr || name->empty()) return bad_annotation(place(), "it must be a name");
    if (!http::is_token(*name)) return bad_annotation(place(), "its name is no HTTP field name");
    if (path_.empty()) return bad_annotation(place(), "it stands on no property");
    const auto* type = schema.if_contains("type");
    const auto type_name = type != nullptr && type->is_string() ? std::string_view(type->get_string()) : "";
    if (type_name != "string" && type_name != "integer" && type_name != "boolean") {
      return bad_annotation(place(), "its property must be a string, an integer or a boolean");
    }
    auto header = "Mcp-Param-" + std::string(*name);
    const bool taken = std::ranges::any_of(found_, [&](const auto& one) { return same_name(one.header, header); });
    if (taken) return bad_annotation(place(), fmt::format("the name {} stands twice", std::string_view(*name)));
    found_.push_back({std::move(header), path_});
    return {};
  }

  std::vector<std::string> path_;
  std::vector<MirroredParameter> found_;
};

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_safe_integer(double number) { return std::trunc(number) == number && std::abs(number) <= kLargestSafe; }

// What a field says of a value: integers in decimal, whatever the body writes them like.
std::string as_text(const ArgumentValue& value) {
  if (value.type != ArgumentValue::Type::number) return value.text;
  const auto number = number_in(value.text);
  if (!number || !is_safe_integer(*number)) return value.text;
  return std::to_string(static_cast<std::int64_t>(*number));
}

// -7, 42 or 42.0; no exponent, no "inf".
bool is_decimal(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto is_digits = [](std::string_view part) {
    return !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
  };
  const auto dot = text.find('.');
  return is_digits(text.substr(0, dot)) && (dot == std::string_view::npos || is_digits(text.substr(dot + 1)));
}

bool says(std::string_view field, const ArgumentValue& value) {
  if (field == value.text) return true;
  if (value.type != ArgumentValue::Type::number || !is_decimal(field)) return false;
  const auto said = number_in(field);
  // Beyond the safe range different integers are the same double.
  return said && *said == number_in(value.text) && (is_safe_integer(*said) || std::trunc(*said) != *said);
}

base::Failure missing(std::string_view field, std::string_view expected) {
  return mismatch(fmt::format("the {} header is missing; the body says '{}'", field, detail::shown(expected)));
}

base::Failure different(std::string_view field, std::string_view value, std::string_view expected) {
  return mismatch(fmt::format("{} header value '{}' does not match body value '{}'", field, detail::shown(value),
                              detail::shown(expected)));
}

// The only field of that name; nothing when there is none. One reader of two would see the first, another the last.
base::Result<std::optional<std::string_view>> only(const http::Headers& headers, std::string_view name) {
  std::optional<std::string_view> value;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (!same_name(headers.at(i).name, name)) continue;
    if (value) return mismatch(fmt::format("the {} header stands twice", name));
    value = headers.at(i).value;
  }
  return value;
}

// The decoded value of a field that may be encoded.
base::Result<std::optional<std::string>> decoded(const http::Headers& headers, std::string_view name) {
  auto value = only(headers, name);
  if (!value) return std::move(value).failure();
  if (!*value) return std::nullopt;
  auto text = decode_header_value(**value);
  if (!text) return mismatch(fmt::format("the {} header holds characters it must not, or bad Base64", name));
  return text;
}

// A field that is required and stands as it is.
base::Result<void> check_plain(const http::Headers& headers, std::string_view name, std::string_view expected) {
  const auto value = only(headers, name);
  if (!value) return value.failure();
  if (!*value) return missing(name, expected);
  if (**value != expected) return different(name, **value, expected);
  return {};
}

base::Result<void> check_parameter(const http::Headers& headers, std::string_view name, const ArgumentValue& value) {
  const auto field = decoded(headers, name);
  if (!field) return field.failure();
  const bool absent = value.type == ArgumentValue::Type::absent;
  if (!*field && absent) return {};
  if (!*field) return missing(name, as_text(value));
  if (absent) return mismatch(fmt::format("there is an {} header, but no such value in the body", name));
  if (!says(**field, value)) return different(name, **field, as_text(value));
  return {};
}

}  // namespace

base::Result<std::vector<MirroredParameter>> mirrored_parameters(std::string_view definition) {
  // Nearly every tool has none, and its schema need not be read; an escape may hide one.
  const bool plain = definition.contains(kAnnotation);
  if (!plain && !definition.contains("\\u00")) return std::vector<MirroredParameter>();
  const auto tool = json::parse_object(definition);
  if (!tool && plain) return tool.failure();
  if (!tool) return std::vector<MirroredParameter>();
  const auto* schema = tool->if_contains("inputSchema");
  if (schema == nullptr) return std::vector<MirroredParameter>();
  return Annotations().read(*schema);
}

std::vector<std::pair<std::string, std::string>> parameter_headers(const std::vector<MirroredParameter>& parameters,
                                                                   std::string_view arguments) {
  std::vector<std::pair<std::string, std::string>> out;
  if (parameters.empty()) return out;
  const auto values = detail::argument_values(parameters, arguments);
  if (!values) return out;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const auto& value = (*values)[i];
    if (value.type == ArgumentValue::Type::absent) continue;
    out.emplace_back(parameters[i].header, encode_header_value(as_text(value)));
  }
  return out;
}

std::string_view mirrored_name(const Envelope& envelope) {
  const bool of_task = envelope.method.starts_with("tasks/");
  const auto token = of_task ? envelope.task_id_token : envelope.name_token;
  if (token.data() == nullptr) return {};
  return of_task ? envelope.task_id : envelope.name;
}

std::vector<std::pair<std::string, std::string>> parameter_fields(const http::Headers& headers) {
  constexpr std::string_view kPrefix = "Mcp-Param-";
  std::vector<std::pair<std::string, std::string>> out;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const auto [name, value] = headers.at(i);
    if (name.size() > kPrefix.size() && same_name(name.substr(0, kPrefix.size()), kPrefix))
      out.emplace_back(name, value);
  }
  return out;
}

base::Result<void> check_request_headers(const http::Headers& headers, const Envelope& envelope) {
  if (auto same = check_plain(headers, "MCP-Protocol-Version", envelope.protocol_version); !same) return same;
  if (auto same = check_plain(headers, "Mcp-Method", envelope.method); !same) return same;

  const auto expected = mirrored_name(envelope);
  const bool required = std::ranges::find(kNamed, envelope.method) != kNamed.end();
  if (!required && expected.data() == nullptr) return {};
  const auto name = decoded(headers, "Mcp-Name");
  if (!name) return name.failure();
  if (!*name && required) return missing("Mcp-Name", expected);
  if (*name && **name != expected) return different("Mcp-Name", **name, expected);
  return {};
}

base::Result<void> check_parameter_headers(const http::Headers& headers,
                                           const std::vector<MirroredParameter>& parameters,
                                           std::string_view arguments) {
  if (parameters.empty()) return {};
  const auto values = detail::argument_values(parameters, arguments);
  if (!values) return mismatch(values.error().message);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (auto same = check_parameter(headers, parameters[i].header, (*values)[i]); !same) return same;
  }
  return {};
}

}  // namespace mcp
