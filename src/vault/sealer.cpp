#include "vault/sealer.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <unordered_map>

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/mutex.hpp"
#include "vault/detail/aead.hpp"

namespace vault {
namespace {

constexpr char kFormat = 1;
constexpr std::size_t kHead = 1 + 4;

void append_u32(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift & 0xff);
}

std::uint32_t read_u32(std::string_view bytes) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[i]);
  return value;
}

// Lengths stand before texts, so that no two pairs of scope and identity give the same bytes.
std::string associated(std::string_view head, std::string_view scope, std::string_view identity) {
  std::string out(head);
  append_u32(out, static_cast<std::uint32_t>(scope.size()));
  out += scope;
  append_u32(out, static_cast<std::uint32_t>(identity.size()));
  out += identity;
  return out;
}

base::Failure does_not_open(std::string detail) {
  return base::fail(base::Kind::unavailable, "vault.sealed", "A stored secret cannot be opened with the keys here.",
                    std::move(detail));
}

}  // namespace

// Derived keys by master key version and scope.
class Sealer::DataKeys {
 public:
  explicit DataKeys(std::size_t limit) : limit_(limit) {}

  base::SecretString get(const MasterKeys& keys, std::uint32_t version, std::string_view scope) {
    auto name = fmt::format("{}/{}", version, scope);
    {
      const base::Lock lock(mutex_);
      if (const auto found = keys_.find(name); found != keys_.end()) return found->second;
    }
    auto key = detail::hkdf(keys.find(version)->reveal(), fmt::format("data key:{}", scope));
    const base::Lock lock(mutex_);
    if (keys_.size() >= limit_) keys_.clear();
    keys_.emplace(std::move(name), key);
    return key;
  }

  void clear() {
    const base::Lock lock(mutex_);
    keys_.clear();
  }

 private:
  const std::size_t limit_;
  base::Mutex mutex_;
  std::unordered_map<std::string, base::SecretString> keys_ MCPGW_GUARDED_BY(mutex_);
};

Sealer::Sealer(MasterKeys keys, base::Random& random, SealerConfig config)
    : keys_(std::move(keys)),
      random_(random),
      config_(std::move(config)),
      data_keys_(std::make_unique<DataKeys>(config_.data_keys)) {}

Sealer::~Sealer() = default;

std::string Sealer::seal(std::string_view scope, std::string_view identity, std::string_view plaintext) const {
  if (plaintext.size() > kMaxPlaintext) throw std::length_error("too much to seal at once");
  const auto keys = keys_.get();
  const auto version = keys->current_version();

  std::string sealed;
  sealed.reserve(kOverhead + plaintext.size());
  sealed += kFormat;
  append_u32(sealed, version);
  const auto bound = associated(sealed, scope, identity);
  // 96 random bits: safe for 2^32 records per scope (NIST SP 800-38D section 8.3).
  detail::Nonce nonce{};
  random_.fill(nonce);
  sealed += base::text_of(nonce);
  detail::encrypt(data_keys_->get(*keys, version, scope).reveal(), nonce, bound, plaintext, sealed);
  return sealed;
}

base::Result<base::SecretString> Sealer::open(std::string_view scope, std::string_view identity,
                                              std::string_view sealed) const {
  const auto version = key_version(sealed);
  if (!version) return version.failure();
  const auto keys = keys_for(*version);
  if (keys->find(*version) == nullptr) {
    return does_not_open(fmt::format("it is sealed with version {} of the master key, which is not here", *version));
  }

  detail::Nonce nonce{};
  std::ranges::copy(base::bytes_of(sealed.substr(kHead, nonce.size())), nonce.begin());
  auto plaintext =
      detail::decrypt(data_keys_->get(*keys, *version, scope).reveal(), nonce,
                      associated(sealed.substr(0, kHead), scope, identity), sealed.substr(kHead + nonce.size()));
  if (!plaintext) return does_not_open("it was altered, moved from another record, or sealed with another key");
  return *std::move(plaintext);
}

base::Result<std::uint32_t> Sealer::key_version(std::string_view sealed) const {
  if (sealed.size() < kOverhead || sealed.size() > kOverhead + kMaxPlaintext || sealed.front() != kFormat) {
    return does_not_open("it is no sealed record of a known format");
  }
  return read_u32(sealed.substr(1));
}

std::shared_ptr<const MasterKeys> Sealer::keys_for(std::uint32_t version) const {
  auto keys = keys_.get();
  if (version <= keys->current_version() || !config_.reload) return keys;
  auto newer = config_.reload();
  if (!newer) {
    base::log::warn("vault.reload_failed", {{"error", newer.error().message}});
    return keys;
  }
  // Never back to fewer: what this process has sealed must still open.
  if (newer->current_version() > keys->current_version()) {
    keys_.set(*std::move(newer));
    base::log::info("vault.keys_reloaded", {{"version", keys_.get()->current_version()}});
  }
  return keys_.get();
}

std::uint32_t Sealer::current_version() const { return keys_.get()->current_version(); }

std::vector<std::uint32_t> Sealer::versions() const {
  std::vector<std::uint32_t> versions;
  const auto keys = keys_.get();
  for (const auto& [version, key] : keys->versions()) versions.push_back(version);
  return versions;
}

void Sealer::replace(MasterKeys keys) {
  keys_.set(std::move(keys));
  data_keys_->clear();
}

base::SecretString Sealer::derive(std::string_view purpose) const {
  const auto keys = keys_.get();
  return detail::hkdf(keys->find(keys->oldest_version())->reveal(), fmt::format("purpose:{}", purpose));
}

std::string Sealer::fingerprint(std::uint32_t version) const {
  const auto keys = keys_.get();
  return base::hex(base::bytes_of(detail::hkdf(keys->find(version)->reveal(), "fingerprint").reveal())).substr(0, 32);
}

}  // namespace vault
