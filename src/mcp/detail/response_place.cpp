#include "mcp/detail/response_place.hpp"

#include "mcp/detail/meta_keys.hpp"

namespace mcp::detail {
namespace {

Place place_in_result(std::string_view key) {
  if (key == "content") return Place::block;
  if (key == "contents") return Place::contents;
  if (key == "messages") return Place::prompt;
  return Place::elsewhere;
}

Place place_in_outer_result(std::string_view key) {
  if (key == "result") return Place::inner_result;
  if (key == "task" || key == "tasks") return Place::task;
  if (key == "_meta") return Place::meta;
  return place_in_result(key);
}

}  // namespace

Place place_of_member(Place parent, std::string_view key) {
  switch (parent) {
    case Place::message:
      return key == "result" ? Place::result : Place::elsewhere;
    case Place::result:
      return place_in_outer_result(key);
    case Place::inner_result:
      return place_in_result(key);
    case Place::prompt:
      return key == "content" ? Place::block : Place::elsewhere;
    case Place::block:
    case Place::resource:
      return key == "resource" ? Place::contents : Place::elsewhere;
    case Place::meta:
      return key == kRelatedTaskKey ? Place::task : Place::elsewhere;
    default:
      return Place::elsewhere;
  }
}

Place place_of_array(Place place) {
  const bool may_be_many =
      place == Place::prompt || place == Place::block || place == Place::contents || place == Place::task;
  return may_be_many ? place : Place::elsewhere;
}

Place place_of_block(std::string_view type) {
  if (type == "resource_link") return Place::resource_link;
  if (type == "resource") return Place::resource;
  return Place::elsewhere;
}

NameKind name_kind(Place parent, std::string_view key) {
  const bool has_uri = parent == Place::block || parent == Place::resource_link || parent == Place::contents;
  if (key == "uri" && has_uri) return NameKind::uri;
  if (key == "taskId" && (parent == Place::result || parent == Place::task)) return NameKind::task_id;
  return NameKind::none;
}

}  // namespace mcp::detail
