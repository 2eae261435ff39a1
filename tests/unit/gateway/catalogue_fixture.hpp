// Connections and the catalogue on a real I/O thread, over scripted vendors.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/use_future.hpp>
#include <condition_variable>

#include "base/spawn.hpp"
#include "fake/fake_channels.hpp"
#include "fake/fake_credentials.hpp"
#include "gateway/catalogue.hpp"
#include "json/document.hpp"
#include "vendor/memory_health_board.hpp"

namespace gateway_test {

using namespace std::chrono_literals;
using Names = std::vector<std::string>;

inline base::Task<void> wait_until(base::SteadyTime time) {
  base::Timer timer(co_await boost::asio::this_coro::executor, time);
  boost::system::error_code ended;
  co_await timer.async_wait(base::error_into(ended));
}
// Answers nothing at all.
inline base::Task<void> hang(base::SteadyTime deadline) { return wait_until(deadline); }

// A list's answer with these names, or URIs.
inline std::string list_answer(mcp::ListKind kind, const Names& keys, const std::string& further = {}) {
  const std::string key = kind == mcp::ListKind::resources            ? "uri"
                          : kind == mcp::ListKind::resource_templates ? "uriTemplate"
                                                                      : "name";
  std::string items;
  for (const auto& each : keys) {
    items += (items.empty() ? "" : ",") + std::string("{\"") + key + "\":" + json::quote(each) +
             R"(,"inputSchema":{"type":"object"}})";
  }
  return R"({"jsonrpc":"2.0","id":$ID,"result":{")" + std::string(mcp::list_member(kind)) + "\":[" + items + "]" +
         further + "}}";
}

inline mcp::ListKind kind_of(std::string_view method) {
  for (const auto kind : {mcp::ListKind::prompts, mcp::ListKind::resources, mcp::ListKind::resource_templates}) {
    if (mcp::list_method(kind) == method) return kind;
  }
  return mcp::ListKind::tools;
}

class CatalogueTest : public testing::Test {
 protected:
  CatalogueTest() {
    config_.public_url = "https://gateway.example";
    threads_.start();
    restart();
  }
  ~CatalogueTest() override {
    close();
    threads_.stop();
  }

  // A new process: what was in memory is gone.
  void restart() {
    close();
    tasks_ = std::make_unique<base::PerThread<base::TaskGroup>>(
        1, [&](std::size_t i) { return std::make_unique<base::TaskGroup>(threads_.executor(i)); });
    connections_ = std::make_unique<gateway::Connections>(threads_, *tasks_, definitions_, credentials_, channels_,
                                                          health_, config_);
    catalogue_ = std::make_unique<gateway::Catalogue>(*connections_, health_, *tasks_, config_);
    on_change_ = catalogue_->changes().subscribe([this](const gateway::ListChange& change) {
      const std::lock_guard lock(mutex_);
      changes_.push_back(change);
      news_.notify_all();
    });
  }

