// What is still to be sent: a head, pieces, an end; sent in as few writes as the kernel allows.
#pragma once

#include <sys/uio.h>

#include <span>
#include <string_view>

namespace http {

class Gather {
 public:
  Gather(std::string_view head, std::span<const std::string_view> pieces, std::string_view end = {})
      : head_(head), pieces_(pieces), end_(end), left_(head.size() + end.size()) {
    for (const auto piece : pieces) left_ += piece.size();
  }

  [[nodiscard]] bool empty() const { return left_ == 0; }
  // Fills `out` with what comes next; returns how many are filled.
  [[nodiscard]] std::size_t fill(std::span<iovec> out) const;
  // Copies what comes next; returns how much.
  [[nodiscard]] std::size_t copy(std::span<char> out) const;
  void consume(std::size_t bytes);

 private:
  [[nodiscard]] std::string_view part(std::size_t index) const;

  std::string_view head_;
  std::span<const std::string_view> pieces_;
  std::string_view end_;
  std::size_t left_;        // bytes of all that is still to be sent
  std::size_t index_ = 0;   // of the part that comes next
  std::size_t offset_ = 0;  // in it
};

}  // namespace http
