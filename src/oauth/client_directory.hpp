// Finds a client by its id, however it came to be known. Thread-safe.
#pragma once

#include "oauth/clients.hpp"
#include "oauth/metadata_documents.hpp"

namespace oauth {

class ClientDirectory {
 public:
  // REQUIRES: both outlive this object.
  ClientDirectory(Clients& clients, MetadataDocuments& documents) : clients_(clients), documents_(documents) {}

  // Errors: invalid, code invalid_client (unknown); unavailable; too_many.
  base::Async<std::shared_ptr<const Client>> find(std::string id);
  // The same for the token endpoint, which asks nobody outside: a document's client is public and bound to its URL,
  // so that its code or refresh token proves enough.
  base::Async<std::shared_ptr<const Client>> find_without_fetch(std::string id);

 private:
  Clients& clients_;
  MetadataDocuments& documents_;
};

}  // namespace oauth
