#include "web/detail/settings_pages.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "web/client_snippets.hpp"
#include "web/detail/connection_state.hpp"
#include "web/detail/time_words.hpp"

namespace web {
namespace {

std::string_view done_words(std::string_view done) {
  if (done == "disconnected") return "The application is disconnected. Its tokens stopped working.";
  if (done == "others") return "All other browsers are signed out.";
  return "";
}

std::string summary_of(std::size_t total, std::size_t down) {
  if (total == 0) return "No vendor is switched on.";
  if (down == 0) return "No vendor is known to be down.";
  return fmt::format("{} of {} vendors down. The others are not affected.", down, total);
}

std::string latency_words(const vendor::Health& health) {
  if (!health.latency) return "–";
  const auto micros = health.latency->count();
  return micros < 1000 ? "< 1 ms" : fmt::format("{} ms", micros / 1000);
}

std::vector<View> listing_choices(identity::ToolListing chosen) {
  using enum identity::ToolListing;
  static constexpr std::array<std::pair<identity::ToolListing, std::string_view>, 3> kWords{
      {{automatic, "As this gateway is set up"},
       {all, "All tools"},
       {search, "Search: the gateway's own tools, with which a model finds and calls the others"}}};
  std::vector<View> choices;
  for (const auto& [listing, words] : kWords) {
    View choice;
    choice.text("value", identity::name(listing)).text("words", words);
    choices.push_back(choice.flag("checked", listing == chosen));
  }
  return choices;
}

std::vector<View> browser_rows(const std::vector<identity::BrowserSession>& sessions, std::string_view current,
                               base::Micros now) {
  std::vector<View> rows;
  for (const auto& session : sessions) {
    View row;
    row.text("agent", session.user_agent.empty() ? "Unknown browser" : session.user_agent);
    row.text("created", ago(session.created, now)).text("seen", ago(session.last_seen, now));
    rows.push_back(row.flag("current", session.key == current));
  }
  return rows;
}

std::vector<View> grant_rows(const std::vector<ConnectedApplication>& grants, base::Micros now) {
  std::vector<View> rows;
  for (const auto& grant : grants) {
    View row;
    row.text("id", grant.grant_id).text("resource_name", grant.resource_name);
    row.text("client", grant.client_name.empty() ? "An application without a name" : grant.client_name);
    row.text("created", ago(grant.created, now));
    rows.push_back(row.text("used", grant.last_used ? ago(*grant.last_used, now) : "never"));
  }
  return rows;
}

}  // namespace

SettingsPages::SettingsPages(const base::Snapshot<vendor::Definitions>& definitions, const vendor::HealthBoard& health,
                             identity::BrowserSessions& sessions, identity::Preferences& preferences, GrantDesk& grants,
                             const base::Clock& clock, std::string public_url)
    : definitions_(definitions),
      health_(health),
      sessions_(sessions),
      preferences_(preferences),
      grants_(grants),
      clock_(clock),
      public_url_(std::move(public_url)) {}

base::Async<http::Response> SettingsPages::connect(const Visit& visit) {
  const auto url = public_url_ + "/v1/mcp";
  std::vector<View> snippets;
  for (const auto& snippet : client_snippets(url)) {
    View view;
    view.text("id", snippet.id).text("client", snippet.client).text("where", snippet.where);
    snippets.push_back(view.text("text", snippet.text).text("after", snippet.after));
  }

  std::vector<View> vendors;
  const auto definitions = definitions_.get();
  for (const auto& [slug, definition] : *definitions) {
    if (!definition->enabled) continue;
    vendors.push_back(
        View().text("name", definition->name).text("endpoint", fmt::format("{}/v1/{}/mcp", public_url_, slug)));
  }

  const auto chosen = co_await preferences_.tools(visit.user->id);
  View view;
  view.text("url", url).list("snippets", snippets).list("vendors", vendors);
  view.list("listings", listing_choices(chosen)).text("csrf_tools", visit.token(path::kTools));
  view.flag("saved", value_of(visit.query, "done") == "tools");
  co_return page(200, "connect.mustache", view,
                 visit.frame("Connect your client", Width::medium, std::string(path::kConnect)));
}

base::Async<http::Response> SettingsPages::choose_tools(const Visit& visit) {
  const auto listing = identity::tool_listing(value_of(visit.form, "listing"));
  if (!listing) co_return base::fail(base::Kind::invalid, "web.listing", "Choose one of the ways to list tools.");
  const auto chosen = co_await preferences_.choose_tools(visit.user->id, *listing);
  if (!chosen) co_return chosen.failure();
  co_return redirect("/settings/connect?done=tools#tools");
}

base::Async<http::Response> SettingsPages::health(const Visit& visit) {
  std::vector<View> vendors;
  std::size_t down = 0;
  const auto definitions = definitions_.get();
  for (const auto& [slug, definition] : *definitions) {
    if (!definition->enabled) continue;
    const auto health = health_.of(slug);
    if (health.status == vendor::Status::down) ++down;
    vendors.push_back(health_row(*definition, health));
  }

  View view;
  view.text("summary", summary_of(vendors.size(), down)).list("vendors", vendors);
  view.text("now", minute_utc(clock_.now()));
  co_return page(200, "health.mustache", view, visit.frame("Vendor health", Width::wide, std::string(path::kHealth)));
}

base::Async<http::Response> SettingsPages::sessions(const Visit& visit) {
  const auto browsers = co_await sessions_.list(visit.user->id);
  if (!browsers) co_return browsers.failure();
  const auto grants = co_await grants_.list(visit.user->id);
  if (!grants) co_return grants.failure();

  const auto now = clock_.now();
  View view;
  view.text("done", done_words(value_of(visit.query, "done"))).list("grants", grant_rows(*grants, now));
  view.list("browsers", browser_rows(*browsers, visit.session_key, now)).flag("has_others", browsers->size() > 1);
  view.text("csrf_revoke", visit.token(path::kRevoke)).text("csrf_others", visit.token(path::kSignOutOthers));
  co_return page(200, "sessions.mustache", view, visit.frame("Sessions", Width::wide, std::string(path::kSessions)));
}

base::Async<http::Response> SettingsPages::sign_out_others(const Visit& visit) {
  const auto browsers = co_await sessions_.list(visit.user->id);
  if (!browsers) co_return browsers.failure();

  for (const auto& session : *browsers) {
    if (session.key == visit.session_key) continue;
    const auto ended = co_await sessions_.end(visit.user->id, session.key);
    if (!ended) co_return ended.failure();
  }
  co_return redirect("/settings/sessions?done=others");
}

base::Async<http::Response> SettingsPages::revoke(const Visit& visit) {
  const auto revoked = co_await grants_.revoke(visit.user->id, value_of(visit.form, "grant"));
  // Gone already is what was wanted.
  if (!revoked && revoked.error().kind != base::Kind::not_found) co_return revoked.failure();
  co_return redirect("/settings/sessions?done=disconnected");
}

View SettingsPages::health_row(const vendor::Definition& definition, const vendor::Health& health) const {
  const auto now = clock_.now();
  const auto when = [&](const std::optional<base::Micros>& time) { return time ? ago(*time, now) : "never"; };
  const auto words = health_words(health.status);
  const int failures = health.consecutive_failures;
  View row;
  row.text("name", definition.name).text("state", vendor::name(health.status));
  row.text("badge", words.badge).text("tone", words.tone);
  row.text("error", health.status == vendor::Status::up ? "" : health.last_error);
  row.text("failures", failures > 1 ? std::to_string(failures) : "");
  row.text("checked", when(health.last_check)).text("succeeded", when(health.last_success));
  return row.text("latency", latency_words(health));
}

}  // namespace web
