// The one error type of all rooms. Rooms say what kind of thing went wrong; base/error_shape.hpp alone knows
// which status, code and log level that kind has on each surface.
#pragma once

#include <chrono>
#include <expected>
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

[[nodiscard]] std::unexpected<Error> fail(Kind kind, std::string code, std::string message, std::string detail = {});

// A value or an Error. Dropping one unseen draws a warning, also behind co_await.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using std::expected<T, Error>::expected;
};

// Name of a kind for logs and metrics: "vendor_timeout".
[[nodiscard]] std::string_view name(Kind kind);

}  // namespace base
