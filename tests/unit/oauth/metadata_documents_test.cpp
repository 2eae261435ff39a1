// Clients that are known by a document.
#include "oauth/metadata_documents.hpp"

#include "fixture.hpp"

namespace {

using namespace oauth_test;

const std::string kUrl = "https://app.example/client.json";

std::string document(const std::string& id = kUrl, const std::string& extra = {}) {
  return R"({"client_id":")" + id + R"(","client_name":"App","redirect_uris":[")" + std::string(kRedirect) + "\"]" +
         extra + "}";
}

class MetadataDocumentsTest : public ServerTest {
 protected:
  MetadataDocumentsTest() { publish(document()); }
  void publish(std::string body, std::chrono::seconds age = std::chrono::seconds(0)) {
    documents_.documents[kUrl] = {std::move(body), age};
  }
  std::string refused() {
    const auto response = authorize(request_of(kUrl));
    EXPECT_FALSE(response.headers.find("Location"));
    return error_of(response);
  }
};

TEST_F(MetadataDocumentsTest, SignsInWithoutRegistration) {
  const auto shown = run(server_->desk().describe(form(request_of(kUrl))));
  ASSERT_TRUE(shown) << shown.error().message;
  EXPECT_EQ(shown->client_name, "App");
  EXPECT_EQ(shown->client_host, "app.example");
  const auto tokens = sign_in(kUrl);
  EXPECT_TRUE(accepts(tokens.access));
  EXPECT_EQ(refresh(kUrl, tokens.refresh).status, 200);
}

TEST_F(MetadataDocumentsTest, TheTokenEndpointAsksNobodyOutside) {
  const auto tokens = sign_in(kUrl);
  documents_.documents.clear();
  const int before = documents_.fetched;
  clock_.advance(std::chrono::hours(48));
  EXPECT_EQ(refresh(kUrl, tokens.refresh).status, 200);
  EXPECT_EQ(documents_.fetched, before);
}

TEST_F(MetadataDocumentsTest, ADocumentThatNamesAnotherClientIsRefused) {
  publish(document("https://app.example/other.json"));
  EXPECT_EQ(refused(), "invalid_client");
}

TEST_F(MetadataDocumentsTest, WhatIsNoDocumentIsRefused) {
  for (const auto& body :
       {std::string("<html>"), std::string("[]"), std::string("{}"), std::string(),
        document(kUrl, R"(,"token_endpoint_auth_method":"private_key_jwt")"), R"({"client_id":")" + kUrl + R"("})"}) {
    publish(body);
    EXPECT_EQ(refused(), "invalid_client") << body;
    clock_.advance(std::chrono::seconds(31));
  }
}

TEST_F(MetadataDocumentsTest, ItsRedirectUrisAreTheOnlyOnes) {
  Fields request = request_of(kUrl);
  set(request, "redirect_uri", "https://evil.example/");
  EXPECT_EQ(error_of(authorize(request)), "invalid_request");
}

TEST_F(MetadataDocumentsTest, IsKeptAsLongAsItSaysWithinBounds) {
  publish(document(), std::chrono::hours(1));
  for (int i = 0; i < 5; ++i) EXPECT_EQ(authorize(request_of(kUrl)).status, 303);
  EXPECT_EQ(documents_.fetched, 1);
  clock_.advance(std::chrono::minutes(61));
  publish(document(), std::chrono::hours(24 * 365));
  EXPECT_EQ(authorize(request_of(kUrl)).status, 303);
  EXPECT_EQ(documents_.fetched, 2);
  clock_.advance(std::chrono::hours(25));
  EXPECT_EQ(authorize(request_of(kUrl)).status, 303);
  EXPECT_EQ(documents_.fetched, 3);
}

TEST_F(MetadataDocumentsTest, AFailureIsNotAskedForAgainAndAgain) {
  documents_.documents.clear();
  for (int i = 0; i < 5; ++i) {
    const auto response = authorize(request_of(kUrl));
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(error_of(response), "temporarily_unavailable");
  }
  EXPECT_EQ(documents_.fetched, 1);
}

TEST_F(MetadataDocumentsTest, AKnownDocumentIsUsedWhileItsHostIsDown) {
  EXPECT_EQ(authorize(request_of(kUrl)).status, 303);
  documents_.documents.clear();
  clock_.advance(std::chrono::hours(2));
  EXPECT_EQ(authorize(request_of(kUrl)).status, 303);
  clock_.advance(std::chrono::hours(25));
  EXPECT_EQ(authorize(request_of(kUrl)).status, 503);
}

TEST_F(MetadataDocumentsTest, OnlySoManyAreKept) {
  oauth::MetadataDocumentsConfig small;
  small.entries = 2;
  oauth::MetadataDocuments documents(documents_, clock_, small);
  for (int i = 0; i < 10; ++i) {
    const std::string url = "https://app.example/" + std::to_string(i);
    documents_.documents[url] = {document(url), std::chrono::hours(1)};
    EXPECT_TRUE(run(documents.find(url)));
  }
  EXPECT_TRUE(run(documents.find("https://app.example/0")));
  EXPECT_EQ(documents_.fetched, 11);
}

TEST(DocumentFreshness, IsReadFromCacheControl) {
  using std::chrono::seconds;
  EXPECT_EQ(oauth::fresh_for("public, max-age=600"), seconds(600));
  EXPECT_EQ(oauth::fresh_for("Max-Age=600"), seconds(600));
  EXPECT_EQ(oauth::fresh_for("no-store, max-age=600"), seconds(0));
  EXPECT_EQ(oauth::fresh_for("no-cache"), seconds(0));
  EXPECT_EQ(oauth::fresh_for("max-age=-5"), seconds(0));
  EXPECT_EQ(oauth::fresh_for("max-age=x"), seconds(0));
  EXPECT_EQ(oauth::fresh_for(""), seconds(0));
  EXPECT_GT(oauth::fresh_for("max-age=99999999999999999999"), std::chrono::hours(24));
}

}  // namespace
