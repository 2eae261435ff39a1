#include "http/client.hpp"

#include <algorithm>

#include "http/detail/address.hpp"
#include "http/detail/client_exchange.hpp"
#include "http/detail/resolver.hpp"

namespace http {
namespace {

using base::Kind;
using std::chrono::steady_clock;

base::Result<Endpoints> allowed(Endpoints endpoints, Addresses addresses, const std::string& host) {
  if (addresses == Addresses::public_only) {
    std::erase_if(endpoints, [](const auto& endpoint) { return !is_public(endpoint.address()); });
    if (endpoints.empty()) {
      return base::fail(Kind::forbidden, "http.address_not_allowed", "the address of " + host + " is not a public one");
    }
  }
  if (endpoints.empty()) {
    return base::fail(Kind::vendor_down, "http.resolve", "the name " + host + " has no address");
  }
  return endpoints;
}

}  // namespace

class ClientImpl {
 public:
  ClientImpl(base::Executor executor, const ClientLimits& limits)
      : limits_(limits), pool_(std::make_shared<Pool>(executor, limits)) {}

  // Keeps itself alive: the client may go while the request is under way.
  static base::Async<ClientResponse> send(std::shared_ptr<ClientImpl> self, ClientRequest request);
  // Nothing: there is no connection that is kept alive.
  [[nodiscard]] std::unique_ptr<ClientExchange> try_send(const ClientRequest& request);
  // What the exchange sent goes out once more, on a new connection.
  static base::Async<void> send_again(std::shared_ptr<ClientImpl> self, ClientExchange& exchange,
                                      base::SteadyTime deadline);
  [[nodiscard]] ConnectionCount connection_count() const { return pool_->connection_count(); }

 private:
  base::Async<void> connect(Pool::Lease& lease, const ClientRequest& request);
  base::Async<void> connect_to(Stream& stream, boost::asio::ip::tcp::endpoint to, const Origin& origin,
                               base::SteadyTime until);

