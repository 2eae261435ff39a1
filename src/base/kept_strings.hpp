// Strings whose memory a thread keeps for the next one of their kind: messages that every call reads and drops, larger
// than what malloc serves quickly. Sanitized builds keep nothing.
#pragma once

#include <cstddef>
#include <string>

namespace base {

// Empty, with room for `size` characters.
[[nodiscard]] std::string take_string(std::size_t size);
// To be called with a string of take_string() that nobody needs any more; with another one it does no harm.
void keep_string(std::string&& text);

}  // namespace base
