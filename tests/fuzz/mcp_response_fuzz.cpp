// Whatever a vendor answers is read or refused; what is made of it for a client is a message again, the same but for
// what was to change.
#include "mcp/elicitation.hpp"
#include "mcp/input_request.hpp"
#include "mcp/input_responses.hpp"
#include "mcp/list_page.hpp"
#include "mcp/response.hpp"
#include "mcp/tasks.hpp"
#include "mcp/unified_uri.hpp"
#include "mcp_text.hpp"

namespace {

using fuzz::require;
using fuzz::Text;

constexpr mcp::ResultHints kHints{.ttl = 60'000, .server_info = R"({"name":"v","version":"1"})"};

// Words of the vendor in messages of ours are text on one line.
void check_words(const base::Error& error) {
  require(error.message.size() < 1'000);
  for (const char c : error.message) require(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

void read_robustly(const Text& text) {
  const auto view = mcp::read_response(text.view());
  if (!view) check_words(view.error());
  if (view && view->input_requests.data() != nullptr) (void)mcp::read_input_requests(view->input_requests);
  if (view && view->error.data() != nullptr) (void)mcp::read_url_elicitations(view->error);
  if (view) (void)mcp::to_modern_response(text.view(), *view, "tools/list", kHints);
  for (const auto kind :
       {mcp::ListKind::tools, mcp::ListKind::prompts, mcp::ListKind::resources, mcp::ListKind::resource_templates}) {
    const auto page = mcp::read_list_page(kind, text.view());
    if (!page) check_words(page.error());
  }
  (void)mcp::read_input_requests(text.view());
  (void)mcp::read_input_responses(text.view());
  (void)mcp::read_url_elicitations(text.view());
  (void)mcp::uri_tokens(text.view());
  (void)mcp::task_id_tokens(text.view());
  (void)mcp::required_capability("elicitation/create", text.view());
  for (const std::string_view name : {"elicitation", "elicitation.url", "sampling.tools", "roots"}) {
    (void)mcp::has_capability(text.view(), name);
  }
}

void check_list(const Text& text) {
  const auto page = mcp::read_list_page(mcp::ListKind::tools, text.view());
  if (!page) return;
  for (const auto& item : page->items) {
    const auto definition = fuzz::parse(item.definition);
    require(definition && definition->is_object());
    require(definition->get_object().at("name").get_string() == std::string_view(item.key));
    require(fuzz::unescaped(item.key_token) == item.key);
    for (const auto link : item.links) (void)fuzz::unescaped(link);
  }
}

void check_modern(const Text& text, const mcp::ResponseView& view, std::string_view method) {
  const Text modern(mcp::to_modern_response(text.view(), view, method, kHints));
  require(mcp::scan(modern.view()).has_value());
  const auto read = mcp::read_response(modern.view());
  require(read && read->id == view.id);
  if (view.error.data() != nullptr) return;
  require(!read->result_type.empty());
  require(!mcp::is_cacheable(method) || read->result_type != "complete" || (read->ttl && !read->cache_scope.empty()));
  require(mcp::to_modern_response(modern.view(), *read, method, kHints) == modern.view());
  // Nothing of the vendor's is lost.
  const auto before = fuzz::parse(view.object)->get_object();
  const auto after = fuzz::parse(read->object)->get_object();
  for (const auto& [key, value] : before) require(key == "_meta" || fuzz::same(after.at(key), value));
}

void check_names(const Text& text, const mcp::Envelope& envelope) {
  const Text uris(mcp::with_unified_uris(text.view(), "v"));
  require(mcp::scan(uris.view()).has_value());
  const auto before = mcp::uri_tokens(text.view());
  const auto after = mcp::uri_tokens(uris.view());
  require(before.size() == after.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    const auto split = mcp::split_unified_uri(fuzz::unescaped(after[i]));
    require(split && split->vendor == "v" && split->uri == fuzz::unescaped(before[i]));
  }
  // Of a request tasks/… the vendor's own ids are another party's.
  if (envelope.method.starts_with("tasks/")) return;
  const Text tasks(mcp::with_unified_task_ids(text.view(), "v"));
  require(mcp::scan(tasks.view()).has_value());
  require(fuzz::same(*fuzz::parse(mcp::without_unified_task_ids(tasks.view(), "v")), *fuzz::parse(text.view())));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Text text(fuzz::text_of(data, size));
  read_robustly(text);
  const auto envelope = mcp::scan(text.view());
  if (!envelope || fuzz::is_beyond_boost(text.view())) return 0;
  check_list(text);
  check_names(text, *envelope);
  if (const auto view = mcp::read_response(text.view())) {
    for (const std::string_view method : {"tools/list", "tools/call", "resources/read"}) {
      check_modern(text, *view, method);
    }
  }
  return 0;
}
