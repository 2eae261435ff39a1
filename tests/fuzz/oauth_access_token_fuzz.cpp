// Input: a bearer token. Nothing that was not signed here is accepted.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "oauth/access_token.hpp"
#include "oauth/detail/jose.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const oauth::KeySet keys{
      {{"k", std::make_shared<oauth::detail::Jwk>(oauth::detail::Jwk::generate("k")), {}, {}}}, {}};
  if (oauth::read_access_token({reinterpret_cast<const char*>(data), size}, keys)) std::abort();
  return 0;
}
