// The one error type of all rooms. Rooms say what kind of thing went wrong; base/error_shape.hpp alone knows
// which status, code and log level that kind has on each surface.
#pragma once

#include <chrono>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace base {

enum class Kind {
  invalid,             // the caller's input is wrong; changing it helps
  unauthenticated,     // no, or no longer valid, proof of who calls
  forbidden,           // known caller, not allowed
  not_found,           // no such thing, or not visible to this caller
  method_not_allowed,  // the path exists, the HTTP method does not
  conflict,            // the thing changed, exists already, or is in the wrong state
  too_large,           // a size limit was crossed
  too_many,            // a rate or count limit was crossed
  vendor_down,         // a vendor refused, reset, or does not resolve
  vendor_timeout,      // a vendor did not answer before the deadline
  vendor_invalid,      // a vendor answered something that is not the protocol
  vendor_rejected,     // a vendor did not accept the credential
  unavailable,         // trouble inside that passes: retry later
  cancelled,           // the caller gave up; not a failure
  bug,                 // a broken invariant; somebody must look
};

struct Error {
  Kind kind = Kind::bug;
  // The protocol's own word where one exists ("invalid_grant"), else ours ("vault.sealed").
  std::string code;
  // For the caller: what is wrong, where, what to do. Never holds a secret.
  std::string message;
  // For the log only.
  std::string detail;
  std::optional<std::chrono::seconds> retry_after;

  // Says where it happened: "vendor hudu: <message>".
  [[nodiscard]] Error at(std::string_view place) &&;
};

namespace detail {

// An Error is large and rare: results that are none stay small, and so do the coroutines that wait for them.
class BoxedError {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): as an Error itself would be taken
  BoxedError(Error error) : error_(std::make_unique<Error>(std::move(error))) {}
  BoxedError(const BoxedError& other) : error_(std::make_unique<Error>(*other.error_)) {}
  BoxedError& operator=(const BoxedError& other) { return *this = BoxedError(other); }
  BoxedError(BoxedError&&) noexcept = default;
  BoxedError& operator=(BoxedError&&) noexcept = default;
  ~BoxedError() = default;
  [[nodiscard]] Error& operator*() const { return *error_; }

 private:
  std::unique_ptr<Error> error_;  // empty once moved away
};

}  // namespace detail

// An Error, to be returned where a Result<T> is, whichever T.
class [[nodiscard]] Failure : public std::unexpected<detail::BoxedError> {
  using Base = std::unexpected<detail::BoxedError>;

 public:
  explicit Failure(detail::BoxedError error) : Base(std::move(error)) {}
  [[nodiscard]] Error& error() & { return *Base::error(); }
  [[nodiscard]] const Error& error() const& { return *Base::error(); }
  [[nodiscard]] Error&& error() && { return std::move(*Base::error()); }
};
[[nodiscard]] Failure fail(Kind kind, std::string code, std::string message, std::string detail = {});

// A value or an Error. Dropping one unseen draws a warning, also behind co_await.
template <class T>
class [[nodiscard]] Result : public std::expected<T, detail::BoxedError> {
  using Base = std::expected<T, detail::BoxedError>;

 public:
  using std::expected<T, detail::BoxedError>::expected;
  [[nodiscard]] Error& error() & { return *Base::error(); }
  [[nodiscard]] const Error& error() const& { return *Base::error(); }
  [[nodiscard]] Error&& error() && { return std::move(*Base::error()); }
  // The same, for a function that fails because this did.
  [[nodiscard]] Failure failure() const& { return Failure(Base::error()); }
  [[nodiscard]] Failure failure() && { return Failure(std::move(Base::error())); }
};

// Name of a kind for logs and metrics: "vendor_timeout".
[[nodiscard]] std::string_view name(Kind kind);

}  // namespace base
