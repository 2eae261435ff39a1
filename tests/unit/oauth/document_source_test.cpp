// The request that a stranger can make this server send.
#include "oauth/document_source.hpp"

#include <gtest/gtest.h>

#include "fake/run.hpp"

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

}  // namespace
