// The reader of signed cookie values, which anybody can send: it never reads outside the value, opens nothing that was
// not made with the key, and opens what was. The Origin and CSRF checks get the same bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/random.hpp"
#include "http/message.hpp"
#include "identity/csrf.hpp"
#include "identity/session_cookie.hpp"

namespace {

// One fixed id: a genuine value is then the same in every run, and mutations of it are worth something.
class OneId final : public base::Random {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = 7;
  }
};

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const identity::SignedValue values(base::SecretString(std::string_view("key")), "session");
  static const identity::Csrf csrf(base::SecretString(std::string_view("key")));
  static const auto genuine = [] {
    OneId random;
    return values.make(random);
  }();

  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto opened = values.open(text);
  require(opened.has_value() == (text == genuine.reveal()));
  require(!csrf.is_pre_session(text));
  require(!csrf.check(text, "session", "purpose") || text == csrf.token("session", "purpose"));

  // What the server's parser lets through as a field's value.
  if (http::is_field_value(text)) {
    http::Headers headers;
    headers.add("Origin", text);
    require(!identity::check_origin(headers, "https://gw.example.com") || text.empty() ||
            text == "https://gw.example.com");
  }
  static_cast<void>(identity::origin_of(text));
  return 0;
}
