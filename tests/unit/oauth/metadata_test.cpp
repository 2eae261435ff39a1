// What clients discover, byte for byte, and every place where they look.
#include "fixture.hpp"

namespace {

using oauth_test::ServerTest;

class MetadataTest : public ServerTest {};

constexpr std::string_view kServerMetadata =
    R"({"issuer":"https://gw.example","authorization_endpoint":"https://gw.example/oauth/authorize",)"
    R"("token_endpoint":"https://gw.example/oauth/token","registration_endpoint":"https://gw.example/oauth/register",)"
    R"("revocation_endpoint":"https://gw.example/oauth/revoke",)"
    R"("introspection_endpoint":"https://gw.example/oauth/introspect",)"
    R"("jwks_uri":"https://gw.example/.well-known/jwks.json","scopes_supported":["mcp"],)"
    R"("response_types_supported":["code"],"response_modes_supported":["query"],)"
    R"("grant_types_supported":["authorization_code","refresh_token"],)"
    R"("token_endpoint_auth_methods_supported":["none","client_secret_basic","client_secret_post"],)"
    R"("revocation_endpoint_auth_methods_supported":["none","client_secret_basic","client_secret_post"],)"
    R"("introspection_endpoint_auth_methods_supported":["none","client_secret_basic","client_secret_post"],)"
    R"("code_challenge_methods_supported":["S256"],"client_id_metadata_document_supported":true,)"
    R"("authorization_response_iss_parameter_supported":true)";

TEST_F(MetadataTest, TheServerDocumentIsTheSameAtEveryPlace) {
  for (const auto* path :
       {"/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/",
        "/.well-known/oauth-authorization-server/v1/mcp", "/.well-known/oauth-authorization-server/v1/hudu/mcp",
        "/v1/mcp/.well-known/oauth-authorization-server", "/v1/hudu/mcp/.well-known/oauth-authorization-server"}) {
    const auto response = get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.body, std::string(kServerMetadata) + "}") << path;
    EXPECT_EQ(response.headers.get("Content-Type"), "application/json");
    EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*");
  }
}

TEST_F(MetadataTest, TheOpenidDocumentHasTheMembersThatParsersInsistOn) {
  for (const auto* path : {"/.well-known/openid-configuration", "/.well-known/openid-configuration/v1/mcp",
                           "/v1/mcp/.well-known/openid-configuration"}) {
    const auto response = get(path);
    EXPECT_EQ(response.body, std::string(kServerMetadata) + R"(,"subject_types_supported":["public"],)"
                                                            R"("id_token_signing_alg_values_supported":["ES256"]})")
        << path;
  }
}

