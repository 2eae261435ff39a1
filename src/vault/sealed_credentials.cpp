#include "vault/sealed_credentials.hpp"

#include <fmt/format.h>

#include <array>
#include <stdexcept>

#include "base/ids.hpp"
#include "vault/detail/credential_cache.hpp"
#include "vault/detail/fields_codec.hpp"
#include "vault/sealed_credentials_sql.hpp"

namespace vault {
namespace {

using store::Blob;
using store::Connection;
using store::Row;

// The data key's scope and the record's identity: both are bound to the sealed bytes, so neither owner, vendor nor
// version of a row can be exchanged.
std::string scope_of(std::string_view owner) { return fmt::format("user/{}", owner); }

std::string identity_of(std::string_view vendor, std::int64_t version) {
  return fmt::format("credential/{}/{}", vendor, version);
}

State state_named(std::string_view text) {
  for (const auto state : {State::untested, State::working, State::rejected, State::unreachable}) {
    if (text == name(state)) return state;
  }
  throw std::logic_error("unknown state of a credential");
}

base::Micros micros(std::int64_t value) { return base::Micros(std::chrono::microseconds(value)); }
std::int64_t number(base::Micros time) { return time.time_since_epoch().count(); }

std::optional<base::Micros> optional_micros(const Row& row, std::size_t column) {
  if (row.is_null(column)) return std::nullopt;
  return micros(row.integer(column));
}

ConnectionInfo info(const Row& row) {
  return {.vendor = row.text(0),
          .state = state_named(row.text(1)),
          .message = row.text(2),
          .field_names = detail::decode_names(row.text(3)),
          .version = row.integer(4),
          .saved = micros(row.integer(5)),
          .tested = optional_micros(row, 6)};
}

base::Result<std::shared_ptr<const Credential>> open(const Sealer& sealer, const std::string& owner,
                                                     const std::string& vendor, const Row& row) {
  const auto version = row.integer(0);
  const auto where = [&](const base::Error& error) {
    return base::Failure(base::Error(error).at(fmt::format("connection to {}", vendor)));
  };
  const auto plaintext = sealer.open(scope_of(owner), identity_of(vendor, version), row.blob(1));
  if (!plaintext) return where(plaintext.error());
  auto fields = detail::decode(plaintext->reveal());
  if (!fields) return where(fields.error());
  return std::make_shared<const Credential>(
      Credential{owner, vendor, version, state_named(row.text(2)), *std::move(fields)});
}

// At most `limit` bytes, ending with a whole UTF-8 character.
std::string shortened(std::string text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xc0) == 0x80) --limit;
  text.resize(limit);
  return text + "…";
}

// Everything of one save(), as the database thread needs it.
struct Save {
  std::shared_ptr<const Sealer> sealer;
  std::string id;
  std::string owner;
  std::string vendor;
  Fields fields;
  base::Micros now;

  base::Result<ConnectionInfo> operator()(Connection& connection) const {
    const auto counter = connection.query(sql::kNextVersion, {});
    if (!counter) return counter.failure();
    const auto version = counter->at(0).integer(0);

    auto sealed = sealer->seal(scope_of(owner), identity_of(vendor, version), detail::encode(fields).reveal());
    const auto saved =
        connection.execute(sql::kSave, {id, owner, vendor, version, Blob{std::move(sealed)},
                                        detail::encode_names(fields), std::string(name(State::untested)), number(now)});
    if (!saved) return saved.failure();

    ConnectionInfo saved_info;
    saved_info.vendor = vendor;
    saved_info.version = version;
    saved_info.saved = now;
    for (const auto& [field, value] : fields) saved_info.field_names.push_back(field);
    return saved_info;
  }
};

// True when the state is another one than before.
base::Result<bool> write_note(Connection& connection, const std::vector<store::Value>& key, State state,
                              const std::string& message, base::Micros now) {
  const auto before = connection.query(sql::kState, key);
  if (!before) return before.failure();
  if (before->empty()) return false;

  auto parameters = key;
  parameters.insert(parameters.end(), {std::string(name(state)), message, number(now)});
  const auto noted = connection.execute(sql::kNote, parameters);
  if (!noted) return noted.failure();
  return before->at(0).text(0) != name(state);
}

}  // namespace

class SealedCredentials::Cache final : public detail::CredentialCache {
  using detail::CredentialCache::CredentialCache;
};

SealedCredentials::SealedCredentials(store::Database& database, std::shared_ptr<const Sealer> sealer,
                                     const base::Clock& clock, base::Random& random, SealedCredentialsConfig config)
    : database_(database),
      sealer_(std::move(sealer)),
      clock_(clock),
      random_(random),
      config_(config),
      cache_(std::make_unique<Cache>(config.cached)) {}

