#include "mcp/detail/object_edit.hpp"

#include <algorithm>

#include "json/walk.hpp"

namespace mcp::detail {
namespace {

namespace ondemand = json::ondemand;

std::string_view between(const char* begin, const char* end) { return {begin, static_cast<std::size_t>(end - begin)}; }

// Runs of dropped members, each taken out with the commas that would be too many.
class Runs {
 public:
  explicit Runs(json::Splice& splice) : splice_(&splice) {}

  void drop(std::string_view member) {
    if (begin_ == nullptr) begin_ = member.data();
    end_ = member.data() + member.size();
  }
  void keep(std::string_view member) {
    const auto* const kept = member.data();
    if (begin_ != nullptr) splice_->replace(between(begin_, kept), {});
    begin_ = nullptr;
    kept_end_ = kept + member.size();
  }
  void finish() {
    if (begin_ != nullptr) splice_->replace(between(kept_end_ != nullptr ? kept_end_ : begin_, end_), {});
  }
  [[nodiscard]] bool kept_any() const { return kept_end_ != nullptr; }

 private:
  json::Splice* splice_;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  const char* kept_end_ = nullptr;
};

void put_in_front(json::Splice& splice, std::string_view object, std::string_view added, bool others_follow) {
  if (added.empty()) return;
  if (!others_follow) added.remove_suffix(1);
  splice.replace(object.substr(1, 0), added);
}

}  // namespace

void change_members(json::Splice& splice, std::string_view object, std::span<const std::string_view> dropped,
                    std::string_view added) {
  Runs runs(splice);
  ondemand::document document;
  ondemand::object members;
  if (json::walk(object).get(document) || document.get_object().get(members)) return;
  for (auto field : members) {
    const char* const begin = field.key().raw() - 1;
    std::string_view key;
    ondemand::value value;
    std::string_view text;
    if (field.unescaped_key().get(key) || std::move(field).value().get(value) || json::raw(value, text)) return;
    const auto member = between(begin, text.data() + text.size());
    std::ranges::find(dropped, key) != dropped.end() ? runs.drop(member) : runs.keep(member);
  }
  runs.finish();
  put_in_front(splice, object, added, runs.kept_any());
}

void insert_members(json::Splice& splice, std::string_view object, std::string_view added) {
  const auto first = object.find_first_not_of(" \t\r\n", 1);
  put_in_front(splice, object, added, first != std::string_view::npos && object[first] != '}');
}

}  // namespace mcp::detail
