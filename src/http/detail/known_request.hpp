// The head of a connection's last request, to know it again. A client that keeps its connection sends the same head
// with every request, and what was read from it once, and found valid, holds for each: only the first is parsed.
//
// Known is a head of the same bytes, when they are written the usual way ("Name: value"). The number in Content-Length
// may be another one of as many digits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/kept_memory.hpp"
#include "http/exchange.hpp"
#include "http/message.hpp"

namespace http {

class KnownRequest : public base::InKeptMemory {
 public:
  struct Recalled {
    std::size_t head_bytes = 0;
    std::uint64_t body_bytes = 0;
  };

  // A new request begins: takes the fields of the last one over, and leaves the request without any.
  void keep(Request& request);
  // Whether `bytes` begin with the head of the last request, and announce a body that is not empty and not larger than
  // `most`. Then the request has its fields again.
  std::optional<Recalled> recall(std::string_view bytes, Request& request, std::size_t most);

  // The request has a head that may come again: valid, of HTTP/1.1, and framed by this one of its fields alone.
  void remember(const Request& request, std::size_t content_length);
  void forget() { remembered_ = false; }
  [[nodiscard]] bool remembered() const { return remembered_; }
  [[nodiscard]] bool came_again() const { return came_again_; }
  [[nodiscard]] std::size_t field_bytes() const { return headers_.lines().size(); }

  std::unique_ptr<const HeadFindings> findings;  // between two requests
  std::size_t hash = 0;                          // of the head, for KnownHeads; 0 is none

 private:
  void exchange_fields(Request& request);

  bool remembered_ = false;
  bool came_again_ = false;
  Method method_ = Method::other;
  std::size_t content_length_ = 0;  // its index
  std::string target_;
  std::size_t path_length_ = 0;
  Headers headers_;
};

}  // namespace http
