#include "http/server.hpp"

#include <sys/socket.h>

#include "fixture.hpp"

namespace http::test {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;
using testing::StartsWith;

base::Task<void> throws(Exchange& exchange) {
  (void)exchange;
  throw std::runtime_error("boom");
  co_return;
}

base::Task<void> forgets(Exchange& exchange) {
  (void)exchange;
  co_return;
}

base::Task<void> answers_twice(Exchange& exchange) {
  EXPECT_TRUE(co_await exchange.respond(Response::text(200, "once")));
  const auto again = co_await exchange.respond(Response::text(200, "twice"));
  EXPECT_FALSE(again);
}

base::Task<void> no_content(Exchange& exchange) { (void)co_await exchange.respond(Response::empty(204)); }

base::Task<void> pieces(Exchange& exchange) {
  std::vector<std::string_view> parts(100, "ab");
  parts.insert(parts.begin() + 3, 5, "");
  (void)co_await exchange.respond(Response::json(200, ""), parts);
}

base::Task<void> large(Exchange& exchange) {
  (void)co_await exchange.respond(Response::text(200, std::string(20 << 20, 'x')));
}

base::Task<void> own_framing(Exchange& exchange) {
  auto response = Response::text(200, "ab");
  response.headers.add("content-length", "7");
  response.headers.add("Connection", "upgrade");
  response.headers.add("Transfer-Encoding", "chunked");
  (void)co_await exchange.respond(std::move(response));
}

base::Task<void> peer_and_id(Exchange& exchange) {
  const auto& request = exchange.request();
  (void)co_await exchange.respond(Response::text(200, request.peer + " " + request.request_id));
}

struct Count final : HeadFindings {
  explicit Count(int n) : number(n) {}
  const int number;
};

// Answers with how many requests of the same head it has seen, one behind the other, and its Authorization.
base::Task<void> counts(Exchange& exchange) {
  const auto* before = dynamic_cast<const Count*>(exchange.findings().get());
  const int number = before == nullptr ? 1 : before->number + 1;
  exchange.findings() = std::make_unique<Count>(number);
  if (exchange.request().method == Method::delete_) exchange.release_request();
  const auto who = std::string(exchange.request().headers.get("Authorization"));
  (void)co_await exchange.respond(Response::text(200, std::to_string(number) + " " + who));
}

std::string post_as(std::string_view who, std::string_view body, std::string_view method = "POST") {
  return std::string(method) + " / HTTP/1.1\r\nHost: x\r\nAuthorization: " + std::string(who) +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

TEST(Server, FindingsAboutAHeadAreKeptWhileItComesAgain) {
  ServerUnderTest under_test(counts);
  RawClient client(under_test.port());
  const auto answer = [&](const std::string& request) {
    client.send(request);
    const auto text = client.read_answer();
    return text.substr(text.find("\r\n\r\n") + 4);
  };
  EXPECT_EQ(answer(post_as("anna", "a")), "1 anna");
  EXPECT_EQ(answer(post_as("anna", "ab")), "2 anna");
  EXPECT_EQ(answer(post_as("anna", "abc")), "3 anna");
  EXPECT_EQ(answer(post_as("otto", "abc")), "1 otto");
  EXPECT_EQ(answer(post_as("anna", "abc")), "4 anna");
  EXPECT_EQ(answer(std::string(kGet)), "1 ");
  EXPECT_EQ(answer(std::string(kGet)), "1 ");  // only heads of requests with a body are known again
  EXPECT_EQ(answer(post_as("anna", "abc")), "5 anna");
}

TEST(Server, FindingsGoWithTheRequestThatIsReleased) {
  ServerUnderTest under_test(counts);
  RawClient client(under_test.port());
  for (int i = 0; i < 2; ++i) {
    client.send(post_as("anna", "a", "DELETE"));
    EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\n1 "));
  }
}

TEST(Server, AnswersOneRequestAfterTheOtherOnOneConnection) {
  ServerUnderTest under_test;
  RawClient client(under_test.port());
  for (int i = 0; i < 3; ++i) {
    client.send(kGet);
    EXPECT_THAT(client.read_answer(),
                AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), HasSubstr("\r\nX-Request-Id: "), HasSubstr(" GMT\r\n"),
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

TEST(Server, ReadsABodyThatComesByteByByte) {
  ServerUnderTest under_test;
  RawClient client(under_test.port());
  for (const char c : std::string("POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde"))
    client.send({&c, 1});
  EXPECT_THAT(client.read_answer(), EndsWith("POST /1 abcde"));
}

TEST(Server, ReadsAndWritesBodiesLargerThanAllBuffers) {
  ServerUnderTest under_test;
  RawClient client(under_test.port());
  const std::string body(3 << 20, 'y');
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nPOST / " + body));
}

TEST(Server, WaitsForASlowReader) {
  ServerUnderTest under_test(large);
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_EQ(client.read_answer().size() >> 20, 20U);
}

TEST(Server, AnswerToHeadHasLengthAndNoBody) {
  ServerUnderTest under_test;
  const auto answer =
      RawClient::exchange(under_test.port(), "HEAD /abc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, AllOf(HasSubstr("Content-Length: 10\r\n"), EndsWith("\r\n\r\n")));
}

TEST(Server, NoContentHasNoLength) {
  ServerUnderTest under_test(no_content);
  RawClient client(under_test.port());
  client.send(std::string(kGet) + std::string(kGet));
  EXPECT_THAT(client.read_until("\r\n\r\n"), AllOf(StartsWith("HTTP/1.1 204 "), Not(HasSubstr("Content-Length"))));
  EXPECT_THAT(client.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 204 "));
}

TEST(Server, OldVersionIsKeptAliveOnlyWhenItAsks) {
  ServerUnderTest under_test;
  EXPECT_THAT(RawClient::exchange(under_test.port(), "GET / HTTP/1.0\r\n\r\n"),
              AllOf(HasSubstr("Connection: close\r\n"), EndsWith("GET / ")));
  RawClient client(under_test.port());
  for (int i = 0; i < 2; ++i) {
    client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(client.read_answer(), HasSubstr("Connection: keep-alive\r\n"));
  }
}

TEST(Server, SendsContinueToWhoWaitsForIt) {
  ServerUnderTest under_test;
  RawClient client(under_test.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  EXPECT_THAT(client.read_answer(), EndsWith("POST / ab"));
}

TEST(Server, JoinsManyPiecesIntoOneBody) {
  ServerUnderTest under_test(pieces);
  RawClient client(under_test.port());
  client.send(kGet);
  std::string expected;
  for (int i = 0; i < 100; ++i) expected += "ab";
  EXPECT_THAT(client.read_answer(), AllOf(HasSubstr("Content-Length: 200\r\n"), EndsWith("\r\n\r\n" + expected)));
}

TEST(Server, HandlerCannotBreakTheFraming) {
  ServerUnderTest under_test(own_framing);
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), AllOf(HasSubstr("Content-Length: 2\r\n"), Not(HasSubstr("chunked")),
                                          Not(HasSubstr("upgrade")), EndsWith("\r\n\r\nab")));
}

TEST(Server, KeepsTheRequestIdOfTheCallerWhenItIsHarmless) {
  ServerUnderTest under_test(peer_and_id);
  RawClient client(under_test.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: abc.D-1_2\r\n\r\n");
  EXPECT_THAT(client.read_answer(), AllOf(HasSubstr("X-Request-Id: abc.D-1_2\r\n"), EndsWith("127.0.0.1 abc.D-1_2")));
  for (const auto& bad : {std::string("a b"), std::string("a\"b"), std::string(65, 'a'), std::string()}) {
    client.send("GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + bad + "\r\n\r\n");
    const auto answer = client.read_answer();
    EXPECT_THAT(answer.substr(answer.find("127.0.0.1")), MatchesRegex("127.0.0.1 [0-9a-f]{32}"));
  }
}

TEST(Server, ExceptionOfAHandlerBecomesItsFailureAnswerAndTheConnectionLives) {
  ServerUnderTest under_test(throws);
  RawClient client(under_test.port());
  for (int i = 0; i < 2; ++i) {
    client.send(kGet);
    EXPECT_THAT(client.read_answer(), AllOf(StartsWith("HTTP/1.1 503 "), EndsWith("{\"error\":\"http.no_answer\"}")));
  }
}

TEST(Server, MissingAnswerBecomesAFailureAnswer) {
  ServerUnderTest under_test(forgets);
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 503 "));
}

TEST(Server, SecondAnswerIsRefused) {
  ServerUnderTest under_test(answers_twice);
  RawClient client(under_test.port());
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), EndsWith("once"));
  client.send(kGet);
  EXPECT_THAT(client.read_answer(), EndsWith("once"));
}

TEST(Server, RefusedRequestIsAnsweredAndItsConnectionClosed) {
  ServerUnderTest under_test;
  for (const std::string text : {"GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
                                 "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: "
                                 "chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n",
                                 "nonsense\r\n\r\n", "GET / HTTP/1.1\nHost: x\n\n"}) {
    EXPECT_THAT(RawClient::exchange(under_test.port(), text),
                AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("Connection: close\r\n"),
                      EndsWith("{\"error\":\"http.malformed\"}")))
        << text;
  }
}

TEST(Server, RefusalAfterARequestWithoutBodyHasABody) {
  ServerUnderTest under_test;
  EXPECT_THAT(RawClient::exchange(under_test.port(), "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nnonsense\r\n\r\n"),
              EndsWith("{\"error\":\"http.malformed\"}"));
}

TEST(Server, ClientThatHalfClosesStillGetsItsAnswer) {
  ServerUnderTest under_test;
  RawClient client(under_test.port());
  client.send(kGet);
  client.half_close();
  EXPECT_THAT(client.read_to_end(), EndsWith("GET /a?b=c "));
}

TEST(Server, SpreadsConnectionsOverItsThreads) {
  ServerUnderTest under_test(echo, {}, 3);
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 12; ++i) {
    clients.push_back(std::make_unique<RawClient>(under_test.port()));
    clients.back()->send(kGet);
    EXPECT_THAT(clients.back()->read_answer(), EndsWith("GET /a?b=c "));
  }
  EXPECT_EQ(under_test.server->connections(), 12U);
  clients.clear();
  EXPECT_TRUE(eventually([&] { return under_test.server->connections() == 0; }));
}

TEST(Server, TakesOverAnInheritedSocket) {
  ServerUnderTest first;
  ServerConfig config;
  config.inherited_descriptor = ::dup(first.server->descriptor());
  ServerUnderTest second(echo, config);
  EXPECT_EQ(first.port(), second.port());
  first.server->drain();
  for (int i = 0; i < 5; ++i)
    EXPECT_THAT(RawClient::exchange(second.port(), "GET / HTTP/1.0\r\n\r\n"), EndsWith("GET / "));
}

TEST(Server, RefusesToStartWhereItCannotListen) {
  ServerUnderTest running;
  ServerConfig taken;
  taken.port = running.port();
  ServerConfig bad_address;
  bad_address.address = "not-an-address";
  ServerConfig no_socket;
  no_socket.inherited_descriptor = 0;
  ServerConfig no_key;
  no_key.port = 0;
  no_key.tls = TlsFiles{"/nonexistent.pem", "/nonexistent.pem"};
  for (const auto& config : {taken, bad_address, no_socket, no_key}) {
    EXPECT_THROW(Server(running.threads, running.handler, config), std::runtime_error);
  }
}

}  // namespace
}  // namespace http::test
