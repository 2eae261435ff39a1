// What a request is to be carried to: a vendor, and what that vendor calls the thing that the request names.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/endpoint.hpp"
#include "mcp/list_page.hpp"

namespace gateway {

struct Endpoint::Errand {
  std::shared_ptr<const vendor::Definition> definition;
  std::string_view token;  // names the thing in the body, to be replaced by `name`; nothing is when it is empty
  std::string unified;     // its name on the unified endpoint; "": the envelope's
  std::string name;        // the vendor's own name, or what stands behind the separator of a mapped one
  std::optional<mcp::ListKind> mapped;  // the list that tells what a mapped name stands for
};

}  // namespace gateway
