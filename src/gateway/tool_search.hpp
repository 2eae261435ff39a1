// Finds tools by a question in plain words: Okapi BM25 over the indexes of the lists that the caller may see, so that
// rare words count more than common ones, and a word in a short definition more than in a long one.
// Thread: any.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "gateway/vendor_list.hpp"

namespace gateway {

struct ToolHit {
  const ListedItem* tool;
  const VendorList* list;
  float score;
};

// The best first, at most `limit`; equal ones in the lists' order. A question that is a tool's name finds that tool
// first. Words beyond the sixteenth are not looked at. The lists must outlive the hits.
[[nodiscard]] std::vector<ToolHit> search_tools(std::span<const std::shared_ptr<const VendorList>> lists,
                                                std::string_view question, std::size_t limit);

}  // namespace gateway
