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
  if (is_worth_keeping(*head)) put(std::exchange(head, nullptr));
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
    if (!place.head || place.hash != hash) continue;
    --size_;
    place.came = true;
    return std::move(place.head);
  }
  return nullptr;
}

void KnownHeads::put(std::unique_ptr<KnownRequest> head) {
  if (places_.empty()) places_.resize(kMost);
  enum Rank { its_own, unused, of_one_that_came_once, of_one_that_stays_away, in_use };
  const auto rank = [&head](const Place& place) {
    if (place.hash == head->hash) return its_own;
    if (place.head) return place.came ? in_use : of_one_that_stays_away;
    return place.came ? of_one_that_came_once : unused;
  };
  auto& place = *std::ranges::min_element(places(head->hash), {}, rank);
  const auto found = rank(place);
  if (found == in_use) return;
  if (std::exchange(place.head, nullptr)) --size_;
  place.came = true;
  place.hash = head->hash;
  if (found != its_own && !head->came_again()) return;
  place.head = std::move(head);
  ++size_;
}

void KnownHeads::collect() {
  bool any = false;
  for (auto& place : places_) {
    any = any || place.came;
    if (std::exchange(place.came, false)) continue;
    if (place.head) --size_;
    place = {};
  }
  if (!any) base::release(places_);
}

}  // namespace http
