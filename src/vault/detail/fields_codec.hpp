// The plaintext of a sealed credential: fields as length-prefixed bytes, so that no parser or tree copies the values.
// docs/formats/sealed-record.md, "Credential".
#pragma once

#include "vault/credentials.hpp"

namespace vault::detail {

inline constexpr std::size_t kMaxFields = 64;
inline constexpr std::size_t kMaxName = 64;          // bytes
inline constexpr std::size_t kMaxValue = 64 * 1024;  // bytes

// Errors: invalid (no or an empty name, too many fields), too_large (a value).
[[nodiscard]] base::Result<void> check(const Fields& fields);

[[nodiscard]] base::SecretString encode(const Fields& fields);
// Errors: unavailable, code "vault.sealed".
[[nodiscard]] base::Result<Fields> decode(std::string_view bytes);

// Names as a JSON array, for the column that pages read.
[[nodiscard]] std::string encode_names(const Fields& fields);
[[nodiscard]] std::vector<std::string> decode_names(const std::string& json);

}  // namespace vault::detail
