#include "gateway/announcer.hpp"

#include "mcp/error.hpp"

namespace gateway {

Announcer::Announcer(Sessions& sessions, const Connections& connections, Catalogue& catalogue,
                     vault::Credentials& credentials, vendor::HealthBoard& health, identity::Preferences& preferences)
    : sessions_(sessions),
      connections_(connections),
      on_credential_(credentials.changes().subscribe(
          [this](const vault::Change& change) { announce_all(change.vendor, change.owner); })),
      on_health_(health.changes().subscribe([this](const vendor::HealthChange& change) {
        const bool shows = (change.before == vendor::Status::down) != (change.now == vendor::Status::down);
        if (shows) announce_all(change.vendor, {});
      })),
      on_list_(catalogue.changes().subscribe([this](const ListChange& change) { announce(change); })),
      // Of no vendor: on the unified endpoint alone.
      on_choice_(preferences.changes().subscribe(
          [this](const std::string& user) { announce({{}, user, mcp::ListKind::tools}); })) {}

void Announcer::announce_all(const std::string& vendor, const std::string& owner) {
  for (const auto kind : kAnnouncedKinds) {
    if (connections_.may_offer(vendor, kind)) announce({vendor, owner, kind});
  }
}

void Announcer::announce(const ListChange& change) {
  const auto message = mcp::notification(mcp::list_changed(change.kind));
  sessions_.for_each([&](const std::shared_ptr<Session>& session) {
    const auto& record = session->record();
    const bool sees_vendor = record.endpoint.empty() || record.endpoint == change.vendor;
    if (sees_vendor && (change.owner.empty() || record.subject == change.owner)) {
      session->own_stream()->append_once(message);
    }
  });
  announcements_.emit(change);
}

}  // namespace gateway
