// Masking what a vendor says: no value of four bytes or more may be left in the text.
#include <cstdlib>

#include "base/encoding.hpp"
#include "vault/credentials.hpp"

// The first line is the secret, the rest the vendor's text, with the secret put into its middle.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = base::text_of({data, size});
  const auto secret = input.substr(0, input.find('\n'));
  const auto text = input.substr(std::min(input.size(), secret.size() + 1));
  vault::Fields fields;
  fields.emplace("key", base::SecretString(secret));
  const auto half = text.size() / 2;
  const auto masked =
      vault::mask(std::string(text.substr(0, half)) + std::string(secret) + std::string(text.substr(half)), fields);
  // A value that overlaps with the mask's own characters may come into being at its border.
  constexpr std::string_view kMask = "•••";
  if (secret.size() >= 4 && secret.find_first_of(kMask) == std::string_view::npos &&
      masked.find(secret) != std::string::npos) {
    std::abort();
  }
  return 0;
}
