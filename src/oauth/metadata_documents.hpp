// Clients that are known by the URL of a document about themselves: draft-ietf-oauth-client-id-metadata-document.
// Documents are kept as Cache-Control says, at least min_age and at most max_age, so that one client id cannot make
// this server fetch without end; failures are kept for failure_age. Thread-safe.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/mutex.hpp"
#include "oauth/client.hpp"
#include "oauth/document_source.hpp"

namespace oauth {

struct MetadataDocumentsConfig {
  std::chrono::seconds min_age{60};
  std::chrono::hours max_age{24};
  std::chrono::seconds failure_age{30};
  std::size_t entries = 1000;        // beyond: the entry that ends first is forgotten
  std::size_t fetches_at_once = 16;  // beyond: too_many
};

class MetadataDocuments {
 public:
  // REQUIRES: source and clock outlive this object.
  MetadataDocuments(DocumentSource& source, const base::Clock& clock, MetadataDocumentsConfig config);

  // The client that the document at `url` describes; its client_id is that URL, byte for byte. A document that cannot
  // be fetched again now is used on until max_age. REQUIRES: is_document_url(url).
  // Errors: invalid, code invalid_client (no document, a wrong one, a private address); unavailable; too_many.
  base::Async<std::shared_ptr<const Client>> find(std::string url);

 private:
  using Answer = base::Result<std::shared_ptr<const Client>>;
  struct Entry {
    Answer answer;
    base::Micros fresh_until;
    base::Micros usable_until;
  };
  [[nodiscard]] std::optional<Entry> known(const std::string& url) const;
  void keep(const std::string& url, Entry entry);
  [[nodiscard]] bool begin_fetch();
  void end_fetch();
  [[nodiscard]] Entry entry_of(const std::string& url, const base::Result<Document>& document) const;

  DocumentSource& source_;
  const base::Clock& clock_;
  MetadataDocumentsConfig config_;
  mutable base::Mutex mutex_;
  std::map<std::string, Entry> entries_ MCPGW_GUARDED_BY(mutex_);
  std::size_t fetching_ MCPGW_GUARDED_BY(mutex_) = 0;
};

// Reads one document. Errors: invalid, code invalid_client.
[[nodiscard]] base::Result<std::shared_ptr<const Client>> read_metadata_document(const std::string& url,
                                                                                 std::string_view body);

}  // namespace oauth
