// A response that comes in parts, wherever they are cut: what is passed on is the same, and what it would be of a whole
// one; or all ways refuse it.
#include "json/splice.hpp"
#include "mcp/passed_response.hpp"
#include "mcp/unified_uri.hpp"
#include "mcp_text.hpp"

namespace {

using fuzz::require;
using fuzz::Text;

constexpr std::string_view kClients = R"("c-1")";

// Nothing: it is refused. `next_size` gives the bytes of each part.
template <class NextSize>
std::optional<std::string> pass(std::string_view text, std::string_view vendor, NextSize next_size) {
  mcp::PassedResponse response({.vendors = "17", .clients = std::string(kClients)}, vendor);
  std::string all;
  while (!text.empty()) {
    // A copy of its own: nothing may look at a part that is gone, or behind one.
    const auto size = std::min<std::size_t>(next_size(), text.size());
    const auto part = std::make_unique<char[]>(size);
    std::ranges::copy(text.substr(0, size), part.get());
    text.remove_prefix(size);
    const auto pieces = response.take({part.get(), size});
    if (!pieces) return std::nullopt;
    for (const auto piece : *pieces) all += piece;
  }
  return response.end() ? std::optional(all) : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const unsigned cuts = data[0];
  const auto text = fuzz::text_of(data + 1, size - 1);
  for (const std::string_view vendor : {"", "v"}) {
    const auto whole = pass(text, vendor, [&] { return text.size(); });
    unsigned turn = cuts;
    const auto parts = pass(text, vendor, [&] { return 1 + (turn = turn * 5 + 3) % 11; });
    require(whole == parts);
    if (!whole) continue;
    require(fuzz::parse(*whole).has_value());
    const Text kept(text);
    const auto envelope = mcp::scan(kept.view());
    if (!envelope) continue;
    require(envelope->shape == mcp::Shape::response && envelope->id == "17");
    json::Splice splice(kept.view());
    splice.replace(envelope->id, kClients);
    if (vendor.empty()) require(splice.str() == *whole);
  }
  return 0;
}
