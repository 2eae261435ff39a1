#include "oauth/metadata.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "oauth/authorization.hpp"

namespace oauth {

namespace json = boost::json;

std::string protected_resource_metadata(const Resources& resources, std::string_view resource) {
  json::object document;
  document["resource"] = resource;
  document["authorization_servers"] = json::array{json::string(resources.issuer())};
  document["scopes_supported"] = json::array{kDefaultScope};
  document["bearer_methods_supported"] = json::array{"header"};
  document["resource_name"] = "MCP gateway: " + resources.display_name(resource);
  return json::serialize(document);
}

std::string server_metadata(const Resources& resources, ServerMetadata kind) {
  const std::string& issuer = resources.issuer();
  const json::array methods{"none", "client_secret_basic", "client_secret_post"};
  json::object document;
  document["issuer"] = issuer;
  document["authorization_endpoint"] = issuer + "/oauth/authorize";
  document["token_endpoint"] = issuer + "/oauth/token";
  document["registration_endpoint"] = issuer + "/oauth/register";
  document["revocation_endpoint"] = issuer + "/oauth/revoke";
  document["introspection_endpoint"] = issuer + "/oauth/introspect";
  document["jwks_uri"] = issuer + "/.well-known/jwks.json";
  // Without offline_access: every client that may have a refresh token gets one, and a client that reads it here
  // asks for prompt=consent, too.
  document["scopes_supported"] = json::array{kDefaultScope};
  document["response_types_supported"] = json::array{"code"};
  document["response_modes_supported"] = json::array{"query"};
  document["grant_types_supported"] = json::array{"authorization_code", "refresh_token"};
  document["token_endpoint_auth_methods_supported"] = methods;
  document["revocation_endpoint_auth_methods_supported"] = methods;
  document["introspection_endpoint_auth_methods_supported"] = methods;
  document["code_challenge_methods_supported"] = json::array{"S256"};
  document["client_id_metadata_document_supported"] = true;
  document["authorization_response_iss_parameter_supported"] = true;
  if (kind == ServerMetadata::openid) {
    document["subject_types_supported"] = json::array{"public"};
    document["id_token_signing_alg_values_supported"] = json::array{"ES256"};
  }
  return json::serialize(document);
}

}  // namespace oauth
