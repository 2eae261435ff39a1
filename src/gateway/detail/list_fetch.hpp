// Fetches one list of one vendor through all its pages.
#pragma once

#include <memory>
#include <optional>

#include "gateway/connections.hpp"
#include "gateway/vendor_list.hpp"

namespace gateway {

struct FetchedList {
  std::shared_ptr<const VendorList> list;
  std::optional<std::chrono::milliseconds>
      ttl;                  // the shortest that the vendor gave (2026-07-28 server/utilities/caching)
  bool is_private = false;  // the vendor says so
};

// Over the warm channel, opened when there is none. A kind that the vendor does not offer is not asked for: its list is
// empty. Pages, items and bytes beyond the Config's limits are left out, and logged.
// Errors: those of Connections::warm and vendor::Call::next, noted there; vendor_invalid.
base::Async<FetchedList> fetch_list(Connections& connections, Connection connection, mcp::ListKind kind,
                                    const Config& config, base::SteadyTime deadline);

}  // namespace gateway
