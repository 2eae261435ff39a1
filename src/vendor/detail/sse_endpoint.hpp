// The first event of the deprecated HTTP+SSE transport (2024-11-05 basic/transports, "HTTP with SSE").
#pragma once

#include <string_view>

#include "http/client.hpp"

namespace vendor::detail {

// Where messages go: the data of the event `endpoint`, a URL that may be relative to that of the stream.
// Errors: vendor_invalid, naming the vendor (no URL, or one of another origin: the credential stays where it belongs).
[[nodiscard]] base::Result<http::Url> resolve_endpoint(std::string_view vendor, const http::Url& stream,
                                                       std::string_view reference);

}  // namespace vendor::detail
