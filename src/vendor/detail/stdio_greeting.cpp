#include "vendor/detail/stdio_greeting.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "vendor/detail/discovery.hpp"

namespace vendor::detail {

StdioGreeting::StdioGreeting(std::string vendor, std::string initialize_params, Protocol protocol, bool is_stated,
                             Limits limits, Ask ask)
    : vendor_(std::move(vendor)),
      initialize_params_(std::move(initialize_params)),
      protocol_(protocol),
      is_stated_(is_stated),
      limits_(limits),
      ask_(std::move(ask)) {}

base::Async<Opening> StdioGreeting::run() {
  const auto deadline = std::chrono::steady_clock::now() + limits_.start;
  if (protocol_ == Protocol::automatic) co_return co_await probe(deadline);
  if (protocol_ == Protocol::modern) co_return co_await discover(deadline);
  auto opening = co_await initialize(deadline);
  const bool is_other = !opening && opening.error().code == kSpeaksModern;
  if (!is_other || is_stated_) co_return opening;
  co_return co_await discover(deadline);
}

base::Async<Opening> StdioGreeting::probe(base::SteadyTime deadline) {
  ask_discover();
  probes_ = true;
  const auto until = std::chrono::steady_clock::now() + std::min(limits_.probe, limits_.start / 2);
  auto answer = co_await response(discovered_, "server/discover", until);
  probes_ = false;
  if (answer) {
    auto discovered = read_discovered(vendor_, *answer);
    if (!discovered) co_return std::move(discovered).failure();
    if (*discovered) co_return **std::move(discovered);
  } else if (answer.error().kind != base::Kind::vendor_timeout) {
    co_return std::move(answer).failure();
  }
  auto opening = co_await initialize(deadline);
  const bool is_late = !answer && !opening && opening.error().code == kSpeaksModern;
  if (!is_late) co_return opening;
  co_return co_await discover(deadline);
}

base::Async<Opening> StdioGreeting::initialize(base::SteadyTime deadline) {
  const auto mailbox = ask_(kOpeningId, initialize_request(initialize_params_));
  auto answer = co_await response(mailbox, "initialize", deadline);
  if (!answer) co_return std::move(answer).failure();
  co_return read_initialized(vendor_, *answer);
}

base::Async<Opening> StdioGreeting::discover(base::SteadyTime deadline) {
  if (!discovered_) ask_discover();
  auto answer = co_await response(discovered_, "server/discover", deadline);
  if (!answer) co_return std::move(answer).failure();
  auto discovered = read_discovered(vendor_, *answer);
  if (!discovered) co_return std::move(discovered).failure();
  if (*discovered) co_return **std::move(discovered);
  if (!is_stated_) co_return co_await initialize(deadline);
  co_return base::fail(base::Kind::vendor_invalid, "vendor.speaks_legacy",
                       fmt::format("vendor {} does not speak {}, as its definition says", vendor_, mcp::kNewestModern));
}

// Whatever comes before the response concerns nobody yet.
base::Async<Message> StdioGreeting::response(std::shared_ptr<Mailbox> mailbox, std::string_view method,
                                             base::SteadyTime deadline) {
  auto message = co_await mailbox->next(deadline);
  while (message && message->shape != mcp::Shape::response) message = co_await mailbox->next(deadline);
  if (message) co_return std::move(message->text);
  auto error = std::move(message).error();
  if (error.kind == base::Kind::vendor_timeout) {
    error.message = fmt::format("vendor {} did not answer {} within {} s", vendor_, method,
                                std::chrono::ceil<std::chrono::seconds>(limits_.start).count());
  }
  co_return base::Failure(std::move(error));
}

void StdioGreeting::ask_discover() { discovered_ = ask_(kDiscoverId, discover_request(kDiscoverId)); }

}  // namespace vendor::detail
