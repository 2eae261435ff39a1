#include "gateway/vendor_status.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <numeric>

namespace gateway {
namespace {

// For a ready connection.
std::string_view state_of(const ListState& tools, const vendor::Health& health) {
  if (!tools.list) return tools.failure ? "failing" : "unknown";
  const bool troubled = tools.failure || health.status == vendor::Status::degraded;
  return troubled ? "degraded" : "up";
}

std::string_view state_of(const Connection& connection, const ListState& tools, const vendor::Health& health) {
  switch (connection.readiness) {
    case Readiness::ready:
      return state_of(tools, health);
    case Readiness::needs_credential:
      return "needs_credential";
    case Readiness::rejected:
      return "rejected";
    case Readiness::down:
      return "down";
    case Readiness::unresolved:
      return "unreadable";
  }
  return "unknown";
}

std::string reason_of(const Connection& connection, const VendorStatus& status) {
  if (connection.readiness != Readiness::ready) return {};
  if (status.state == "failing") {
    return fmt::format("{} ({}) did not give its tools. The gateway goes on asking, and they appear by themselves.",
                       status.name, status.vendor);
  }
  if (status.state == "unknown") {
    return fmt::format("{} ({}) has not answered yet. Its tools appear by themselves.", status.name, status.vendor);
  }
  if (status.tools == 0) return fmt::format("{} ({}) offers no tools.", status.name, status.vendor);
  return {};
}

boost::json::object as_json(const VendorStatus& status) {
  boost::json::object object{{"vendor", status.vendor},
                             {"name", status.name},
                             {"state", status.state},
                             {"tools", status.tools},
                             {"link", status.link}};
  if (!status.reason.empty()) object["reason"] = status.reason;
  if (!status.last_error.empty()) object["lastError"] = status.last_error;
  return object;
}

std::string as_line(const VendorStatus& status) {
  auto line = fmt::format("{} ({}): {}, {} tools.", status.name, status.vendor, status.state, status.tools);
  if (!status.reason.empty()) line += " " + status.reason;
  if (!status.last_error.empty()) line += " Last error: " + status.last_error;
  return line;
}

}  // namespace

VendorStatus vendor_status(const Connection& connection, const ListState& tools, const vendor::Health& health,
                           std::string_view public_url) {
  const auto& definition = *connection.definition;
  VendorStatus status{.vendor = definition.slug,
                      .name = definition.name,
                      .state = state_of(connection, tools, health),
                      .tools = 0,
                      .reason = why_not(connection, public_url),
                      .link = fmt::format("{}/settings/connections/{}", public_url, definition.slug),
                      .last_error = {}};
  if (connection.readiness == Readiness::ready && tools.list) status.tools = tools.list->items().size();
  if (status.reason.empty()) status.reason = reason_of(connection, status);
  if (connection.readiness == Readiness::ready && tools.failure) {
    status.last_error = tools.failure->message;
  } else if (health.consecutive_failures > 0) {
    status.last_error = health.last_error;
  }
  return status;
}

std::string status_result(const std::vector<VendorStatus>& vendors, std::string_view public_url) {
  const auto tools = std::accumulate(vendors.begin(), vendors.end(), std::size_t{0},
                                     [](std::size_t sum, const VendorStatus& status) { return sum + status.tools; });
  const auto settings = fmt::format("{}/settings", public_url);
  auto text = fmt::format("{} tools of {} vendors. Credentials and health: {}\n", tools, vendors.size(), settings);
  boost::json::array list;
  for (const auto& status : vendors) {
    text += as_line(status) + "\n";
    list.push_back(as_json(status));
  }
  const boost::json::object result{
      {"content", boost::json::array{{{"type", "text"}, {"text", text}}}},
      {"structuredContent", {{"tools", tools}, {"settings", settings}, {"vendors", std::move(list)}}}};
  return boost::json::serialize(result);
}

}  // namespace gateway
