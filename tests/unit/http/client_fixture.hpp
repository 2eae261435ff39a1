// Runs requests of one client to their end.
#pragma once

#include "fake/run.hpp"
#include "fixture.hpp"
#include "http/client.hpp"
#include "scripted_peer.hpp"

namespace http::test {

struct Outcome {
  int status = 0;
  std::string body;
  std::optional<base::Error> error;
  Headers headers;
};

[[nodiscard]] Url url_of(std::uint16_t port, const std::string& path = "/x");
[[nodiscard]] base::SteadyTime in(std::chrono::milliseconds time);

// Sends, and reads the whole answer of at most 1 MiB. Deadline 5 s when `request` has none.
base::Task<Outcome> fetch(Client& client, Url url, ClientRequest request, std::string body = {});

class ClientTest : public testing::Test {
 protected:
  explicit ClientTest(ClientLimits limits = {}) : client(context.get_executor(), limits) {}
  Outcome get(const Url& url, ClientRequest request = {}) { return fake::run(context, fetch(client, url, request)); }
  Outcome get(const ScriptedPeer& peer, ClientRequest request = {}) { return get(url_of(peer.port()), request); }

  boost::asio::io_context context{1};
  Client client;
};

}  // namespace http::test
