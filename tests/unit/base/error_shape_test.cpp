#include "base/error_shape.hpp"

#include <gtest/gtest.h>

#include <set>

namespace {

using base::Kind;

constexpr std::array kKinds{
    Kind::invalid,        Kind::unauthenticated, Kind::forbidden,   Kind::not_found,   Kind::method_not_allowed,
    Kind::conflict,       Kind::too_large,       Kind::too_many,    Kind::vendor_down, Kind::vendor_timeout,
    Kind::vendor_invalid, Kind::vendor_rejected, Kind::unavailable, Kind::cancelled,   Kind::bug};

// 2026-07-28 basic, "Error Codes": what JSON-RPC does not define itself stands outside its reserved range, since the
// codes in there are the specification's, or other implementations'.
TEST(ErrorShape, CodesOfOurOwnStandOutsideTheRangeOfJsonRpc) {
  const std::set<int> standard{-32600, -32601, -32602, -32603};
  for (const auto kind : kKinds) {
    const int code = base::shape(kind).jsonrpc_code;
    EXPECT_TRUE(standard.contains(code) || code < -32768 || code > -32000) << base::name(kind) << ": " << code;
  }
}

TEST(ErrorShape, EachKindThatClientsMayTreatInItsOwnWayHasACodeOfItsOwn) {
  std::set<int> seen;
  for (const auto kind : {Kind::unauthenticated, Kind::forbidden, Kind::too_many, Kind::vendor_down,
                          Kind::vendor_timeout, Kind::vendor_invalid, Kind::vendor_rejected, Kind::unavailable}) {
    EXPECT_TRUE(seen.insert(base::shape(kind).jsonrpc_code).second) << base::name(kind);
  }
}

}  // namespace
