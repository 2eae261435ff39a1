#include "gateway/catalogue.hpp"

#include <fmt/format.h>

#include <atomic>

#include "base/log.hpp"
#include "json/document.hpp"
#include "json/splice.hpp"
#include "mcp/envelope.hpp"
#include "mcp/tool_name.hpp"
#include "mcp/tool_page.hpp"

namespace gateway {
namespace {

constexpr int kMaxPages = 200;
constexpr std::chrono::seconds kFailureMemory{30};

std::string list_request(std::uint64_t id, const std::string& cursor) {
  if (cursor.empty()) return fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"tools/list","params":{{}}}})", id);
  return fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"tools/list","params":{{"cursor":{}}}}})", id,
                     json::quote(cursor));
}

// Notifications that a vendor mixes into the answer are of no interest here.
base::Async<std::string> response_of(std::unique_ptr<vendor::Call> call, base::SteadyTime deadline) {
  while (true) {
    auto message = co_await call->next(deadline);
    if (!message) co_return std::unexpected(std::move(message).error());
    message->reserve(message->size() + mcp::kPadding);
    auto envelope = mcp::scan(*message);
    if (!envelope) co_return base::fail(base::Kind::vendor_invalid, "vendor.bad_message", envelope.error().message);
    if (envelope->shape == mcp::Shape::response) co_return *std::move(message);
  }
}

void add_tool(ToolList& list, const std::string& vendor, const mcp::ToolSpan& tool) {
  auto name = mcp::unified_name(vendor, tool.name);
  const auto quoted = json::quote(name);
  json::Splice splice(tool.definition);
  splice.replace(tool.name_token, quoted);
  if (list.count++ > 0) list.fragment += ',';
  for (const auto piece : splice.pieces()) list.fragment += piece;
  if (name.size() != vendor.size() + 2 + tool.name.size() || !name.ends_with(tool.name)) {
    list.mapped.emplace(std::move(name), tool.name);
  }
}

}  // namespace

Catalogue::Catalogue(Connections& connections, base::PerThread<base::TaskGroup>& tasks, Config config)
    : connections_(connections),
      tasks_(tasks),
      config_(std::move(config)),
      // The next list fetches again; the sessions are told at once.
      on_list_changed_(connections.list_changes().subscribe([this](const ListChange& change) {
        {
          const auto prefix = change.owner.empty() ? change.vendor : fmt::format("{}/{}/", change.vendor, change.owner);
          const base::Lock lock(mutex_);
          for (auto it = lists_.lower_bound(prefix); it != lists_.end() && it->first.starts_with(prefix);) {
            const bool same = !change.owner.empty() || it->first == prefix;
            it = same ? lists_.erase(it) : std::next(it);
          }
        }
        changes_.emit(change);
      })) {}

// One list request that waits for some vendors.
struct Catalogue::Wait {
  std::atomic<std::size_t> missing{0};
  std::atomic<bool> over{false};  // answered without the ones still missing
  base::Notifier done;
};

base::Task<std::vector<std::shared_ptr<const ToolList>>> Catalogue::lists(std::vector<Connection> connections) {
  const auto now = std::chrono::steady_clock::now();
  const auto waited = std::make_shared<Wait>();
  const auto background = std::make_shared<Wait>();
  background->over = true;
  std::vector<Connection> unknown;
  for (const auto& connection : connections) {
    const auto list = known(connection.key());
    if (!list && !failed_lately(connection.key())) {
      unknown.push_back(connection);
    } else if (!list || list->fetched + config_.list_ttl < now) {
      tasks_.local().spawn("refresh-list", fetch_for(connection, background));
    }
  }

  auto ticket = waited->done.prepare();
  waited->missing = unknown.size();
  for (auto& connection : unknown) tasks_.local().spawn("fetch-list", fetch_for(std::move(connection), waited));
  if (waited->missing > 0) co_await ticket.wait(now + config_.list_wait);
  waited->over = true;

  std::vector<std::shared_ptr<const ToolList>> out;
  for (const auto& connection : connections) {
    if (auto list = known(connection.key())) out.push_back(std::move(list));
  }
  co_return out;
}

