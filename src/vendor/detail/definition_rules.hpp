// What names in a vendor definition may look like. Each function says what is wrong, or gives "" for a good one.
#pragma once

#include <string>
#include <string_view>

namespace vendor::detail {

[[nodiscard]] std::string wrong_with_slug(std::string_view slug);
// The key of a credential field, in forms and in the vault.
[[nodiscard]] std::string wrong_with_field_name(std::string_view name);
// A header that a credential may go into: not one that the transport, the protocol or the gateway sets itself.
[[nodiscard]] std::string wrong_with_header(std::string_view name);
[[nodiscard]] std::string wrong_with_environment_name(std::string_view name);
// The same for a variable whose value a person types: none that would let them choose what code the command runs.
[[nodiscard]] std::string wrong_with_credential_variable(std::string_view name);
// Text for people: UTF-8 without control characters, at most `longest` bytes.
[[nodiscard]] std::string wrong_with_text(std::string_view text, std::size_t longest);
// The same without control characters only: for values that go into heads and environments.
[[nodiscard]] bool has_control_character(std::string_view text);

}  // namespace vendor::detail
