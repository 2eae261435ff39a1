#include "http/detail/known_heads.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "base/release.hpp"
#include "http/detail/characters.hpp"

namespace http {
namespace {

constexpr std::size_t kNoHash = 0;
constexpr std::string_view kLength = "content-length:";

// Of the head's fields without the length of the body. None when the head is not whole, or not a POST's.
std::size_t hash_of_head(std::string_view bytes) {
  if (!bytes.starts_with("POST ")) return kNoHash;
  std::size_t hash = 0;
  for (auto end = bytes.find('\n'); end != std::string_view::npos; end = bytes.find('\n')) {
    bytes.remove_prefix(end + 1);
    if (bytes.starts_with("\r\n")) return hash;
    const auto line = bytes.substr(0, bytes.find('\n'));
    if (detail::equal_without_case(line.substr(0, kLength.size()), kLength)) continue;
    hash = hash * 31 + std::hash<std::string_view>()(line);
  }
  return kNoHash;
}

}  // namespace

bool KnownHeads::is_worth_keeping(const KnownRequest& head) {
  return head.remembered() && head.findings && head.hash != kNoHash && head.field_bytes() <= kLargest;
}

void KnownHeads::exchange(std::unique_ptr<KnownRequest>& head, std::string_view bytes) {
  if (bytes.empty()) return;
  if (is_worth_keeping(*head)) keep(std::exchange(head, nullptr));
  const auto hash = hash_of_head(bytes);
  if (auto known = take(hash)) {
    head = std::move(known);
  } else {
    if (!head) head = std::make_unique<KnownRequest>();
    head->hash = hash;
  }
}

std::unique_ptr<KnownRequest> KnownHeads::take(std::size_t hash) {
  if (size_ == 0) return nullptr;
  for (auto& place : places(hash)) {
    if (!place.head || place.head->hash != hash) continue;
    --size_;
    return std::move(place.head);
  }
  return nullptr;
}

// In place of the same head of another connection; else where there is none, or one that has not come for a while.
void KnownHeads::keep(std::unique_ptr<KnownRequest> head) {
  if (places_.empty()) places_.resize(kMost);
  auto& [kept, came] = *std::ranges::min_element(places(head->hash), {}, [&head](const Place& place) {
    if (!place.head) return 1;
    return place.head->hash == head->hash ? 0 : place.came ? 3 : 2;
  });
  if (!kept) ++size_;
  kept = std::move(head);
  came = true;
}

void KnownHeads::collect() {
  for (auto& [head, came] : places_) {
    if (!std::exchange(came, false) && std::exchange(head, nullptr)) --size_;
  }
  if (size_ == 0) base::release(places_);
}

}  // namespace http
