// Input: the body of a token request. What is accepted holds no parameter twice but resource.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "oauth/detail/form.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  http::Request request;
  request.body.assign(reinterpret_cast<const char*>(data), size);
  const auto form = oauth::detail::read_form(request);
  if (!form) return 0;
  for (const auto& [name, value] : form->pairs()) {
    if (name == "resource") continue;
    if (form->repeated(name) || form->find(name) != value) std::abort();
  }
  return 0;
}
