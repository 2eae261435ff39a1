#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "client_fixture.hpp"

namespace http::test {
namespace {

using base::Kind;
using testing::HasSubstr;
using namespace std::chrono_literals;

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using File = std::unique_ptr<FILE, Freed<fclose>>;

enum class Valid { now, long_ago };

Certificate self_signed(EVP_PKEY* key, const char* names, Valid valid) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  const long shift = valid == Valid::now ? 0 : -86'400L * 30;
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), shift - 3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), shift + 3600);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names);
  X509_add_ext(certificate.get(), extension, -1);
  X509_EXTENSION_free(extension);
  X509_sign(certificate.get(), key, EVP_sha256());
  return certificate;
}

class TlsTest : public testing::Test {
 protected:
  TlsTest() {
    char name[] = "/tmp/http-tls-test-XXXXXX";
    directory_ = ::mkdtemp(name);
    files_ = {directory_ / "certificate.pem", directory_ / "key.pem"};
    ::setenv("SSL_CERT_FILE", files_.certificate.c_str(), 1);
  }
  ~TlsTest() override {
    ::unsetenv("SSL_CERT_FILE");
    std::filesystem::remove_all(directory_);
  }

  void make_certificate(const char* names, Valid valid = Valid::now) {
    const Key key(EVP_EC_gen("P-256"));
    const auto certificate = self_signed(key.get(), names, valid);
    PEM_write_X509(File(std::fopen(files_.certificate.c_str(), "w")).get(), certificate.get());
    PEM_write_PrivateKey(File(std::fopen(files_.key.c_str(), "w")).get(), key.get(), nullptr, nullptr, 0, nullptr,
                         nullptr);
  }
  ServerConfig config() {
    ServerConfig config;
    config.tls = files_;
    return config;
  }
  Outcome get(std::uint16_t port, const std::string& host, std::string body = {}) {
    ClientRequest request;
    request.method = Method::post;
    return fake::run(context, fetch(*client, *parse_url("https://" + host + ":" + std::to_string(port) + "/x"), request,
                                    std::move(body)));
  }
  void make_client() { client.emplace(context.get_executor(), ClientLimits{}); }

  std::filesystem::path directory_;
  TlsFiles files_;
  boost::asio::io_context context{1};
  std::optional<Client> client;
};

base::Task<void> tells_tls(Exchange& exchange) {
  EXPECT_TRUE(exchange.request().tls);
  co_await echo(exchange);
}

TEST_F(TlsTest, ClientAndServerTalkAndKeepTheConnection) {
  make_certificate("DNS:localhost,IP:127.0.0.1");
  ServerUnderTest server(tells_tls, config());
  make_client();
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    for (int i = 0; i < 3; ++i) {
      const auto outcome = get(server.port(), host, "hi");
      ASSERT_FALSE(outcome.error) << outcome.error->message;
      EXPECT_EQ(outcome.body, "POST /x hi");
    }
  }
  EXPECT_EQ(server.server->connections(), 2U);
}

TEST_F(TlsTest, LargeBodiesPassBothWays) {
  make_certificate("IP:127.0.0.1");
  ServerUnderTest server(tells_tls, config());
  make_client();
  const std::string body(900'000, 'z');
  EXPECT_EQ(get(server.port(), "127.0.0.1", body).body, "POST /x " + body);
}

TEST_F(TlsTest, ForeignNameIsRefused) {
  make_certificate("DNS:other.example,IP:127.0.0.2");
  ServerUnderTest server(echo, config());
  make_client();
  for (const std::string host : {"localhost", "127.0.0.1"}) {
    const auto outcome = get(server.port(), host);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->kind, Kind::vendor_down);
    EXPECT_THAT(outcome.error->message, HasSubstr("mismatch"));
  }
}

TEST_F(TlsTest, ExpiredCertificateIsRefusedAndNamed) {
  make_certificate("IP:127.0.0.1", Valid::long_ago);
  ServerUnderTest server(echo, config());
  make_client();
  const auto outcome = get(server.port(), "127.0.0.1");
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->message,
            "TLS with https://127.0.0.1:" + std::to_string(server.port()) + ": certificate has expired");
}

TEST_F(TlsTest, CertificateOfNobodyKnownIsRefused) {
  make_certificate("IP:127.0.0.1");
  ServerUnderTest server(echo, config());
  ::unsetenv("SSL_CERT_FILE");
  make_client();
  const auto outcome = get(server.port(), "127.0.0.1");
  ASSERT_TRUE(outcome.error);
  EXPECT_THAT(outcome.error->message, HasSubstr("self-signed"));
}

TEST_F(TlsTest, PeerThatSpeaksNoTlsIsAClearError) {
  ServerUnderTest server;
  make_certificate("IP:127.0.0.1");
  make_client();
  const auto outcome = get(server.port(), "127.0.0.1");
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->kind, Kind::vendor_down);
  EXPECT_THAT(outcome.error->message, HasSubstr("TLS with https://127.0.0.1"));
}

TEST_F(TlsTest, PlainBytesOnTheTlsPortEndTheConnection) {
  make_certificate("IP:127.0.0.1");
  ServerUnderTest server(echo, config());
  RawClient raw(server.port());
  raw.send(kGet);
  (void)raw.read_to_end();
  EXPECT_TRUE(eventually([&] { return server.server->connections() == 0; }));
}

TEST_F(TlsTest, SilentHandshakeEndsAtItsTime) {
  make_certificate("IP:127.0.0.1");
  auto limited = config();
  limited.limits.head_timeout = 50ms;
  ServerUnderTest server(echo, limited);
  RawClient raw(server.port());
  EXPECT_EQ(raw.read_to_end(), "");
}

std::atomic<bool> peer_went{false};

base::Task<void> streams(Exchange& exchange) {
  (void)co_await exchange.start(Response::text(200, ""));
  const std::string_view pieces[] = {"begin"};
  (void)co_await exchange.write(pieces);
  peer_went = co_await exchange.peer_closed(in(10s));
}

base::Task<void> read_one_piece(Client& client, std::uint16_t port) {
  const auto url = *parse_url("https://127.0.0.1:" + std::to_string(port) + "/");
  ClientRequest request;
  request.url = &url;
  request.deadline = in(5s);
  auto response = co_await client.send(request);
  const auto piece = co_await response->read_some(in(5s));
  EXPECT_EQ(*piece, "begin");
}

TEST_F(TlsTest, StreamLearnsThatThePeerClosed) {
  peer_went = false;
  make_certificate("IP:127.0.0.1");
  ServerUnderTest server(streams, config());
  make_client();
  fake::run(context, read_one_piece(*client, server.port()));
  EXPECT_TRUE(eventually([] { return peer_went.load(); }));
}

}  // namespace
}  // namespace http::test
