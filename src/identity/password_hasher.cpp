#include "identity/password_hasher.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <boost/asio/this_coro.hpp>
#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>
#include <stdexcept>

#include "base/wake.hpp"
#include "identity/detail/workers.hpp"

namespace identity {
namespace {

// The number behind `name` in "$argon2id$v=19$m=65536,t=3,p=1$…".
std::optional<std::size_t> parameter(std::string_view encoded, std::string_view name) {
  const auto at = encoded.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  const auto rest = encoded.substr(at + name.size());
  std::size_t value = 0;
  if (std::from_chars(rest.data(), rest.data() + rest.size(), value).ec != std::errc()) return std::nullopt;
  return value;
}

base::Failure no_memory() {
  return base::fail(base::Kind::unavailable, "identity.memory", "Passwords cannot be checked now. Try again later.",
                    "no memory for argon2id");
}

base::Failure busy() {
  auto error = base::fail(base::Kind::too_many, "identity.busy",
                          "Too many people are signing in at this moment. Try again in a few seconds.");
  error.error().retry_after = std::chrono::seconds(3);
  return error;
}

enum class Verdict { matches, differs, no_memory };

Verdict compare(const base::SecretString& password, const std::string& encoded) {
  const auto text = password.reveal();
  errno = 0;
  if (crypto_pwhash_str_verify(encoded.c_str(), text.data(), text.size()) == 0) return Verdict::matches;
  return errno == ENOMEM ? Verdict::no_memory : Verdict::differs;
}

// Looks like a hash, takes as long to verify, and is of no password: random text in place of the hash. Hashing one
// would take a tenth of a second and 64 MiB at every start.
std::string decoy_of(std::size_t memory_bytes, std::uint64_t passes) {
  const auto noise = [](std::size_t bytes) {
    std::array<unsigned char, 32> random{};
    randombytes_buf(random.data(), random.size());
    std::array<char, sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)> text{};
    return std::string(
        sodium_bin2base64(text.data(), text.size(), random.data(), bytes, sodium_base64_VARIANT_ORIGINAL_NO_PADDING));
  };
  return fmt::format("$argon2id$v=19$m={},t={},p=1${}${}", memory_bytes / 1024, passes, noise(16), noise(32));
}

}  // namespace

PasswordHasher::PasswordHasher(PasswordHasherConfig config) : config_(config) {
  if (sodium_init() < 0) throw std::runtime_error("libsodium does not start");
  decoy_ = decoy_of(config_.memory_bytes, config_.passes);
  const bool possible =
      config_.passes >= crypto_pwhash_OPSLIMIT_MIN && config_.memory_bytes >= crypto_pwhash_MEMLIMIT_MIN;
  if (!possible) {
    throw std::runtime_error(fmt::format("cannot hash passwords with {} bytes of memory and {} passes",
                                         config_.memory_bytes, config_.passes));
  }
  workers_ = std::make_unique<detail::Workers>(config_.threads, config_.queue_limit);
}

PasswordHasher::~PasswordHasher() = default;

// Empty when there is no memory for it.
std::string PasswordHasher::hash_blocking(const base::SecretString& password) const {
  std::array<char, crypto_pwhash_STRBYTES> encoded{};
  const auto text = password.reveal();
  if (crypto_pwhash_str(encoded.data(), text.data(), text.size(), config_.passes, config_.memory_bytes) != 0) return {};
  return encoded.data();
}

base::Async<std::string> PasswordHasher::hash(base::SecretString password) {
  // Shared with the worker: the awaiting frame may go while the hash is under way.
  struct Job {
    base::SecretString password;
    std::string encoded;
  };
  const auto job = std::make_shared<Job>(std::move(password), std::string());
  const auto wake = std::make_shared<base::Wake>(co_await boost::asio::this_coro::executor);
  const bool taken = workers_->push([this, job, wake] {
    job->encoded = hash_blocking(job->password);
    wake->ended();
  });
  if (!taken) co_return busy();

  co_await base::Wake::wait(wake);
  if (job->encoded.empty()) co_return no_memory();
  co_return job->encoded;
}

base::Async<bool> PasswordHasher::verify(base::SecretString password, std::string encoded) {
  struct Job {
    base::SecretString password;
    std::string encoded;
    Verdict verdict = Verdict::differs;
  };
  const auto job = std::make_shared<Job>(std::move(password), std::move(encoded));
  const auto wake = std::make_shared<base::Wake>(co_await boost::asio::this_coro::executor);
  const bool taken = workers_->push([job, wake] {
    job->verdict = compare(job->password, job->encoded);
    wake->ended();
  });
  if (!taken) co_return busy();

  co_await base::Wake::wait(wake);
  if (job->verdict == Verdict::no_memory) co_return no_memory();
  co_return job->verdict == Verdict::matches;
}

bool PasswordHasher::is_outdated(std::string_view encoded) const {
  const auto kibibytes = parameter(encoded, "$m=");
  const auto passes = parameter(encoded, ",t=");
  if (!kibibytes || !passes) return true;
  return *kibibytes < config_.memory_bytes / 1024 || *passes < config_.passes;
}

}  // namespace identity
