#include "web/failure.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error_shape.hpp"

namespace web {
namespace {

using base::Kind;
using testing::HasSubstr;
using testing::Not;

TEST(Failure, EveryKindIsAWholePageWithItsStatus) {
  for (int i = 0; i <= static_cast<int>(Kind::bug); ++i) {
    const auto kind = static_cast<Kind>(i);
    const base::Error error{kind, "some.code", "What <i>went</i> wrong.", "for the log", std::chrono::seconds(3)};
    http::RequestHead head;
    head.request_id = "request-1";
    const auto response = render_failure(error, head);
    EXPECT_EQ(response.status, base::shape(kind).http_status);
    EXPECT_THAT(response.body, testing::AllOf(HasSubstr("<h1>"), HasSubstr("What &lt;i&gt;went"), HasSubstr("</html>"),
                                              Not(HasSubstr("for the log")), Not(HasSubstr("{{"))));
    EXPECT_EQ(response.headers.get("Retry-After"), "3");
    EXPECT_NE(response.headers.get("Content-Security-Policy"), "");
  }
}

TEST(Failure, TroubleInsideNamesTheRequest) {
  http::RequestHead head;
  head.request_id = "request-1";
  EXPECT_THAT(render_failure({Kind::bug, "", "", "", {}}, head).body, HasSubstr("request-1"));
  EXPECT_THAT(render_failure({Kind::not_found, "", "", "", {}}, head).body, Not(HasSubstr("request-1")));
}

}  // namespace
}  // namespace web
