#include "oauth/detail/client_authentication.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/secret_string.hpp"

namespace oauth::detail {
namespace {

struct Credentials {
  std::string id;
  base::SecretString secret;
};

base::Failure invalid_client(std::string message) {
  return base::fail(base::Kind::unauthenticated, "invalid_client", std::move(message));
}

base::Failure invalid_request(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_request", std::move(message));
}

// Basic uses the standard alphabet with padding; the digits are the same but for two.
std::optional<std::string> from_base64(std::string_view text) {
  std::string url(text);
  while (url.ends_with('=')) url.pop_back();
  std::ranges::replace(url, '+', '-');
  std::ranges::replace(url, '/', '_');
  const auto bytes = base::from_base64url(url);
  if (!bytes) return std::nullopt;
  return std::string(base::text_of(*bytes));
}

base::Result<Credentials> read_basic(std::string_view authorization) {
  auto text = authorization.substr(6);
  while (text.starts_with(' ')) text.remove_prefix(1);
  const auto decoded = from_base64(text);
  const auto colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos) return invalid_client("The Basic credentials are malformed.");
  const std::string_view pair = *decoded;
  auto id = base::percent_decode(pair.substr(0, colon), base::PlusIsSpace::yes);
  auto secret = base::percent_decode(pair.substr(colon + 1), base::PlusIsSpace::yes);
  if (!id || !secret) return invalid_client("The Basic credentials are malformed.");
  return Credentials{*std::move(id), base::SecretString(*std::move(secret))};
}

base::Result<Credentials> read_credentials(const http::Headers& headers, const http::Parameters& form) {
  const std::string form_id(form.find("client_id").value_or(std::string_view()));
  const std::string_view form_secret = form.find("client_secret").value_or(std::string_view());
  const std::string_view authorization = headers.get("Authorization");
  if (!is_basic(authorization)) {
    if (form_id.empty()) return invalid_client("client_id is missing.");
    return Credentials{form_id, base::SecretString(form_secret)};
  }
  auto credentials = read_basic(authorization);
  if (!credentials) return credentials;
  if (!form_secret.empty()) return invalid_request("The client authenticates in two ways at once.");
  if (!form_id.empty() && form_id != credentials->id) {
    return invalid_request("client_id differs from the Basic credentials.");
  }
  return credentials;
}

}  // namespace

bool is_basic(std::string_view authorization) {
  constexpr std::string_view kScheme = "basic ";
  return authorization.size() > kScheme.size() &&
         std::ranges::equal(authorization.substr(0, kScheme.size()), kScheme,
                            [](unsigned char a, char b) { return std::tolower(a) == b; });
}

base::Async<std::shared_ptr<const Client>> authenticate(ClientDirectory& clients, const http::Headers& headers,
                                                        const http::Parameters& form) {
  const auto credentials = read_credentials(headers, form);
  if (!credentials) co_return credentials.failure();

  auto client = co_await clients.find_without_fetch(credentials->id);
  if (!client) {
    if (client.error().code != "invalid_client") co_return std::move(client).failure();
    co_return invalid_client(std::move(client).error().message);
  }
  if (!(*client)->is_confidential()) co_return client;

  const std::string hash = base::sha256_hex(credentials->secret.reveal());
  if (!base::equal_constant_time(hash, (*client)->secret_hash)) {
    co_return invalid_client("The client_secret is missing or wrong.");
  }
  co_return client;
}

}  // namespace oauth::detail
