// Calls that go on while a person saves a credential.
#pragma once

#include <future>

#include "base/spawn.hpp"
#include "fake/handled.hpp"
#include "fixture.hpp"

namespace gateway_test {

// A request that is being answered.
class OpenCall {
 public:
  OpenCall(base::Executor executor, gateway::Endpoint& endpoint, http::Request request)
      : executor_(executor),
        exchange_(std::make_unique<fake::FakeExchange>(std::move(request))),
        done_(base::spawn(executor, fake::handled(endpoint, *exchange_), boost::asio::use_future)) {}

  // What the client has got by now.
  std::string text() { return on_thread(read(*exchange_)); }
  [[nodiscard]] bool is_done() const {
    return done_.wait_for(std::chrono::milliseconds(2)) == std::future_status::ready;
  }
  // Waits for that, or for the end.
  [[nodiscard]] bool shows(std::string_view what) {
    while (!text().contains(what)) {
      if (is_done()) return text().contains(what);
    }
    return true;
  }
  // The whole answer.
  std::string finish() {
    done_.wait();
    return exchange_->answer.body;
  }
  void go_away() { on_thread(leave(*exchange_)); }

 private:
  template <class T>
  T on_thread(base::Task<T> task) {
    return base::spawn(executor_, std::move(task), boost::asio::use_future).get();
  }
  static base::Task<std::string> read(fake::FakeExchange& exchange) { co_return exchange.answer.body; }
  static base::Task<void> leave(fake::FakeExchange& exchange) {
    exchange.gone = true;
    co_return;
  }

  base::Executor executor_;
  std::unique_ptr<fake::FakeExchange> exchange_;
  std::future<void> done_;
};

class CredentialTest : public GatewayTest {
 protected:
  static constexpr std::string_view kUrls = R"({"elicitation":{"url":{}}})";
  static constexpr std::string_view kPage = "http://127.0.0.1:8080/settings/connections/keyed";

  // Whoever waits is woken, or waits for ever.
  CredentialTest() {
    config_.credential_look = std::chrono::hours(1);
    restart();
  }

  std::unique_ptr<OpenCall> open_call(http::Request r) {
    return std::make_unique<OpenCall>(threads_.executor(0), *endpoint_, std::move(r));
  }

  // What the page's own test of the saved one finds.
  void page_finds(vault::State state) {
    const auto saved = credentials_.find(subject_, "keyed");
    ASSERT_TRUE(saved);
    ASSERT_TRUE(on_thread(credentials_.note(subject_, "keyed", saved->version, state, "tested")));
  }
  void save_working_key() {
    save_key();
    page_finds(vault::State::working);
  }

  // The vendor says no to the first `version`s of the key.
  void vendor_rejects(int version) {
    channels_.vendors["keyed"].answer = [version](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
      if (seen.method == "tools/list") {
        return {std::string(
            R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}})")};
      }
      if (std::stoi(seen.key.substr(seen.key.rfind('/') + 1)) <= version) {
        return {
            base::fail(base::Kind::vendor_rejected, "vendor.rejected", "The key s3cret-key was revoked on Monday.")};
      }
      return {std::string(R"({"jsonrpc":"2.0","id":$ID,"result":{"content":[{"type":"text","text":"hi"}]}})")};
    };
  }
  [[nodiscard]] std::ptrdiff_t calls_of_vendor() const {
    return std::ranges::count(channels_.seen(), "tools/call", &fake::SeenRequest::method);
  }
};

// The answer of a vendor that did its work.
inline constexpr std::string_view kDone = R"("text":"hi")";

inline std::size_t count_in(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

}  // namespace gateway_test
