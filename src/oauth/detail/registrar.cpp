#include "oauth/detail/registrar.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "oauth/detail/time.hpp"

namespace oauth::detail {
namespace {

constexpr std::chrono::hours kWindow{1};

http::Response answer(const Registration& registration) {
  auto body = to_json(registration.client.metadata);
  body["client_id"] = registration.client.id;
  body["client_id_issued_at"] = unix_seconds(registration.issued);
  if (!registration.secret.empty()) {
    body["client_secret"] = registration.secret.reveal();
    body["client_secret_expires_at"] = 0;  // never
  }
  auto response = http::Response::json(201, boost::json::serialize(body));
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

bool RegistrationLimit::admit(const std::string& peer, base::Micros now) {
  const base::Lock lock(mutex_);
  if (windows_.size() >= config_.peers_remembered && !windows_.contains(peer)) {
    std::erase_if(windows_, [now](const auto& item) { return item.second.began + kWindow <= now; });
  }
  const bool is_full = windows_.size() >= config_.peers_remembered && !windows_.contains(peer);
  Window& window = windows_[is_full ? std::string() : peer];
  if (window.began + kWindow <= now) window = {now, 0};
  return ++window.count <= config_.per_hour_and_peer;
}

Registrar::Registrar(Clients& clients, const base::Clock& clock, RegistrationConfig config)
    : clients_(clients), clock_(clock), config_(config), limit_(config) {}

base::Async<http::Response> Registrar::handle(const http::Request& request) {
  if (request.body.size() > config_.body_bytes) {
    co_return base::fail(base::Kind::too_large, "invalid_client_metadata", "The client metadata is too large.");
  }
  boost::system::error_code error;
  const auto parsed = boost::json::parse(request.body, error);
  if (error || !parsed.is_object()) {
    co_return base::fail(base::Kind::invalid, "invalid_client_metadata", "The client metadata is not a JSON object.");
  }
  auto metadata = read_client_metadata(parsed.get_object(), MetadataSource::registration);
  if (!metadata) co_return std::move(metadata).failure();
  if (!limit_.admit(request.peer, clock_.now())) {
    co_return base::fail(base::Kind::too_many, "slow_down", "Too many registrations from this address; try later.");
  }
  auto registration = co_await clients_.add(*std::move(metadata));
  if (!registration) co_return std::move(registration).failure();
  co_return answer(*registration);
}

}  // namespace oauth::detail
