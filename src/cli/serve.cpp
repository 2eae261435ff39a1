#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "app/application.hpp"
#include "base/log.hpp"
#include "cli/commands.hpp"

namespace cli {
namespace {

void reload(app::Application& application, const Common& common) {
  try {
    application.reload(app::load_config(common.config_file, common.environment));
    base::log::info("config.reloaded");
  } catch (const std::exception& e) {
    base::log::error("config.not_reloaded", {{"error", e.what()}});
  }
}

// Returns when the process shall end. SIGHUP reloads.
void wait_for_end(app::Application& application, const Common& common) {
  boost::asio::io_context loop(1);
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM, SIGHUP);
  int last = SIGHUP;
  while (last == SIGHUP) {
    signals.async_wait([&](const boost::system::error_code&, int number) { last = number; });
    loop.restart();
    loop.run();
    if (last == SIGHUP) reload(application, common);
  }
}

}  // namespace

int serve(const Common& common) {
  auto config = app::load_config(common.config_file, common.environment);
  base::log::start(config.log_level, config.log_format);
  std::signal(SIGPIPE, SIG_IGN);

  app::Application application(std::move(config), common.master_key);
  application.start();
  std::cout << "mcp-gateway ready url=" << application.public_url();
  if (const auto metrics = application.metrics_url()) std::cout << " metrics=" << *metrics;
  std::cout << '\n';
  if (const auto link = application.owner_link()) std::cout << "owner link: " << *link << '\n';
  std::cout << std::flush;

  wait_for_end(application, common);
  application.stop();
  return 0;
}

}  // namespace cli
