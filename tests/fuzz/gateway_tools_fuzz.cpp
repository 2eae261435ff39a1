// Input: a question on the first line, then what a vendor of the modern era answers to tools/list. What stands on the
// unified endpoint then is named after that vendor and leads back to it; what is left of a list on the vendor's own
// endpoint is what was in it; every search ends with tools of the list.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "base/encoding.hpp"
#include "gateway/detail/valid_tools.hpp"
#include "gateway/tool_search.hpp"
#include "json/document.hpp"
#include "mcp/envelope.hpp"
#include "mcp/tool_name.hpp"
#include "mcp/unified_uri.hpp"

namespace {

constexpr std::string_view kVendor = "hudu";
constexpr gateway::ListBuilder::Limits kLimits{.items = 8, .bytes = 2'000};

void require(bool holds) {
  if (!holds) std::abort();
}

std::shared_ptr<const gateway::VendorList> build(const mcp::ListPage& page) {
  gateway::ListBuilder builder(std::string(kVendor), mcp::ListKind::tools, mcp::Era::modern, kLimits);
  for (const auto& item : page.items) {
    if (!builder.add(item)) break;
  }
  return std::move(builder).finish();
}

void check_list(const gateway::VendorList& list) {
  require(list.items().size() <= kLimits.items && list.fragment().size() <= kLimits.bytes);
  for (const auto& item : list.items()) {
    const auto split = mcp::split_unified_name(item.unified);
    require(split && split->vendor == kVendor);
    require(mcp::is_mapped_name(item.unified) ? list.find_mapped(item.unified) == &item : split->rest == item.key);
    require(list.find(item.key) == &item);
  }
}

// Links of a vendor's tools name resources of that vendor, whatever they say.
void check_links(const gateway::VendorList& list) {
  std::string text = R"({"jsonrpc":"2.0","id":1,"result":{"tools":[)" + std::string(list.fragment()) + "]}}";
  text.reserve(text.size() + mcp::kPadding);
  const auto page = mcp::read_list_page(mcp::ListKind::tools, text);
  require(page && page->items.size() == list.items().size());
  for (std::size_t i = 0; i < page->items.size(); ++i) {
    require(page->items[i].key == list.items()[i].unified);
    for (const auto link : page->items[i].links) {
      const auto uri = json::parse(link);
      if (!uri || !uri->is_string() || uri->get_string().empty()) continue;
      const auto split = mcp::split_unified_uri(std::string_view(uri->get_string()));
      require(split && split->vendor == kVendor);
    }
  }
}

void check_search(const std::shared_ptr<const gateway::VendorList>& list, std::string_view question) {
  for (const auto& word : gateway::words_of(question)) {
    require(!word.empty() && word.size() <= 64);
    require(std::ranges::none_of(word, [](char c) { return c >= 'A' && c <= 'Z'; }));
  }
  const std::array lists{list, list};
  const auto hits = gateway::search_tools(lists, question, 3);
  require(hits.size() <= 3);
  for (const auto& hit : hits) {
    require(hit.list == list.get() && std::isfinite(hit.score) && hit.score > 0);
    require(hit.tool >= list->items().data() && hit.tool < list->items().data() + list->items().size());
  }
  require(std::ranges::is_sorted(hits, std::ranges::greater(), &gateway::ToolHit::score));
  for (const auto& item : list->items()) {
    const auto named = gateway::search_tools(std::array{list}, item.unified, 1);
    require(named.size() == 1 && (named[0].tool->unified == item.unified || named[0].tool->key == item.unified));
  }
}

void check_valid(const std::string& response, const mcp::ListPage& page) {
  const auto filtered = gateway::without_invalid_tools(kVendor, response);
  if (!filtered) return;
  require(mcp::scan(*filtered).has_value());
  const auto left = mcp::read_list_page(mcp::ListKind::tools, *filtered);
  require(left && left->items.size() < page.items.size() && left->next_cursor == page.next_cursor);
  // In the same order, with the same bytes, and right.
  auto at = page.items.begin();
  for (const auto& item : left->items) {
    at = std::find_if(at, page.items.end(), [&](const auto& each) { return each.definition == item.definition; });
    require(at++ != page.items.end());
    require(mcp::mirrored_parameters(item.definition).has_value());
  }
  require(!gateway::without_invalid_tools(kVendor, *filtered));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = base::text_of({data, size});
  const auto end = std::min(input.find('\n'), input.size());
  std::string response(input.substr(std::min(end + 1, input.size())));
  response.reserve(response.size() + mcp::kPadding);
  const auto envelope = mcp::scan(response);
  if (!envelope || envelope->shape != mcp::Shape::response) return 0;
  const auto page = mcp::read_list_page(mcp::ListKind::tools, response);
  if (!page) return 0;
  check_valid(response, *page);
  const auto list = build(*page);
  check_list(*list);
  check_links(*list);
  check_search(list, input.substr(0, end));
  return 0;
}
