// What a template is filled with, and the filling. Mustache, auto-escaping: {{name}} is always safe inside text and
// quoted attributes. Only layout.mustache uses the unescaped form, for a page that was filled by the same means.
#pragma once

#include <kainjow/mustache.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace web {

class View {
 public:
  // An empty text counts as absent, so that {{#key}} asks "is there any".
  View& text(std::string_view key, std::string_view value);
  View& flag(std::string_view key, bool value);
  // Sets "has_<key>" too. Set the same keys in every item: mustache looks a missing one up in the enclosing view.
  View& list(std::string_view key, const std::vector<View>& items);
  View& texts(std::string_view key, const std::vector<std::string>& items);

 private:
  friend std::string fill(std::string_view template_name, const View& view);
  kainjow::mustache::data data_;
};

// Throws std::logic_error when the template is unknown or malformed; a test fills every one.
[[nodiscard]] std::string fill(std::string_view template_name, const View& view);

}  // namespace web
