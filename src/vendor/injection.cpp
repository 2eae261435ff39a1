#include "vendor/injection.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "vendor/definition.hpp"
#include "vendor/detail/definition_rules.hpp"

namespace vendor {
namespace {

using base::Kind;

// Tokens of some vendors are JWTs of a few kilobytes; a header much larger is refused by their servers anyway.
constexpr std::size_t kLongestValue = 16 << 10;

// The value to use: what was saved, else the default; "" for a field that stays out.
std::string_view chosen(const Field& field, const std::map<std::string, base::SecretString>& values) {
  const auto saved = values.find(field.name);
  if (saved == values.end() || saved->second.empty()) return field.default_value;
  return saved->second.reveal();
}

// The messages name the field, never the value: it may be a secret.
base::Result<void> check(const Field& field, std::string_view value) {
  if (value.empty()) {
    if (!field.required) return {};
    return base::fail(Kind::invalid, "credential.missing", fmt::format("\"{}\" is required.", field.label));
  }
  if (value.size() > kLongestValue) {
    return base::fail(Kind::invalid, "credential.too_long",
                      fmt::format("\"{}\" is longer than {} bytes.", field.label, kLongestValue));
  }
  if (detail::has_control_character(value)) {
    return base::fail(
        Kind::invalid, "credential.characters",
        fmt::format("\"{}\" holds a line break, tab or other control character; was it pasted whole?", field.label));
  }
  if (value.front() == ' ' || value.back() == ' ') {
    return base::fail(Kind::invalid, "credential.characters",
                      fmt::format("\"{}\" begins or ends with a space.", field.label));
  }
  if (!field.choices.empty() && std::ranges::find(field.choices, value) == field.choices.end()) {
    return base::fail(Kind::invalid, "credential.choice",
                      fmt::format("\"{}\" must be one of: {}.", field.label, fmt::join(field.choices, ", ")));
  }
  return {};
}

}  // namespace

bool Definition::needs_credential() const { return std::ranges::any_of(fields, &Field::required); }

base::Result<Injection> inject(const Definition& definition, std::string key,
                               const std::map<std::string, base::SecretString>& values) {
  Injection injection;
  injection.key = std::move(key);
  for (const auto& field : definition.fields) {
    const auto value = chosen(field, values);
    if (auto checked = check(field, value); !checked) return std::move(checked).failure();
    if (value.empty()) continue;
    if (!field.header.empty()) {
      injection.headers.emplace_back(field.header, base::SecretString(field.prefix + std::string(value)));
    }
    if (!field.env.empty()) injection.environment.emplace(field.env, base::SecretString(value));
  }
  return injection;
}

namespace {

void hide(std::string& text, std::string_view secret) {
  constexpr std::size_t kShortest = 4;
  constexpr std::string_view kHidden = "•••";
  if (secret.size() < kShortest) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + kHidden.size())) {
    text.replace(at, secret.size(), kHidden);
  }
}

}  // namespace

std::string without_secrets(std::string text, const Injection& injection) {
  for (const auto& [name, value] : injection.headers) {
    // Behind a prefix like "Bearer " stands the secret itself.
    const auto whole = value.reveal();
    const auto space = whole.rfind(' ');
    hide(text, space == std::string_view::npos ? whole : whole.substr(space + 1));
  }
  for (const auto& [name, value] : injection.environment) hide(text, value.reveal());
  return text;
}

}  // namespace vendor
