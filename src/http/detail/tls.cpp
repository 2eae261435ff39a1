#include "http/detail/tls.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <stdexcept>

namespace http {
namespace {

std::string last_reason() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "unknown error" : text;
}

// OpenSSL's own writes to sockets with write(), which raises SIGPIPE when the peer is gone.
int write_without_signal(BIO* bio, const char* data, int size) {
  int descriptor = -1;
  BIO_get_fd(bio, &descriptor);
  BIO_clear_retry_flags(bio);
  const auto sent = ::send(descriptor, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && BIO_sock_should_retry(static_cast<int>(sent)) != 0) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

BIO_METHOD* make_socket_method() {
  const BIO_METHOD* original = BIO_s_socket();
  BIO_METHOD* method = BIO_meth_new(BIO_TYPE_SOCKET, "socket without SIGPIPE");
  BIO_meth_set_write(method, write_without_signal);
  BIO_meth_set_read(method, BIO_meth_get_read(original));
  BIO_meth_set_puts(method, BIO_meth_get_puts(original));
  BIO_meth_set_ctrl(method, BIO_meth_get_ctrl(original));
  BIO_meth_set_create(method, BIO_meth_get_create(original));
  BIO_meth_set_destroy(method, BIO_meth_get_destroy(original));
  return method;
}

const BIO_METHOD* socket_method() {
  static BIO_METHOD* const method = make_socket_method();  // as long as the process, like OpenSSL's own
  return method;
}

TlsContext make_context(const SSL_METHOD* method) {
  TlsContext context(SSL_CTX_new(method));
  if (!context) throw std::runtime_error("TLS: " + last_reason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(),
                   SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  return context;
}

TlsSession make_session(SSL_CTX& context, int descriptor) {
  TlsSession session(SSL_new(&context));
  BIO* bio = session ? BIO_new(socket_method()) : nullptr;
  if (bio == nullptr) throw std::runtime_error("TLS: " + last_reason());
  BIO_set_fd(bio, descriptor, BIO_NOCLOSE);
  SSL_set_bio(session.get(), bio, bio);
  return session;
}

}  // namespace

TlsContext server_tls_context(const std::string& certificate, const std::string& key) {
  auto context = make_context(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str()) != 1) {
    throw std::runtime_error("TLS: cannot use the certificate " + certificate + ": " + last_reason());
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context.get()) != 1) {
    throw std::runtime_error("TLS: cannot use the key " + key + ": " + last_reason());
  }
  return context;
}

TlsContext client_tls_context() {
  auto context = make_context(TLS_client_method());
  SSL_CTX_set_default_verify_paths(context.get());
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

TlsSession server_tls_session(SSL_CTX& context, int descriptor) {
  auto session = make_session(context, descriptor);
  SSL_set_accept_state(session.get());
  return session;
}

TlsSession client_tls_session(SSL_CTX& context, int descriptor, const std::string& host) {
  auto session = make_session(context, descriptor);
  SSL_set_connect_state(session.get());
  boost::system::error_code not_an_address;
  boost::asio::ip::make_address(host, not_an_address);
  if (not_an_address) {
    SSL_set_tlsext_host_name(session.get(), const_cast<char*>(host.c_str()));  // copied, OpenSSL's macro casts it
    SSL_set_hostflags(session.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (SSL_set1_host(session.get(), host.c_str()) != 1) throw std::runtime_error("TLS: " + last_reason());
  } else if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), host.c_str()) != 1) {
    throw std::runtime_error("TLS: " + last_reason());
  }
  return session;
}

std::string tls_failure(const SSL& session) {
  const auto verdict = SSL_get_verify_result(&session);
  if (verdict != X509_V_OK) {
    ERR_clear_error();
    return X509_verify_cert_error_string(verdict);
  }
  return last_reason();
}

}  // namespace http