  ClientLimits limits_;
  std::shared_ptr<Pool> pool_;
  Resolver resolver_;
  TlsContext tls_;  // from the first https origin on
};

base::Async<ClientResponse> ClientImpl::send(std::shared_ptr<ClientImpl> self, ClientRequest request) {
  if (request.url == nullptr || request.method == Method::other) {
    co_return base::fail(Kind::invalid, "http.request", "A request needs a URL and a method.");
  }
  const auto& origin = request.url->origin;
  for (auto prefer = Pool::Prefer::kept_alive;; prefer = Pool::Prefer::new_connection) {
    auto lease = prefer == Pool::Prefer::kept_alive ? self->pool_->take_idle(origin, request.addresses) : Pool::Lease();
    if (!lease.has_stream()) {
      auto acquired = co_await self->pool_->acquire(origin, request.addresses, prefer, request.deadline);
      if (!acquired) co_return base::Failure(std::move(acquired).error().at(place_name(origin)));
      lease = *std::move(acquired);
    }
    const bool may_be_stale = lease.has_stream() && prefer == Pool::Prefer::kept_alive;
    if (!lease.has_stream()) {
      if (auto connected = co_await self->connect(lease, request); !connected) {
        co_return std::move(connected).failure();
      }
    }
    auto exchange = std::make_unique<ClientExchange>(std::move(lease), self->limits_.head_bytes, request.method);
    auto answered = co_await exchange->run(request);
    if (answered) co_return ClientResponse(std::move(exchange), nullptr);
    if (!may_be_stale || !exchange->found_stale()) co_return std::move(answered).failure();
  }
}

std::unique_ptr<ClientExchange> ClientImpl::try_send(const ClientRequest& request) {
  auto lease = pool_->take_idle(request.url->origin, request.addresses);
  if (!lease.has_stream()) return nullptr;
  auto exchange = std::make_unique<ClientExchange>(std::move(lease), limits_.head_bytes, request.method);
  exchange->send_now(request);
  return exchange;
}

base::Async<void> ClientImpl::send_again(std::shared_ptr<ClientImpl> self, ClientExchange& exchange,
                                         base::SteadyTime deadline) {
  auto request = exchange.kept().request;
  request.deadline = deadline;
  const auto& origin = request.url->origin;
  auto lease = co_await self->pool_->acquire(origin, request.addresses, Pool::Prefer::new_connection, deadline);
  if (!lease) co_return base::Failure(std::move(lease).error().at(place_name(origin)));
  if (auto connected = co_await self->connect(*lease, request); !connected) co_return connected;
  exchange.send_again(*std::move(lease));
  co_return base::Result<void>();
}

base::Async<void> ClientImpl::connect(Pool::Lease& lease, const ClientRequest& request) {
  const auto& origin = request.url->origin;
  const auto until = std::min<base::SteadyTime>(request.deadline, steady_clock::now() + limits_.connect_timeout);
  auto resolved = co_await resolver_.resolve(origin.host, origin.port, until);
  if (!resolved) co_return std::move(resolved).failure();
  auto endpoints = allowed(*std::move(resolved), request.addresses, origin.host);
  if (!endpoints) co_return std::move(endpoints).failure();

  // Each address gets its share of the time, so that one that swallows packets leaves some for the next.
  base::Result<void> result;
  for (std::size_t i = 0; i < endpoints->size(); ++i) {
    const auto left = until - steady_clock::now();
    const auto share = left / static_cast<std::int64_t>(endpoints->size() - i);
    result = co_await connect_to(lease.open(), (*endpoints)[i], origin, steady_clock::now() + share);
    if (result || result.error().kind == Kind::cancelled) break;
  }
  co_return result;
}

base::Async<void> ClientImpl::connect_to(Stream& stream, boost::asio::ip::tcp::endpoint to, const Origin& origin,
                                         base::SteadyTime until) {
  const auto where = place_name(origin);
  if (const auto error = co_await stream.connect(to, until)) co_return stream_failure(stream, error, where);
  if (!origin.tls) co_return base::Result<void>();

  if (!tls_) tls_ = client_tls_context();
  stream.start_tls(client_tls_session(*tls_, stream.descriptor(), origin.host));
  if (const auto error = co_await stream.handshake(until)) co_return stream_failure(stream, error, where);
  co_return base::Result<void>();
}

Client::Client(base::Executor executor, ClientLimits limits) : impl_(std::make_shared<ClientImpl>(executor, limits)) {}

Client::~Client() = default;

base::Async<ClientResponse> Client::send(ClientRequest request) { return ClientImpl::send(impl_, request); }

ConnectionCount Client::connection_count() const { return impl_->connection_count(); }

std::optional<ClientResponse> Client::try_send(const ClientRequest& request) {
  if (!ClientExchange::is_small(request)) return std::nullopt;
  auto exchange = impl_->try_send(request);
  return exchange ? std::optional(ClientResponse(std::move(exchange), impl_)) : std::nullopt;
}

ClientResponse::ClientResponse(std::unique_ptr<ClientExchange> exchange, std::shared_ptr<ClientImpl> client)
    : exchange_(std::move(exchange)), client_(std::move(client)) {}
ClientResponse::ClientResponse() noexcept = default;
ClientResponse::ClientResponse(ClientResponse&&) noexcept = default;
ClientResponse& ClientResponse::operator=(ClientResponse&&) noexcept = default;
ClientResponse::~ClientResponse() = default;

base::Async<void> ClientResponse::begin(base::SteadyTime deadline) {
  while (true) {
    if (auto head = exchange_->head_at_hand()) co_return *std::move(head);
    auto more = exchange_->go_on_with_head(co_await exchange_->wait_for_head(deadline));
    if (!more && exchange_->found_stale()) more = co_await ClientImpl::send_again(client_, *exchange_, deadline);
    if (!more) co_return more;
  }
}

int ClientResponse::status() const { return exchange_->parser().status(); }
const Headers& ClientResponse::headers() const { return exchange_->parser().headers(); }

base::Async<std::string_view> ClientResponse::read_some(base::SteadyTime deadline) {
  return exchange_->read_some(deadline);
}

base::Async<Beginning> ClientResponse::read_beginning(std::size_t most, std::size_t limit, base::SteadyTime deadline) {
  return exchange_->read_beginning(most, limit, deadline);
}

std::optional<base::Result<std::string_view>> ClientResponse::piece_at_hand() { return exchange_->piece_at_hand(); }

std::optional<Beginning> ClientResponse::body_at_hand(std::size_t most) { return exchange_->body_at_hand(most); }

bool ClientResponse::ended() { return exchange_->ended(); }

base::Async<std::string> ClientResponse::read_all(std::size_t limit, base::SteadyTime deadline) {
  return exchange_->read_all(limit, deadline);
}

}  // namespace http
