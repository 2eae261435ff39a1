// The MCP endpoints on real I/O threads and a real database, between a scripted client and scripted vendors.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/use_future.hpp>

#include "base/spawn.hpp"
#include "fake/fake_channels.hpp"
#include "fake/fake_credentials.hpp"
#include "fake/fake_exchange.hpp"
#include "fake/fake_random.hpp"
#include "fake/handled.hpp"
#include "gateway/endpoint.hpp"
#include "gateway/migrations.hpp"
#include "identity/migrations.hpp"
#include "json/document.hpp"
#include "vendor/memory_health_board.hpp"

namespace gateway_test {

// Tokens are "subject" or "subject@resource"; the grant is "grant-of-" and the subject.
class FakeVerifier final : public identity::BearerVerifier {
 public:
  [[nodiscard]] base::Result<std::shared_ptr<const identity::Principal>> verify(
      std::string_view token, std::string_view resource) const override {
    ++verified;
    const auto at = token.find('@');
    const auto subject = token.substr(0, at);
    if (subject.empty() || subject == ended || (at != std::string_view::npos && token.substr(at + 1) != resource)) {
      return base::fail(base::Kind::unauthenticated, "invalid_token", "The token is not for this endpoint.");
    }
    return std::make_shared<const identity::Principal>(identity::Principal{
        std::string(subject), "client", "grant-of-" + std::string(subject), "mcp", base::Micros::max()});
  }
  [[nodiscard]] bool still_good(const identity::Principal& principal) const override {
    return principal.subject != ended;
  }

  std::string ended;  // subject whose tokens are no longer good
  mutable std::atomic<int> verified = 0;
};

inline std::shared_ptr<const vendor::Definition> definition(std::string slug, bool needs_key) {
  vendor::Definition d;
  d.slug = slug;
  d.name = "Vendor " + slug;
  d.enabled = true;
  d.http = vendor::HttpTransport{*http::parse_url("http://127.0.0.1:1/mcp"), {}};
  if (needs_key) {
    vendor::Field field;
    field.name = "api_key";
    field.label = "API key";
    field.header = "X-API-Key";
    d.fields.push_back(field);
  }
  return std::make_shared<const vendor::Definition>(std::move(d));
}

class GatewayTest : public testing::Test {
 protected:
  static constexpr std::string_view kUrl = "http://127.0.0.1:8080";

  explicit GatewayTest(std::size_t threads = 1) : threads_(threads) {
    auto migrations = identity::migrations();
    std::ranges::copy(gateway::migrations(), std::back_inserter(migrations));
    if (auto done = database_.migrate(migrations); !done) throw std::runtime_error(done.error().detail);
    add_vendor("open", false);
    add_vendor("keyed", true);
    config_.public_url = kUrl;
    config_.list_wait = std::chrono::milliseconds(2000);
    threads_.start();
    restart();
  }
  ~GatewayTest() override {
    close_tasks();
    threads_.stop();
  }

  void add_vendor(const std::string& slug, bool needs_key) {
    auto all = *definitions_.get();
    all[slug] = definition(slug, needs_key);
    definitions_.set(std::move(all));
    channels_.vendors[slug].answer = [](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
      if (seen.method == "tools/list") {
        return {std::string(
            R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}})")};
      }
      return {std::string(R"({"result":{"content":[{"type":"text","text":"hi"}]},"jsonrpc":"2.0","id":$ID})")};
    };
  }

  // A new process on the same database: memory is gone, the store stays.
  void restart() {
    if (endpoint_) close_tasks();
    registry_ = std::make_unique<prometheus::Registry>();
    tasks_ = std::make_unique<base::PerThread<base::TaskGroup>>(
        threads_.size(), [&](std::size_t i) { return std::make_unique<base::TaskGroup>(threads_.executor(i)); });
    endpoint_ = std::make_unique<gateway::Endpoint>(
        gateway::Foundations{threads_, *tasks_, clock_, random_, database_, verifier_, preferences_, credentials_,
                             definitions_, channels_, health_, *registry_},
        base::SecretString(std::string_view("0123456789abcdef0123456789abcdef")), config_);
  }

  template <class T>
  T on_thread(base::Task<T> task, std::size_t thread = 0) {
    return base::spawn(threads_.executor(thread), std::move(task), boost::asio::use_future).get();
  }

  http::Request request(http::Method method, std::string path, std::string body = {},
                        std::vector<std::pair<std::string, std::string>> headers = {}) {
    http::Request r;
    r.method = method;
    r.target = std::move(path);
    r.path_length = r.target.size();
    r.body = std::move(body);
    r.request_id = "test";
    r.headers.add("Host", "127.0.0.1:8080");
    r.headers.add("Authorization", "Bearer " + subject_);
    if (method == http::Method::post) {
      r.headers.add("Content-Type", "application/json");
      r.headers.add("Accept", "application/json, text/event-stream");
    }
    for (const auto& [name, value] : headers) r.headers.set(name, value);
    return r;
  }

  // Handles it and gives back the exchange with the answer.
  std::unique_ptr<fake::FakeExchange> handle(http::Request r) {
    auto exchange = std::make_unique<fake::FakeExchange>(std::move(r));
    on_thread(fake::handled(*endpoint_, *exchange));
    return exchange;
  }
  http::Response post(std::string path, std::string body,
                      std::vector<std::pair<std::string, std::string>> headers = {}) {
    return handle(request(http::Method::post, std::move(path), std::move(body), std::move(headers)))->answer;
  }
  // Opens a session and gives its id.
  std::string open_session(std::string path = "/v1/mcp", std::string revision = "2025-11-25",
                           std::string capabilities = "{}") {
    const auto answer = post(
        std::move(path), R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" + revision +
                             R"(","capabilities":)" + capabilities + R"(,"clientInfo":{"name":"t","version":"1"}}})");
    return std::string(answer.headers.get("Mcp-Session-Id"));
  }
  void save_key(const std::string& vendor = "keyed") {
    vault::Fields fields;
    fields.emplace("api_key", base::SecretString(std::string_view("s3cret-key")));
    auto saved = on_thread(credentials_.save(subject_, vendor, std::move(fields)));
    ASSERT_TRUE(saved);
  }

  std::string subject_ = "alice";
  base::SystemClock clock_;
  fake::FakeRandom random_;
  store::Database database_{{.path = ":memory:"}};
  FakeVerifier verifier_;
  identity::Preferences preferences_{database_};
  fake::FakeCredentials credentials_;
  base::Snapshot<vendor::Definitions> definitions_{vendor::Definitions{}};
  fake::FakeChannels channels_;
  vendor::MemoryHealthBoard health_{clock_};
  gateway::Config config_;
  base::IoThreads threads_;
  std::unique_ptr<prometheus::Registry> registry_;
  std::unique_ptr<base::PerThread<base::TaskGroup>> tasks_;
  std::unique_ptr<gateway::Endpoint> endpoint_;

 private:
  void close_tasks() {
    for (std::size_t i = 0; i < threads_.size(); ++i) on_thread(tasks_->at(i).close(), i);
    endpoint_->close();
  }
};

}  // namespace gateway_test