SealedCredentials::~SealedCredentials() = default;

base::Async<std::shared_ptr<const Credential>> SealedCredentials::resolve(std::string owner, std::string vendor) {
  if (auto known = cached(owner, vendor)) co_return *std::move(known);

  const auto epoch = cache_->epoch();
  const auto rows = co_await database_.read(
      [owner, vendor](Connection& connection) { return connection.query(sql::kFind, {owner, vendor}); });
  if (!rows) co_return rows.failure();
  if (rows->empty()) {
    cache_->put(epoch, owner, vendor, {});
    co_return nullptr;
  }

  auto credential = open(*sealer_, owner, vendor, rows->at(0));
  if (credential) cache_->put(epoch, owner, vendor, {*credential, optional_micros(rows->at(0), 3)});
  co_return credential;
}

std::optional<std::shared_ptr<const Credential>> SealedCredentials::cached(std::string_view owner,
                                                                           std::string_view vendor) const {
  auto entry = cache_->get(owner, vendor);
  if (!entry) return std::nullopt;
  return std::move(entry->credential);
}

base::Async<std::vector<ConnectionInfo>> SealedCredentials::list(std::string owner) {
  const auto rows =
      co_await database_.read([owner](Connection& connection) { return connection.query(sql::kList, {owner}); });
  if (!rows) co_return rows.failure();
  std::vector<ConnectionInfo> all;
  for (const auto& row : *rows) all.push_back(info(row));
  co_return all;
}

base::Async<ConnectionInfo> SealedCredentials::save(std::string owner, std::string vendor, Fields fields) {
  if (owner.empty() || vendor.empty()) {
    co_return base::fail(base::Kind::invalid, "vault.owner", "A credential needs an owner and a vendor.");
  }
  if (auto fine = detail::check(fields); !fine) co_return std::move(fine).failure();

  const auto now = clock_.now();
  Save work{sealer_, base::uuid7(now, random_), owner, vendor, std::move(fields), now};
  auto saved = co_await database_.write(std::move(work));
  if (saved) changed(std::move(owner), std::move(vendor));
  co_return saved;
}

base::Async<void> SealedCredentials::note(std::string owner, std::string vendor, std::int64_t version, State state,
                                          std::string message) {
  if (is_old_news(owner, vendor, version, state, message)) co_return base::Result<void>();
  const auto credential = co_await resolve(owner, vendor);
  if (!credential) co_return credential.failure();
  if (*credential == nullptr || (*credential)->version != version) co_return base::Result<void>();

  message = shortened(mask(std::move(message), (*credential)->fields), config_.message_limit);
  const std::vector<store::Value> key{owner, vendor, version};
  const auto is_new = co_await database_.write([key, state, message, now = clock_.now()](Connection& connection) {
    return write_note(connection, key, state, message, now);
  });
  if (!is_new) co_return is_new.failure();
  cache_->drop(owner, vendor);
  if (*is_new) changes_.emit({std::move(owner), std::move(vendor)});
  co_return base::Result<void>();
}

base::Async<void> SealedCredentials::remove(std::string owner, std::string vendor) {
  const auto removed = co_await database_.write(
      [owner, vendor](Connection& connection) { return connection.execute(sql::kRemove, {owner, vendor}); });
  if (!removed) co_return removed.failure();
  if (*removed > 0) changed(std::move(owner), std::move(vendor));
  co_return base::Result<void>();
}

// Every successful call notes its credential as working: only the first and then one a minute is worth a commit.
bool SealedCredentials::is_old_news(const std::string& owner, const std::string& vendor, std::int64_t version,
                                    State state, const std::string& message) const {
  if (state != State::working || !message.empty()) return false;
  const auto entry = cache_->get(owner, vendor);
  return entry && entry->credential && entry->credential->version == version &&
         entry->credential->state == State::working && entry->tested &&
         clock_.now() - *entry->tested < config_.note_interval;
}

void SealedCredentials::changed(std::string owner, std::string vendor) {
  cache_->drop(owner, vendor);
  changes_.emit({std::move(owner), std::move(vendor)});
}

SealedColumn sealed_credentials_column() {
  return {.name = "credentials",
          .table = "vault_credentials",
          .id_column = "id",
          .sealed_column = "sealed",
          .context_columns = {"owner_id", "vendor", "version"},
          .place = [](const Row& row) {
            return SealedPlace{scope_of(row.text(0)), identity_of(row.text(1), row.integer(2))};
          }};
}

}  // namespace vault
