// Writes the head of a request from what the caller names; nothing of anybody else's head gets in.
#pragma once

#include <cstdint>

#include "base/kept_memory.hpp"
#include "http/client.hpp"

namespace http {

// Host, Content-Length and what belongs to the connection is ours and left out of `headers`.
void write_request_head(base::KeptString& out, const ClientRequest& request, std::uint64_t body_size);

}  // namespace http
