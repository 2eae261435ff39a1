// The least that a relay can do, as a reference: one thread, coroutines, a bearer looked up, heads passed on as they
// are, one gather write each way. No limits, no policy, no credentials, nothing that a gateway is for.
#include <fmt/format.h>
#include <strings.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/async.hpp"
#include "base/task_group.hpp"

namespace {

namespace asio = boost::asio;
using Socket = asio::basic_stream_socket<asio::ip::tcp, base::Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, base::Executor>;

constexpr std::size_t kRead = 16 << 10;

std::string_view field(std::string_view head, std::string_view name) {
  for (auto line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n", line + 2)) {
    const auto text = head.substr(line + 2);
    if (text.size() < name.size() || ::strncasecmp(text.data(), name.data(), name.size()) != 0) continue;
    const auto value = text.substr(name.size(), text.find("\r\n") - name.size());
    return value.substr(std::min(value.find_first_not_of(' '), value.size()));
  }
  return {};
}

// Reads until one message is whole at the beginning of `buffer`; its length, or 0 at the end.
base::Task<std::size_t> read_message(Socket& socket, std::string& buffer, std::size_t& filled) {
  for (;;) {
    const auto text = std::string_view(buffer).substr(0, filled);
    if (const auto head = text.find("\r\n\r\n"); head != std::string_view::npos) {
      std::size_t body = 0;
      const auto length = field(text.substr(0, head + 2), "content-length:");
      std::from_chars(length.data(), length.data() + length.size(), body);
      if (filled >= head + 4 + body) co_return head + 4 + body;
      if (buffer.size() < head + 4 + body) buffer.resize(head + 4 + body);
    }
    if (buffer.size() - filled == 0) buffer.resize(buffer.size() + kRead);
    const auto [error, size] = co_await socket.async_read_some(
        asio::buffer(buffer.data() + filled, buffer.size() - filled), asio::as_tuple(base::use_task));
    if (error) co_return 0;
    filled += size;
  }
}

struct Relay {
  asio::io_context context{1};
  base::TaskGroup tasks{context.get_executor()};
  asio::ip::tcp::endpoint upstream;
  std::vector<Socket> idle;
  std::unordered_set<std::string> bearers;
  std::string injected = "X-Api-Key: 0123456789abcdef\r\n";
};

base::Task<void> serve(Relay& relay, Socket client) {
  std::string in(kRead, 0);
  std::string out(kRead, 0);
  for (std::size_t in_filled = 0;;) {
    const auto request = co_await read_message(client, in, in_filled);
    if (request == 0) co_return;
    const auto text = std::string_view(in).substr(0, request);
    if (relay.bearers.emplace(field(text, "authorization:")).second && relay.bearers.size() > 100'000) co_return;

    Socket vendor(relay.context.get_executor());
    if (relay.idle.empty()) {
      const auto [error] = co_await vendor.async_connect(relay.upstream, asio::as_tuple(base::use_task));
      if (error) co_return;
      vendor.set_option(asio::ip::tcp::no_delay(true));
    } else {
      vendor = std::move(relay.idle.back());
      relay.idle.pop_back();
    }
    const auto line = text.find("\r\n") + 2;
    const std::array<asio::const_buffer, 3> pieces{asio::buffer(text.substr(0, line)), asio::buffer(relay.injected),
                                                   asio::buffer(text.substr(line))};
    const auto [sent, ignored] = co_await asio::async_write(vendor, pieces, asio::as_tuple(base::use_task));
    if (sent) co_return;
    std::size_t out_filled = 0;
    const auto answer = co_await read_message(vendor, out, out_filled);
    if (answer == 0) co_return;
    relay.idle.push_back(std::move(vendor));
    const auto [answered, also] =
        co_await asio::async_write(client, asio::buffer(out.data(), answer), asio::as_tuple(base::use_task));
    if (answered) co_return;
    in_filled -= request;
    std::copy_n(in.begin() + static_cast<std::ptrdiff_t>(request), in_filled, in.begin());
  }
}

base::Task<void> accept_all(Relay& relay, Acceptor& acceptor) {
  for (;;) {
    Socket client(relay.context.get_executor());
    const auto [error] = co_await acceptor.async_accept(client, asio::as_tuple(base::use_task));
    if (error) continue;
    client.set_option(asio::ip::tcp::no_delay(true));
    relay.tasks.spawn("client", serve(relay, std::move(client)));
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("A relay that does nothing but relay, as a reference for benchmarks");
  std::uint16_t port = 0;
  std::uint16_t upstream = 0;
  app.add_option("--port", port, "port on 127.0.0.1; 0: any");
  app.add_option("--upstream", upstream, "port of the vendor on 127.0.0.1")->required();
  CLI11_PARSE(app, argc, argv);

  Relay relay;
  relay.upstream = {asio::ip::address_v4::loopback(), upstream};
  Acceptor acceptor(relay.context.get_executor(), {asio::ip::address_v4::loopback(), port});
  fmt::print("ready port={}\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  relay.tasks.spawn("accept", accept_all(relay, acceptor));
  relay.context.run();
}
