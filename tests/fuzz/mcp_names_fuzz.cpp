// Input: two names of tools, URIs or tasks, on a line each, and a line that makes a vendor's slug. What stands on the
// unified endpoint leads back to its vendor, is legal there, and is never that of another.
#include <cctype>

#include "mcp/tasks.hpp"
#include "mcp/tool_name.hpp"
#include "mcp/unified_uri.hpp"
#include "mcp_text.hpp"

namespace {

using fuzz::require;

std::string slug_of(std::string_view text) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789-";
  std::string slug = "a";
  for (const char c : text.substr(0, 31)) slug += kAlphabet[static_cast<unsigned char>(c) % kAlphabet.size()];
  return slug;
}

std::string check_name(std::string_view vendor, std::string_view name) {
  auto unified = mcp::unified_name(vendor, name);
  require(!unified.empty() && unified.size() <= mcp::kMaxToolName);
  for (const char c : unified) require(std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-');
  const auto split = mcp::split_unified_name(unified);
  require(split && split->vendor == vendor);
  require(mcp::is_mapped_name(unified) || split->rest == name);
  return unified;
}

void check_reversible(std::string_view vendor, std::string_view text) {
  const auto uri = mcp::split_unified_uri(mcp::unified_uri(vendor, text));
  require(uri && uri->vendor == vendor && uri->uri == text);
  const auto unified_task = mcp::unified_task_id(vendor, text);
  const auto task = mcp::split_unified_task_id(unified_task);
  require(task && task->vendor == vendor && task->task_id == text);
  // What a client makes up leads nowhere else than where it says.
  if (const auto own = mcp::split_unified_uri(text)) require(mcp::unified_uri(own->vendor, own->uri) == text);
  if (const auto own = mcp::split_unified_task_id(text)) {
    require(mcp::unified_task_id(own->vendor, own->task_id) == text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  const auto first_end = std::min(text.find('\n'), size);
  const auto a = text.substr(0, first_end);
  const auto rest = text.substr(std::min(first_end + 1, size));
  const auto second_end = std::min(rest.find('\n'), rest.size());
  const auto b = rest.substr(0, second_end);
  const auto vendor = slug_of(rest.substr(second_end));

  const auto name_a = check_name(vendor, a);
  require((name_a == check_name(vendor, b)) == (a == b));
  // A vendor's name of a tool that is called like the whole, or like what is behind the separator.
  require(check_name(vendor, name_a) != name_a);
  const auto own = mcp::split_unified_name(name_a)->rest;
  require(own == a || check_name(vendor, own) != name_a);
  check_reversible(vendor, a);
  check_reversible(vendor, b);
  return 0;
}
