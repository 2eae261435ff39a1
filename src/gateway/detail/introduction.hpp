// How a vendor of one era introduces itself to a client of the other: its InitializeResult (2025-11-25 basic/lifecycle)
// made of its DiscoverResult (2026-07-28 server/discover), and the other way. What the gateway bridges, it keeps.
#pragma once

#include <boost/json.hpp>
#include <string_view>

namespace gateway {

// `slug` stands for a vendor that does not name itself.
[[nodiscard]] boost::json::object initialize_result_of(const boost::json::object& discover_result,
                                                       std::string_view revision, std::string_view slug);
// Without supportedVersions and caching hints, which the caller knows.
[[nodiscard]] boost::json::object discover_result_of(const boost::json::object& initialize_result);

}  // namespace gateway
