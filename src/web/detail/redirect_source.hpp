// Where a redirect URI leads, as a source expression of Content-Security-Policy Level 3 (section 2.3.1).
#pragma once

#include <string>
#include <string_view>

namespace web {

// "https://app.example:8443" for http and https; "cursor:" for private-use schemes (RFC 8252 section 7.1), and
// "http:" or "https:" for hosts that a policy cannot express (IPv6 addresses). "" when it is no absolute URI: nothing
// is allowed then. Never holds a character that could end the directive.
[[nodiscard]] std::string redirect_source(std::string_view uri);

// "http://localhost:3335" of an http or https URI, IPv6 too; "" otherwise.
[[nodiscard]] std::string redirect_origin(std::string_view uri);

}  // namespace web
