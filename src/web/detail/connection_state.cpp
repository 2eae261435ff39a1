#include "web/detail/connection_state.hpp"

#include <utility>

namespace web {
namespace {

using vendor::Status;

ConnectionState down(std::string_view action, std::string words) {
  return {.state = "down",
          .badge = "Vendor down",
          .tone = "bad",
          .advice =
              "The vendor does not answer. Nothing is wrong with what you saved; its tools come back by "
              "themselves when it does.",
          .action = action,
          .words = std::move(words)};
}

ConnectionState needs_key() {
  return {.state = "needs_key",
          .badge = "Needs a key",
          .tone = "warn",
          .advice = "Save your key to see its tools in your clients.",
          .action = "Add key",
          .words = "",
          .urgent = true};
}

ConnectionState no_key_needed(const vendor::Definition& definition) {
  return {.state = "no_key_needed",
          .badge = "No key needed",
          .tone = "good",
          .advice = "Its tools are in your clients already.",
          .action = definition.fields.empty() ? "Details" : "Options",
          .words = ""};
}

ConnectionState of_saved(const vault::ConnectionInfo& saved) {
  ConnectionState state{.state = vault::name(saved.state), .action = "Manage", .words = saved.message};
  switch (saved.state) {
    case vault::State::untested:
      state.badge = "Not tested";
      state.advice = "Saved and in use, but not tested yet.";
      return state;
    case vault::State::working:
      state.badge = "Working";
      state.tone = "good";
      state.advice = "The vendor accepted your credential. Its tools are in your clients.";
      // What a working vendor answered to the probe is no news for anybody.
      state.words.clear();
      return state;
    case vault::State::rejected:
      state.badge = "Rejected";
      state.tone = "bad";
      state.advice =
          "The vendor does not accept your credential. Replace it, or test again when you have changed it "
          "at the vendor.";
      state.action = "Replace key";
      state.urgent = true;
      return state;
    case vault::State::unreachable:
      state.badge = "Unreachable";
      state.tone = "warn";
      state.advice = "Saved, but the vendor could not be asked. It is used all the same; test again later.";
      return state;
  }
  std::unreachable();
}

}  // namespace

ConnectionState connection_state(const vendor::Definition& definition,
                                 const std::optional<vault::ConnectionInfo>& saved, const vendor::Health& health) {
  if (!saved && definition.needs_credential()) return needs_key();
  if (saved && saved->state == vault::State::rejected) return of_saved(*saved);
  if (health.status == Status::down) return down(saved ? "Manage" : "Details", health.last_error);
  return saved ? of_saved(*saved) : no_key_needed(definition);
}

HealthWords health_words(Status status) {
  switch (status) {
    case Status::up:
      return {"Up", "good"};
    case Status::degraded:
      return {"Degraded", "warn"};
    case Status::down:
      return {"Down", "bad"};
    case Status::unknown:
      return {"Not checked yet", ""};
  }
  std::unreachable();
}

}  // namespace web
