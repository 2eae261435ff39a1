// Who sent a request, to which endpoint, in which session, and what its client can do.
#pragma once

#include "gateway/endpoint.hpp"

namespace gateway {

struct Endpoint::Caller {
  std::shared_ptr<const identity::Principal> principal;
  std::shared_ptr<const vendor::Definition> definition;  // nullptr on the unified endpoint
  std::string slug;                                      // "" on the unified endpoint
  std::shared_ptr<Session> session;                      // nullptr for a one-shot request and in the modern era
  ClientFacts client;
  std::string_view traceparent;  // into the request's headers
  base::SteadyTime arrived;
  std::string_view query;  // of the URL, without the '?'
  // The request as the client sent it, when another one was made of it.
  const mcp::Envelope* request = nullptr;
  const http::Headers* headers = nullptr;           // of a modern request
  std::optional<CredentialAnswer> credential = {};  // of the retry of a modern request

  [[nodiscard]] bool is_modern() const { return client.era == mcp::Era::modern; }
};

}  // namespace gateway
