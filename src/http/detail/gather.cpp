#include "http/detail/gather.hpp"

#include <algorithm>
#include <cstring>

namespace http {

std::string_view Gather::part(std::size_t index) const {
  if (index == 0) return head_;
  return index <= pieces_.size() ? pieces_[index - 1] : end_;
}

std::size_t Gather::fill(std::span<iovec> out) const {
  std::size_t filled = 0;
  std::size_t offset = offset_;
  for (std::size_t i = index_; i < pieces_.size() + 2 && filled < out.size(); ++i, offset = 0) {
    const auto rest = part(i).substr(offset);
    if (rest.empty()) continue;
    out[filled].iov_base = const_cast<char*>(rest.data());  // sendmsg does not write there
    out[filled].iov_len = rest.size();
    ++filled;
  }
  return filled;
}

std::size_t Gather::copy(std::span<char> out) const {
  std::size_t copied = 0;
  std::size_t offset = offset_;
  for (std::size_t i = index_; i < pieces_.size() + 2 && copied < out.size(); ++i, offset = 0) {
    const auto rest = part(i).substr(offset, out.size() - copied);
    if (rest.empty()) continue;
    std::memcpy(out.data() + copied, rest.data(), rest.size());
    copied += rest.size();
  }
  return copied;
}

void Gather::consume(std::size_t bytes) {
  left_ -= bytes;
  if (left_ == 0) return;  // nearly always
  offset_ += bytes;
  while (offset_ >= part(index_).size()) offset_ -= part(index_++).size();
}

}  // namespace http
