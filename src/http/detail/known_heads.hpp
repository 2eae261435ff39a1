// The heads that came on connections which several clients share, as a proxy's are: each connection's last one is known
// to itself alone (known_request.hpp), and another client's comes in between.
//
// Kept are heads that the handler found something out from, which takes a good token, when they come for the second
// time; no more than kMost of them, each no larger than kLargest, and for so long as they come again between two calls
// of collect(). Thread: the worker's.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "http/detail/known_request.hpp"

namespace http {

class KnownHeads {
 public:
  static constexpr std::size_t kMost = 8192;
  static constexpr std::size_t kLargest = 2048;  // bytes of its fields

  // A request begins with these bytes, and not with `head`, the last one of its connection: that one is kept, and the
  // one that these may begin with is given in its place, or one that is to be written anew.
  void exchange(std::unique_ptr<KnownRequest>& head, std::string_view bytes);

  // Frees those that did not come since the last time.
  void collect();
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Place {
    std::size_t hash = 0;
    std::unique_ptr<KnownRequest> head;  // from the second time on, while no connection has it
    bool came = false;
  };

  static bool is_worth_keeping(const KnownRequest& head);
  // Where a head of that hash may be. REQUIRES: there are places.
  [[nodiscard]] std::span<Place, 2> places(std::size_t hash) {
    return std::span<Place, 2>(places_.data() + hash % (kMost / 2) * 2, 2);
  }
  [[nodiscard]] std::unique_ptr<KnownRequest> take(std::size_t hash);
  void put(std::unique_ptr<KnownRequest> head);

  std::vector<Place> places_;  // two for each remainder of a hash: whoever chooses hashes can only take up room
  std::size_t size_ = 0;
};

}  // namespace http
