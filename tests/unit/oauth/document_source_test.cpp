// The request that a stranger can make this server send.
#include "oauth/document_source.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "base/io_threads.hpp"
#include "fake/run.hpp"
#include "http/server.hpp"

namespace {

class DocumentSourceTest : public testing::Test {
 protected:
  base::Result<oauth::Document> fetch(const std::string& url) {
    http::Client client(context_.get_executor(), {});
    oauth::HttpDocumentSource source([&client]() -> http::Client& { return client; }, clock_, {});
    return fake::run(context_, source.fetch(url));
  }
  boost::asio::io_context context_{1};
  base::SystemClock clock_;
};

TEST_F(DocumentSourceTest, PrivateAddressesAreNotAsked) {
  for (const auto* url : {"https://127.0.0.1:9/client.json", "https://localhost:9/client.json",
                          "https://10.0.0.1/client.json", "https://192.168.1.1/c", "https://172.16.0.1/c",
                          "https://169.254.169.254/latest/meta-data", "https://[::1]:9/c", "https://[fe80::1]/c",
                          "https://[fd00::1]/c", "https://[::ffff:127.0.0.1]/c", "https://0.0.0.0/c"}) {
    const auto document = fetch(url);
    ASSERT_FALSE(document) << url;
    EXPECT_EQ(document.error().kind, base::Kind::invalid) << url;
    EXPECT_EQ(document.error().code, "invalid_client") << url;
    EXPECT_NE(document.error().message.find("not public"), std::string::npos) << url << document.error().message;
  }
}

TEST_F(DocumentSourceTest, WhatIsNoUrlIsRefused) {
  for (const auto* url : {"", "app.example/c", "ftp://app.example/c", "https://u:p@app.example/c"}) {
    const auto document = fetch(url);
    ASSERT_FALSE(document) << url;
    EXPECT_EQ(document.error().code, "invalid_client") << url;
  }
}

// Answers by path; /slow never.
class Host final : public http::Handler {
 public:
  base::Task<void> handle(http::Exchange& exchange) override {
    const auto path = exchange.request().path();
    if (path == "/slow") {
      while (!co_await exchange.peer_closed(base::SteadyTime::max())) {
      }
      co_return;
    }
    asked += path == "/target" ? 1 : 0;
    if (!co_await exchange.respond(answer(path))) co_return;
  }
  http::Response failure(const http::RequestHead&, const base::Error&) const override {
    return http::Response::empty(500);
  }
  std::atomic<int> asked{0};  // for what a redirect leads to

 private:
  static http::Response answer(std::string_view path) {
    if (path == "/redirect") return http::Response::see_other("/target");
    if (path == "/html") return http::Response::html(200, "<html>");
    if (path == "/missing") return http::Response::json(404, "{}");
    if (path == "/large") return http::Response::json(200, std::string(65 << 10, ' '));
    auto response = http::Response::json(200, "{}");
    response.headers.set("Cache-Control", "max-age=600");
    return response;
  }
};

class DocumentHostTest : public testing::Test {
 protected:
  DocumentHostTest() {
    threads_.start();
    server_.start();
  }
  ~DocumentHostTest() override {
    server_.close();
    threads_.stop();
  }
  base::Result<oauth::Document> fetch(const std::string& path) {
    http::Client client(context_.get_executor(), {});
    oauth::HttpDocumentConfig config;
    config.deadline = std::chrono::seconds(1);
    config.addresses = http::Addresses::any;
    oauth::HttpDocumentSource source([&client]() -> http::Client& { return client; }, clock_, config);
    return fake::run(context_, source.fetch("http://127.0.0.1:" + std::to_string(server_.port()) + path));
  }
  static http::ServerConfig any_port() {
    http::ServerConfig config;
    config.port = 0;
    return config;
  }
  boost::asio::io_context context_{1};
  base::SystemClock clock_;
  base::IoThreads threads_{1};
  Host host_;
  http::Server server_{threads_, host_, any_port()};
};

TEST_F(DocumentHostTest, ADocumentComesWithItsAge) {
  const auto document = fetch("/client.json");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_EQ(document->body, "{}");
  EXPECT_EQ(document->fresh_for, std::chrono::seconds(600));
}

TEST_F(DocumentHostTest, RedirectsAreNotFollowed) {
  EXPECT_EQ(fetch("/redirect").error().code, "invalid_client");
  EXPECT_EQ(host_.asked, 0);
}

TEST_F(DocumentHostTest, OtherAnswersAreNoDocument) {
  for (const auto* path : {"/html", "/missing", "/large"}) {
    const auto document = fetch(path);
    ASSERT_FALSE(document) << path;
    EXPECT_EQ(document.error().kind, base::Kind::invalid) << path;
    EXPECT_EQ(document.error().code, "invalid_client") << path;
  }
}

TEST_F(DocumentHostTest, AHostThatHangsIsGivenUp) {
  const auto document = fetch("/slow");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().kind, base::Kind::unavailable);
  EXPECT_EQ(document.error().code, "temporarily_unavailable");
}

}  // namespace
