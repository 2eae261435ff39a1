#include "app/application.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <cstdlib>
#include <thread>

#include "app/dispatcher.hpp"
#include "app/foundation.hpp"
#include "app/grant_desk.hpp"
#include "app/metrics_handler.hpp"
#include "app/people.hpp"
#include "base/log.hpp"
#include "base/spawn.hpp"
#include "demo/vendors.hpp"
#include "http/metrics.hpp"
#include "identity/login_limiter.hpp"
#include "mcp/revision.hpp"
#include "oauth/authorization_server.hpp"
#include "store/metrics.hpp"
#include "vault/sealed_credentials.hpp"
#include "vendor/channel_health_probe.hpp"
#include "vendor/channel_prober.hpp"
#include "vendor/definition_overlay.hpp"
#include "vendor/health_monitor.hpp"
#include "vendor/metrics.hpp"
#include "vendor/transport_channels.hpp"

namespace app {
namespace {

namespace asio = boost::asio;

// How long a stopping gateway waits, after its drain, for clients to take the errors of the calls that it gives up.
constexpr std::chrono::seconds kLastWords{1};

// The public listener is bound before its handler can be made, since the handler needs to know the port.
class Entrance final : public http::Handler {
 public:
  void open(http::Handler& handler) { handler_ = &handler; }
  base::Task<void> handle(http::Exchange& exchange) override { return handler_->handle(exchange); }
  [[nodiscard]] http::Response failure(const http::RequestHead& head, const base::Error& error) const override {
    return handler_->failure(head, error);
  }

 private:
  http::Handler* handler_ = nullptr;
};

std::size_t thread_count(const Config& config) {
  return config.threads != 0 ? config.threads : std::max(1U, std::thread::hardware_concurrency());
}

// A listening socket handed over by the service manager (sd_listen_fds(3)); -1 for none.
int inherited_descriptor() {
  constexpr int kFirst = 3;
  const char* count = std::getenv("LISTEN_FDS");
  const char* pid = std::getenv("LISTEN_PID");
  const bool ours = pid != nullptr && std::to_string(getpid()) == pid;
  return ours && count != nullptr && std::string_view(count) == "1" ? kFirst : -1;
}

http::ServerConfig listener(const Address& address, const Config& config) {
  return {.address = address.host, .port = address.port, .limits = config.limits, .tls = {}};
}

http::ServerConfig public_listener(const Config& config) {
  auto out = listener(config.listen, config);
  out.inherited_descriptor = inherited_descriptor();
  out.tls = config.tls;
  return out;
}

vendor::ChannelsConfig channels_config(const Config& config) {
  vendor::ChannelsConfig out;
  out.http.message_bytes = config.message_bytes;
  out.stdio.message_bytes = config.message_bytes;
  out.stdio.processes = config.stdio_processes;
  out.stdio.idle_timeout = config.stdio_idle;
  out.stdio.environment = vendor::inherited_environment();
  return out;
}

oauth::Config oauth_config(const Config& config, const std::string& public_url) {
  oauth::Config out;
  out.public_url = public_url;
  out.access_token_lifetime = std::chrono::duration_cast<std::chrono::seconds>(config.access_token_lifetime);
  out.code_lifetime = std::chrono::duration_cast<std::chrono::seconds>(config.code_lifetime);
  out.refresh_grace = std::chrono::duration_cast<std::chrono::seconds>(config.refresh_grace);
  out.refresh_lifetime = std::chrono::duration_cast<std::chrono::hours>(config.refresh_token_lifetime);
  return out;
}

vendor::MonitorConfig monitor_config(const Config& config) {
  vendor::MonitorConfig out;
  out.schedule.interval = config.health_interval;
  return out;
}

bool is_our_demo(const vendor::Definition& definition) {
  return definition.enabled && definition.http && definition.http->url.origin.host == kDemoHost;
}

gateway::Config gateway_config(const Config& config, const std::string& public_url) {
  auto out = config.gateway;
  out.public_url = public_url;
  return out;
}

}  // namespace

class Application::Impl {
 public:
  Impl(Config config, const base::SecretString& master_key);
  void start();
  void reload(const Config& config);
  void stop();

  const Config config_;
  Foundation foundation_;
  base::IoThreads threads_;
  prometheus::Registry registry_;
  http::Metrics http_metrics_{registry_};
  store::Metrics store_metrics_{registry_};
  vendor::Metrics vendor_metrics_{registry_};

  // The demo vendors' own server, on a port that only this machine reaches.
  demo::Vendors demo_vendors_;
  std::optional<http::Server> demo_server_;

  Entrance entrance_;
  http::Server server_;
  const std::string public_url_;
  base::Snapshot<vendor::Definitions> definitions_;

