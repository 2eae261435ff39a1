// The gateway's own tools on the unified endpoint: gateway__status tells which vendors there are and why one is
// missing; gateway__search_tools and gateway__call_tool stand for all tools in search mode, where a large catalogue
// would fill a model's context. docs/catalogue.md. Thread-safe; coroutines resume on the caller's I/O thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/catalogue.hpp"
#include "gateway/config.hpp"
#include "gateway/connections.hpp"
#include "gateway/inner_call.hpp"
#include "identity/preferences.hpp"

namespace gateway {

enum class ToolMode {
  all,     // the vendors' tools are listed, and gateway__status
  search,  // the gateway's own three tools are
};

class OwnTools {
 public:
  // REQUIRES: references outlive this.
  OwnTools(Connections& connections, Catalogue& catalogue, const vendor::HealthBoard& health, Config config);

  // Whether a tool's name is one that no vendor can have: "gateway" is no vendor's slug.
  [[nodiscard]] static bool owns(std::string_view name) { return name.starts_with("gateway__"); }
  // Whether a call of that tool has to be carried to a vendor: see read_inner_call().
  [[nodiscard]] static bool is_call(std::string_view name) { return name == "gateway__call_tool"; }

  // What tools/list shows: by "tools=all" or "tools=search" in the URL's query, else by the person's own choice, else
  // by the number of tools that the caller has.
  [[nodiscard]] ToolMode mode(std::string_view query, identity::ToolListing chosen, std::size_t tools) const;
  // The definitions for that mode, joined by ','; "" when the gateway's own tools are switched off.
  [[nodiscard]] std::string_view definitions(ToolMode mode) const;

  // The CallToolResult (raw JSON) of gateway__status or gateway__search_tools for that person. `arguments` is raw JSON;
  // wrong ones give a result with isError. Errors: not_found for another name, or when the tools are switched off.
  base::Async<std::string> call(std::string name, std::string arguments, std::string subject);

 private:
  base::Task<std::string> status(std::string arguments, std::string subject);
  base::Task<std::string> search(std::string arguments, std::string subject);
  base::Task<void> make_indexes(const std::vector<std::shared_ptr<const VendorList>>& lists);

  Connections& connections_;
  Catalogue& catalogue_;
  const vendor::HealthBoard& health_;
  const Config config_;
  const std::string search_mode_;  // its definitions
};

}  // namespace gateway
