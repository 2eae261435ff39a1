#include "mcp/tasks.hpp"

#include <fmt/format.h>

#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/detail/members.hpp"
#include "mcp/detail/meta_keys.hpp"
#include "mcp/detail/object_edit.hpp"
#include "mcp/detail/slug.hpp"

namespace mcp {
namespace {

namespace ondemand = json::ondemand;
using detail::each_element;
using detail::each_member;
using detail::string_at;
using detail::string_of;
using detail::StringField;

constexpr std::string_view kTaskId = "taskId";

struct TaskIds {
  std::vector<StringField> all;
  // params.taskId of a request tasks/…, which is not among the others.
  StringField requested;
};

void add(const StringField& id, std::vector<StringField>& ids) {
  if (id.token.data() != nullptr) ids.push_back(id);
}

void read_meta(ondemand::value value, std::vector<StringField>& ids) {
  each_member(value, [&](std::string_view key, ondemand::value item) {
    if (key == detail::kRelatedTaskKey) add(string_at(item, kTaskId), ids);
  });
}

void read_result(ondemand::value value, std::vector<StringField>& ids) {
  each_member(value, [&](std::string_view key, ondemand::value item) {
    if (key == kTaskId) add(string_of(item), ids);
    if (key == "task") add(string_at(item, kTaskId), ids);
    if (key == "tasks") each_element(item, [&](ondemand::value task) { add(string_at(task, kTaskId), ids); });
    if (key == "_meta") read_meta(item, ids);
  });
}

// What a client subscribes to, or a server acknowledges.
void read_filter(ondemand::value value, std::vector<StringField>& ids) {
  each_member(value, [&](std::string_view key, ondemand::value item) {
    if (key == "taskIds") each_element(item, [&](ondemand::value id) { add(string_of(id), ids); });
  });
}

// Its own taskId is told: what it is depends on the method.
StringField read_params(ondemand::value value, std::vector<StringField>& ids) {
  StringField own;
  each_member(value, [&](std::string_view key, ondemand::value item) {
    if (key == kTaskId) own = string_of(item);
    if (key == "_meta") read_meta(item, ids);
    if (key == "notifications") read_filter(item, ids);
  });
  return own;
}

TaskIds find_task_ids(std::string_view message) {
  TaskIds ids;
  StringField own;
  std::string_view method;
  detail::each_member_of(message, [&](std::string_view key, ondemand::value item) {
    if (key == "method") method = string_of(item).text;
    if (key == "params") own = read_params(item, ids.all);
    if (key == "result") read_result(item, ids.all);
  });
  if (method.starts_with("tasks/")) ids.requested = own;
  if (method.starts_with("notifications/tasks")) add(own, ids.all);
  return ids;
}

}  // namespace

std::string unified_task_id(std::string_view vendor, std::string_view task_id) {
  return fmt::format("{}:{}", vendor, task_id);
}

std::optional<UnifiedTaskId> split_unified_task_id(std::string_view task_id) {
  const auto at = task_id.find(':');
  if (at == std::string_view::npos || !detail::is_slug(task_id.substr(0, at))) return std::nullopt;
  return UnifiedTaskId{task_id.substr(0, at), task_id.substr(at + 1)};
}

std::vector<std::string_view> task_id_tokens(std::string_view message) {
  auto ids = find_task_ids(message);
  add(ids.requested, ids.all);
  std::vector<std::string_view> tokens;
  for (const auto& id : ids.all) tokens.push_back(id.token);
  return tokens;
}

std::string with_unified_task_ids(std::string_view message, std::string_view vendor) {
  const auto ids = find_task_ids(message);
  std::vector<std::string> unified;
  unified.reserve(ids.all.size());
  json::Splice splice(message);
  for (const auto& id : ids.all) {
    unified.push_back(json::quote(unified_task_id(vendor, id.text)));
    splice.replace(id.token, unified.back());
  }
  return splice.str();
}

std::string without_unified_task_ids(std::string_view message, std::string_view vendor) {
  auto ids = find_task_ids(message);
  add(ids.requested, ids.all);
  std::vector<std::string> own;
  own.reserve(ids.all.size());
  json::Splice splice(message);
  for (const auto& id : ids.all) {
    const auto split = split_unified_task_id(id.text);
    if (!split || split->vendor != vendor) continue;
    own.push_back(json::quote(split->task_id));
    splice.replace(id.token, own.back());
  }
  return splice.str();
}

std::string as_task(std::string_view request, const Envelope& envelope) {
  json::Splice splice(request);
  detail::insert_members(splice, envelope.params, R"("task":{},)");
  return splice.str();
}

std::optional<std::string> created_task(std::string_view response) {
  StringField id;
  detail::each_member_of(response, [&](std::string_view key, ondemand::value result) {
    if (key != "result") return;
    each_member(result, [&](std::string_view name, ondemand::value task) {
      if (name == "task") id = string_at(task, kTaskId);
    });
  });
  if (id.token.data() == nullptr) return std::nullopt;
  return std::string(id.text);
}

}  // namespace mcp
