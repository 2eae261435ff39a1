#include "oauth/detail/form.hpp"

namespace oauth::detail {
namespace {

base::Failure wrong(std::string message) {
  return base::fail(base::Kind::invalid, "invalid_request", std::move(message));
}

}  // namespace

base::Result<http::Parameters> read_form(const http::Request& request) {
  if (request.body.size() > kFormLimit) {
    return base::fail(base::Kind::too_large, "invalid_request", "The form is larger than 64 KiB.");
  }
  // A missing content type is forgiven, another one is not: what it says would be read as something else.
  const auto type = request.headers.find("Content-Type");
  if (type && !type->empty() && !type->starts_with("application/x-www-form-urlencoded")) {
    return wrong("The content type is not application/x-www-form-urlencoded.");
  }
  auto form = http::Parameters::parse(request.body);
  if (!form) return wrong("The form is malformed.");
  for (const auto& [name, value] : form->pairs()) {
    if (name != "resource" && form->repeated(name)) return wrong("A parameter stands there twice.");
  }
  return *std::move(form);
}

base::Result<std::string> required(const http::Parameters& form, std::string_view name) {
  const auto value = form.find(name);
  if (!value || value->empty()) return wrong(std::string(name) + " is missing.");
  return std::string(*value);
}

}  // namespace oauth::detail
