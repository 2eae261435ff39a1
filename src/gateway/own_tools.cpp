#include "gateway/own_tools.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>

#include "gateway/detail/own_definitions.hpp"
#include "gateway/detail/search_result.hpp"
#include "gateway/tool_search.hpp"
#include "gateway/vendor_status.hpp"
#include "http/message.hpp"
#include "json/document.hpp"

namespace gateway {
namespace {

constexpr std::int64_t kDefaultResults = 10;
constexpr std::int64_t kMostResults = 50;
// Other requests of this I/O thread wait no longer than this for indexes to be made.
constexpr std::chrono::milliseconds kLongestTurn{2};

std::string refusal(std::string_view text) {
  const boost::json::object result{{"content", boost::json::array{{{"type", "text"}, {"text", text}}}},
                                   {"isError", true}};
  return boost::json::serialize(result);
}

boost::json::object parsed(std::string_view arguments) {
  auto object = json::parse_object(arguments.empty() ? "{}" : arguments);
  return object ? *std::move(object) : boost::json::object();
}

std::int64_t limit_of(const boost::json::object& arguments) {
  const auto* value = arguments.if_contains("limit");
  boost::system::error_code none;
  const auto limit = value != nullptr ? value->to_number<std::int64_t>(none) : kDefaultResults;
  return none ? kDefaultResults : std::clamp<std::int64_t>(limit, 1, kMostResults);
}

// The connections of the vendor that the arguments name, or all of them. Errors: the refusal's text.
std::expected<std::vector<Connection>, std::string> of_vendor(std::vector<Connection> all,
                                                              const boost::json::object& arguments) {
  const std::string slug(json::text_at(arguments, "vendor"));
  if (slug.empty()) return all;
  std::string known;
  for (const auto& connection : all) known += (known.empty() ? "" : ", ") + connection.definition->slug;
  std::erase_if(all, [&](const Connection& connection) { return connection.definition->slug != slug; });
  if (all.empty()) return std::unexpected(fmt::format("There is no vendor \"{}\". There are: {}.", slug, known));
  return all;
}

}  // namespace

OwnTools::OwnTools(Connections& connections, Catalogue& catalogue, const vendor::HealthBoard& health, Config config)
    : connections_(connections),
      catalogue_(catalogue),
      health_(health),
      config_(std::move(config)),
      search_mode_(fmt::format("{},{},{}", kStatusDefinition, kSearchDefinition, kCallDefinition)) {}

ToolMode OwnTools::mode(std::string_view query, identity::ToolListing chosen, std::size_t tools) const {
  if (!config_.own_tools) return ToolMode::all;
  const auto parameters = query.empty() ? std::nullopt : http::Parameters::parse(query);
  const auto asked = parameters ? parameters->find("tools") : std::nullopt;
  const auto listing = asked ? identity::tool_listing(*asked).value_or(chosen) : chosen;
  if (listing == identity::ToolListing::search) return ToolMode::search;
  if (listing == identity::ToolListing::all) return ToolMode::all;
  const bool too_many = config_.search_threshold > 0 && tools > config_.search_threshold;
  return too_many ? ToolMode::search : ToolMode::all;
}

std::string_view OwnTools::definitions(ToolMode mode) const {
  if (!config_.own_tools) return {};
  return mode == ToolMode::search ? std::string_view(search_mode_) : kStatusDefinition;
}

base::Async<std::string> OwnTools::call(std::string name, std::string arguments, std::string subject) {
  if (config_.own_tools && name == "gateway__status") {
    co_return co_await status(std::move(arguments), std::move(subject));
  }
  if (config_.own_tools && name == "gateway__search_tools") {
    co_return co_await search(std::move(arguments), std::move(subject));
  }
  co_return base::fail(base::Kind::not_found, "tool.unknown", fmt::format("Unknown tool: {}.", name));
}

base::Task<std::string> OwnTools::status(std::string arguments, std::string subject) {
  const auto all = of_vendor(co_await connections_.all(std::move(subject)), parsed(arguments));
  if (!all) co_return refusal(all.error());

  // So that what is not known yet is counted.
  (void)co_await catalogue_.list(mcp::ListKind::tools, *all);
  std::vector<VendorStatus> vendors;
  for (const auto& connection : *all) {
    vendors.push_back(vendor_status(connection, catalogue_.state(mcp::ListKind::tools, connection),
                                    health_.of(connection.definition->slug), config_.public_url));
  }
  co_return status_result(vendors, config_.public_url);
}

base::Task<std::string> OwnTools::search(std::string arguments, std::string subject) {
  const auto object = parsed(arguments);
  const auto query = json::text_at(object, "query");
  if (words_of(query).empty()) co_return refusal("\"query\" is missing: say in a few words what the tool shall do.");
  auto connections = of_vendor(co_await connections_.all(std::move(subject)), object);
  if (!connections) co_return refusal(connections.error());

  const auto tools = co_await catalogue_.list(mcp::ListKind::tools, *std::move(connections));
  co_await make_indexes(tools.parts);
  const auto hits = search_tools(tools.parts, query, static_cast<std::size_t>(limit_of(object)));
  co_return search_result(hits, tools.count);
}

base::Task<void> OwnTools::make_indexes(const std::vector<std::shared_ptr<const VendorList>>& lists) {
  auto turn = std::chrono::steady_clock::now();
  for (const auto& list : lists) {
    (void)list->index();
    if (std::chrono::steady_clock::now() - turn < kLongestTurn) continue;
    co_await boost::asio::post(co_await boost::asio::this_coro::executor, base::use_task);
    turn = std::chrono::steady_clock::now();
  }
}

}  // namespace gateway