TEST_F(MetadataTest, EachEndpointDescribesItself) {
  const std::string rest = R"(,"authorization_servers":["https://gw.example"],"scopes_supported":["mcp"],)"
                           R"("bearer_methods_supported":["header"],"resource_name":"MCP gateway: )";
  EXPECT_EQ(get("/.well-known/oauth-protected-resource").body,
            R"({"resource":"https://gw.example")" + rest + R"(every vendor"})");
  for (const auto* path :
       {"/.well-known/oauth-protected-resource/v1/mcp", "/v1/mcp/.well-known/oauth-protected-resource"}) {
    EXPECT_EQ(get(path).body, R"({"resource":"https://gw.example/v1/mcp")" + rest + R"(every vendor"})");
  }
  for (const auto* path :
       {"/.well-known/oauth-protected-resource/v1/hudu/mcp", "/v1/hudu/mcp/.well-known/oauth-protected-resource"}) {
    EXPECT_EQ(get(path).body, R"({"resource":"https://gw.example/v1/hudu/mcp")" + rest + R"(Hudu"})");
  }
}

TEST_F(MetadataTest, AnythingElseIsNotFoundInJson) {
  for (const auto* path :
       {"/.well-known/", "/.well-known/nothing", "/.well-known/oauth-protected-resource/v1/nobody/mcp",
        "/.well-known/oauth-protected-resource/v2/mcp", "/v1/nobody/mcp/.well-known/oauth-protected-resource",
        "/v1/mcp/.well-known/oauth-protected-resource/v1/mcp", "/v1/mcp/.well-known/jwks.json", "/oauth/nothing",
        "/oauth", "/.well-known", "/oauth/token/"}) {
    EXPECT_TRUE(oauth::Endpoint::owns(path)) << path;
    const auto response = get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(error_of(response), "invalid_request") << path;
  }
  for (const auto* path : {"/", "/v1/mcp", "/auth/login", "/oauthx", "/tokens", "/health"}) {
    EXPECT_FALSE(oauth::Endpoint::owns(path)) << path;
  }
}

TEST_F(MetadataTest, AWrongMethodIsRefusedInJsonWithAllow) {
  const std::vector<std::pair<std::string, std::string>> table{{"/.well-known/jwks.json", "GET, HEAD, OPTIONS"},
                                                               {"/oauth/authorize", "GET, HEAD, POST"},
                                                               {"/oauth/token", "POST, OPTIONS"},
                                                               {"/token", "POST, OPTIONS"},
                                                               {"/oauth/register", "POST, OPTIONS"},
                                                               {"/oauth/revoke", "POST, OPTIONS"},
                                                               {"/oauth/introspect", "POST"}};
  for (const auto& [path, allow] : table) {
    const auto response = send(http::Method::delete_, path);
    EXPECT_EQ(response.status, 405) << path;
    EXPECT_EQ(response.headers.get("Allow"), allow) << path;
    EXPECT_EQ(error_of(response), "invalid_request") << path;
  }
  EXPECT_EQ(get("/oauth/token").status, 405);
}

TEST_F(MetadataTest, BrowserClientsMayAskBeforehand) {
  for (const auto* path : {"/oauth/token", "/oauth/register", "/.well-known/oauth-authorization-server"}) {
    const auto response = send(http::Method::options, path);
    EXPECT_EQ(response.status, 204) << path;
    EXPECT_EQ(response.headers.get("Access-Control-Allow-Origin"), "*");
    EXPECT_THAT(std::string(response.headers.get("Access-Control-Allow-Headers")),
                testing::HasSubstr("MCP-Protocol-Version"));
  }
}

// An issuer with a path: RFC 8414 section 3.1 inserts the well-known part before it.
TEST_F(MetadataTest, AnIssuerWithAPathIsFoundByInsertionAndByAppending) {
  oauth::Config with_path = config();
  with_path.public_url = "https://gw.example/mcp-gateway";
  server_ = make_server(with_path);
  ASSERT_TRUE(server_->start());
  for (const auto* path : {"/.well-known/oauth-authorization-server/mcp-gateway",
                           "/mcp-gateway/.well-known/openid-configuration", "/.well-known/openid-configuration"}) {
    EXPECT_EQ(text(json(get(path)), "issuer"), "https://gw.example/mcp-gateway") << path;
  }
  EXPECT_EQ(text(json(get("/.well-known/oauth-protected-resource/mcp-gateway/v1/mcp")), "resource"),
            "https://gw.example/mcp-gateway/v1/mcp");
}

TEST_F(MetadataTest, TheKeySetHoldsPublicPartsOnly) {
  const auto keys = json(get("/.well-known/jwks.json")).at("keys").as_array();
  ASSERT_EQ(keys.size(), 1U);
  const auto& key = keys[0].as_object();
  EXPECT_EQ(text(key, "kty"), "EC");
  EXPECT_EQ(text(key, "crv"), "P-256");
  EXPECT_EQ(text(key, "alg"), "ES256");
  EXPECT_EQ(text(key, "use"), "sig");
  EXPECT_FALSE(text(key, "kid").empty());
  EXPECT_FALSE(key.contains("d"));
}

}  // namespace
