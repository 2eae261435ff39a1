#include "oauth/client.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace {

base::Result<oauth::ClientMetadata> read(const std::string& text,
                                         oauth::MetadataSource source = oauth::MetadataSource::registration) {
  return oauth::read_client_metadata(boost::json::parse(text).as_object(), source);
}

TEST(ClientMetadata, ReadsWhatMcpRemoteSends) {
  const auto metadata = read(R"({"redirect_uris":["http://localhost:3335/oauth/callback"],
    "token_endpoint_auth_method":"none","grant_types":["authorization_code","refresh_token"],"response_types":["code"],
    "client_name":"MCP CLI Proxy","client_uri":"https://github.com/modelcontextprotocol/mcp-cli",
    "software_id":"2e6dc280-f3c3-4e01-99a7-8181dbd1d23d","software_version":"0.15.1","application_type":"native",
    "scope":"mcp"})");
  ASSERT_TRUE(metadata) << metadata.error().message;
  EXPECT_EQ(metadata->client_name, "MCP CLI Proxy");
  EXPECT_EQ(metadata->token_endpoint_auth_method, oauth::AuthMethod::none);
  EXPECT_TRUE(metadata->refreshable);
}

TEST(ClientMetadata, WhatIsStoredReadsBackAsTheSame) {
  const auto metadata = read(R"({"redirect_uris":["https://a.example/cb"],"grant_types":["authorization_code"],
    "client_name":"A","software_id":"x"})");
  ASSERT_TRUE(metadata);
  EXPECT_FALSE(metadata->refreshable);
  EXPECT_EQ(metadata->token_endpoint_auth_method, oauth::AuthMethod::client_secret_basic);
  const std::string text = boost::json::serialize(oauth::to_json(*metadata));
  const auto again = read(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(boost::json::serialize(oauth::to_json(*again)), text);
}

TEST(ClientMetadata, RefusesWrongShapes) {
  const auto code = [](const std::string& text) {
    const auto metadata = read(text);
    return metadata ? "accepted" : metadata.error().code;
  };
  EXPECT_EQ(code(R"({})"), "invalid_redirect_uri");
  EXPECT_EQ(code(R"({"redirect_uris":[]})"), "invalid_redirect_uri");
  EXPECT_EQ(code(R"({"redirect_uris":"https://a.example/"})"), "invalid_redirect_uri");
  EXPECT_EQ(code(R"({"redirect_uris":[1]})"), "invalid_redirect_uri");
  EXPECT_EQ(code(R"({"redirect_uris":["javascript:x"]})"), "invalid_redirect_uri");
  const std::string good = R"({"redirect_uris":["https://a.example/"],)";
  EXPECT_EQ(code(good + R"("token_endpoint_auth_method":"private_key_jwt"})"), "invalid_client_metadata");
  EXPECT_EQ(code(good + R"("token_endpoint_auth_method":7})"), "invalid_client_metadata");
  EXPECT_EQ(code(good + R"("grant_types":["implicit"]})"), "invalid_client_metadata");
  EXPECT_EQ(code(good + R"("response_types":["token"]})"), "invalid_client_metadata");
  EXPECT_EQ(code(good + R"("client_name":")" + std::string(300, 'x') + "\"}"), "invalid_client_metadata");
  EXPECT_EQ(code(good + R"("client_name":"a\u202Eb"})"), "invalid_client_metadata");
  EXPECT_EQ(code(good + R"("client_name":"a\nb"})"), "invalid_client_metadata");
  EXPECT_EQ(code(good + R"("logo_uri":"javascript:x"})"), "invalid_client_metadata");
  EXPECT_EQ(code(good + R"("unknown_member":{"x":[1]}})"), "accepted");
}

TEST(ClientMetadata, RefusesMoreThanTwentyRedirectUris) {
  std::string list = R"("https://a.example/0")";
  for (int i = 1; i <= 20; ++i) list += R"(,"https://a.example/)" + std::to_string(i) + "\"";
  EXPECT_FALSE(read(R"({"redirect_uris":[)" + list + "]}"));
}

TEST(ClientMetadata, ADocumentDescribesAPublicClientOnly) {
  const auto source = oauth::MetadataSource::document;
  EXPECT_TRUE(read(R"({"redirect_uris":["https://a.example/"]})", source));
  EXPECT_FALSE(read(R"({"redirect_uris":["https://a.example/"],"client_secret":"x"})", source));
  EXPECT_FALSE(
      read(R"({"redirect_uris":["https://a.example/"],"token_endpoint_auth_method":"client_secret_post"})", source));
}

TEST(ClientId, IsADocumentUrlOnlyWithHttpsAndAPath) {
  EXPECT_TRUE(oauth::is_document_url("https://app.example/client.json"));
  for (const auto* id : {"https://app.example", "https://app.example/", "http://app.example/c",
                         "https://u@app.example/c", "https://app.example/c#f", "https://app.example/a/../c",
                         "https://app.example/./c", "abc", "", "https:///c", "https://app.example/.."}) {
    EXPECT_FALSE(oauth::is_document_url(id)) << id;
  }
}

}  // namespace