  base::PerThread<base::TaskGroup> tasks_;
  base::PerThread<http::Client> clients_;
  vendor::MemoryHealthBoard health_;
  vendor::TransportChannels channels_;
  vendor::ChannelProber prober_;
  vendor::ChannelHealthProbe health_probe_;
  vendor::HealthMonitor monitor_;
  vault::SealedCredentials credentials_;

  identity::PasswordHasher hasher_;
  identity::Accounts accounts_;
  identity::OneTimeLinks links_;
  identity::BrowserSessions browser_sessions_;
  identity::Csrf csrf_;
  identity::Preferences preferences_;
  identity::LoginLimiter limiter_;
  identity::SignIn sign_in_;

  oauth::HttpDocumentSource documents_;
  oauth::AuthorizationServer oauth_;
  gateway::Endpoint gateway_;
  GrantDesk grants_;
  web::Pages pages_;
  Dispatcher dispatcher_;
  MetricsHandler metrics_handler_;
  std::optional<http::Server> metrics_server_;
  base::Signal<oauth::GrantRevoked>::Subscription on_revoked_;
  std::optional<std::string> owner_link_;

 private:
  [[nodiscard]] vendor::Definitions with_demo(vendor::Definitions definitions) const;
  [[nodiscard]] std::optional<std::string> make_owner_link();
  void end_sessions_of(const std::string& grant_id);
  base::Task<void> end_sessions(std::string grant_id);
  base::Task<void> maintain_for_ever();
  base::Task<void> start_thread(std::size_t index);
  base::Task<void> watch(std::shared_ptr<const vendor::Definitions> definitions);
  void measure();

