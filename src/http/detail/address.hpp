// Which addresses a stranger may make this program connect to: the globally reachable unicast ones of the IANA
// special-purpose registries (RFC 6890), so that a name or URL from outside never reaches the inside.
#pragma once

#include <boost/asio/ip/address.hpp>

namespace http {

// Addresses that carry an IPv4 address inside (mapped, 6to4, NAT64) are judged by that one.
[[nodiscard]] bool is_public(const boost::asio::ip::address& address);

}  // namespace http