  // A vendor with everything; what it lists is set by lists().
  vendor::Definition& add_vendor(const std::string& slug, bool needs_key = false) {
    auto d = std::make_shared<vendor::Definition>();
    d->slug = slug;
    d->name = "Vendor " + slug;
    d->enabled = true;
    d->http = vendor::HttpTransport{*http::parse_url("http://127.0.0.1:1/mcp"), {}};
    if (needs_key) {
      vendor::Field field;
      field.name = "api_key";
      field.header = "X-API-Key";
      d->fields.push_back(field);
    }
    auto all = *definitions_.get();
    all[slug] = d;
    definitions_.set(std::move(all));
    auto& script = channels_.vendors[slug];
    script.opening_result =
        R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{},"prompts":{},"resources":{}},)"
        R"("serverInfo":{"name":"v","version":"1"}})";
    script.answer = [this](const fake::SeenRequest& seen) -> std::vector<fake::Step> {
      const std::lock_guard lock(mutex_);
      news_.notify_all();
      const auto found = answers_.find({seen.vendor, seen.method});
      if (found != answers_.end()) return {found->second};
      return {list_answer(kind_of(seen.method), {"echo"})};
    };
    return *d;
  }
  void answers(const std::string& slug, mcp::ListKind kind, fake::Step answer) {
    const std::lock_guard lock(mutex_);
    answers_.insert_or_assign({slug, std::string(mcp::list_method(kind))}, std::move(answer));
  }
  void lists(const std::string& slug, const Names& keys, mcp::ListKind kind = mcp::ListKind::tools) {
    answers(slug, kind, list_answer(kind, keys));
  }
  void fails(const std::string& slug, base::Kind kind = base::Kind::vendor_timeout) {
    answers(slug, mcp::ListKind::tools, base::fail(kind, "vendor.test", "vendor " + slug + ": no s3cret-key"));
  }
  void takes(const std::string& slug, std::chrono::milliseconds time) {
    channels_.vendors[slug].dawdle = [time](base::SteadyTime deadline) {
      return wait_until(std::min(deadline, std::chrono::steady_clock::now() + time));
    };
  }
  // What a vendor says by itself.
  void say(const std::string& message) { on_thread(say_on_thread(message)); }
  void say_changed(mcp::ListKind kind) {
    say(R"({"jsonrpc":"2.0","method":")" + std::string(mcp::list_changed(kind)) + "\"}");
  }

  template <class T>
  T on_thread(base::Task<T> task) {
    return base::spawn(threads_.executor(0), std::move(task), boost::asio::use_future).get();
  }
  template <class T>
  base::Result<T> on_thread(base::Soon<T> soon) {
    return on_thread(base::as_task(std::move(soon)));
  }
  gateway::Aggregate list(mcp::ListKind kind = mcp::ListKind::tools, const std::string& subject = "alice") {
    return on_thread(catalogue_->list(kind, on_thread(connections_->all(subject))));
  }
  Names names(mcp::ListKind kind = mcp::ListKind::tools, const std::string& subject = "alice") {
    return names_of(list(kind, subject));
  }
  static Names names_of(const gateway::Aggregate& all) {
    Names out;
    for (const auto& part : all.parts) {
      for (const auto& item : part->items()) out.push_back(item.unified);
    }
    return out;
  }
  gateway::Connection connection(const std::string& slug, const std::string& subject = "alice") {
    return *on_thread(connections_->resolve(subject, connections_->find(slug)));
  }
  void save_key(const std::string& vendor, const std::string& subject = "alice") {
    vault::Fields fields;
    fields.emplace("api_key", base::SecretString(std::string_view("s3cret-key")));
    ASSERT_TRUE(on_thread(credentials_.save(subject, vendor, std::move(fields))));
  }
  std::size_t asked(std::string_view method = "tools/list") const {
    const auto seen = channels_.seen();
    return static_cast<std::size_t>(std::ranges::count(seen, method, &fake::SeenRequest::method));
  }

  std::vector<gateway::ListChange> changes() {
    const std::lock_guard lock(mutex_);
    return changes_;
  }
  // Waits until that many changes were told in all.
  bool changes_reach(std::size_t count) {
    std::unique_lock lock(mutex_);
    return news_.wait_for(lock, 10s, [&] { return changes_.size() >= count; });
  }
  // Waits until it is so.
  template <class Condition>
  bool eventually(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      on_thread(wait_until(std::chrono::steady_clock::now() + 1ms));
    }
    return true;
  }
  void note_failures(const std::string& slug, int count) {
    for (int i = 0; i < count; ++i) health_.note_failure(slug, {base::Kind::vendor_down, "x", "refused", {}, {}});
  }

  base::SystemClock clock_;
  fake::FakeCredentials credentials_;
  base::Snapshot<vendor::Definitions> definitions_{vendor::Definitions{}};
  fake::FakeChannels channels_;
  vendor::MemoryHealthBoard health_{clock_};
  gateway::Config config_;
  base::IoThreads threads_{1};
  std::unique_ptr<base::PerThread<base::TaskGroup>> tasks_;
  std::unique_ptr<gateway::Connections> connections_;
  std::unique_ptr<gateway::Catalogue> catalogue_;

 private:
  base::Task<void> say_on_thread(std::string message) {
    channels_.say(message);
    co_return;
  }
  void close() {
    if (!tasks_) return;
    on_change_ = {};
    on_thread(tasks_->at(0).close());
    connections_->close();
    catalogue_.reset();
    connections_.reset();
  }

  std::mutex mutex_;
  std::condition_variable news_;
  std::map<std::pair<std::string, std::string>, fake::Step> answers_;
  std::vector<gateway::ListChange> changes_;
  base::Signal<gateway::ListChange>::Subscription on_change_;
};

}  // namespace gateway_test