  // Runs a coroutine on that I/O thread and waits for it.
  void on_thread(std::size_t index, base::Task<void> task) {
    base::spawn(threads_.executor(index), std::move(task), asio::use_future).get();
  }
};

Application::Impl::Impl(Config config, const base::SecretString& master_key)
    : config_(std::move(config)),
      foundation_(config_, master_key),
      threads_(thread_count(config_)),
      demo_vendors_(foundation_.clock),
      server_(threads_, entrance_, public_listener(config_)),
      public_url_(public_url_of(config_, server_.port())),
      definitions_(vendor::Definitions{}),
      tasks_(threads_.size(), [&](std::size_t i) { return std::make_unique<base::TaskGroup>(threads_.executor(i)); }),
      clients_(
          threads_.size(),
          [&](std::size_t i) { return std::make_unique<http::Client>(threads_.executor(i), http::ClientLimits{}); }),
      health_(foundation_.clock),
      channels_(threads_, clients_, health_, foundation_.clock, foundation_.random, channels_config(config_)),
      prober_(channels_, foundation_.random),
      health_probe_(channels_),
      monitor_(threads_.executor(0), health_probe_, health_, foundation_.clock, foundation_.random,
               monitor_config(config_)),
      credentials_(foundation_.database, foundation_.sealer, foundation_.clock, foundation_.random),
      hasher_(identity::PasswordHasherConfig{}),
      accounts_(foundation_.database, hasher_, foundation_.clock, foundation_.random),
      links_(foundation_.database, accounts_, hasher_, foundation_.clock, foundation_.random),
      browser_sessions_(foundation_.database, accounts_, foundation_.clock, foundation_.random,
                        foundation_.sealer->derive("browser-session")),
      csrf_(foundation_.sealer->derive("csrf")),
      preferences_(foundation_.database),
      sign_in_(accounts_, browser_sessions_, limiter_, foundation_.clock),
      documents_(
          [this]() -> http::Client& { return clients_.local(); }, foundation_.clock,
          {.addresses = config_.allow_private_metadata_hosts ? http::Addresses::any : http::Addresses::public_only}),
      oauth_(
          {foundation_.database, *foundation_.sealer, foundation_.clock, foundation_.random, definitions_, documents_},
          oauth_config(config_, public_url_)),
      gateway_({threads_, tasks_, foundation_.clock, foundation_.random, foundation_.database, oauth_.verifier(),
                preferences_, credentials_, definitions_, channels_, health_, registry_},
               foundation_.sealer->derive("mcp-session"), gateway_config(config_, public_url_)),
      grants_(oauth_.grants(), public_url_, definitions_),
      pages_({sign_in_, browser_sessions_, csrf_, links_, preferences_, oauth_.desk(), grants_, credentials_,
              definitions_, health_, prober_, foundation_.clock, foundation_.random},
             {.public_url = public_url_}),
      dispatcher_({gateway_, oauth_.endpoint(), pages_, definitions_, health_}),
      metrics_handler_(registry_, [this] { measure(); }),
      on_revoked_(oauth_.revocations().subscribe(
          [this](const oauth::GrantRevoked& revoked) { end_sessions_of(revoked.grant_id); })) {
  entrance_.open(dispatcher_);
  if (auto started = oauth_.start(); !started) {
    throw std::runtime_error("signing keys: " + started.error().message + " " + started.error().detail);
  }
  if (config_.demo) demo_server_.emplace(threads_, demo_vendors_, listener({"127.0.0.1", 0}, config_));
  definitions_.set(with_demo(config_.definitions));
  if (config_.metrics) metrics_server_.emplace(threads_, metrics_handler_, listener(*config_.metrics, config_));
  owner_link_ = make_owner_link();
}

std::optional<std::string> Application::Impl::make_owner_link() {
  auto link = links_.ensure_owner();
  if (!link) throw std::runtime_error("owner account: " + link.error().message + " " + link.error().detail);
  if (!*link) return std::nullopt;
  return set_up_url(public_url_, (*link)->token);
}

vendor::Definitions Application::Impl::with_demo(vendor::Definitions definitions) const {
  for (const auto slug : kDemoVendors) {
    const auto entry = definitions.find(slug);
    if (entry == definitions.end() || !is_our_demo(*entry->second)) continue;
    if (demo_server_) {
      vendor::point_to(definitions, slug, fmt::format("http://127.0.0.1:{}/{}/mcp", demo_server_->port(), slug));
    } else {
      definitions.erase(entry);  // switched on by a reload; the demo's server needs a restart
    }
  }
  return definitions;
}

void Application::Impl::start() {
  threads_.start();
  for (std::size_t i = 0; i < threads_.size(); ++i) on_thread(i, start_thread(i));
  on_thread(0, watch(definitions_.get()));
  if (demo_server_) demo_server_->start();
  if (metrics_server_) metrics_server_->start();
  server_.start();
  base::log::info("gateway.started", {{"url", public_url_}, {"threads", threads_.size()}});
}

base::Task<void> Application::Impl::start_thread(std::size_t index) {
  gateway_.start_on_this_thread();
  if (index == 0) tasks_.local().spawn("maintain", maintain_for_ever());
  co_return;
}

base::Task<void> Application::Impl::watch(std::shared_ptr<const vendor::Definitions> definitions) {
  monitor_.watch(*definitions);
  health_.keep(*definitions);
  co_return;
}

base::Task<void> Application::Impl::maintain_for_ever() {
  base::Timer timer(co_await asio::this_coro::executor);
  while (true) {
    timer.expires_after(std::chrono::seconds(5));
    boost::system::error_code ended;
    co_await timer.async_wait(base::error_into(ended));
    if (ended) co_return;
    auto done = co_await oauth_.maintain();
    if (!done) base::log::warn("oauth.maintain_failed", {{"error", done.error().detail}});
  }
}

void Application::Impl::measure() {
  http_metrics_.measure(server_, clients_);
  store_metrics_.measure(foundation_.database);
  vendor_metrics_.measure(channels_);
  gateway_.measure();
}

void Application::Impl::end_sessions_of(const std::string& grant_id) {
  asio::post(threads_.executor(0), [this, grant_id] { tasks_.at(0).spawn("end-sessions", end_sessions(grant_id)); });
}

base::Task<void> Application::Impl::end_sessions(std::string grant_id) {
  auto ended = co_await gateway_.end_of_grant(std::move(grant_id));
  if (!ended) base::log::error("session.end_failed", {{"error", ended.error().detail}});
}

void Application::Impl::reload(const Config& config) {
  definitions_.set(with_demo(config.definitions));
  on_thread(0, watch(definitions_.get()));
}

void Application::Impl::stop() {
  base::log::info("gateway.draining", {{"connections", server_.connections()}});
  server_.drain();
  gateway_.end_streams();
  const auto until = std::chrono::steady_clock::now() + config_.drain_timeout;
  while (server_.connections() > 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  const auto told_by = std::chrono::steady_clock::now() + kLastWords;
  for (std::size_t i = 0; i < threads_.size(); ++i) on_thread(i, gateway_.give_up_calls(told_by));
  server_.close();
  if (metrics_server_) metrics_server_->close();
  for (std::size_t i = 0; i < threads_.size(); ++i) on_thread(i, tasks_.at(i).close());
  gateway_.close();
  on_thread(0, monitor_.close());
  on_thread(0, channels_.close());
  if (demo_server_) demo_server_->close();
  threads_.stop();
  base::log::info("gateway.stopped");
}

Application::Application(Config config, const base::SecretString& master_key)
    : impl_(std::make_unique<Impl>(std::move(config), master_key)) {}
Application::~Application() = default;

void Application::start() { impl_->start(); }
const std::string& Application::public_url() const { return impl_->public_url_; }
std::optional<std::string> Application::owner_link() const { return impl_->owner_link_; }
void Application::reload(const Config& config) { impl_->reload(config); }
void Application::stop() { impl_->stop(); }

std::optional<std::string> Application::metrics_url() const {
  if (!impl_->metrics_server_) return std::nullopt;
  return fmt::format("http://{}:{}/metrics", impl_->config_.metrics->host, impl_->metrics_server_->port());
}

}  // namespace app
