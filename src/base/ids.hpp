// Identifiers made by the application: UUID version 7 (RFC 9562 section 5.7), sortable by time of making.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/random.hpp"

namespace base {

[[nodiscard]] std::string uuid7(Micros now, Random& random);
// The 8-4-4-4-12 form in lower case, any version.
[[nodiscard]] bool is_uuid(std::string_view text);

}  // namespace base
