#include "mcp/request_headers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "json/document.hpp"
#include "mcp/header_value.hpp"

namespace mcp {
namespace {

constexpr std::string_view kAnnotation = "x-mcp-header";
constexpr double kLargestSafe = 9007199254740991.0;

std::unexpected<base::Error> bad_annotation(std::string_view where, std::string_view what) {
  return base::fail(base::Kind::invalid, "x_mcp_header", fmt::format("x-mcp-header at {}: {}", where, what));
}

std::unexpected<base::Error> mismatch(std::string message) {
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
    if (auto walked = walk_schema(schema); !walked) return std::unexpected(std::move(walked).error());
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
      if (key == kAnnotation) {
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

const boost::json::value* value_at(const boost::json::object& arguments, const std::vector<std::string>& path) {
  const boost::json::object* object = &arguments;
  const boost::json::value* value = nullptr;
  for (const auto& key : path) {
    if (object == nullptr) return nullptr;
    value = object->if_contains(key);
    if (value == nullptr) return nullptr;
    object = value->if_object();
  }
  return value;
}

// Nothing for what a field cannot say: null, objects, arrays, fractions.
std::optional<std::string> as_text(const boost::json::value& value) {
  if (const auto* text = value.if_string()) return std::string(*text);
  if (const auto* flag = value.if_bool()) return *flag ? "true" : "false";
  if (const auto* number = value.if_int64()) return std::to_string(*number);
  if (const auto* number = value.if_uint64()) return std::to_string(*number);
  const auto* number = value.if_double();
  if (number == nullptr || std::trunc(*number) != *number || std::abs(*number) > kLargestSafe) return std::nullopt;
  return std::to_string(static_cast<std::int64_t>(*number));
}

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool says(std::string_view field, const boost::json::value& value) {
  if (value.is_number()) return number_in(field) == value.to_number<double>();
  return as_text(value) == field;
}

boost::json::object arguments_object(std::string_view arguments) {
  auto parsed = arguments.empty() ? base::Result<boost::json::object>() : json::parse_object(arguments);
  return parsed ? *std::move(parsed) : boost::json::object();
}

base::Result<void> check_one(const http::Headers& headers, std::string_view field, std::string_view expected,
                             bool required) {
  const auto value = headers.find(field);
  if (!value) {
    if (!required) return {};
    return mismatch(fmt::format("the {} header is missing; the body says '{}'", field, expected));
  }
  const auto decoded = decode_header_value(*value);
  if (!decoded) return mismatch(fmt::format("the {} header holds characters it must not, or bad Base64", field));
  if (*decoded == expected) return {};
  return mismatch(fmt::format("{} header value '{}' does not match body value '{}'", field, *decoded, expected));
}

}  // namespace

base::Result<std::vector<MirroredParameter>> mirrored_parameters(std::string_view definition) {
  // Nearly every tool has none, and its schema need not be read.
  if (!definition.contains(kAnnotation)) return std::vector<MirroredParameter>();
  const auto tool = json::parse_object(definition);
  if (!tool) return std::unexpected(tool.error());
  const auto* schema = tool->if_contains("inputSchema");
  if (schema == nullptr) return std::vector<MirroredParameter>();
  return Annotations().read(*schema);
}

std::vector<std::pair<std::string, std::string>> parameter_headers(const std::vector<MirroredParameter>& parameters,
                                                                   std::string_view arguments) {
  std::vector<std::pair<std::string, std::string>> out;
  if (parameters.empty()) return out;
  const auto object = arguments_object(arguments);
  for (const auto& parameter : parameters) {
    const auto* value = value_at(object, parameter.path);
    const auto text = value != nullptr ? as_text(*value) : std::nullopt;
    if (text) out.emplace_back(parameter.header, encode_header_value(*text));
  }
  return out;
}

base::Result<void> check_request_headers(const http::Headers& headers, const Envelope& envelope) {
  const auto version = headers.find("MCP-Protocol-Version");
  if (!version) return mismatch("the MCP-Protocol-Version header is missing");
  if (*version != envelope.protocol_version) {
    return mismatch(fmt::format("MCP-Protocol-Version header value '{}' does not match _meta's '{}'", *version,
                                envelope.protocol_version));
  }
  const auto method = headers.find("Mcp-Method");
  if (!method) return mismatch(fmt::format("the Mcp-Method header is missing; the body says '{}'", envelope.method));
  if (*method != envelope.method) {
    return mismatch(
        fmt::format("Mcp-Method header value '{}' does not match body value '{}'", *method, envelope.method));
  }
  const bool required =
      envelope.method == "tools/call" || envelope.method == "prompts/get" || envelope.method == "resources/read";
  if (!required && envelope.name_token.data() == nullptr) return {};
  return check_one(headers, "Mcp-Name", envelope.name, required);
}

base::Result<void> check_parameter_headers(const http::Headers& headers,
                                           const std::vector<MirroredParameter>& parameters,
                                           std::string_view arguments) {
  if (parameters.empty()) return {};
  const auto object = arguments_object(arguments);
  for (const auto& parameter : parameters) {
    const auto* value = value_at(object, parameter.path);
    const auto expected = value != nullptr ? as_text(*value) : std::nullopt;
    const auto field = headers.find(parameter.header);
    if (!field && !expected) continue;
    if (!field)
      return mismatch(fmt::format("the {} header is missing; the body says '{}'", parameter.header, *expected));
    const auto decoded = decode_header_value(*field);
    if (!decoded) {
      return mismatch(fmt::format("the {} header holds characters it must not, or bad Base64", parameter.header));
    }
    if (!expected || !says(*decoded, *value)) {
      return mismatch(fmt::format("{} header value '{}' does not match body value '{}'", parameter.header, *decoded,
                                  expected.value_or("")));
    }
  }
  return {};
}

}  // namespace mcp
