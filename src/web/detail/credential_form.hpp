// The form of a vendor's credential: made from its definition, read back, checked. Stored secrets never go out.
#pragma once

#include <string>
#include <vector>

#include "http/message.hpp"
#include "vault/credentials.hpp"
#include "vendor/definition.hpp"
#include "web/detail/view.hpp"

namespace web {

struct FieldProblem {
  std::string field;  // the definition's name of it; "" for the whole form
  std::string words;
};

struct CredentialEntry {
  vault::Fields fields;
  std::vector<FieldProblem> problems;  // empty: the fields are complete and fit for vendor::inject
};

// Pasted white space around values goes. An empty secret keeps the value of `saved`; an empty plain field clears it.
[[nodiscard]] CredentialEntry read_credential(const vendor::Definition& definition, const http::Parameters& form,
                                              const vault::Fields& saved);

// Sets "fields", "has_fields", "problems", "has_problems". Plain values are shown, from what was entered or saved.
void show_credential_form(View& view, const vendor::Definition& definition, const CredentialEntry& entry,
                          const vault::Fields& saved);

// The secret ones among them, for masking.
[[nodiscard]] vault::Fields secrets_of(const vendor::Definition& definition, const vault::Fields& fields);

}  // namespace web
