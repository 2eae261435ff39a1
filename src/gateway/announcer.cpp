#include "gateway/announcer.hpp"

#include "mcp/error.hpp"

namespace gateway {

Announcer::Announcer(Sessions& sessions, Catalogue& catalogue, vault::Credentials& credentials,
                     vendor::HealthBoard& health)
    : sessions_(sessions),
      on_credential_(credentials.changes().subscribe(
          [this](const vault::Change& change) { announce(change.vendor, change.owner); })),
      on_health_(health.changes().subscribe([this](const vendor::HealthChange& change) {
        const bool shows = (change.before == vendor::Status::down) != (change.now == vendor::Status::down);
        if (shows) announce(change.vendor, {});
      })),
      on_list_(
          catalogue.changes().subscribe([this](const ListChange& change) { announce(change.vendor, change.owner); })) {}

void Announcer::announce(const std::string& vendor, const std::string& owner) {
  static const std::string message = mcp::notification("notifications/tools/list_changed");
  sessions_.for_each([&](const std::shared_ptr<Session>& session) {
    const auto& record = session->record();
    const bool sees_vendor = record.endpoint.empty() || record.endpoint == vendor;
    if (sees_vendor && (owner.empty() || record.subject == owner)) session->own_stream()->append_once(message);
  });
}

}  // namespace gateway
