// Fetches Client ID Metadata Documents: the one request that the authorization server makes to an address that a
// stranger names (draft-ietf-oauth-client-id-metadata-document section 6.5, SSRF).
#pragma once

#include <functional>
#include <string>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "http/client.hpp"

namespace oauth {

struct Document {
  std::string body;
  std::chrono::seconds fresh_for{0};  // by Cache-Control; 0 when it says nothing, or not to store
};

// An edge of the process: tests give documents by hand.
class DocumentSource {
 public:
  virtual ~DocumentSource() = default;
  // Errors: invalid (the answer is no document: status, type, size, redirect, forbidden address); unavailable (nobody
  // answered in time).
  virtual base::Async<Document> fetch(std::string url) = 0;
};

struct HttpDocumentConfig {
  std::size_t size_limit = 64 << 10;
  std::chrono::seconds deadline{5};
  // Whether documents may lie on loopback, private and link-local addresses: for development only.
  http::Addresses addresses = http::Addresses::public_only;
};

// GET with Accept: application/json, no redirects followed.
class HttpDocumentSource final : public DocumentSource {
 public:
  // `client` gives the HTTP client of the calling I/O thread. REQUIRES: clock outlives this object.
  HttpDocumentSource(std::function<http::Client&()> client, const base::Clock& clock, HttpDocumentConfig config);
  base::Async<Document> fetch(std::string url) override;

 private:
  std::function<http::Client&()> client_;
  const base::Clock& clock_;
  HttpDocumentConfig config_;
};

// How long Cache-Control lets an answer be kept: max-age, or 0 for no-store, no-cache, or nothing said.
[[nodiscard]] std::chrono::seconds fresh_for(std::string_view cache_control);

}  // namespace oauth
