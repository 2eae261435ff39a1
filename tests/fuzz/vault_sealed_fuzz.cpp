// What comes from the disk: sealed records, the fields inside them, and the text of the master key.
#include <cstdlib>

#include "base/encoding.hpp"
#include "vault/detail/fields_codec.hpp"
#include "vault/sealer.hpp"

namespace {

void require(bool fine) {
  if (!fine) std::abort();
}

void read_keys(std::string_view text) {
  const auto keys = vault::MasterKeys::parse(text);
  if (!keys) return;
  const auto again = vault::MasterKeys::parse(keys->text().reveal());
  require(again && again->text().reveal() == keys->text().reveal());
}

void read_record(std::string_view bytes) {
  static base::SystemRandom random;
  static const vault::Sealer sealer(vault::MasterKeys::generate(random), random);
  // Nobody who does not hold the key makes a record that opens.
  require(!sealer.open("user/ann", "id", bytes));
  static_cast<void>(sealer.key_version(bytes));
  const auto opened = sealer.open("user/ann", "id", sealer.seal("user/ann", "id", bytes));
  require(opened && opened->reveal() == bytes);
}

void read_fields(std::string_view bytes) {
  const auto fields = vault::detail::decode(bytes);
  if (!fields) return;
  const auto again = vault::detail::decode(vault::detail::encode(*fields).reveal());
  require(again && again->size() == fields->size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto rest = base::text_of({data + 1, size - 1});
  switch (*data % 3) {
    case 0:
      read_keys(rest);
      break;
    case 1:
      read_record(rest);
      break;
    default:
      read_fields(rest);
      break;
  }
  return 0;
}
