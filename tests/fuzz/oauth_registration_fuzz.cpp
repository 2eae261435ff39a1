// Input: the body of a registration. What is accepted reads back, as it is stored, to the same.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "oauth/client.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse({reinterpret_cast<const char*>(data), size}, error);
  if (error || !parsed.is_object()) return 0;
  static_cast<void>(oauth::read_client_metadata(parsed.get_object(), oauth::MetadataSource::document));
  const auto metadata = oauth::read_client_metadata(parsed.get_object(), oauth::MetadataSource::registration);
  if (!metadata) return 0;
  const auto stored = oauth::to_json(*metadata);
  const auto again = oauth::read_client_metadata(stored, oauth::MetadataSource::registration);
  if (!again || boost::json::serialize(oauth::to_json(*again)) != boost::json::serialize(stored)) std::abort();
  return 0;
}
