// Where to go after signing in: a path of this gateway and nothing else, so that a link to the sign-in page cannot
// send anybody elsewhere (open redirect, RFC 9700 section 4.11).
#pragma once

#include <string>
#include <string_view>

namespace web {

// The path itself when it is safe, "/settings" otherwise. Safe: begins with one '/', second character neither '/' nor
// '\', no backslash, space, control or non-ASCII byte anywhere, at most 16 KiB.
[[nodiscard]] std::string safe_return_to(std::string_view path);

}  // namespace web
