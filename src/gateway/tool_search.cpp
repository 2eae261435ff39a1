#include "gateway/tool_search.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace gateway {
namespace {

constexpr std::size_t kMostWords = 16;
// Okapi BM25's usual k1; a low b, because long definitions are not worse ones.
constexpr float kSaturation = 1.2F;
constexpr float kLengthInfluence = 0.4F;
// Beyond what words can sum up to.
constexpr float kIsItsName = 1'000;

std::vector<std::string> distinct_words(std::string_view question) {
  auto words = words_of(question);
  std::ranges::sort(words);
  words.erase(std::ranges::unique(words).begin(), words.end());
  if (words.size() > kMostWords) words.resize(kMostWords);
  return words;
}

// Adds what one word is worth in each tool.
void add_word(std::span<const std::shared_ptr<const VendorList>> lists, std::string_view word, float average_length,
              std::span<float> best, std::vector<ToolHit>& hits) {
  std::ranges::fill(best, 0.0F);
  std::size_t at = 0;
  for (const auto& list : lists) {
    list->index().find(word, best.subspan(at, list->items().size()));
    at += list->items().size();
  }
  const auto total = static_cast<float>(best.size());
  const auto having = static_cast<float>(best.size() - static_cast<std::size_t>(std::ranges::count(best, 0.0F)));
  const float rarity = std::log(1 + (total - having + 0.5F) / (having + 0.5F));

  at = 0;
  for (const auto& list : lists) {
    for (const float length : list->index().lengths()) {
      const float weight = best[at];
      const float norm = 1 - kLengthInfluence + kLengthInfluence * length / average_length;
      hits[at].score += rarity * weight * (kSaturation + 1) / (weight + kSaturation * norm);
      ++at;
    }
  }
}

}  // namespace

std::vector<ToolHit> search_tools(std::span<const std::shared_ptr<const VendorList>> lists, std::string_view question,
                                  std::size_t limit) {
  std::vector<ToolHit> hits;
  float words = 0;
  for (const auto& list : lists) {
    const auto lengths = list->index().lengths();
    words = std::accumulate(lengths.begin(), lengths.end(), words);
    for (const auto& tool : list->items()) {
      const bool named = tool.key == question || tool.unified == question;
      hits.push_back({&tool, list.get(), named ? kIsItsName : 0});
    }
  }
  if (hits.empty()) return hits;

  const float average_length = std::max(words / static_cast<float>(hits.size()), 1.0F);
  std::vector<float> best(hits.size());
  for (const auto& word : distinct_words(question)) add_word(lists, word, average_length, best, hits);

  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < hits.size(); ++i) {
    if (hits[i].score > 0) order.push_back(i);
  }
  const auto count = std::min(limit, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return hits[a].score != hits[b].score ? hits[a].score > hits[b].score : a < b;
                    });
  std::vector<ToolHit> best_first;
  best_first.reserve(count);
  for (std::size_t i = 0; i < count; ++i) best_first.push_back(hits[order[i]]);
  return best_first;
}

}  // namespace gateway
