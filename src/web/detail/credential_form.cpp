#include "web/detail/credential_form.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vendor/injection.hpp"

namespace web {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string input_id(std::string_view field) { return "field-" + std::string(field); }

std::string_view plain_value(const vendor::Field& field, const vault::Fields& fields) {
  const auto found = fields.find(field.name);
  return field.secret || found == fields.end() ? std::string_view() : found->second.reveal();
}

std::string_view problem_of(const CredentialEntry& entry, std::string_view field) {
  const auto found = std::ranges::find(entry.problems, field, &FieldProblem::field);
  return found == entry.problems.end() ? std::string_view() : std::string_view(found->words);
}

std::string describe(const vendor::Field& field, std::string_view id, bool kept, bool wrong) {
  std::string ids;
  const auto add = [&](bool present, std::string_view suffix) {
    if (present) ids += fmt::format("{}{}{}", ids.empty() ? "" : " ", id, suffix);
  };
  add(wrong, "-wrong");
  add(!field.help.empty(), "-help");
  add(kept, "-kept");
  return ids;
}

std::vector<View> choices_of(const vendor::Field& field, std::string_view value) {
  std::vector<View> choices;
  if (!field.required && field.default_value.empty()) {
    choices.push_back(View().text("value", "").text("text", "(none)").flag("selected", value.empty()));
  }
  for (const auto& choice : field.choices) {
    choices.push_back(View().text("value", choice).text("text", choice).flag("selected", choice == value));
  }
  return choices;
}

View field_view(const vendor::Field& field, const CredentialEntry& entry, const vault::Fields& saved) {
  const auto id = input_id(field.name);
  const bool kept = field.secret && saved.contains(field.name);
  const auto wrong = problem_of(entry, field.name);
  auto value = plain_value(field, entry.fields);
  if (value.empty() && !field.secret && !field.choices.empty()) value = field.default_value;

  View view;
  view.text("id", id)
      .text("name_of_field", field.name)
      .text("label", field.label)
      .text("help", field.help)
      .text("value", value);
  view.text("type", field.secret ? "password" : "text").text("autocomplete", field.secret ? "new-password" : "off");
  view.flag("required", field.required).flag("kept", kept).text("wrong", wrong);
  view.flag("must", field.required && field.default_value.empty() && !kept);
  view.text("placeholder", field.secret ? "" : field.default_value);
  view.text("described", describe(field, id, kept, !wrong.empty()));
  view.flag("is_choice", !field.choices.empty()).list("choices", choices_of(field, value));
  return view;
}

// One field of the form into the entry, or a problem.
void read_field(CredentialEntry& entry, const vendor::Field& field, const http::Parameters& form,
                const vault::Fields& saved) {
  const auto value = trimmed(form.find(field.name).value_or(""));
  const auto kept = saved.find(field.name);
  if (value.empty() && field.secret && kept != saved.end()) {
    entry.fields.emplace(field.name, kept->second);
    return;
  }
  if (value.empty()) {
    if (field.required && field.default_value.empty()) {
      entry.problems.push_back({field.name, fmt::format("{} is needed.", field.label)});
    }
    return;
  }
  if (!field.choices.empty() && std::ranges::find(field.choices, value) == field.choices.end()) {
    entry.problems.push_back({field.name, fmt::format("{} must be one of those offered.", field.label)});
    return;
  }
  entry.fields.emplace(field.name, base::SecretString(value));
}

}  // namespace

CredentialEntry read_credential(const vendor::Definition& definition, const http::Parameters& form,
                                const vault::Fields& saved) {
  CredentialEntry entry;
  for (const auto& field : definition.fields) read_field(entry, field, form, saved);
  if (!entry.problems.empty()) return entry;

  if (const auto injection = vendor::inject(definition, "", entry.fields); !injection) {
    entry.problems.push_back({"", injection.error().message});
  }
  return entry;
}

void show_credential_form(View& view, const vendor::Definition& definition, const CredentialEntry& entry,
                          const vault::Fields& saved) {
  std::vector<View> fields;
  for (const auto& field : definition.fields) fields.push_back(field_view(field, entry, saved));
  view.list("fields", fields);

  std::vector<View> problems;
  for (const auto& problem : entry.problems) {
    const auto target = problem.field.empty() ? std::string("credential") : input_id(problem.field);
    problems.push_back(View().text("field", target).text("words_of_problem", problem.words));
  }
  view.list("problems", problems);
}

vault::Fields secrets_of(const vendor::Definition& definition, const vault::Fields& fields) {
  vault::Fields secrets;
  for (const auto& field : definition.fields) {
    const auto found = fields.find(field.name);
    if (field.secret && found != fields.end()) secrets.emplace(*found);
  }
  return secrets;
}

}  // namespace web
