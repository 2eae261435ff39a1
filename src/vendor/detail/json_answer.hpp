// The body of an answer of type application/json: taken whole, or, when it is large and the caller passes it on, in
// parts.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/client.hpp"

namespace vendor::detail {

class JsonAnswer {
 public:
  // `limit`, in bytes: longer ones are refused.
  JsonAnswer(http::ClientResponse response, std::size_t limit)
      : response_(std::move(response)), limit_(limit), most_(limit) {}

  // One that is announced to be longer comes in parts. Another one may turn out to be too long, which is an answer of
  // its own as long as nothing has been passed on.
  void take_parts_beyond(std::size_t bytes) { most_ = std::min(bytes, limit_); }
  // All of it, or the first part. Errors of this and more(): vendor_timeout, vendor_down, vendor_invalid (cut short),
  // too_large.
  base::Async<http::Beginning> begin(base::SteadyTime deadline) {
    return put_back_.empty() ? response_.read_beginning(most_, limit_, deadline) : complete(deadline);
  }
  // All of it, when nothing has to be waited for.
  [[nodiscard]] std::optional<http::Beginning> at_hand() {
    return put_back_.empty() ? response_.body_at_hand(most_) : std::nullopt;
  }
  // The caller gets this first part, and goes on with more().
  std::string pass(std::string first) {
    passed_ = first.size();
    return first;
  }
  [[nodiscard]] bool has_more() const { return passed_ > 0; }
  // The next part; empty at the end. The view lives until the next call.
  base::Async<std::string_view> more(base::SteadyTime deadline);
  // The caller would rather have it whole: begin() gives it.
  void put_back(std::string first) {
    passed_ = 0;
    put_back_ = std::move(first);
  }

 private:
  base::Async<http::Beginning> complete(base::SteadyTime deadline);

  http::ClientResponse response_;
  const std::size_t limit_;
  std::size_t most_;
  std::size_t passed_ = 0;  // bytes that the caller got in parts
  std::string put_back_;
};

}  // namespace vendor::detail
