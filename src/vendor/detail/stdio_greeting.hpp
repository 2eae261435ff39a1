// The first words with a vendor process, which find out its era (2026-07-28 basic/transports/stdio, "Backward
// Compatibility"): server/discover, initialize, or one after the other on the same process.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "vendor/definition.hpp"
#include "vendor/detail/handshake.hpp"
#include "vendor/detail/mailbox.hpp"

namespace vendor::detail {

// Callers' ids begin behind these.
inline constexpr std::uint64_t kDiscoverId = kOpeningId + 1;

// Thread: the process's own.
class StdioGreeting {
 public:
  // Sends a request and gives the mailbox that its answer comes to.
  using Ask = std::function<std::shared_ptr<Mailbox>(std::uint64_t id, std::string line)>;
  struct Limits {
    std::chrono::milliseconds start;  // until the process has given the answer that settles it
    std::chrono::milliseconds probe;  // until initialize is tried; never more than half of the former
  };

  // `protocol` is what the process is known or said to speak; automatic when it is not known. `is_stated`: the
  // definition says so, and nothing else is tried.
  StdioGreeting(std::string vendor, std::string initialize_params, Protocol protocol, bool is_stated, Limits limits,
                Ask ask);

  // Errors: vendor_timeout, naming the request that was not answered; those of read_initialized and read_discovered.
  base::Async<Opening> run();
  // Whether all that the process has been asked is a question that a server of the legacy era may not survive.
  [[nodiscard]] bool probes() const { return probes_; }

 private:
  base::Async<Opening> initialize(base::SteadyTime deadline);
  base::Async<Opening> discover(base::SteadyTime deadline);
  base::Async<Opening> probe(base::SteadyTime deadline);
  base::Async<Message> response(std::shared_ptr<Mailbox> mailbox, std::string_view method, base::SteadyTime deadline);
  void ask_discover();

  const std::string vendor_;
  const std::string initialize_params_;
  const Protocol protocol_;
  const bool is_stated_;
  const Limits limits_;
  const Ask ask_;
  std::shared_ptr<Mailbox> discovered_;  // once it is asked: an answer may come late
  bool probes_ = false;
};

}  // namespace vendor::detail
