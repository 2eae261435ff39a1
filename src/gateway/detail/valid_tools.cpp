#include "gateway/detail/valid_tools.hpp"

#include "base/log.hpp"
#include "json/splice.hpp"
#include "mcp/list_page.hpp"
#include "mcp/request_headers.hpp"

namespace gateway {

std::optional<std::string> without_invalid_tools(std::string_view vendor, std::string_view response) {
  const auto page = mcp::read_list_page(mcp::ListKind::tools, response);
  if (!page || page->items.empty()) return std::nullopt;
  std::string valid;
  bool all = true;
  for (const auto& item : page->items) {
    if (const auto parameters = mcp::mirrored_parameters(item.definition); !parameters) {
      all = false;
      base::log::warn("list.item_left_out",
                      {{"vendor", vendor}, {"list", "tools"}, {"item", item.key}, {"why", parameters.error().message}});
      continue;
    }
    if (!valid.empty()) valid += ',';
    valid += item.definition;
  }
  if (all) return std::nullopt;

  const auto* const begin = page->items.front().definition.data();
  const auto last = page->items.back().definition;
  json::Splice splice(response);
  splice.replace({begin, last.data() + last.size()}, valid);
  return splice.str();
}

}  // namespace gateway
