// Ids of tasks on the unified endpoint: unique among vendors and reversible. "786512e2" of hudu <-> "hudu:786512e2".
// Slugs have no ':', so the first one separates. Both forms of tasks are read: 2025-11-25 basic/utilities/tasks, and
// the extension io.modelcontextprotocol/tasks of the modern era.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/envelope.hpp"

namespace mcp {

inline constexpr std::string_view kTasksExtension = "io.modelcontextprotocol/tasks";

[[nodiscard]] std::string unified_task_id(std::string_view vendor, std::string_view task_id);

struct UnifiedTaskId {
  std::string_view vendor;
  std::string_view task_id;  // the vendor's own
};
// Nothing when it is no id of that form.
[[nodiscard]] std::optional<UnifiedTaskId> split_unified_task_id(std::string_view task_id [[clang::lifetimebound]]);

// The string tokens (with quotes) of task ids in a message: taskId of results (of result.task and result.tasks, too)
// and of the params of tasks/… and notifications/tasks…, params.notifications.taskIds, and taskId in related-task of
// _meta. A result does not tell what it answers: the caller knows whether it may be of a task. REQUIRES: kPadding
// readable bytes behind `message`. Nothing found, or no such message: empty.
[[nodiscard]] std::vector<std::string_view> task_id_tokens(std::string_view message);

// A vendor's message as a client gets it: ids of the vendor's tasks mapped by unified_task_id(). The params of a
// request tasks/… that a vendor sends stay: they name a task of the client's.
[[nodiscard]] std::string with_unified_task_ids(std::string_view message, std::string_view vendor);
// A client's message as that vendor gets it: the ids of its tasks are its own again, all others stay.
[[nodiscard]] std::string without_unified_task_ids(std::string_view message, std::string_view vendor);

// A request with `"task":{}` in its params: it is to be run as a task (2025-11-25, "Creating Tasks"). REQUIRES: the
// envelope is of `request`, and has params.
[[nodiscard]] std::string as_task(std::string_view request, const Envelope& envelope);
// The id of the task that a CreateTaskResult of 2025-11-25 tells; nothing in any other message.
[[nodiscard]] std::optional<std::string> created_task(std::string_view response);

}  // namespace mcp
