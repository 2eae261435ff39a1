#include "gateway/vendor_list.hpp"

#include <boost/json.hpp>

#include "base/log.hpp"
#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/envelope.hpp"
#include "mcp/tool_name.hpp"
#include "mcp/unified_uri.hpp"

namespace gateway {
namespace {

bool has_names(mcp::ListKind kind) { return kind == mcp::ListKind::tools || kind == mcp::ListKind::prompts; }

// A raw string token as text; "" when it is none.
std::string unquoted(std::string_view token) {
  const auto value = json::parse(token);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

const ListedItem* VendorList::find(std::string_view key) const {
  const auto found = by_key_.find(key);
  return found != by_key_.end() ? &items_[found->second] : nullptr;
}

const ListedItem* VendorList::find_mapped(std::string_view unified) const {
  const auto found = by_mapped_.find(unified);
  return found != by_mapped_.end() ? &items_[found->second] : nullptr;
}

bool VendorList::equals(const VendorList& other) const {
  return vendor_ == other.vendor_ && kind_ == other.kind_ && era_ == other.era_ && fragment() == other.fragment();
}

const ToolIndex& VendorList::index() const {
  std::call_once(indexed_, [this] {
    std::vector<ToolIndex::Tool> tools;
    tools.reserve(items_.size());
    for (const auto& item : items_) tools.push_back({item.key, item.definition});
    index_ = ToolIndex(vendor_, tools);
  });
  return index_;
}

ListBuilder::ListBuilder(std::string vendor, mcp::ListKind kind, mcp::Era era, Limits limits)
    : limits_(limits), list_(std::make_shared<VendorList>()) {
  list_->vendor_ = std::move(vendor);
  list_->kind_ = kind;
  list_->era_ = era;
}

std::string ListBuilder::unified_key(const std::string& key) const {
  return has_names(list_->kind_) ? mcp::unified_name(list_->vendor_, key) : mcp::unified_uri(list_->vendor_, key);
}

bool ListBuilder::add(const mcp::ListItem& item) {
  auto& list = *list_;
  if (list.items_.size() == limits_.items) return false;
  const auto left_out = [&](std::string_view why) {
    base::log::warn(
        "list.item_left_out",
        {{"vendor", list.vendor_}, {"list", mcp::list_member(list.kind_)}, {"item", item.key}, {"why", why}});
    return true;
  };
  if (seen_.contains(item.key)) return left_out("it stands in the list twice");
  ListedItem listed{.key = item.key,
                    .unified = unified_key(item.key),
                    .definition = {},
                    .parameters = {},
                    .requires_task = item.requires_task};
  if (list.kind_ == mcp::ListKind::tools) {
    auto parameters = mcp::mirrored_parameters(item.definition);
    // Nobody minds wrong annotations on the way to a vendor of the legacy era.
    if (!parameters && list.era_ == mcp::Era::modern) return left_out(parameters.error().message);
    if (parameters) listed.parameters = *std::move(parameters);
  }

  const auto quoted = json::quote(listed.unified);
  std::vector<std::string> links;
  json::Splice splice(item.definition);
  splice.replace(item.key_token, quoted);
  links.reserve(item.links.size());  // the splice keeps views into them
  for (const auto link : item.links) {
    const auto uri = unquoted(link);
    if (uri.empty()) continue;
    splice.replace(link, links.emplace_back(json::quote(mcp::unified_uri(list.vendor_, uri))));
  }
  const auto definition = splice.str();
  if (list.text_.size() + definition.size() + 1 > limits_.bytes) return false;
  if (!list.text_.empty()) list.text_ += ',';
  list.text_ += definition;
  ends_.push_back(list.text_.size());
  seen_.emplace(item.key, list.items_.size());
  list.items_.push_back(std::move(listed));
  return true;
}

std::shared_ptr<const VendorList> ListBuilder::finish() && {
  auto& list = *list_;
  list.size_ = list.text_.size();
  std::string exact;
  exact.reserve(list.size_ + mcp::kPadding);
  list.text_ = std::move(exact.append(list.text_).append(mcp::kPadding, ' '));
  std::size_t begin = 0;
  list.by_key_.reserve(list.items_.size());
  for (std::size_t i = 0; i < list.items_.size(); ++i) {
    auto& item = list.items_[i];
    item.definition = std::string_view(list.text_).substr(begin, ends_[i] - begin);
    begin = ends_[i] + 1;
    list.by_key_.emplace(item.key, i);
    if (has_names(list.kind_) && mcp::is_mapped_name(item.unified)) list.by_mapped_.emplace(item.unified, i);
  }
  return std::move(list_);
}

}  // namespace gateway
