#include "http/metrics.hpp"

#include "base/task_group.hpp"
#include "client_fixture.hpp"
#include "fake/metrics_text.hpp"

namespace http::test {
namespace {

using testing::HasSubstr;

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const std::string kBegun = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab";

class HttpMetrics : public testing::Test {
 protected:
  std::string text() {
    metrics_.measure(*server_.server, clients_);
    return fake::metrics_text(registry_);
  }

  boost::asio::io_context context_{1};
  base::PerThread<Client> clients_{
      2, [this](std::size_t) { return std::make_unique<Client>(context_.get_executor(), ClientLimits{}); }};
  ServerUnderTest server_;
  prometheus::Registry registry_;
  Metrics metrics_{registry_};
};

base::Async<ClientResponse> begin(Client& client, const Url& url) {
  ClientRequest request;
  request.url = &url;
  request.deadline = in(std::chrono::seconds(5));
  return client.send(request);
}

TEST_F(HttpMetrics, CountConnectionsOfClientsWhileTheyAreOpen) {
  EXPECT_THAT(text(), HasSubstr("\nmcpgw_client_connections 0\n"));
  RawClient client(server_.port());
  client.send(kGet);
  (void)client.read_answer();
  EXPECT_THAT(text(), HasSubstr("\nmcpgw_client_connections 1\n"));
  client.close();
  EXPECT_TRUE(eventually([this] { return text().contains("\nmcpgw_client_connections 0\n"); }));
}

TEST_F(HttpMetrics, SumOutgoingConnectionsOfAllThreadsByState) {
  ScriptedPeer peer({{kOk}});
  ScriptedPeer slow_peer({{kBegun}});
  for (std::size_t i = 0; i < 2; ++i) (void)fake::run(context_, fetch(clients_.at(i), url_of(peer.port()), {}));
  const auto url = url_of(slow_peer.port());
  {
    const auto unread = fake::run(context_, begin(clients_.at(0), url));
    ASSERT_TRUE(unread);
    EXPECT_THAT(text(), HasSubstr("\nmcpgw_outgoing_connections{state=\"idle\"} 2\n"));
    EXPECT_THAT(text(), HasSubstr("\nmcpgw_outgoing_connections{state=\"in_use\"} 1\n"));
  }
  EXPECT_THAT(text(), HasSubstr("\nmcpgw_outgoing_connections{state=\"in_use\"} 0\n"));
}

}  // namespace
}  // namespace http::test
