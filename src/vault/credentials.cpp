#include "vault/credentials.hpp"

namespace vault {

std::string_view name(State state) {
  switch (state) {
    case State::untested:
      return "untested";
    case State::working:
      return "working";
    case State::rejected:
      return "rejected";
    case State::unreachable:
      return "unreachable";
  }
  std::unreachable();
}

}  // namespace vault
