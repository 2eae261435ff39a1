// TLS on the descriptor itself (SSL_set_fd) with released buffers: an idle connection costs 15 KB instead of the
// 74 KB of asio::ssl::stream, at the same speed. TLS 1.2 and 1.3.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace http {

struct TlsFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsFree>;
using TlsSession = std::unique_ptr<SSL, TlsFree>;

// Throws std::runtime_error, naming the file, when certificate or key cannot be used.
[[nodiscard]] TlsContext server_tls_context(const std::string& certificate, const std::string& key);
// Verifies against the system's certificate authorities, and those of SSL_CERT_FILE and SSL_CERT_DIR.
[[nodiscard]] TlsContext client_tls_context();

[[nodiscard]] TlsSession server_tls_session(SSL_CTX& context, int descriptor);
// The peer's certificate must be valid for `host`, a name or an address.
[[nodiscard]] TlsSession client_tls_session(SSL_CTX& context, int descriptor, const std::string& host);

// Why the last operation of this session failed: "certificate has expired". Empties OpenSSL's error queue.
[[nodiscard]] std::string tls_failure(const SSL& session);

}  // namespace http
