#include "mcp/list_page.hpp"

#include <fmt/format.h>

#include "mcp/detail/fields.hpp"
#include "mcp/detail/members.hpp"
#include "mcp/detail/words.hpp"
#include "mcp/error.hpp"
#include "mcp/response.hpp"

namespace mcp {
namespace {

namespace ondemand = json::ondemand;
using detail::bad_json;
using detail::bad_message;
using detail::each_field;

constexpr std::size_t kLongestMessage = 300;

struct Words {
  std::string_view method;
  std::string_view member;
  std::string_view changed;
  std::string_view key;
};

const Words& words_of(ListKind kind) {
  static constexpr Words tools{"tools/list", "tools", "notifications/tools/list_changed", "name"};
  static constexpr Words prompts{"prompts/list", "prompts", "notifications/prompts/list_changed", "name"};
  static constexpr Words resources{"resources/list", "resources", "notifications/resources/list_changed", "uri"};
  static constexpr Words templates{"resources/templates/list", "resourceTemplates",
                                   "notifications/resources/list_changed", "uriTemplate"};
  switch (kind) {
    case ListKind::tools:
      return tools;
    case ListKind::prompts:
      return prompts;
    case ListKind::resources:
      return resources;
    case ListKind::resource_templates:
      return templates;
  }
  return tools;
}

base::Failure bad(std::string code, std::string message) {
  return base::fail(base::Kind::vendor_invalid, std::move(code), std::move(message));
}

base::Failure vendor_error(ListKind kind, const ResponseView& response) {
  std::string_view message = "an error without a message";
  ondemand::document document;
  ondemand::object error;
  if (!json::walk(response.error).get(document) && !document.get_object().get(error)) {
    (void)error.find_field_unordered("message").get_string().get(message);
  }
  return bad(response.error_code == kMethodNotFound ? "vendor.method_not_found" : "vendor.bad_list",
             fmt::format("answered {} with: {}", list_method(kind), detail::shown(message, kLongestMessage)));
}

// A string token if that is what stands there.
void take_link(ondemand::value value, std::vector<std::string_view>& links) {
  if (detail::is_string(value)) links.push_back(json::trimmed(value.raw_json_token()));
}

// _meta of a tool: {"ui":{"resourceUri":"ui://…"}} and {"ui/resourceUri":"ui://…"}.
base::Result<void> read_links(ondemand::value value, std::vector<std::string_view>& links) {
  ondemand::object meta;
  if (value.get_object().get(meta)) return {};
  return each_field(meta, "_meta", [&](std::string_view key, ondemand::value item) -> base::Result<void> {
    if (key == "ui/resourceUri") take_link(item, links);
    ondemand::object ui;
    if (key != "ui" || item.get_object().get(ui)) return {};
    return each_field(ui, "_meta.ui", [&](std::string_view name, ondemand::value link) -> base::Result<void> {
      if (name == "resourceUri") take_link(link, links);
      return {};
    });
  });
}

base::Result<ListItem> read_item(ListKind kind, ondemand::value value) {
  const auto& words = words_of(kind);
  const auto* const begin = json::begin_of(value);
  ondemand::object object;
  if (value.get_object().get(object)) return bad_message("an item is no object");
  ListItem item;
  auto walked = each_field(object, "an item", [&](std::string_view key, ondemand::value field) -> base::Result<void> {
    if (key == "_meta" && kind == ListKind::tools) return read_links(field, item.links);
    if (key == "execution" && kind == ListKind::tools) {
      item.requires_task = detail::string_at(field, "taskSupport").text == "required";
      return {};
    }
    if (key != words.key) return {};
    auto text = detail::take_string(field, words.key);
    if (!text) return std::move(text).failure();
    item.key_token = text->token;
    item.key = text->text;
    return {};
  });
  if (!walked) return std::move(walked).failure();
  if (item.key_token.data() == nullptr) return bad_message(fmt::format("an item has no \"{}\"", words.key));
  if (const auto error = json::text_from(begin, value, item.definition)) return bad_json(error);
  return item;
}

base::Result<void> read_items(ListKind kind, ondemand::value value, std::vector<ListItem>& items) {
  ondemand::array array;
  if (value.get_array().get(array)) return bad_message(fmt::format("\"{}\" is no array", list_member(kind)));
  for (auto element : array) {
    ondemand::value item;
    if (const auto error = std::move(element).get(item)) return bad_json(error);
    auto read = read_item(kind, item);
    if (!read) return std::move(read).failure();
    items.push_back(*std::move(read));
  }
  return {};
}

base::Result<ListPage> read_page(ListKind kind, const ResponseView& response) {
  ondemand::document document;
  ondemand::object result;
  if (const auto error = json::walk(response.object).get(document)) return bad_json(error);
  if (const auto error = document.get_object().get(result)) return bad_json(error);
  ListPage page{.items = {}, .next_cursor = {}, .ttl = response.ttl, .cache_scope = response.cache_scope};
  bool found = false;
  auto walked = each_field(result, "result", [&](std::string_view key, ondemand::value value) -> base::Result<void> {
    if (key == "nextCursor" && detail::is_string(value)) {
      page.next_cursor = detail::take_string(value, key).value_or(detail::StringField()).text;
    }
    if (key != list_member(kind)) return {};
    found = true;
    return read_items(kind, value, page.items);
  });
  if (!walked) return std::move(walked).failure();
  if (!found) return bad_message(fmt::format("there is no \"{}\"", list_member(kind)));
  return page;
}

}  // namespace

std::string_view list_method(ListKind kind) { return words_of(kind).method; }
std::optional<ListKind> list_kind(std::string_view method) {
  for (const auto kind : {ListKind::tools, ListKind::prompts, ListKind::resources, ListKind::resource_templates}) {
    if (list_method(kind) == method) return kind;
  }
  return std::nullopt;
}
std::string_view list_member(ListKind kind) { return words_of(kind).member; }
std::string_view list_changed(ListKind kind) { return words_of(kind).changed; }

base::Result<ListPage> read_list_page(ListKind kind, std::string_view response) {
  auto view = read_response(response);
  if (view && view->error.data() != nullptr) return vendor_error(kind, *view);
  auto page = view ? read_page(kind, *view) : base::Result<ListPage>(std::move(view).failure());
  if (page) return page;
  return bad("vendor.bad_list", fmt::format("its answer to {}: {}", list_method(kind), page.error().message));
}

}  // namespace mcp
