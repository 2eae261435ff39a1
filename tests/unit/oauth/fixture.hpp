// A whole authorization server on a database of its own, spoken to in requests.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "fake/fake_clock.hpp"
#include "fake/fake_random.hpp"
#include "fake/run.hpp"
#include "oauth/authorization_server.hpp"
#include "oauth/migrations.hpp"

namespace oauth_test {

inline constexpr std::string_view kIssuer = "https://gw.example";
inline constexpr std::string_view kRedirect = "http://localhost:3335/oauth/callback";
inline constexpr std::string_view kVerifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";  // RFC 7636 appendix B
inline constexpr std::string_view kUser = "user-1";

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string form(const Fields& fields) {
  std::string text;
  for (const auto& [name, value] : fields) {
    text += (text.empty() ? "" : "&") + name + "=" + base::percent_encode(value);
  }
  return text;
}
inline void set(Fields& fields, std::string_view name, std::string value) {
  for (auto& [key, old] : fields) {
    if (key == name) old = value;
  }
}
inline void drop(Fields& fields, std::string_view name) {
  std::erase_if(fields, [&](const auto& field) { return field.first == name; });
}

// The parameters of a URL's query.
inline std::map<std::string, std::string> query_of(std::string_view url) {
  std::map<std::string, std::string> all;
  const auto parameters = http::Parameters::parse(url.substr(std::min(url.find('?') + 1, url.size())));
  EXPECT_TRUE(parameters);
  for (const auto& [name, value] : parameters->pairs()) {
    EXPECT_FALSE(all.contains(name)) << name << " stands there twice in " << url;
    all[name] = value;
  }
  return all;
}

// Documents by URL; counts what was fetched.
class FakeDocuments final : public oauth::DocumentSource {
 public:
  base::Async<oauth::Document> fetch(std::string url) override {
    ++fetched;
    const auto found = documents.find(url);
    if (found == documents.end()) co_return base::fail(failure, "temporarily_unavailable", "Nobody answers.");
    co_return found->second;
  }
  std::map<std::string, oauth::Document> documents;
  base::Kind failure = base::Kind::unavailable;
  int fetched = 0;
};

inline vendor::Definitions vendors() {
  vendor::Definitions all;
  auto hudu = std::make_shared<vendor::Definition>();
  hudu->slug = "hudu";
  hudu->name = "Hudu";
  all.emplace("hudu", std::move(hudu));
  return all;
}

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    EXPECT_TRUE(database_.migrate(oauth::migrations()));
    EXPECT_TRUE(server_->start());
  }

  static oauth::Config config() {
    oauth::Config config;
    config.public_url = kIssuer;
    return config;
  }
  std::unique_ptr<oauth::AuthorizationServer> make_server(const oauth::Config& config) {
    return std::make_unique<oauth::AuthorizationServer>(
        oauth::Surroundings{database_, sealer_, clock_, random_, vendors_, documents_}, config);
  }
  // The same store, a new process.
  void restart() {
    server_ = make_server(config());
    ASSERT_TRUE(server_->start());
  }

  template <class T>
  T run(base::Task<T> task) {
    return fake::run(context_, std::move(task));
  }

  http::Response send(http::Method method, const std::string& target, std::string body = {},
                      const Fields& headers = {}) {
    http::Request request;
    request.method = method;
    request.target = target;
    request.path_length = std::min(target.find('?'), target.size());
    request.body = std::move(body);
    request.peer = peer_;
    for (const auto& [name, value] : headers) request.headers.add(name, value);
    return run(server_->endpoint().handle(request));
  }
  http::Response get(const std::string& target, const Fields& headers = {}) {
    return send(http::Method::get, target, {}, headers);
  }
  http::Response post_form(const std::string& path, const Fields& fields, Fields headers = {}) {
    headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return send(http::Method::post, path, form(fields), headers);
  }
  static boost::json::object json(const http::Response& response) {
    EXPECT_THAT(std::string(response.headers.get("Content-Type")), testing::StartsWith("application/json"));
    boost::system::error_code error;
    const auto value = boost::json::parse(response.body, error);
    EXPECT_FALSE(error) << response.body;
    return value.is_object() ? value.get_object() : boost::json::object();
  }
  static std::string text(const boost::json::object& object, std::string_view name) {
    const auto* const value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
  }
  static std::string error_of(const http::Response& response) { return text(json(response), "error"); }

  std::string register_client(const std::string& extra = R"("token_endpoint_auth_method":"none")",
                              const std::string& redirect = std::string(kRedirect)) {
    return text(register_all(extra, redirect), "client_id");
  }
  boost::json::object register_all(const std::string& extra, const std::string& redirect = std::string(kRedirect)) {
    const auto response = send(http::Method::post, "/oauth/register",
                               R"({"client_name":"Test","redirect_uris":[")" + redirect + R"("],)" + extra + "}");
    EXPECT_EQ(response.status, 201) << response.body;
    return json(response);
  }

  static std::string challenge(std::string_view verifier) { return base::base64url(base::sha256(verifier)); }
  static Fields request_of(const std::string& client_id) {
    return {{"response_type", "code"},
            {"client_id", client_id},
            {"redirect_uri", std::string(kRedirect)},
            {"state", "st/a te"},
            {"code_challenge", challenge(kVerifier)},
            {"code_challenge_method", "S256"}};
  }
  http::Response authorize(const Fields& fields, const Fields& headers = {}) {
    return get("/oauth/authorize?" + form(fields), headers);
  }
  // Where the browser is sent when the person agrees.
  std::string approve(const Fields& fields, std::string_view user = kUser) {
    const auto url = run(server_->desk().decide(form(fields), std::string(user), identity::Decision::approve));
    EXPECT_TRUE(url) << (url ? "" : url.error().message);
    return url.value_or("");
  }
  std::string code_for(const Fields& fields) { return query_of(approve(fields))["code"]; }

  static Fields exchange_of(const std::string& client_id, const std::string& code) {
    return {{"grant_type", "authorization_code"},
            {"client_id", client_id},
            {"code", code},
            {"redirect_uri", std::string(kRedirect)},
            {"code_verifier", std::string(kVerifier)}};
  }
  http::Response token(const Fields& fields, const Fields& headers = {}) {
    return post_form("/oauth/token", fields, headers);
  }
  struct Tokens {
    std::string access;
    std::string refresh;
  };
  Tokens tokens_of(const http::Response& response) {
    EXPECT_EQ(response.status, 200) << response.body;
    const auto body = json(response);
    return {text(body, "access_token"), text(body, "refresh_token")};
  }
  Tokens sign_in(const std::string& client_id, const Fields& extra = {}) {
    Fields request = request_of(client_id);
    request.insert(request.end(), extra.begin(), extra.end());
    return tokens_of(token(exchange_of(client_id, code_for(request))));
  }
  http::Response refresh(const std::string& client_id, const std::string& refresh_token, const Fields& extra = {}) {
    Fields fields{{"grant_type", "refresh_token"}, {"client_id", client_id}, {"refresh_token", refresh_token}};
    fields.insert(fields.end(), extra.begin(), extra.end());
    return token(fields);
  }
  bool accepts(const std::string& access_token, const std::string& resource = "https://gw.example/v1/mcp") {
    return server_->verifier().verify(access_token, resource).has_value();
  }

  boost::asio::io_context context_{1};
  fake::FakeClock clock_;
  fake::FakeRandom random_;
  store::Database database_{{":memory:", 1}};
  vault::Sealer sealer_{vault::MasterKeys::generate(random_), random_};
  base::Snapshot<vendor::Definitions> vendors_{vendors()};
  FakeDocuments documents_;
  std::string peer_ = "127.0.0.1";
  std::unique_ptr<oauth::AuthorizationServer> server_ = make_server(config());
};

}  // namespace oauth_test
