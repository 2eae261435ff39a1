#include "gateway/detail/vendor_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace gateway {
namespace {

// The time that a call has is for its answer's beginning: a client that reads slowly must not make its vendor late.
constexpr std::chrono::seconds kPartPatience{30};

bool is_empty(std::span<const std::string_view> pieces) {
  return std::ranges::all_of(pieces, [](std::string_view piece) { return piece.empty(); });
}

}  // namespace

VendorParts::VendorParts(Delivery& delivery)
    : delivery_(delivery),
      response_({.vendors = std::to_string(delivery.upstream_id), .clients = delivery.client_id},
                delivery.on_unified() ? delivery.vendor : "") {}

bool VendorParts::begin(std::string_view first) {
  const auto pieces = response_.take(first);
  if (!pieces || !response_.has_result()) return false;
  first_ = *pieces;
  return true;
}

base::Async<std::span<const std::string_view>> VendorParts::next() {
  if (!first_.empty()) co_return std::exchange(first_, {});
  while (true) {
    const auto deadline =
        std::max<base::SteadyTime>(delivery_.deadline, std::chrono::steady_clock::now() + kPartPatience);
    const auto part = co_await delivery_.call->more(deadline);
    if (!part) co_return part.failure();
    if (part->empty()) {
      if (const auto whole = response_.end(); !whole) co_return invalid(whole.error());
      co_return std::span<const std::string_view>();
    }
    const auto pieces = response_.take(*part);
    if (!pieces) co_return invalid(pieces.error());
    if (!is_empty(*pieces)) co_return *pieces;
  }
}

base::Failure VendorParts::invalid(const base::Error& error) const {
  return base::fail(
      base::Kind::vendor_invalid, "vendor.bad_message",
      fmt::format("vendor {} sent something that is not an MCP message: {}", delivery_.vendor, error.message));
}

}  // namespace gateway
