#include "http/server.hpp"

#include <boost/asio/post.hpp>
#include <thread>

#include "http/detail/acceptor.hpp"

namespace http {
namespace {

base::Task<void> accept_until_stopped(std::shared_ptr<Acceptor> acceptor) { co_await acceptor->run(); }

std::shared_ptr<Shared> make_shared_part(Handler& handler, const ServerConfig& config) {
  auto shared = std::make_shared<Shared>(handler, config.limits);
  if (config.tls) shared->tls = server_tls_context(config.tls->certificate, config.tls->key);
  return shared;
}

}  // namespace

class Server::Impl {
 public:
  Impl(base::IoThreads& threads, Handler& handler, const ServerConfig& config)
      : shared_(make_shared_part(handler, config)) {
    for (std::size_t i = 0; i < threads.size(); ++i) {
      workers_.push_back(std::make_shared<Worker>(threads.executor(i), shared_));
    }
    const int listener = config.inherited_descriptor >= 0 ? adopt_listener(config.inherited_descriptor)
                                                          : open_listener(config.address, config.port);
    descriptor_ = listener;
    port_ = local_port(listener);
    acceptor_ = std::make_shared<Acceptor>(listener, workers_);
  }

  ~Impl() {
    close();
    while (shared_->connections.load() > 0 && !any_loop_stopped()) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    // What has timers goes on its own thread, where its last handlers may be running.
    auto acceptor = std::move(acceptor_);
    boost::asio::post(workers_.front()->executor(), [last = std::move(acceptor)] {});
    for (auto& worker : workers_) {
      const auto executor = worker->executor();
      boost::asio::post(executor, [last = std::move(worker)] {});
    }
  }

  void start() {
    boost::asio::post(workers_.front()->executor(), [worker = workers_.front(), acceptor = acceptor_] {
      worker->tasks().spawn("http.accept", accept_until_stopped(acceptor));
    });
  }

  void stop_accepting() {
    boost::asio::post(workers_.front()->executor(), [acceptor = acceptor_] { acceptor->stop(); });
  }

  void drain() {
    if (shared_->draining.exchange(true)) return;
    stop_accepting();
    for (const auto& worker : workers_) {
      boost::asio::post(worker->executor(), [worker] { worker->drain(); });
    }
  }

  void close() {
    stop_accepting();
    for (const auto& worker : workers_) {
      boost::asio::post(worker->executor(), [worker] { worker->close(); });
    }
  }

  [[nodiscard]] const Shared& shared() const { return *shared_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  [[nodiscard]] bool any_loop_stopped() const {
    return std::ranges::any_of(workers_, [](const auto& worker) { return worker->executor().context().stopped(); });
  }

  std::shared_ptr<Shared> shared_;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::shared_ptr<Acceptor> acceptor_;
  int descriptor_ = -1;
  std::uint16_t port_ = 0;
};

Server::Server(base::IoThreads& threads, Handler& handler, ServerConfig config)
    : impl_(std::make_unique<Impl>(threads, handler, config)) {}

Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->port(); }
int Server::descriptor() const { return impl_->descriptor(); }
std::size_t Server::connections() const { return impl_->shared().connections.load(); }
void Server::start() { impl_->start(); }
void Server::drain() { impl_->drain(); }
bool Server::draining() const { return impl_->shared().draining.load(); }
void Server::close() { impl_->close(); }

}  // namespace http
