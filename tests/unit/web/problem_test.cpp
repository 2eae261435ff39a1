#include "web/problem.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace web {
namespace {

TEST(Problem, HasTheMembersOfRfc9457AndNoDetailOfTheLog) {
  base::Error error{base::Kind::too_many, "api.limit", "Slow \"down\".", "internal secret", std::chrono::seconds(7)};
  http::RequestHead head;
  head.request_id = "request-1";
  const auto response = render_problem(error, head);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.headers.get("Retry-After"), "7");
  const auto body = boost::json::parse(response.body).as_object();
  EXPECT_EQ(body.at("type").as_string(), "/problems/too-many");
  EXPECT_EQ(body.at("status").as_int64(), 429);
  EXPECT_EQ(body.at("detail").as_string(), "Slow \"down\".");
  EXPECT_EQ(body.at("code").as_string(), "api.limit");
  EXPECT_EQ(body.at("requestId").as_string(), "request-1");
  EXPECT_THAT(response.body, testing::Not(testing::HasSubstr("internal secret")));
}

}  // namespace
}  // namespace web
