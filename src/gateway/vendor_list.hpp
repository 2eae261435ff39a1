// One vendor's tools, prompts, resources or resource templates, as they stand on the unified endpoint: ready to be
// sent, and to be looked up. Immutable once built; connections whose lists are the same share one.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/tool_index.hpp"
#include "mcp/list_page.hpp"
#include "mcp/request_headers.hpp"
#include "mcp/revision.hpp"

namespace gateway {

struct ListedItem {
  std::string key;                                 // the vendor's own name, URI or URI template
  std::string unified;                             // the one on the unified endpoint
  std::string_view definition;                     // with the unified one in it; points into the list's fragment
  std::vector<mcp::MirroredParameter> parameters;  // of a modern vendor's tool: what its x-mcp-header fields repeat
  bool requires_task = false;                      // of a tool: it can be called as a task only
};

class VendorList {
 public:
  VendorList() = default;  // an empty one; ListBuilder makes the others

  [[nodiscard]] const std::string& vendor() const { return vendor_; }
  [[nodiscard]] mcp::ListKind kind() const { return kind_; }
  // Definitions joined by ',': ready to stand in an array, with kPadding readable bytes behind. "" for none.
  [[nodiscard]] std::string_view fragment() const { return std::string_view(text_).substr(0, size_); }
  // In the vendor's own order.
  [[nodiscard]] const std::vector<ListedItem>& items() const { return items_; }
  // By the vendor's own key, or by the unified one when that is not simply made by the rule; nullptr when there is
  // none.
  [[nodiscard]] const ListedItem* find(std::string_view key) const;
  [[nodiscard]] const ListedItem* find_mapped(std::string_view unified) const;
  // Whether it says the same of the same vendor.
  [[nodiscard]] bool equals(const VendorList& other) const;

  // The words of its tools, for search; made when asked for first. Thread-safe.
  [[nodiscard]] const ToolIndex& index() const;

 private:
  friend class ListBuilder;

  std::string vendor_;
  mcp::ListKind kind_ = mcp::ListKind::tools;
  mcp::Era era_ = mcp::Era::legacy;
  std::string text_;
  std::size_t size_ = 0;
  std::vector<ListedItem> items_;
  std::unordered_map<std::string_view, std::size_t> by_key_;
  std::unordered_map<std::string_view, std::size_t> by_mapped_;
  mutable std::once_flag indexed_;
  mutable ToolIndex index_;
};

// Puts a list together from its pages. Left out, and logged: an item whose key stands there already, and a modern
// vendor's tool whose x-mcp-header annotations are wrong (2026-07-28 server/tools, "x-mcp-header").
class ListBuilder {
 public:
  struct Limits {
    std::size_t items;
    std::size_t bytes;
  };
  ListBuilder(std::string vendor, mcp::ListKind kind, mcp::Era era, Limits limits);

  // False when the list is full: this item was not taken.
  [[nodiscard]] bool add(const mcp::ListItem& item);
  [[nodiscard]] std::shared_ptr<const VendorList> finish() &&;

 private:
  [[nodiscard]] std::string unified_key(const std::string& key) const;

  const Limits limits_;
  std::shared_ptr<VendorList> list_;
  std::vector<std::size_t> ends_;  // of the definitions in the text
  std::unordered_map<std::string, std::size_t> seen_;
};

}  // namespace gateway
