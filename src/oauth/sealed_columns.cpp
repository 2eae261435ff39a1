#include "oauth/sealed_columns.hpp"

#include "oauth/detail/key_scope.hpp"

namespace oauth {

std::vector<vault::SealedColumn> sealed_columns() {
  vault::SealedColumn keys;
  keys.name = "OAuth signing keys";
  keys.table = "oauth_signing_keys";
  keys.id_column = "kid";
  keys.sealed_column = "sealed";
  keys.context_columns = {"kid"};
  keys.place = [](const store::Row& row) {
    return vault::SealedPlace{std::string(detail::kSigningKeyScope), row.text(0)};
  };
  return {std::move(keys)};
}

}  // namespace oauth
