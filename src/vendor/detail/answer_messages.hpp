// The messages of the answer to one request over HTTP, as they come, whatever the era; and how its failures are named.
#pragma once

#include <cstdint>
#include <string>

#include "vendor/detail/http_peer.hpp"
#include "vendor/detail/received.hpp"
#include "vendor/detail/sse_source.hpp"

namespace vendor::detail {

// Thread: the call's own.
class AnswerMessages {
 public:
  // REQUIRES: peer outlives this.
  AnswerMessages(const HttpPeer& peer, std::uint64_t id);

  // Takes a message or a batch over. REQUIRES: empty(). Errors: vendor_invalid (no message, or a response to another
  // request).
  base::Result<void> take(std::string text);
  // The same for a whole body, whose response must be in it. Errors: also vendor_invalid when it is not.
  base::Result<void> take_json(std::string body);
  // The same for the body of a failure status: true when it is the error response to this very request, or an error of
  // the modern era without an id. REQUIRES: empty().
  [[nodiscard]] bool take_failure(std::string body);
  [[nodiscard]] bool empty() const { return next_ == queue_.size(); }
  // REQUIRES: not empty().
  [[nodiscard]] Received pop();

  // Says which vendor it was, unless the error does already or is in the vendor's own words.
  [[nodiscard]] base::Error named(base::Error error) const;
  [[nodiscard]] base::Failure invalid(std::string_view what) const;

 private:
  const HttpPeer& peer_;
  const std::uint64_t id_;
  ReceivedMessages queue_;
  std::size_t next_ = 0;  // of the queue
};

// A server ends its stream right behind the response: reading that end, beside the caller's next step, keeps the
// connection usable.
void read_rest_later(const HttpPeer& peer, SseSource source);

}  // namespace vendor::detail
