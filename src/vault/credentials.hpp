// Credentials at rest and in use. A connection is a vendor plus one person's credential for it.
//
// Sealed with AES-256-GCM under a key derived by HKDF from the master key for the owner; the record's identity (owner,
// vendor, version, key id) is the associated data, so a row copied to another owner or vendor does not open.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.hpp"
#include "base/clock.hpp"
#include "base/secret_string.hpp"
#include "base/signal.hpp"

namespace vault {

enum class State {
  untested,  // saved, no probe answered yet
  working,
  rejected,     // the vendor said no; not used until replaced or tested again
  unreachable,  // the vendor could not be asked; used all the same
};
[[nodiscard]] std::string_view name(State state);

// Field name -> value, as the vendor's definition names them.
using Fields = std::map<std::string, base::SecretString>;

// A credential ready for use. Immutable; shared by all threads.
struct Credential {
  std::string owner;         // user id
  std::string vendor;        // slug
  std::int64_t version = 0;  // grows with every save: (owner, vendor, version) names these very bytes
  State state = State::untested;
  Fields fields;
};

// What pages show; no secret.
struct ConnectionInfo {
  std::string vendor;
  State state = State::untested;
  std::string message;  // the vendor's own words on the last probe, secrets masked
  std::vector<std::string> field_names;
  std::int64_t version = 0;
  base::Micros saved;
  std::optional<base::Micros> tested;
};

struct Change {
  std::string owner;
  std::string vendor;
};

// Thread-safe; coroutines resume on the caller's thread.
class Credentials {
 public:
  virtual ~Credentials() = default;

  // The credential to use now, from memory when it was used before. Nothing when none is saved; a rejected one is
  // returned with that state. Errors: unavailable (store down, or the record does not open with the keys here).
  virtual base::Async<std::shared_ptr<const Credential>> resolve(std::string owner, std::string vendor) = 0;
  // The same, when it is in memory already; nullptr in the outer optional's stead means "known to be absent".
  [[nodiscard]] virtual std::optional<std::shared_ptr<const Credential>> cached(std::string_view owner,
                                                                                std::string_view vendor) const = 0;

  virtual base::Async<std::vector<ConnectionInfo>> list(std::string owner) = 0;
  // Seals and stores, replacing what was there; state becomes untested. Durable when it returns. Emits a change.
  virtual base::Async<ConnectionInfo> save(std::string owner, std::string vendor, Fields fields) = 0;
  // Notes what a probe or a call found; ignored when `version` is no longer the saved one. Emits a change when the
  // state changes.
  virtual base::Async<void> note(std::string owner, std::string vendor, std::int64_t version, State state,
                                 std::string message) = 0;
  virtual base::Async<void> remove(std::string owner, std::string vendor) = 0;

  // Emitted after every change that others can see.
  virtual base::Signal<Change>& changes() = 0;
};

// Replaces every value of the fields that stands in `text` by "•••": as it is, and as it reads inside JSON strings,
// percent-encoded (also as a form), and in base64 (both alphabets, also inside a longer text such as "user:value").
// A value under 4 characters ("us", "42") is replaced only where it stands as a word of its own, so that ordinary
// words keep their letters.
[[nodiscard]] std::string mask(std::string text, const Fields& fields);

}  // namespace vault
