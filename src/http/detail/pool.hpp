// Kept-alive connections per origin, and how many may be open. Thread: the executor's.
#pragma once

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/async.hpp"
#include "http/client.hpp"
#include "http/detail/deadlines.hpp"
#include "http/detail/stream.hpp"

namespace http {

class Pool : public std::enable_shared_from_this<Pool> {
  struct Place;
  // One of what an atomic counts, for as long as it is held. Only the executor's thread writes, so that nothing has to
  // be locked.
  struct Uncount {
    void operator()(std::atomic<std::size_t>* count) const { add(*count, -1); }
  };
  static void add(std::atomic<std::size_t>& count, std::ptrdiff_t difference) {
    count.store(count.load(std::memory_order_relaxed) + static_cast<std::size_t>(difference),
                std::memory_order_relaxed);
  }
  using Counted = std::unique_ptr<std::atomic<std::size_t>, Uncount>;

 public:
  // The right to one connection of an origin, and the connection once there is one.
  // Destroying it closes the connection and lets the next one in the queue have the right.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&& other) noexcept;
    ~Lease() { drop(); }

    // Names the peer in messages: "https://vendor.example". REQUIRES: came from the pool.
    [[nodiscard]] const std::string& where() const { return place_->where; }
    [[nodiscard]] bool has_stream() const { return stream_ != nullptr; }
    [[nodiscard]] Stream& stream() { return *stream_; }
    // A new, unconnected stream in place of what there was.
    Stream& open();
    // The connection may be used again.
    void give_back();
    void drop();

   private:
    friend class Pool;
    Lease(std::shared_ptr<Pool> pool, std::shared_ptr<Place> place);
    void let_go();
    std::shared_ptr<Pool> pool_;  // outlives stream_, whose deadlines it holds; none once it is given back or dropped
    std::shared_ptr<Place> place_;
    std::unique_ptr<Stream> stream_;
    Counted in_use_;
  };

  Pool(base::Executor executor, const ClientLimits& limits);
  ~Pool();

  // A connection that is kept alive, when there is one and nobody waits in line.
  [[nodiscard]] Lease take_idle(const Origin& origin, Addresses addresses);
  enum class Prefer { kept_alive, new_connection };
  // Waits while the origin has as many connections as it may. What was opened under one address policy is never used
  // under another. With new_connection those kept alive are taken for stale and closed.
  // Errors: vendor_timeout, cancelled.
  base::Async<Lease> acquire(const Origin& origin, Addresses addresses, Prefer prefer, base::SteadyTime until);
  // Any thread.
  [[nodiscard]] ConnectionCount connection_count() const { return {idle_, in_use_}; }

 private:
  struct Idle {
    std::unique_ptr<Stream> stream;
    base::SteadyTime since;
    Counted counted;
  };
  struct Key {
    Origin origin;
    Addresses addresses;
  };
  struct KeyView {
    const Origin& origin;
    Addresses addresses;
  };
  struct ByOrigin {
    using is_transparent = void;
    static auto tied(const auto& key) {
      return std::tie(key.origin.tls, key.origin.port, key.origin.host, key.addresses);
    }
    bool operator()(const auto& a, const auto& b) const { return tied(a) < tied(b); }
  };
  struct Place {
    Key key;
    std::string where;
    std::size_t open = 0;
    std::vector<Idle> idle;
    std::list<base::Timer*> queue;
  };
  class Reaper final : public Deadlines::Entry {
   public:
    Reaper(Deadlines& deadlines, Pool& pool) : Entry(deadlines), pool_(pool) {}

   private:
    void on_deadline() override { pool_.close_old(); }
    Pool& pool_;
  };

  [[nodiscard]] std::shared_ptr<Place> place(const Origin& origin, Addresses addresses);
  [[nodiscard]] Lease take_idle(const std::shared_ptr<Place>& place);
  [[nodiscard]] static base::Task<bool> wait_in_line(std::shared_ptr<Place> place, base::SteadyTime until);
  static void let_next_in(Place& place);
  void forget_if_unused(const std::shared_ptr<Place>& place);
  void close_old();
  [[nodiscard]] static Counted one_of(std::atomic<std::size_t>& count);

  std::atomic<std::size_t> idle_{0};
  std::atomic<std::size_t> in_use_{0};
  base::Executor executor_;
  ClientLimits limits_;
  Deadlines deadlines_;
  Reaper reaper_;
  std::map<Key, std::shared_ptr<Place>, ByOrigin> places_;
};

}  // namespace http
