#include "base/error.hpp"

namespace base {

Error Error::at(std::string_view place) && {
  message.insert(0, std::string(place) + ": ");
  return std::move(*this);
}

Failure fail(Kind kind, std::string code, std::string message, std::string detail) {
  return Failure(Error{kind, std::move(code), std::move(message), std::move(detail), std::nullopt});
}

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::invalid:
      return "invalid";
    case Kind::unauthenticated:
      return "unauthenticated";
    case Kind::forbidden:
      return "forbidden";
    case Kind::not_found:
      return "not_found";
    case Kind::method_not_allowed:
      return "method_not_allowed";
    case Kind::conflict:
      return "conflict";
    case Kind::too_large:
      return "too_large";
    case Kind::too_many:
      return "too_many";
    case Kind::vendor_down:
      return "vendor_down";
    case Kind::vendor_timeout:
      return "vendor_timeout";
    case Kind::vendor_invalid:
      return "vendor_invalid";
    case Kind::vendor_rejected:
      return "vendor_rejected";
    case Kind::unavailable:
      return "unavailable";
    case Kind::cancelled:
      return "cancelled";
    case Kind::bug:
      return "bug";
  }
  std::unreachable();
}

}  // namespace base
