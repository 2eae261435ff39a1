#include "mcp/detail/argument_values.hpp"

#include <numeric>

#include "mcp/detail/fields.hpp"

namespace mcp::detail {
namespace {

// Indices of the parameters whose paths lead through an object.
using Active = boost::container::small_vector<std::size_t, 8>;

class Lookup {
 public:
  explicit Lookup(const std::vector<MirroredParameter>& parameters)
      : parameters_(parameters), values_(parameters.size()) {}

  base::Result<void> walk(ondemand::object& object, std::size_t depth, const Active& active) {
    return each_field(object, "params.arguments", [&](std::string_view key, ondemand::value value) {
      Active here;
      for (const auto index : active) {
        if (parameters_[index].path[depth] == key) here.push_back(index);
      }
      return here.empty() ? base::Result<void>() : take(value, depth, here);
    });
  }

  std::vector<ArgumentValue> values() && { return std::move(values_); }

 private:
  base::Result<void> take(ondemand::value value, std::size_t depth, const Active& here) {
    ondemand::object object;
    if (!value.get_object().get(object)) {
      Active deeper;
      for (const auto index : here) {
        if (parameters_[index].path.size() > depth + 1) deeper.push_back(index);
      }
      return walk(object, depth + 1, deeper);
    }
    const auto primitive = read(value);
    for (const auto index : here) {
      if (parameters_[index].path.size() == depth + 1) values_[index] = primitive;
    }
    return {};
  }

  static ArgumentValue read(ondemand::value value) {
    using enum ArgumentValue::Type;
    ondemand::json_type type{};
    if (value.type().get(type)) return {};
    const auto token = json::trimmed(value.raw_json_token());
    if (type == ondemand::json_type::number) return {.type = number, .text = std::string(token)};
    if (type == ondemand::json_type::boolean) return {.type = boolean, .text = std::string(token)};
    std::string_view unescaped;
    if (type != ondemand::json_type::string || value.get_string().get(unescaped)) return {};
    return {.type = text, .text = std::string(unescaped)};
  }

  const std::vector<MirroredParameter>& parameters_;
  std::vector<ArgumentValue> values_;
};

}  // namespace

base::Result<std::vector<ArgumentValue>> argument_values(const std::vector<MirroredParameter>& parameters,
                                                         std::string_view arguments) {
  Lookup lookup(parameters);
  ondemand::document document;
  ondemand::object object;
  const bool none = arguments.empty() || json::walk(arguments).get(document) || document.get_object().get(object);
  if (none) return std::move(lookup).values();
  Active all(parameters.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (auto walked = lookup.walk(object, 0, all); !walked) return std::move(walked).failure();
  return std::move(lookup).values();
}

}  // namespace mcp::detail
