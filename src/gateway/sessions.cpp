#include "gateway/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "gateway/sessions_sql.hpp"
#include "mcp/revision.hpp"

namespace gateway {
namespace {

constexpr std::size_t kNonceLength = 22;  // 16 bytes in base64url
constexpr std::size_t kMacBytes = 16;

base::Failure no_session() {
  return base::fail(base::Kind::not_found, "session.not_found", "Session not found: it was ended. Initialize again.");
}

std::int64_t micros(base::Micros time) { return time.time_since_epoch().count(); }

base::Result<std::optional<store::Row>> find_row(store::Connection& connection, const std::string& id) {
  auto rows = connection.query(sql::kFindSession, {id});
  if (!rows) return std::move(rows).failure();
  if (rows->empty()) return std::optional<store::Row>();
  return std::optional(std::move(rows->front()));
}

SessionRecord to_record(std::string id, const store::Row& row, std::shared_ptr<const ClientProfile> client) {
  return {std::move(id),
          row.text(0),
          row.text(1),
          row.text(2),
          row.text(3),
          std::move(client),
          base::Micros(std::chrono::microseconds(row.integer(5)))};
}

}  // namespace

Sessions::Sessions(store::Database& database, base::Clock& clock, base::Random& random, base::SecretString id_key,
                   Config config)
    : database_(database), clock_(clock), random_(random), id_key_(std::move(id_key)), config_(std::move(config)) {}

base::Task<std::shared_ptr<Session>> Sessions::open(identity::Principal principal, std::string endpoint,
                                                    std::string protocol_version, std::string initialize_params,
                                                    std::shared_ptr<EventStream> own_stream) {
  SessionRecord record{.id = make_id(endpoint, principal.subject),
                       .endpoint = std::move(endpoint),
                       .subject = principal.subject,
                       .grant_id = principal.grant_id,
                       .protocol_version = std::move(protocol_version),
                       .client = profiles_.of(initialize_params, read_client_profile),
                       .created = clock_.now()};
  make_room(record.subject);
  auto session = keep(record, {}, std::move(own_stream));
  auto stored = co_await database_.write([record](store::Connection& c) {
    return c.execute(sql::kInsertSession,
                     {record.id, record.endpoint, record.subject, record.grant_id, record.protocol_version,
                      record.client->initialize_params, micros(record.created)});
  });
  if (!stored) base::log::warn("session.not_stored", {{"error", stored.error().detail}});
  co_return session;
}

// Who has its id and is who it was made for needs no MAC.
std::shared_ptr<Session> Sessions::at_hand(std::string_view id, std::string_view subject,
                                           std::string_view endpoint) const {
  auto session = in_memory(id);
  if (!session || session->record().subject != subject || session->record().endpoint != endpoint) return nullptr;
  session->touch(clock_.now());
  return session;
}

base::Async<std::shared_ptr<Session>> Sessions::find(std::string id, identity::Principal principal,
                                                     std::string endpoint, std::string protocol_version) {
  if (!is_id_of(id, endpoint, principal.subject)) co_return no_session();
  if (auto session = in_memory(id)) {
    session->touch(clock_.now());
    co_return session;
  }

  auto row = co_await database_.read([id](store::Connection& c) { return find_row(c, id); });
  if (!row) co_return std::move(row).failure();
  if (*row && !(*row)->is_null(6)) co_return no_session();
  if (*row) {
    co_return keep(to_record(std::move(id), **row, profiles_.of((*row)->text(4), read_client_profile)),
                   FollowedResources::parse((*row)->text(7)), nullptr);
  }

  const auto version =
      mcp::is_legacy_revision(protocol_version) ? protocol_version : std::string(mcp::kAssumedRevision);
  base::log::info("session.taken_up", {{"principal", principal.subject}, {"endpoint", endpoint}});
  co_return keep({.id = std::move(id),
                  .endpoint = std::move(endpoint),
                  .subject = principal.subject,
                  .grant_id = principal.grant_id,
                  .protocol_version = version,
                  .client = profiles_.of("{}", read_client_profile),
                  .created = clock_.now()},
                 {}, nullptr);
}

base::Async<void> Sessions::keep_followed(std::shared_ptr<Session> session) {
  auto kept = co_await database_.write([id = session->record().id, text = session->followed().text()](
                                           store::Connection& c) { return c.execute(sql::kKeepFollowed, {id, text}); });
  if (!kept) co_return std::move(kept).failure();
  co_return base::Result<void>();
}

base::Async<void> Sessions::end(std::shared_ptr<Session> session) {
  const auto& record = session->record();
  const auto now = micros(clock_.now());
  auto ended = co_await database_.write([record, now](store::Connection& c) {
    return c.execute(sql::kEndSession, {record.id, record.endpoint, record.subject, now});
  });
  if (!ended) co_return std::move(ended).failure();
  forget(record.id);
  session->close();
  co_return base::Result<void>();
}

base::Async<void> Sessions::end_of_grant(std::string grant_id) {
  std::vector<std::shared_ptr<Session>> ending;
  for_each([&](const auto& session) {
    if (session->record().grant_id == grant_id) ending.push_back(session);
  });
  const auto now = micros(clock_.now());
  auto ended = co_await database_.write(
      [grant_id, now](store::Connection& c) { return c.execute(sql::kEndSessionsOfGrant, {grant_id, now}); });
  for (const auto& session : ending) {
    forget(session->record().id);
    session->silence();
  }
  if (!ended) co_return std::move(ended).failure();
  co_return base::Result<void>();
}

void Sessions::for_each(const std::function<void(const std::shared_ptr<Session>&)>& visit) const {
  for (auto& shard : shards_) {
    std::vector<std::shared_ptr<Session>> copy;
    {
      const base::Lock lock(shard.mutex);
      for (const auto& [id, session] : shard.sessions) copy.push_back(session);
    }
    for (const auto& session : copy) visit(session);
  }
}

std::size_t Sessions::size() const {
  std::size_t count = 0;
  for (auto& shard : shards_) {
    const base::Lock lock(shard.mutex);
    count += shard.sessions.size();
  }
  return count;
}

base::Async<void> Sessions::collect() {
  const auto now = clock_.now();
  std::vector<std::pair<std::string, std::int64_t>> used;
  std::vector<std::shared_ptr<Session>> idle;
  for_each([&](const auto& session) {
    // A client that only listens uses it, too.
    if (session->own_stream()->is_read()) session->touch(now);
    used.emplace_back(session->record().id, micros(session->last_used()));
    if (session->last_used() + config_.session_idle < now) idle.push_back(session);
  });
  for (const auto& session : idle) {
    forget(session->record().id);
    session->close();
  }
  const auto oldest = micros(now - config_.session_lifetime);
  auto stored = co_await database_.write([used = std::move(used), oldest](store::Connection& c) -> base::Result<void> {
    for (const auto& [id, at] : used) {
      if (auto done = c.execute(sql::kTouchSession, {id, at}); !done) return std::move(done).failure();
    }
    if (auto done = c.execute(sql::kCollectSessions, {oldest}); !done) return std::move(done).failure();
    return {};
  });
  co_return stored;
}

Sessions::Shard& Sessions::shard(std::string_view id) const {
  return shards_[std::hash<std::string_view>{}(id) % shards_.size()];
}

std::string Sessions::make_id(std::string_view endpoint, std::string_view subject) {
  const auto nonce = random_.token(16);
  const auto mac = base::hmac_sha256(id_key_.reveal(), fmt::format("{}\n{}\n{}", nonce, endpoint, subject));
  return nonce + base::base64url(std::span(mac).first<kMacBytes>());
}

bool Sessions::is_id_of(std::string_view id, std::string_view endpoint, std::string_view subject) const {
  if (id.size() <= kNonceLength) return false;
  const auto nonce = id.substr(0, kNonceLength);
  const auto mac = base::hmac_sha256(id_key_.reveal(), fmt::format("{}\n{}\n{}", nonce, endpoint, subject));
  return base::equal_constant_time(id.substr(kNonceLength), base::base64url(std::span(mac).first<kMacBytes>()));
}

std::shared_ptr<Session> Sessions::in_memory(std::string_view id) const {
  auto& place = shard(id);
  const base::Lock lock(place.mutex);
  const auto found = place.sessions.find(id);
  return found != place.sessions.end() ? found->second : nullptr;
}

// Two requests may bring the same session back at once: the first one's object is everybody's.
std::shared_ptr<Session> Sessions::keep(SessionRecord record, FollowedResources followed,
                                        std::shared_ptr<EventStream> own_stream) {
  auto& place = shard(record.id);
  const base::Lock lock(place.mutex);
  if (const auto found = place.sessions.find(record.id); found != place.sessions.end()) return found->second;
  auto session = std::make_shared<Session>(std::move(record), std::move(followed),
                                           EventStream::Limits{config_.replay_events, config_.replay_bytes},
                                           clock_.now(), std::move(own_stream));
  place.sessions.emplace(session->record().id, session);
  return session;
}

void Sessions::make_room(const std::string& subject) {
  std::shared_ptr<Session> longest_unused;
  std::size_t count = 0;
  for_each([&](const auto& session) {
    if (session->record().subject != subject) return;
    ++count;
    if (!longest_unused || session->last_used() < longest_unused->last_used()) longest_unused = session;
  });
  if (count < config_.sessions_per_principal) return;
  forget(longest_unused->record().id);
  longest_unused->close();
}

void Sessions::forget(const std::string& id) {
  auto& place = shard(id);
  const base::Lock lock(place.mutex);
  place.sessions.erase(id);
}

}  // namespace gateway
