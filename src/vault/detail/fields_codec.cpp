#include "vault/detail/fields_codec.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>

namespace vault::detail {
namespace {

constexpr char kFormat = 1;

void append(std::string& out, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift & 0xff);
  out += text;
}

// Takes one length-prefixed text off the front; nothing when there is no whole one.
std::optional<std::string_view> take(std::string_view& bytes) {
  if (bytes.size() < 4) return std::nullopt;
  std::size_t size = 0;
  for (std::size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<std::uint8_t>(bytes[i]);
  bytes.remove_prefix(4);
  if (bytes.size() < size) return std::nullopt;
  const auto text = bytes.substr(0, size);
  bytes.remove_prefix(size);
  return text;
}

base::Failure malformed() {
  return base::fail(base::Kind::unavailable, "vault.sealed", "A stored credential has an unknown form.",
                    "opened, but its fields are malformed");
}

}  // namespace

base::Result<void> check(const Fields& fields) {
  if (fields.size() > kMaxFields) {
    return base::fail(base::Kind::invalid, "vault.fields", fmt::format("At most {} fields are stored.", kMaxFields));
  }
  for (const auto& [name, value] : fields) {
    if (name.empty() || name.size() > kMaxName) {
      return base::fail(base::Kind::invalid, "vault.fields",
                        fmt::format("A field's name has 1 to {} bytes.", kMaxName));
    }
    if (value.size() > kMaxValue) {
      return base::fail(base::Kind::too_large, "vault.fields",
                        fmt::format("The field {} is longer than {} bytes.", name, kMaxValue));
    }
  }
  return {};
}

base::SecretString encode(const Fields& fields) {
  std::size_t size = 1;
  for (const auto& [name, value] : fields) size += 8 + name.size() + value.size();
  std::string out;
  out.reserve(size);  // no reallocation leaves a copy behind
  out += kFormat;
  for (const auto& [name, value] : fields) {
    append(out, name);
    append(out, value.reveal());
  }
  return base::SecretString(std::move(out));
}

base::Result<Fields> decode(std::string_view bytes) {
  if (bytes.empty() || bytes.front() != kFormat) return malformed();
  bytes.remove_prefix(1);
  Fields fields;
  while (!bytes.empty()) {
    const auto name = take(bytes);
    const auto value = take(bytes);
    if (!name || !value) return malformed();
    fields.insert_or_assign(std::string(*name), base::SecretString(*value));
  }
  return fields;
}

std::string encode_names(const Fields& fields) {
  boost::json::array names;
  for (const auto& [name, value] : fields) names.emplace_back(name);
  return boost::json::serialize(names);
}

std::vector<std::string> decode_names(const std::string& json) {
  std::vector<std::string> names;
  boost::system::error_code error;
  const auto value = boost::json::parse(json, error);
  if (error || !value.is_array()) return names;
  for (const auto& name : value.get_array()) {
    if (name.is_string()) names.emplace_back(name.get_string());
  }
  return names;
}

}  // namespace vault::detail
