#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "base/clock.hpp"
#include "base/io_threads.hpp"
#include "cli/commands.hpp"
#include "demo/stdio.hpp"
#include "demo/vendors.hpp"
#include "http/server.hpp"

namespace cli {
namespace {

http::ServerConfig server_config(const std::string& listen) {
  const auto colon = listen.rfind(':');
  http::ServerConfig config;
  const auto* const end = listen.data() + listen.size();
  if (colon == std::string::npos || std::from_chars(listen.data() + colon + 1, end, config.port).ptr != end) {
    throw std::runtime_error("--listen: expected address:port, found \"" + listen + "\"");
  }
  config.address = listen.substr(0, colon);
  return config;
}

}  // namespace

int demo_vendor(const std::string& listen, const std::string& stdio_vendor) {
  const base::SystemClock clock;
  if (!stdio_vendor.empty()) {
    const char* key = std::getenv("DEMO_API_KEY");
    if (demo::serve_stdio(stdio_vendor, clock, std::cin, std::cout, {.api_key = key != nullptr ? key : ""})) return 0;
    std::cerr << "mcp-gateway: --stdio: expected demo-docs or demo-tickets, found \"" << stdio_vendor << "\"\n";
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  base::IoThreads threads(1);
  demo::Vendors vendors(clock);
  const auto config = server_config(listen);
  http::Server server(threads, vendors, config);
  threads.start();
  server.start();
  std::cout << "demo vendors ready url=http://" << config.address << ':' << server.port() << '\n' << std::flush;

  boost::asio::io_context loop(1);
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([](const boost::system::error_code&, int) {});
  loop.run();
  server.close();
  threads.stop();
  return 0;
}

}  // namespace cli
