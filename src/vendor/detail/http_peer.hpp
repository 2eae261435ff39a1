// One vendor's MCP endpoint as seen with one credential: builds and sends the requests of Streamable HTTP
// (2025-11-25 basic/transports; 2026-07-28 basic/transports/streamable-http) and of HTTP+SSE. Heads hold what is named
// here and nothing of any client's.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/io_threads.hpp"
#include "http/client.hpp"
#include "vendor/channel.hpp"
#include "vendor/channels_config.hpp"
#include "vendor/detail/thread_tasks.hpp"

namespace vendor::detail {

// What the opening settled. Immutable.
struct HttpSession {
  std::string id;                // Mcp-Session-Id; "" for none
  std::string protocol_version;  // "" before initialize
  // Where messages go over the deprecated HTTP+SSE transport; else to the definition's URL.
  std::optional<http::Url> endpoint = {};
};

// Thread-safe; each call uses the client of the I/O thread it comes from.
class HttpPeer {
 public:
  // REQUIRES: the references outlive this; definition->http is set.
  HttpPeer(std::shared_ptr<const Definition> definition, std::shared_ptr<const Injection> injection,
           base::PerThread<http::Client>& clients, Tasks& tasks, const base::Clock& clock, HttpChannelConfig config);

  // What is given by reference lives until the awaited call returns.
  // Errors: those of http::Client::send, naming the vendor.
  base::Async<http::ClientResponse> post(const HttpSession& session, const Outgoing& outgoing,
                                         base::SteadyTime deadline) const;
  // The same without waiting, when that can be: http::Client::try_send. `session` outlives the answer's beginning.
  [[nodiscard]] std::optional<http::ClientResponse> try_post(const HttpSession& session,
                                                             const Outgoing& outgoing) const;
  // `last_event_id` is "" for a new stream.
  base::Async<http::ClientResponse> get(const HttpSession& session, std::string last_event_id,
                                        base::SteadyTime deadline) const;
  // Ends the session; the answer is of no interest.
  base::Async<void> remove(const HttpSession& session, base::SteadyTime deadline) const;

  struct Failure {
    base::Error error;
    std::string body;  // "" when it was too large or did not come
  };
  // Reads what a failed answer says, a little of it, and tells what it means.
  base::Task<Failure> failure(http::ClientResponse response, const HttpSession& session,
                              base::SteadyTime deadline) const;

  [[nodiscard]] const std::string& vendor() const { return definition_->slug; }
  [[nodiscard]] const Definition& definition() const [[clang::lifetimebound]] { return *definition_; }
  [[nodiscard]] const Injection& injection() const [[clang::lifetimebound]] { return *injection_; }
  [[nodiscard]] const HttpChannelConfig& config() const { return config_; }
  [[nodiscard]] Tasks& tasks() const { return tasks_; }

 private:
  struct PostHead;
  // Names the vendor in the error.
  [[nodiscard]] base::Result<http::ClientResponse> named(base::Result<http::ClientResponse> response) const;
  [[nodiscard]] const http::Url& url_of(const HttpSession& session) const;
  void add_common(std::string& fields, const HttpSession& session) const;

  const std::shared_ptr<const Definition> definition_;
  const std::shared_ptr<const Injection> injection_;
  base::PerThread<http::Client>& clients_;
  Tasks& tasks_;
  const base::Clock& clock_;
  const HttpChannelConfig config_;
  // Written once, as http::field_lines() does; no two have one name, which the rules for definitions see to.
  const base::SecretString credential_fields_;
  const std::string post_fields_;  // of every POST
};

// Names the vendor in errors of the HTTP client.
[[nodiscard]] base::Error of_vendor(std::string_view vendor, base::Error error);

// X-Gateway-S2S: "t=<unix seconds>,v1=<lower-case hex HMAC-SHA256 of "t=<unix seconds>" under the secret>".
[[nodiscard]] std::string signature(const base::SecretString& secret, base::Micros now);

}  // namespace vendor::detail
