// Which client asks, and its proof: RFC 6749 section 2.3.
#pragma once

#include <memory>

#include "base/async.hpp"
#include "http/message.hpp"
#include "oauth/client_directory.hpp"

namespace oauth::detail {

// By HTTP Basic or by client_id and client_secret of the form; a public client by client_id alone. Another
// Authorization scheme is not looked at: clients send their users' foreign Bearer headers here, too.
// Errors: unauthenticated, code invalid_client; invalid_request (two ways at once); unavailable.
// The references must outlive the call: await it directly.
base::Async<std::shared_ptr<const Client>> authenticate(ClientDirectory& clients, const http::Headers& headers,
                                                        const http::Parameters& form);

[[nodiscard]] bool is_basic(std::string_view authorization);

}  // namespace oauth::detail
