// Tasks on the unified endpoint (2025-11-25 basic/utilities/tasks, and the extension io.modelcontextprotocol/tasks):
// whose task it is, and the tasks of every vendor as one list. And tools that can be called as tasks only, for clients
// that know nothing of tasks.
#include "mcp/tasks.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "gateway/detail/answers.hpp"
#include "gateway/detail/caller.hpp"
#include "gateway/detail/errand.hpp"
#include "gateway/detail/own_client.hpp"
#include "json/document.hpp"
#include "mcp/error.hpp"

namespace gateway {
namespace {

// One vendor's tasks, through all pages, with the ids that they have on the unified endpoint.
base::Async<boost::json::array> fetch_tasks(std::shared_ptr<vendor::Channel> channel, std::string vendor,
                                            std::size_t pages, base::SteadyTime deadline) {
  boost::json::array tasks;
  std::string cursor;
  for (std::size_t page = 0; page < pages; ++page) {
    const auto params = cursor.empty() ? std::string() : fmt::format(R"("cursor":{})", json::quote(cursor));
    auto response = co_await ask_vendor(channel, "tasks/list", params, {}, deadline);
    if (!response) co_return std::move(response).failure();
    const auto message = json::parse_object(mcp::with_unified_task_ids(*response, vendor));
    if (!message) co_return message.failure();
    const auto* result = message->if_contains("result");
    const auto* list = result != nullptr && result->is_object() ? result->get_object().if_contains("tasks") : nullptr;
    if (list == nullptr || !list->is_array()) {
      co_return base::fail(base::Kind::vendor_invalid, "vendor.bad_list", "its answer to tasks/list has no tasks");
    }
    tasks.insert(tasks.end(), list->get_array().begin(), list->get_array().end());
    const auto next = json::text_at(result->get_object(), "nextCursor");
    if (next.empty() || next == cursor) break;
    cursor = next;
  }
  co_return tasks;
}

bool asks_for_task(const mcp::Envelope& envelope) {
  if (!envelope.params.contains("\"task\"")) return false;
  const auto params = json::parse_object(envelope.params);
  return params && params->contains("task");
}

}  // namespace

// What the vendors answered; used on one I/O thread.
struct Endpoint::TaskLists {
  explicit TaskLists(std::size_t vendors) : parts(vendors), open(vendors) {}
  std::vector<boost::json::array> parts;
  std::size_t open;
  base::Notifier answered;
};

base::Task<void> Endpoint::use_task(Caller& caller, const mcp::Envelope& envelope, std::string_view body,
                                    std::shared_ptr<Reply> reply) {
  const auto id = mcp::split_unified_task_id(envelope.task_id);
  const auto definition = id ? connections_.find(id->vendor) : nullptr;
  if (!definition) {
    co_await finish(
        caller, envelope, reply,
        mcp::error_response(envelope.id, mcp::kInvalidParams,
                            fmt::format("Unknown task: {}. Tasks are named {{vendor}}:{{id}}.", envelope.task_id)));
    co_return;
  }
  Errand errand{.definition = definition,
                .token = envelope.task_id_token,
                .unified = {},
                .name = std::string(id->task_id),
                .mapped = {}};
  co_await run_errand(caller, envelope, body, std::move(errand), std::move(reply));
}

// A vendor that fails or is late is left out, as in every list.
base::Task<void> Endpoint::list_tasks(Caller& caller, const mcp::Envelope& envelope, std::shared_ptr<Reply> reply) {
  std::vector<Connection> asked;
  for (auto& connection : co_await connections_.all(caller.principal->subject)) {
    const auto facts = connection.readiness == Readiness::ready ? connections_.facts(connection) : nullptr;
    if (facts && facts->era == mcp::Era::legacy && facts->task_list) asked.push_back(std::move(connection));
  }
  const auto lists = std::make_shared<TaskLists>(asked.size());
  for (std::size_t place = 0; place < asked.size(); ++place) {
    tasks_.local().spawn("list-tasks", ask_for_tasks(caller, std::move(asked[place]), lists, place));
  }
  while (true) {
    auto ticket = lists->answered.prepare();
    if (lists->open == 0) break;
    if (!co_await ticket.wait(base::SteadyTime::max())) co_return;
  }
  boost::json::array all;
  for (auto& part : lists->parts) all.insert(all.end(), part.begin(), part.end());
  metrics_.request("unified", envelope.method, "ok", std::chrono::steady_clock::now() - caller.arrived);
  co_await finish(
      caller, envelope, reply,
      mcp::result_response(envelope.id, boost::json::serialize(boost::json::object{{"tasks", std::move(all)}})));
}

base::Task<void> Endpoint::ask_for_tasks(Caller caller, Connection connection, std::shared_ptr<TaskLists> lists,
                                         std::size_t place) {
  const auto& definition = *connection.definition;
  const auto deadline = caller.arrived + definition.list_timeout;
  auto way = co_await way_of(caller, connection, "tasks/list", deadline);
  auto tasks = way ? co_await fetch_tasks(way->channel, definition.slug, config_.list_pages, deadline)
                   : base::Result<boost::json::array>(way.failure());
  if (tasks) {
    lists->parts[place] = *std::move(tasks);
  } else {
    base::log::info("list.failed", {{"vendor", definition.slug}, {"list", "tasks"}, {"error", tasks.error().message}});
    co_await connections_.note(connection, tasks.error());
  }
  --lists->open;
  lists->answered.notify_all();
}

// Whether the tool can be called as a task only, and the client does not ask for one: then the gateway runs the task,
// and the client gets its result. Errors: those of Catalogue::tool.
base::Async<bool> Endpoint::needs_task(const mcp::Envelope& envelope, const Connection& connection,
                                       const std::string& tool, base::SteadyTime deadline) {
  if (asks_for_task(envelope)) co_return false;
  const auto known = co_await catalogue_.tool(connection, tool, deadline);
  if (!known) co_return known.failure();
  co_return *known && (*known)->requires_task;
}

}  // namespace gateway
