#include "web/detail/view.hpp"

#include <stdexcept>

#include "base/encoding.hpp"
#include "web/detail/embedded.hpp"

namespace web {
namespace mustache = kainjow::mustache;

View& View::text(std::string_view key, std::string_view value) {
  data_.set(std::string(key), value.empty() ? mustache::data(false) : mustache::data(std::string(value)));
  return *this;
}

View& View::flag(std::string_view key, bool value) {
  data_.set(std::string(key), mustache::data(value));
  return *this;
}

View& View::list(std::string_view key, const std::vector<View>& items) {
  mustache::data all(mustache::data::type::list);
  for (const auto& item : items) all.push_back(item.data_);
  data_.set(std::string(key), all);
  return flag("has_" + std::string(key), !items.empty());
}

View& View::texts(std::string_view key, const std::vector<std::string>& items) {
  mustache::data all(mustache::data::type::list);
  for (const auto& item : items) all.push_back(mustache::data(item));
  data_.set(std::string(key), all);
  return flag("has_" + std::string(key), !items.empty());
}

std::string fill(std::string_view template_name, const View& view) {
  mustache::mustache page{std::string(embedded(template_name).content)};
  page.set_custom_escape([](const std::string& text) { return base::html_escape(text); });
  std::string text = page.render(view.data_);
  if (!page.is_valid()) throw std::logic_error(std::string(template_name) + ": " + page.error_message());
  return text;
}

}  // namespace web
