#include "http/server.hpp"

#include "fixture.hpp"

namespace http::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST(Server, AnswersOneRequestAfterTheOtherOnOneConnection) {
  ServerUnderTest under_test;
  RawClient client(under_test.port());
  for (int i = 0; i < 3; ++i) {
    client.send(kGet);
    EXPECT_THAT(client.read_answer(),
                AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("Date: "), HasSubstr("X-Request-Id: "),
                      Not(HasSubstr("Connection:")), EndsWith("\r\n\r\nGET /a?b=c ")));
  }
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  ServerUnderTest under_test;
  RawClient client(under_test.port());
  client.send(
      "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab"
      "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n"
      "POST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nc\r\n0\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("POST /1 ab"));
  EXPECT_THAT(client.read_answer(), EndsWith("GET /2 "));
  EXPECT_THAT(client.read_answer(), EndsWith("POST /3 c"));
}

}  // namespace
}  // namespace http::test
