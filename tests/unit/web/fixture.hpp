// The pages over the real rooms below them and a database "in memory"; only what crosses the process's edge is fake:
// the vendors' answers, the authorization server. A Browser keeps cookies and fills forms in.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/encoding.hpp"
#include "fake/fake_clock.hpp"
#include "fake/fake_random.hpp"
#include "fake/run.hpp"
#include "identity/accounts.hpp"
#include "identity/login_limiter.hpp"
#include "identity/migrations.hpp"
#include "vault/migrations.hpp"
#include "vault/sealed_credentials.hpp"
#include "vendor/memory_health_board.hpp"
#include "web/pages.hpp"

namespace web_test {

using testing::HasSubstr;
using testing::Not;

inline constexpr std::string_view kPassword = "a quiet green river";
inline constexpr std::string_view kSecret = "sk-live-7f3a9c11e2";
inline constexpr std::string_view kOrigin = "http://localhost:8080";
using Form = std::vector<std::pair<std::string, std::string>>;

class FakeDesk final : public identity::AuthorizationDesk {
 public:
  base::Async<identity::AuthorizationRequest> describe(std::string query) override {
    queries.push_back(query);
    if (failure) co_return base::Failure(*failure);
    co_return request;
  }
  base::Async<std::string> decide(std::string query, std::string user_id, identity::Decision decision) override {
    decisions.emplace_back(query, user_id, decision);
    co_return request.redirect_uri +
        (decision == identity::Decision::approve ? "?code=c0de&state=s&iss=i" : "?error=access_denied&state=s&iss=i");
  }

  identity::AuthorizationRequest request{.client_id = "client",
                                         .client_name = "MCP CLI Proxy",
                                         .client_host = "",
                                         .redirect_uri = "http://localhost:3335/oauth/callback",
                                         .redirect_host = "localhost:3335",
                                         .redirect_is_loopback = true,
                                         .resource = "http://localhost:8080/v1/mcp",
                                         .resource_name = "every vendor",
                                         .scope = "mcp"};
  std::optional<base::Error> failure;
  std::vector<std::string> queries;
  std::vector<std::tuple<std::string, std::string, identity::Decision>> decisions;
};

class FakeProber final : public vendor::Prober {
 public:
  base::Task<vendor::ProbeResult> probe(std::shared_ptr<const vendor::Definition> definition,
                                        std::shared_ptr<const vendor::Injection> injection) override {
    probed.push_back(definition->slug);
    last = *injection;
    co_return result;
  }
  vendor::ProbeResult result{vendor::Verdict::working, "ok"};
  std::vector<std::string> probed;
  vendor::Injection last;
};

class FakeGrants final : public web::GrantDesk {
 public:
  base::Async<std::vector<web::ConnectedApplication>> list(std::string) override { co_return grants; }
  base::Async<void> revoke(std::string user_id, std::string grant_id) override {
    revoked.emplace_back(user_id, grant_id);
    const auto gone = std::erase_if(grants, [&](const auto& grant) { return grant.grant_id == grant_id; });
    if (gone == 0) co_return base::fail(base::Kind::not_found, "grant.unknown", "No such grant.");
    co_return base::Result<void>();
  }
  std::vector<web::ConnectedApplication> grants;
  std::vector<std::pair<std::string, std::string>> revoked;
};

inline vendor::Definition definition(std::string slug, std::string name, bool enabled) {
  vendor::Definition one;
  one.slug = std::move(slug);
  one.name = std::move(name);
  one.enabled = enabled;
  return one;
}

inline vendor::Field field(std::string name, std::string label, std::string header) {
  vendor::Field one;
  one.name = std::move(name);
  one.label = std::move(label);
  one.header = std::move(header);
  return one;
}

// "desk" wants a key, a region and an account; "open" wants nothing; "off" is switched off.
inline vendor::Definitions definitions() {
  auto desk = definition("desk", "Service <Desk>", true);
  desk.description = "Tickets & people";
  desk.documentation = "https://desk.example/docs";
  auto region = field("region", "Region", "X-Region");
  region.secret = region.required = false;
  region.default_value = "us";
  region.choices = {"us", "eu"};
  auto account = field("account", "Account", "X-Account");
  account.secret = false;
  account.help = "As in the address.";
  desk.fields = {field("api_key", "API key", "X-API-Key"), region, account};

  auto open = definition("open", "Open knowledge", true);
  open.documentation = "javascript:alert(1)";
  vendor::Definitions all;
  for (const auto& one : {desk, open, definition("off", "Switched off vendor", false)}) {
    all.emplace(one.slug, std::make_shared<const vendor::Definition>(one));
  }
  return all;
}

inline std::string encode(const Form& form) {
  std::string body;
  for (const auto& [name, value] : form) {
    if (!body.empty()) body += '&';
    body += base::percent_encode(name) + "=" + base::percent_encode(value);
  }
  return body;
}

inline http::Request make_request(http::Method method, std::string target) {
  http::Request request;
  request.method = method;
  request.path_length = std::min(target.find('?'), target.size());
  request.target = std::move(target);
  request.peer = "192.0.2.7";
  request.request_id = "request-1";
  request.headers.add("Host", "localhost:8080");
  request.headers.add("User-Agent", "Firefox <b>");
  return request;
}

class PagesTest : public testing::Test {
 protected:
  PagesTest() {
    auto migrations = identity::migrations();
    for (const auto& migration : vault::migrations()) migrations.push_back(migration);
    EXPECT_TRUE(database_.migrate(migrations));
  }

