// Texts with the padding that the readers of messages require, and not a byte more: a reader that goes further is
// found.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/envelope.hpp"

namespace mcp::tests {

// A copy of the text that lives as long as the program.
inline std::string_view keep(std::string_view text) {
  static std::vector<std::unique_ptr<char[]>> kept;
  kept.push_back(std::make_unique<char[]>(text.size() + kPadding));
  std::ranges::copy(text, kept.back().get());
  return {kept.back().get(), text.size()};
}

inline base::Result<Envelope> scan(std::string_view text) { return mcp::scan(keep(text)); }

// What `change(text, envelope)` makes of a message; the result must be a message again.
template <class Change>
std::string changed(std::string_view text, Change change) {
  const auto kept = keep(text);
  const auto envelope = mcp::scan(kept);
  if (!envelope) {
    ADD_FAILURE() << text << ": " << envelope.error().message;
    return {};
  }
  const std::string result = change(kept, *envelope);
  const auto again = scan(result);
  EXPECT_TRUE(again) << result << ": " << again.error().message;
  return result;
}

}  // namespace mcp::tests