base::Task<void> Catalogue::fetch_for(Connection connection, std::shared_ptr<Wait> wait) {
  const auto before = known(connection.key());
  auto list = co_await fetch(connection);
  if (!list) {
    base::log::warn("list.failed", {{"vendor", connection.definition->slug}, {"error", list.error().message}});
    const base::Lock lock(mutex_);
    failures_.insert_or_assign(connection.key(), std::chrono::steady_clock::now());
  } else if (wait->over && (!before || before->fragment != (*list)->fragment)) {
    changes_.emit({connection.definition->slug, connection.credential ? connection.credential->owner : ""});
  }
  if (--wait->missing == 0) wait->done.notify_all();
}

bool Catalogue::failed_lately(const std::string& key) const {
  const base::Lock lock(mutex_);
  const auto found = failures_.find(key);
  return found != failures_.end() && std::chrono::steady_clock::now() - found->second < kFailureMemory;
}

base::Async<std::shared_ptr<const ToolList>> Catalogue::fetch(Connection connection) {
  const auto deadline = std::chrono::steady_clock::now() + connection.definition->list_timeout;
  co_return co_await fetching_.run(connection.key(), [this, connection] { return fetch_pages(connection); }, deadline);
}

base::Async<std::shared_ptr<const ToolList>> Catalogue::fetch_pages(Connection connection) {
  const auto deadline = std::chrono::steady_clock::now() + connection.definition->list_timeout;
  auto list = std::make_shared<ToolList>();
  list->fetched = std::chrono::steady_clock::now();
  std::string cursor;
  for (int page_number = 0; page_number < kMaxPages; ++page_number) {
    auto channel = co_await connections_.warm(connection, deadline);
    if (!channel) co_return std::unexpected(std::move(channel).error());
    const auto id = (*channel)->next_id();
    const auto request = list_request(id, cursor);
    const std::array<std::string_view, 1> pieces{request};
    auto call = co_await (*channel)->request(
        {.pieces = pieces, .method = "tools/list", .name = {}, .id = id, .traceparent = {}}, deadline);
    base::Result<std::string> response = call ? co_await response_of(*std::move(call), deadline)
                                              : base::Result<std::string>(std::unexpected(call.error()));
    if (!response) {
      if (response.error().code == "vendor.session_gone") connections_.drop(connection, channel->get());
      co_await connections_.note(connection, response.error());
      co_return std::unexpected(std::move(response).error());
    }
    auto page = mcp::read_tool_page(*response);
    if (!page) co_return std::unexpected(std::move(page).error());
    for (const auto& tool : page->tools) {
      if (list->count == config_.tools_per_vendor) {
        base::log::warn("list.cut", {{"vendor", connection.definition->slug}, {"tools", config_.tools_per_vendor}});
        page->next_cursor.clear();
        break;
      }
      add_tool(*list, connection.definition->slug, tool);
    }
    // A vendor that hands out the same cursor for ever would never end.
    if (page->next_cursor.empty() || page->next_cursor == cursor) break;
    cursor = std::move(page->next_cursor);
  }
  keep(connection, list);
  co_return std::shared_ptr<const ToolList>(std::move(list));
}

base::Async<std::string> Catalogue::original_name(Connection connection, std::string_view unified,
                                                  std::string_view rest, base::SteadyTime) {
  // A mapped name has exactly the longest length or an illegal character replaced; a short one cannot be told from a
  // plain one without the list, so the list decides whenever there is one.
  auto list = known(connection.key());
  if (!list && unified.size() == mcp::kMaxToolName) {
    auto fetched = co_await fetch(std::move(connection));
    if (fetched) list = *fetched;
  }
  if (list) {
    const auto found = list->mapped.find(std::string(unified));
    if (found != list->mapped.end()) co_return found->second;
  }
  co_return std::string(rest);
}

std::shared_ptr<const ToolList> Catalogue::known(const std::string& key) const {
  const base::Lock lock(mutex_);
  const auto found = lists_.find(key);
  return found != lists_.end() ? found->second : nullptr;
}

void Catalogue::keep(const Connection& connection, std::shared_ptr<const ToolList> list) {
  const base::Lock lock(mutex_);
  lists_.insert_or_assign(connection.key(), std::move(list));
  failures_.erase(connection.key());
}

}  // namespace gateway