  template <class T>
  T get(base::Task<T> task) {
    return fake::run(context_, std::move(task));
  }
  http::Response send(const http::Request& request) { return get(pages_.handle(request)).value(); }

  identity::User add_user(std::string login) {
    auto user = get(accounts_.create({.login = std::move(login), .display_name = ""})).value();
    EXPECT_TRUE(get(accounts_.set_password(user.id, base::SecretString(kPassword))));
    return get(accounts_.find(user.id)).value();
  }

  boost::asio::io_context context_{1};
  store::Database database_{{.path = ":memory:"}};
  fake::FakeClock clock_;
  fake::FakeRandom random_;
  base::SecretString key_{std::string_view("key of thirty-two bytes, or such")};
  identity::PasswordHasher hasher_{{.memory_bytes = 8192, .passes = 1, .threads = 1}};
  identity::Accounts accounts_{database_, hasher_, clock_, random_};
  identity::OneTimeLinks links_{database_, accounts_, hasher_, clock_, random_};
  identity::Preferences preferences_{database_};
  identity::BrowserSessions sessions_{database_, accounts_, clock_, random_, key_};
  identity::LoginLimiter limiter_;
  identity::SignIn sign_in_{accounts_, sessions_, limiter_, clock_};
  identity::Csrf csrf_{key_};
  std::shared_ptr<const vault::Sealer> sealer_ =
      std::make_shared<const vault::Sealer>(vault::MasterKeys::generate(random_), random_);
  vault::SealedCredentials credentials_{database_, sealer_, clock_, random_};
  base::Snapshot<vendor::Definitions> definitions_{definitions()};
  vendor::MemoryHealthBoard health_{clock_};
  FakeDesk desk_;
  FakeProber prober_;
  FakeGrants grants_;
  web::Pages pages_{{.sign_in = sign_in_,
                     .sessions = sessions_,
                     .csrf = csrf_,
                     .links = links_,
                     .preferences = preferences_,
                     .desk = desk_,
                     .grants = grants_,
                     .credentials = credentials_,
                     .definitions = definitions_,
                     .health = health_,
                     .prober = prober_,
                     .clock = clock_,
                     .random = random_},
                    {.public_url = std::string(kOrigin)}};
};

// One browser: cookies, and the token of the form that a page holds for an action.
class Browser {
 public:
  using Send = std::function<http::Response(const http::Request&)>;
  explicit Browser(Send send) : send_(std::move(send)) {}

  http::Response get(std::string target) { return exchange(make_request(http::Method::get, std::move(target))); }
  // Sends `form` as it is.
  http::Response post_raw(std::string target, const Form& form, std::string_view origin = kOrigin) {
    auto request = make_request(http::Method::post, std::move(target));
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    if (!origin.empty()) request.headers.add("Origin", origin);
    request.body = encode(form);
    return exchange(std::move(request));
  }
  // Opens `page`, takes the token of the form that posts to `target`, and sends that form filled in.
  http::Response post(const std::string& page, std::string target, Form form) {
    form.emplace_back("_csrf", token(get(page).body, target));
    return post_raw(std::move(target), form);
  }
  http::Response sign_in(std::string login, std::string_view password = kPassword, std::string return_to = "") {
    return post("/auth/login", "/auth/login",
                {{"login", std::move(login)}, {"password", std::string(password)}, {"return_to", return_to}});
  }

  [[nodiscard]] static std::string token(std::string_view html, std::string_view action) {
    const auto form = html.find("action=\"" + base::html_escape(action) + "\"");
    if (form == std::string_view::npos) return "";
    constexpr std::string_view kBefore = "name=\"_csrf\" value=\"";
    const auto begin = html.find(kBefore, form) + kBefore.size();
    return std::string(html.substr(begin, html.find('"', begin) - begin));
  }

  std::map<std::string, std::string> cookies;

 private:
  http::Response exchange(http::Request request) {
    std::string line;
    for (const auto& [name, value] : cookies) line += (line.empty() ? "" : "; ") + name + "=" + value;
    if (!line.empty()) request.headers.add("Cookie", line);
    auto response = send_(request);
    for (std::size_t i = 0; i < response.headers.size(); ++i) {
      const auto field = response.headers.at(i);
      if (field.name == "Set-Cookie") keep(std::string(field.value));
    }
    return response;
  }
  void keep(const std::string& text) {
    const auto equals = text.find('=');
    const auto value = text.substr(equals + 1, text.find(';') - equals - 1);
    if (text.contains("Max-Age=0"))
      cookies.erase(text.substr(0, equals));
    else
      cookies[text.substr(0, equals)] = value;
  }
  Send send_;
};

inline std::string location(const http::Response& response) { return std::string(response.headers.get("Location")); }

}  // namespace web_test
