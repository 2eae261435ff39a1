#include "mcp/own_info.hpp"

#include <fmt/format.h>

#include "mcp/detail/meta_keys.hpp"

namespace mcp {

std::string own_request_meta() {
  return fmt::format(R"({{"{}":"{}","{}":{},"{}":{{}}}})", detail::kProtocolVersionKey, kNewestModern,
                     detail::kClientInfoKey, kOwnInfo, detail::kClientCapabilitiesKey);
}

std::string own_initialize_params(std::string_view protocol_version, std::string_view capabilities) {
  return fmt::format(R"({{"protocolVersion":"{}","capabilities":{},"clientInfo":{}}})", protocol_version, capabilities,
                     kOwnInfo);
}

}  // namespace mcp
