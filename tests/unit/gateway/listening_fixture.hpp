// Clients that listen, to vendors that say something by themselves, forget their sessions or cannot be reached.
#pragma once

#include <algorithm>
#include <functional>
#include <future>
#include <thread>

#include "base/spawn.hpp"
#include "fake/handled.hpp"
#include "fake/live_exchange.hpp"
#include "fixture.hpp"

namespace gateway_test {

// An open stream; the client leaves when it goes.
class Stream {
 public:
  Stream(base::Executor executor, gateway::Endpoint& endpoint, http::Request request)
      : exchange_(std::make_unique<fake::LiveExchange>(std::move(request))),
        done_(base::spawn(executor, fake::handled(endpoint, *exchange_), boost::asio::use_future)) {}
  ~Stream() { leave(); }
  Stream(Stream&&) = default;
  fake::LiveExchange* operator->() { return exchange_.get(); }
  // Waits for the server to end it.
  void wait() { done_.get(); }
  void leave() {
    if (!done_.valid()) return;
    exchange_->leave();
    done_.get();
  }

 private:
  std::unique_ptr<fake::LiveExchange> exchange_;
  std::future<void> done_;
};

inline std::string list_changed(std::string_view list) {
  return R"({"jsonrpc":"2.0","method":"notifications/)" + std::string(list) + R"(/list_changed"})";
}
inline std::string resource_updated(std::string_view uri) {
  return R"({"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":")" + std::string(uri) +
         R"("}})";
}

class ListeningTest : public GatewayTest {
 protected:
  explicit ListeningTest(std::size_t threads = 1) : GatewayTest(threads) {
    offer("open", R"({"tools":{},"prompts":{},"resources":{"subscribe":true}})");
    offer("keyed", R"({"resources":{"subscribe":true}})");
  }

  void offer(const std::string& vendor, const std::string& capabilities) {
    channels_.vendors[vendor].opening_result = R"({"protocolVersion":"2025-11-25","capabilities":)" + capabilities +
                                               R"(,"serverInfo":{"name":"v","version":"1"}})";
  }
  // A vendor over stdio.
  void add_process(const std::string& vendor) {
    add_vendor(vendor, false);
    auto all = *definitions_.get();
    auto process = *all.at(vendor);
    process.http.reset();
    process.stdio = vendor::StdioTransport{};
    all[vendor] = std::make_shared<const vendor::Definition>(std::move(process));
    definitions_.set(std::move(all));
    offer(vendor, R"({"resources":{"subscribe":true}})");
  }
  void make_modern(const std::string& vendor) {
    auto& script = channels_.vendors[vendor];
    script.era = mcp::Era::modern;
    script.stateful = false;
  }
  Stream open_stream(http::Request r, std::size_t thread = 0) {
    return {threads_.executor(thread), *endpoint_, std::move(r)};
  }

  // What happens to vendors happens on the I/O thread, which reads the scripts too.
  void vendor_says(const std::string& message) {
    on_thread(run([&] { channels_.say(message); }));
  }
  void vendor_forgets(const std::string& vendor) {
    on_thread(run([&] { channels_.lose(vendor); }));
  }
  void set_open(const std::string& vendor, const base::Result<void>& result) {
    on_thread(run([&] { channels_.vendors[vendor].open = result; }));
  }
  [[nodiscard]] static bool wait_until(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return holds();
  }
  // The resources of all requests of that method that reached a vendor.
  [[nodiscard]] std::vector<std::string> asked(std::string_view method) const {
    std::vector<std::string> uris;
    for (const auto& seen : channels_.seen()) {
      if (seen.method == method) uris.push_back(seen.name);
    }
    return uris;
  }
  [[nodiscard]] std::vector<std::string> subscribed() const { return asked("resources/subscribe"); }
  // The credentials that vendors were subscribed at with, by their keys.
  [[nodiscard]] std::vector<std::string> keys_subscribed_with() const {
    std::vector<std::string> keys;
    for (const auto& seen : channels_.seen()) {
      if (seen.method == "resources/subscribe") keys.push_back(seen.key);
    }
    return keys;
  }

 private:
  static base::Task<void> run(std::function<void()> act) {
    act();
    co_return;
  }
};

}  // namespace gateway_test
