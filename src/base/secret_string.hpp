// A string that is wiped when it goes, and that cannot be printed, logged or serialised by accident: it has no
// formatter and no conversion. reveal() is the one door; search for it to see every place that reads a secret.
#pragma once

#include <string>
#include <string_view>

namespace base {

class SecretString {
 public:
  SecretString() = default;
  // Takes the bytes over and wipes the source.
  explicit SecretString(std::string&& value);
  explicit SecretString(std::string_view value) : value_(value) {}
  SecretString(const SecretString&) = default;
  SecretString(SecretString&& other) noexcept;
  SecretString& operator=(const SecretString& other);
  SecretString& operator=(SecretString&& other) noexcept;
  ~SecretString();

  [[nodiscard]] std::string_view reveal() const [[clang::lifetimebound]] { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }
  [[nodiscard]] std::size_t size() const { return value_.size(); }

 private:
  void wipe() noexcept;
  std::string value_;
};

}  // namespace base
