#include "web/detail/connection_pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "web/detail/connection_state.hpp"
#include "web/detail/time_words.hpp"

namespace web {
namespace {

using Response = base::Result<http::Response>;

std::string_view done_words(std::string_view done) {
  if (done == "saved") return "Saved.";
  if (done == "tested") return "Tested.";
  if (done == "deleted") return "The credential is deleted.";
  return "";
}

// Definitions are the operator's, but a link to anything but the web has no place on a page.
std::string_view web_link(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://") ? url : std::string_view();
}

void show_state(View& view, const vendor::Definition& definition, const ConnectionState& state) {
  view.text("slug", definition.slug).text("name", definition.name).text("description", definition.description);
  view.text("documentation", web_link(definition.documentation));
  view.text("state", state.state).text("badge", state.badge).text("tone", state.tone);
  view.text("advice", state.advice).text("action", state.action).text("words", state.words);
  view.flag("urgent", state.urgent);
}

vault::State state_of(vendor::Verdict verdict) {
  switch (verdict) {
    case vendor::Verdict::working:
      return vault::State::working;
    case vendor::Verdict::rejected:
      return vault::State::rejected;
    case vendor::Verdict::unreachable:
      return vault::State::unreachable;
  }
  std::unreachable();
}

std::string page_of(std::string_view slug) { return fmt::format("/settings/connections/{}", slug); }

}  // namespace

ConnectionPages::ConnectionPages(vault::Credentials& credentials,
                                 const base::Snapshot<vendor::Definitions>& definitions,
                                 const vendor::HealthBoard& health, vendor::Prober& prober, const base::Clock& clock,
                                 std::string public_url)
    : credentials_(credentials),
      definitions_(definitions),
      health_(health),
      prober_(prober),
      clock_(clock),
      public_url_(std::move(public_url)) {}

base::Async<http::Response> ConnectionPages::overview(const Visit& visit) {
  const auto saved_ones = co_await credentials_.list(visit.user->id);
  if (!saved_ones) co_return saved_ones.failure();

  std::vector<View> vendors;
  const auto definitions = definitions_.get();
  for (const auto& [slug, definition] : *definitions) {
    if (!definition->enabled) continue;
    const auto found = std::ranges::find(*saved_ones, slug, &vault::ConnectionInfo::vendor);
    const auto info = found == saved_ones->end() ? std::nullopt : std::optional(*found);
    show_state(vendors.emplace_back(), *definition, connection_state(*definition, info, health_.of(slug)));
  }

  View view;
  view.text("done", done_words(value_of(visit.query, "done"))).list("vendors", vendors);
  co_return page(200, "connections.mustache", view, visit.frame("Connections", Width::wide, "/settings"));
}

base::Async<http::Response> ConnectionPages::show(const Visit& visit) {
  auto wanted = definition(visit.slug);
  if (!wanted) co_return wanted.failure();

  auto fields = co_await saved_fields(visit.user->id, visit.slug);
  CredentialEntry entry{fields, {}};
  co_return co_await form_page(200, *wanted, visit, std::move(entry), std::move(fields));
}

base::Async<http::Response> ConnectionPages::save(const Visit& visit) {
  auto wanted = definition(visit.slug);
  if (!wanted) co_return wanted.failure();

  auto old_fields = co_await saved_fields(visit.user->id, visit.slug);
  auto entry = read_credential(**wanted, visit.form, old_fields);
  if (!entry.problems.empty()) {
    co_return co_await form_page(422, *wanted, visit, std::move(entry), std::move(old_fields));
  }

  const auto info = co_await credentials_.save(visit.user->id, visit.slug, entry.fields);
  if (!info) co_return info.failure();

  const auto noted = co_await probe(*wanted, visit.user->id, info->version, std::move(entry.fields));
  if (!noted) co_return noted.failure();
  co_return redirect(page_of(visit.slug) + "?done=saved");
}

base::Async<http::Response> ConnectionPages::test(const Visit& visit) {
  auto wanted = definition(visit.slug);
  if (!wanted) co_return wanted.failure();

  const auto credential = co_await credentials_.resolve(visit.user->id, visit.slug);
  if (!credential) co_return credential.failure();
  if (!*credential) co_return redirect(page_of(visit.slug));

  const auto noted = co_await probe(*wanted, visit.user->id, (*credential)->version, (*credential)->fields);
  if (!noted) co_return noted.failure();
  co_return redirect(page_of(visit.slug) + "?done=tested");
}

base::Async<http::Response> ConnectionPages::confirm_delete(const Visit& visit) {
  const auto wanted = definition(visit.slug);
  if (!wanted) co_return wanted.failure();

  View view;
  view.text("slug", visit.slug).text("name", (*wanted)->name).text("csrf", visit.token(path::kDelete));
  co_return page(200, "confirm_delete.mustache", view, visit.frame("Delete credential", Width::narrow));
}

base::Async<http::Response> ConnectionPages::remove(const Visit& visit) {
  const auto wanted = definition(visit.slug);
  if (!wanted) co_return wanted.failure();

  const auto removed = co_await credentials_.remove(visit.user->id, visit.slug);
  if (!removed) co_return removed.failure();
  co_return redirect("/settings?done=deleted");
}

base::Result<ConnectionPages::DefinitionPtr> ConnectionPages::definition(std::string_view slug) const {
  const auto definitions = definitions_.get();
  const auto found = definitions->find(slug);
  if (found == definitions->end() || !found->second->enabled) {
    return base::fail(base::Kind::not_found, "web.unknown_vendor", "This gateway has no vendor of that name.");
  }
  return found->second;
}

base::Async<std::optional<vault::ConnectionInfo>> ConnectionPages::saved(std::string owner, std::string vendor) {
  auto all = co_await credentials_.list(std::move(owner));
  if (!all) co_return std::move(all).failure();
  const auto found = std::ranges::find(*all, vendor, &vault::ConnectionInfo::vendor);
  if (found == all->end()) co_return std::nullopt;
  co_return std::optional(std::move(*found));
}

base::Task<vault::Fields> ConnectionPages::saved_fields(std::string owner, std::string vendor) {
  const auto credential = co_await credentials_.resolve(std::move(owner), std::move(vendor));
  if (!credential || !*credential) co_return vault::Fields();
  co_return (*credential)->fields;
}

base::Async<void> ConnectionPages::probe(DefinitionPtr definition, std::string owner, std::int64_t version,
                                         vault::Fields fields) {
  auto injection = vendor::inject(*definition, fmt::format("{}/{}/{}", owner, definition->slug, version), fields);
  if (!injection) co_return std::move(injection).failure();

  const auto result =
      co_await prober_.probe(definition, std::make_shared<const vendor::Injection>(*std::move(injection)));
  const auto message = vault::mask(result.message, secrets_of(*definition, fields));
  co_return co_await credentials_.note(std::move(owner), definition->slug, version, state_of(result.verdict), message);
}

base::Async<http::Response> ConnectionPages::form_page(int status, DefinitionPtr definition, const Visit& visit,
                                                       CredentialEntry entry, vault::Fields saved_values) {
  const auto info = co_await saved(visit.user->id, definition->slug);
  if (!info) co_return info.failure();

  View view;
  show_state(view, *definition, connection_state(*definition, *info, health_.of(definition->slug)));
  show_credential_form(view, *definition, entry, saved_values);
  const auto now = clock_.now();
  view.text("csrf", visit.token(path::kConnection)).text("csrf_test", visit.token(path::kTest));
  view.text("done", done_words(value_of(visit.query, "done")));
  view.text("saved", *info ? ago((*info)->saved, now) : "");
  view.text("tested", *info && (*info)->tested ? ago(*(*info)->tested, now) : "");
  view.text("endpoint", fmt::format("{}/v1/{}/mcp", public_url_, definition->slug));
  co_return page(status, "connection.mustache", view, visit.frame(definition->name, Width::medium, "/settings"));
}

}  // namespace web
