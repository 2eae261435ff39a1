#include "vault/master_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/encoding.hpp"

namespace vault {
namespace {

constexpr std::string_view kSeparators = " \t\r,";

base::Failure malformed(const std::string& what) {
  return base::fail(base::Kind::invalid, "vault.key",
                    "The master key is malformed: " + what +
                        ". Expected: 32 bytes in base64, as from `openssl rand -base64 32`, or one \"version:key\" per "
                        "line with the newest last.");
}

// Both alphabets of RFC 4648, with or without padding.
std::optional<base::SecretString> decode_key(std::string_view text) {
  if (text.ends_with('=')) text.remove_suffix(1);
  const base::SecretString url([&] {
    std::string copy(text);
    std::ranges::replace(copy, '+', '-');
    std::ranges::replace(copy, '/', '_');
    return copy;
  }());
  auto bytes = base::from_base64url(url.reveal());
  if (!bytes) return std::nullopt;
  base::SecretString key(base::text_of(*bytes));
  std::ranges::fill(*bytes, std::uint8_t{0});
  if (key.size() != MasterKeys::kKeySize) return std::nullopt;
  return key;
}

std::optional<std::uint32_t> decode_version(std::string_view text) {
  std::uint32_t version = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc() || end != text.data() + text.size() || version == 0) return std::nullopt;
  return version;
}

base::SecretString fresh_key(base::Random& random) {
  std::string bytes(MasterKeys::kKeySize, '\0');
  random.fill({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  return base::SecretString(std::move(bytes));
}

// Calls `each` for the words of every line that is no comment, until it returns an error.
template <class Each>
base::Result<void> for_each_word(std::string_view text, Each each) {
  while (!text.empty()) {
    auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    while (true) {
      line.remove_prefix(std::min(line.size(), line.find_first_not_of(kSeparators)));
      if (line.empty() || line.front() == '#') break;
      const auto word = line.substr(0, line.find_first_of(kSeparators));
      if (auto done = each(word); !done) return done;
      line.remove_prefix(word.size());
    }
  }
  return {};
}

}  // namespace

base::Result<MasterKeys> MasterKeys::parse(std::string_view text) {
  if (text.size() > kMaxText) return malformed("it is too long");

  MasterKeys keys;
  bool bare = false;
  const auto add = [&](std::string_view word) -> base::Result<void> {
    const auto colon = word.find(':');
    const auto version = colon == std::string_view::npos ? std::optional(1U) : decode_version(word.substr(0, colon));
    if (!version) return malformed("a version is a number from 1 on");
    if (bare || (colon == std::string_view::npos && !keys.keys_.empty())) {
      return malformed("several keys need a version each");
    }
    bare = colon == std::string_view::npos;
    if (!keys.keys_.empty() && *version <= keys.current_version()) return malformed("versions must ascend");
    if (keys.keys_.size() >= kMaxVersions) return malformed("there are too many versions");
    auto key = decode_key(colon == std::string_view::npos ? word : word.substr(colon + 1));
    if (!key) return malformed(fmt::format("version {} is not 32 bytes in base64", *version));
    keys.keys_.emplace(*version, *std::move(key));
    return {};
  };
  if (auto read = for_each_word(text, add); !read) return std::move(read).failure();
  if (keys.keys_.empty()) return malformed("it is empty");
  return keys;
}

MasterKeys MasterKeys::generate(base::Random& random) {
  MasterKeys keys;
  keys.keys_.emplace(1, fresh_key(random));
  return keys;
}

base::Result<MasterKeys> MasterKeys::with_new_version(base::Random& random) const {
  if (keys_.size() >= kMaxVersions || current_version() == UINT32_MAX) {
    return base::fail(base::Kind::conflict, "vault.key",
                      "There are too many versions of the master key: remove old ones that nothing is sealed with.");
  }
  MasterKeys more = *this;
  more.keys_.emplace(current_version() + 1, fresh_key(random));
  return more;
}

base::SecretString MasterKeys::text() const {
  std::string text;
  text.reserve(keys_.size() * 64);  // no reallocation leaves a copy behind
  for (const auto& [version, key] : keys_) {
    const base::SecretString encoded(base::base64url(key.reveal()));
    text += std::to_string(version);
    text += ':';
    text += encoded.reveal();
    text += '\n';
  }
  return base::SecretString(std::move(text));
}

const base::SecretString* MasterKeys::find(std::uint32_t version) const {
  const auto found = keys_.find(version);
  return found == keys_.end() ? nullptr : &found->second;
}

}  // namespace vault
