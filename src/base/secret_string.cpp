#include "base/secret_string.hpp"

#include <sodium.h>

#include <utility>

namespace base {

SecretString::SecretString(std::string&& value) : value_(value) {
  sodium_memzero(value.data(), value.size());
  value.clear();
}

// A moved-from std::string may keep short content in place, so a move copies and wipes.
SecretString::SecretString(SecretString&& other) noexcept : value_(std::move(other.value_)) { other.wipe(); }

SecretString& SecretString::operator=(const SecretString& other) {
  if (this != &other) {
    wipe();
    value_ = other.value_;
  }
  return *this;
}

SecretString& SecretString::operator=(SecretString&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = std::move(other.value_);
    other.wipe();
  }
  return *this;
}

SecretString::~SecretString() { wipe(); }

void SecretString::wipe() noexcept {
  // Up to the capacity: a moved-from or shortened string still holds bytes behind its end.
  value_.resize(value_.capacity());
  sodium_memzero(value_.data(), value_.size());
  value_.clear();
}

}  // namespace base
