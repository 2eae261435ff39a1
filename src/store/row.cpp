#include <fmt/format.h>

#include <stdexcept>

#include "store/database.hpp"

namespace store {
namespace {

template <class T>
const T& as(const std::vector<Value>& values, std::size_t column, std::string_view wanted) {
  if (column >= values.size()) throw std::logic_error(fmt::format("row has no column {}", column));
  const auto* value = std::get_if<T>(&values[column]);
  if (value == nullptr) throw std::logic_error(fmt::format("column {} is no {}", column, wanted));
  return *value;
}

}  // namespace

bool Row::is_null(std::size_t column) const {
  if (column >= values_.size()) throw std::logic_error(fmt::format("row has no column {}", column));
  return std::holds_alternative<std::monostate>(values_[column]);
}

std::int64_t Row::integer(std::size_t column) const { return as<std::int64_t>(values_, column, "integer"); }

const std::string& Row::text(std::size_t column) const { return as<std::string>(values_, column, "text"); }

const std::string& Row::blob(std::size_t column) const { return as<Blob>(values_, column, "blob").bytes; }

}  // namespace store
