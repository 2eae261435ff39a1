// The authorization endpoint's judgement: RFC 6749 section 4.1, RFC 7636, RFC 8707, RFC 9207, RFC 9700 section 2.1.
// Nothing is stored before a person decides: the request travels in URLs, so that nothing is pending on the server and
// any number of flows go on at once. Thread-safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "http/message.hpp"
#include "identity/authorization_desk.hpp"
#include "oauth/client_directory.hpp"
#include "oauth/grants.hpp"
#include "oauth/resources.hpp"

namespace oauth {

inline constexpr std::string_view kDefaultScope = "mcp";
inline constexpr std::size_t kQueryLimit = 16 << 10;  // bytes; beyond: invalid_request

// Passed every check that needs no person.
struct CheckedRequest {
  std::shared_ptr<const Client> client;
  std::string redirect_uri;  // as presented
  std::string state;
  std::string scope;
  std::string code_challenge;
  Audience audience;
  std::string query;  // the parameters that matter, encoded anew
};

struct RefusedRequest {
  base::Error error;
  std::string redirect;  // the client's URL with error, state and iss; "" while the redirect URI is not trusted
};

class Authorization final : public identity::AuthorizationDesk {
 public:
  // REQUIRES: all references outlive this object.
  Authorization(ClientDirectory& clients, Grants& grants, const Resources& resources);

  // Free of side effects, but for fetching a client's metadata document.
  base::Task<std::variant<CheckedRequest, RefusedRequest>> check(std::string query);

  base::Async<identity::AuthorizationRequest> describe(std::string query) override;
  base::Async<std::string> decide(std::string query, std::string user_id, identity::Decision decision) override;

 private:
  using Checked = std::variant<CheckedRequest, RefusedRequest>;
  [[nodiscard]] Checked judge(const http::Parameters& parameters, std::shared_ptr<const Client> client,
                              std::string redirect_uri) const;
  base::Async<CheckedRequest> checked(std::string query);
  ClientDirectory& clients_;
  Grants& grants_;
  const Resources& resources_;
};

}  // namespace oauth
