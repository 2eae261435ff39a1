// The words of one list's tools, so that a question in plain words finds the fitting ones: from names, titles,
// descriptions, and the names and descriptions of parameters, each with the weight of where it stands.
// A plural and its singular are the same word; camelCase and snake_case are taken apart.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

// The words of a text, in lower case and singular, each at most 64 bytes. Bytes beyond ASCII belong to words.
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

class ToolIndex {
 public:
  struct Tool {
    std::string_view name;        // the vendor's own
    std::string_view definition;  // raw JSON object with 64 readable bytes behind it
  };
  ToolIndex() = default;
  // The vendor's slug belongs to each of its tools' words.
  ToolIndex(std::string_view vendor, std::span<const Tool> tools);

  // How much of `word` each tool has: raises best[tool] to the highest weight that it finds, words that only begin with
  // `word` counting less. REQUIRES: best.size() == size(); word as words_of() makes it.
  void find(std::string_view word, std::span<float> best) const;
  // Tools, and the number of words in each.
  [[nodiscard]] std::size_t size() const { return lengths_.size(); }
  [[nodiscard]] std::span<const float> lengths() const { return lengths_; }

 private:
  struct Posting {
    std::uint32_t tool;
    float weight;
  };
  struct Word {
    std::string text;
    std::uint32_t begin;  // of its postings, which end where those of the next word begin
  };
  [[nodiscard]] std::span<const Posting> postings(std::size_t word) const;

  std::vector<Word> words_;  // sorted
  std::vector<Posting> postings_;
  std::vector<float> lengths_;
};

}  // namespace gateway
