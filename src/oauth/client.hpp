// An OAuth client and what it says about itself: RFC 7591 section 2, and draft-ietf-oauth-client-id-metadata-document.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace oauth {

enum class AuthMethod { none, client_secret_basic, client_secret_post };
[[nodiscard]] std::string_view name(AuthMethod method);

// Checked values only. Texts are untrusted all the same: pages show them escaped.
struct ClientMetadata {
  std::vector<std::string> redirect_uris;
  AuthMethod token_endpoint_auth_method = AuthMethod::none;
  bool refreshable = true;  // grant_types holds refresh_token
  std::string client_name;
  // client_uri, logo_uri, software_id and the like: kept to be answered again, used for nothing.
  std::vector<std::pair<std::string, std::string>> others;
};

struct Client {
  std::string id;  // a UUID, or the URL of a metadata document
  ClientMetadata metadata;
  std::string secret_hash;  // SHA-256 in hex; "" for public clients
  [[nodiscard]] bool is_confidential() const { return !secret_hash.empty(); }
  // Host of the metadata document; "" for registered clients.
  [[nodiscard]] std::string document_host() const;
};

// Where metadata came from decides what an absent field means and which authentication is possible.
enum class MetadataSource {
  registration,  // absent token_endpoint_auth_method means client_secret_basic (RFC 7591 section 2)
  document,      // public clients only: a document cannot keep a secret
};

// Limits: 20 redirect URIs, 200 bytes of name, 2048 of any other text. Unknown members are ignored.
// Errors: invalid, code invalid_redirect_uri or invalid_client_metadata (RFC 7591 section 3.2.2).
[[nodiscard]] base::Result<ClientMetadata> read_client_metadata(const boost::json::object& json, MetadataSource source);

// As stored and as answered by registration, without client_id and secret.
[[nodiscard]] boost::json::object to_json(const ClientMetadata& metadata);

// True for client ids that name a metadata document: https, a path, no fragment, user information or dot segments.
[[nodiscard]] bool is_document_url(std::string_view client_id);

}  // namespace oauth
