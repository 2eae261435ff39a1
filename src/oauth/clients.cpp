#include "oauth/clients.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "base/digest.hpp"
#include "base/ids.hpp"
#include "oauth/clients_sql.hpp"
#include "oauth/detail/time.hpp"

namespace oauth {
namespace {

using FoundClient = base::Result<std::shared_ptr<const Client>>;

FoundClient read_row(const store::Row& row) {
  boost::system::error_code error;
  const auto stored = boost::json::parse(row.text(2), error);
  if (error || !stored.is_object())
    return base::fail(base::Kind::bug, "oauth.client", "The client's record is damaged.");
  auto metadata = read_client_metadata(stored.get_object(), MetadataSource::registration);
  if (!metadata) {
    return base::fail(base::Kind::bug, "oauth.client", "The client's record is damaged.", metadata.error().message);
  }
  auto client = std::make_shared<Client>();
  client->id = row.text(0);
  client->secret_hash = row.is_null(1) ? std::string() : row.text(1);
  client->metadata = *std::move(metadata);
  return std::shared_ptr<const Client>(std::move(client));
}

}  // namespace

Clients::Clients(store::Database& database, const base::Clock& clock, base::Random& random, ClientsConfig config)
    : database_(database), clock_(clock), random_(random), config_(config) {}

base::Async<Registration> Clients::add(ClientMetadata metadata) {
  Registration registration;
  registration.issued = clock_.now();
  registration.client.id = base::uuid7(registration.issued, random_);
  registration.client.metadata = std::move(metadata);
  if (registration.client.metadata.token_endpoint_auth_method != AuthMethod::none) {
    registration.secret = base::SecretString(random_.token());
    registration.client.secret_hash = base::sha256_hex(registration.secret.reveal());
  }

  const store::Value secret = registration.client.is_confidential() ? store::Value(registration.client.secret_hash)
                                                                    : store::Value(std::monostate());
  std::vector<store::Value> values{registration.client.id, secret,
                                   boost::json::serialize(to_json(registration.client.metadata)),
                                   detail::micros(registration.issued)};
  auto added = co_await database_.write([values = std::move(values)](store::Connection& connection) {
    return connection.execute(sql::kAddClient, values);
  });
  if (!added) co_return std::move(added).failure();
  co_return registration;
}

base::Async<std::shared_ptr<const Client>> Clients::find(std::string id) {
  co_return co_await database_.read([id = std::move(id)](store::Connection& connection) -> FoundClient {
    const auto rows = connection.query(sql::kFindClient, {id});
    if (!rows) return rows.failure();
    if (rows->empty()) return nullptr;
    return read_row(rows->front());
  });
}

base::Async<std::int64_t> Clients::collect() {
  const std::int64_t before = detail::micros(clock_.now() - config_.unused_lifetime);
  co_return co_await database_.write(
      [before](store::Connection& connection) { return connection.execute(sql::kCollectClients, {before}); });
}

}  // namespace oauth
