#include "mcp/error.hpp"

#include <gtest/gtest.h>

namespace {

TEST(Error, MessageIsEscaped) {
  EXPECT_EQ(mcp::error_response("1", -32602, "a \"b\""),
            R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"a \"b\""}})");
}

}  // namespace
