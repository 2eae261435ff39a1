#include "gateway/tool_index.hpp"

#include <simdjson.h>

#include <algorithm>
#include <unordered_map>

namespace gateway {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kShortestBeginning = 3;  // shorter ones begin too many words
constexpr float kBeginningWeight = 0.5F;
// Schemas nested deeper say little about what a tool is for.
constexpr int kSchemaDepth = 4;

// Where a word stands decides how much it says.
constexpr float kName = 5;
constexpr float kTitle = 3;
constexpr float kVendor = 2;
constexpr float kParameter = 1.5F;
constexpr float kDescription = 1;
constexpr float kParameterDescription = 0.5F;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_upper(c) || is_lower(c) || (c >= '0' && c <= '9') || (c & '\x80') != 0; }

// A word begins inside another one at "listTickets" and "HTTPServer".
bool begins_inside(std::string_view text, std::size_t at) {
  if (!is_upper(text[at])) return false;
  return !is_upper(text[at - 1]) || (at + 1 < text.size() && is_lower(text[at + 1]));
}

bool ends_with_any(std::string_view word, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return word.ends_with(ending); });
}

// Documents and questions go through the same rule, so it need not be right about every word.
void make_singular(std::string& word) {
  if (word.size() < 4 || !word.ends_with('s') || ends_with_any(word, {"ss", "us", "is"})) return;
  if (word.size() > 4 && word.ends_with("ies")) {
    word.replace(word.size() - 3, 3, "y");
  } else if (ends_with_any(word, {"sses", "xes", "ches", "shes"})) {
    word.resize(word.size() - 2);
  } else {
    word.pop_back();
  }
}

template <class Take>
void each_word(std::string_view text, Take take) {
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) return;
    make_singular(word);
    take(word);
    word.clear();
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!is_word(c) || (!word.empty() && begins_inside(text, at))) end_word();
    if (is_word(c) && word.size() < kLongestWord) word += is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
  }
  end_word();
}

// The words of one tool after the other.
class Collector {
 public:
  using Weights = std::unordered_map<std::string, std::vector<std::pair<std::uint32_t, float>>>;

  void begin_tool() {
    ++tool_;
    length_ = 0;
  }
  void add(std::string_view text, float weight) {
    each_word(text, [&](const std::string& word) {
      ++length_;
      auto& weights = weights_[word];
      if (weights.empty() || weights.back().first != tool_) {
        weights.emplace_back(tool_, weight);
      } else {
        weights.back().second += weight;
      }
    });
  }
  void add_schema(dom::object schema, int depth) {
    dom::object properties;
    if (depth == kSchemaDepth || schema["properties"].get(properties)) return;
    for (const auto [name, value] : properties) {
      add(name, kParameter);
      dom::object property;
      if (value.get(property)) continue;
      add_text(property, "description", kParameterDescription);
      add_schema(property, depth + 1);
      dom::object items;
      if (!property["items"].get(items)) add_schema(items, depth + 1);
    }
  }
  void add_text(dom::object object, std::string_view key, float weight) {
    std::string_view text;
    if (!object[key].get(text)) add(text, weight);
  }

  [[nodiscard]] Weights& weights() { return weights_; }
  [[nodiscard]] float length() const { return length_; }

 private:
  Weights weights_;
  std::uint32_t tool_ = ~std::uint32_t{0};
  float length_ = 0;
};

void add_definition(Collector& collector, std::string_view definition) {
  thread_local dom::parser parser;
  dom::object tool;
  // The text stands inside a longer one: what is behind it is readable and not part of it.
  if (parser.parse(definition.data(), definition.size(), false).get(tool)) return;
  collector.add_text(tool, "title", kTitle);
  collector.add_text(tool, "description", kDescription);
  dom::object annotations;
  if (!tool["annotations"].get(annotations)) collector.add_text(annotations, "title", kTitle);
  dom::object schema;
  if (!tool["inputSchema"].get(schema)) collector.add_schema(schema, 0);
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  each_word(text, [&](const std::string& word) { words.push_back(word); });
  return words;
}

ToolIndex::ToolIndex(std::string_view vendor, std::span<const Tool> tools) {
  Collector collector;
  for (const auto& tool : tools) {
    collector.begin_tool();
    collector.add(tool.name, kName);
    collector.add(vendor, kVendor);
    add_definition(collector, tool.definition);
    lengths_.push_back(collector.length());
  }

  words_.reserve(collector.weights().size());
  std::vector<const Collector::Weights::value_type*> sorted;
  sorted.reserve(collector.weights().size());
  for (const auto& entry : collector.weights()) sorted.push_back(&entry);
  std::ranges::sort(sorted, {}, [](const auto* entry) -> const std::string& { return entry->first; });
  for (const auto* entry : sorted) {
    words_.push_back({entry->first, static_cast<std::uint32_t>(postings_.size())});
    for (const auto& [tool, weight] : entry->second) postings_.push_back({tool, weight});
  }
}

std::span<const ToolIndex::Posting> ToolIndex::postings(std::size_t word) const {
  const std::size_t end = word + 1 < words_.size() ? words_[word + 1].begin : postings_.size();
  return std::span(postings_).subspan(words_[word].begin, end - words_[word].begin);
}

void ToolIndex::find(std::string_view word, std::span<float> best) const {
  const auto first =
      std::ranges::lower_bound(words_, word, {}, [](const Word& w) -> std::string_view { return w.text; });
  for (auto at = first; at != words_.end() && at->text.starts_with(word); ++at) {
    const bool same = at->text.size() == word.size();
    if (!same && word.size() < kShortestBeginning) return;
    const float part = static_cast<float>(word.size()) / static_cast<float>(at->text.size());
    const float factor = same ? 1 : kBeginningWeight * part;
    for (const auto& posting : postings(static_cast<std::size_t>(at - words_.begin()))) {
      best[posting.tool] = std::max(best[posting.tool], factor * posting.weight);
    }
  }
}

}  // namespace gateway
