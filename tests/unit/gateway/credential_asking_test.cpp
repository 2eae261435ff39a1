// A legacy client's call whose credential is missing or rejected: the person is asked on the call's stream, and the
// call goes on with what is saved. The modern era is in credential_retry_test.cpp.
#include "credential_fixture.hpp"

namespace {

using gateway_test::count_in;
using gateway_test::CredentialTest;
using gateway_test::kDone;
using gateway_test::OpenCall;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kAsked = R"("method":"elicitation/create")";
constexpr std::string_view kAccept = R"({"action":"accept"})";

class AskingForACredential : public CredentialTest, public testing::WithParamInterface<std::string> {
 protected:
  // The same on both endpoints.
  [[nodiscard]] std::string path() const { return GetParam(); }
  [[nodiscard]] std::string tool() const { return path() == "/v1/mcp" ? "keyed__echo" : "echo"; }

  std::string session(std::string revision = "2025-11-25", std::string_view capabilities = kUrls) {
    return open_session(path(), std::move(revision), std::string(capabilities));
  }
  std::unique_ptr<OpenCall> call(const std::string& session, const std::string& id = "5") {
    return open_call(
        request(http::Method::post, path(),
                R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":"tools/call","params":{"name":")" + tool() + "\"}}",
                {{"Mcp-Session-Id", session}}));
  }
  void say(const std::string& session, const std::string& message) {
    EXPECT_EQ(post(path(), message, {{"Mcp-Session-Id", session}}).status, 202);
  }
  void answer(const std::string& session, std::string_view result, const std::string& id = "1") {
    say(session, R"({"jsonrpc":"2.0","id":)" + id + R"(,"result":)" + std::string(result) + "}");
  }
};

INSTANTIATE_TEST_SUITE_P(Endpoints, AskingForACredential, testing::Values("/v1/mcp", "/v1/keyed/mcp"),
                         [](const auto& info) { return info.param == "/v1/mcp" ? "unified" : "vendor"; });

TEST_P(AskingForACredential, LeadsToThePageAndGoesOnWhenOneIsSavedAndWorks) {
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  EXPECT_THAT(open->text(),
              AllOf(HasSubstr(R"("mode":"url","elicitationId":"mcp-gateway-1","url":")" + std::string(kPage) + "\""),
                    HasSubstr("Vendor keyed (keyed) needs your credential.")));
  answer(id, kAccept);
  save_working_key();
  const auto text = open->finish();
  EXPECT_THAT(text, AllOf(HasSubstr(R"("id":5)"), HasSubstr(kDone)));
  const auto complete =
      text.find(R"("method":"notifications/elicitation/complete","params":{"elicitationId":"mcp-gateway-1"})");
  ASSERT_NE(complete, std::string::npos) << text;
  EXPECT_LT(complete, text.find(kDone));
}

TEST_P(AskingForACredential, WhatThePagesOwnTestRejectsIsNotTried) {
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  answer(id, kAccept);
  save_key();
  page_finds(vault::State::rejected);
  EXPECT_FALSE(open->is_done());
  save_working_key();
  EXPECT_THAT(open->finish(), HasSubstr(kDone));
  EXPECT_EQ(calls_of_vendor(), 1);
  EXPECT_EQ(channels_.seen().back().key, "keyed/alice/2");
}

TEST_P(AskingForACredential, SavingItIsEnoughThenTheQuestionIsTakenBack) {
  auto open = call(session());
  ASSERT_TRUE(open->shows(kAsked));
  save_working_key();
  EXPECT_THAT(open->finish(),
              AllOf(HasSubstr(R"("method":"notifications/cancelled","params":{"requestId":1)"), HasSubstr(kDone)));
}

TEST_P(AskingForACredential, AsksInTheVendorsWordsWhenItRejectsTheCredentialInTheCall) {
  vendor_rejects(1);
  save_working_key();
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  EXPECT_THAT(open->text(), AllOf(HasSubstr("rejected your saved credential"), HasSubstr("was revoked on Monday"),
                                  HasSubstr(kPage), Not(HasSubstr("s3cret-key"))));
  EXPECT_EQ(credentials_.find("alice", "keyed")->state, vault::State::rejected);
  answer(id, kAccept);
  save_working_key();
  EXPECT_THAT(open->finish(), AllOf(HasSubstr(kDone), Not(HasSubstr("isError"))));
  EXPECT_EQ(calls_of_vendor(), 2);
}

TEST_P(AskingForACredential, OneThatTheVendorRejectsAgainAndAgainIsNotAskedForForEver) {
  vendor_rejects(100);
  save_working_key();
  const auto id = session();
  auto open = call(id);
  for (int round = 1; round <= 3; ++round) {
    ASSERT_TRUE(open->shows(R"("elicitationId":"mcp-gateway-)" + std::to_string(round))) << open->text();
    answer(id, kAccept, std::to_string(round));
    save_working_key();
  }
  EXPECT_THAT(open->finish(), AllOf(HasSubstr("isError"), HasSubstr(kPage)));
  EXPECT_EQ(calls_of_vendor(), 4);
}

TEST_P(AskingForACredential, WhoDeclinesGetsTheErrorWithTheLink) {
  const auto id = session();
  for (const auto* said : {R"({"action":"decline"})", R"({"action":"cancel"})"}) {
    auto open = call(id);
    ASSERT_TRUE(open->shows(kAsked));
    answer(id, said, said == std::string_view(R"({"action":"decline"})") ? "1" : "2");
    EXPECT_THAT(open->finish(), AllOf(HasSubstr("isError"), HasSubstr(kPage), Not(HasSubstr("elicitation/complete"))));
  }
}

TEST_P(AskingForACredential, AnErrorInPlaceOfAnAnswerIsARefusal) {
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  say(id, R"({"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no such mode"}})");
  EXPECT_THAT(open->finish(), AllOf(HasSubstr("isError"), HasSubstr(kPage)));
}

TEST_P(AskingForACredential, CallsOfASessionAskOnce) {
  const auto id = session();
  auto first = call(id, "5");
  ASSERT_TRUE(first->shows(kAsked));
  auto second = call(id, "6");
  answer(id, kAccept);
  save_working_key();
  const auto text = first->finish() + second->finish();
  EXPECT_EQ(count_in(text, kAsked), 1U) << text;
  EXPECT_EQ(count_in(text, "elicitation/complete"), 1U) << text;
  EXPECT_EQ(calls_of_vendor(), 2);
}

TEST_P(AskingForACredential, WhoDeclinesForOneCallDeclinesForThoseThatWait) {
  const auto id = session();
  auto first = call(id, "5");
  ASSERT_TRUE(first->shows(kAsked));
  auto second = call(id, "6");
  EXPECT_FALSE(second->is_done());
  answer(id, R"({"action":"decline"})");
  EXPECT_THAT(first->finish(), HasSubstr("isError"));
  EXPECT_THAT(second->finish(), AllOf(HasSubstr("isError"), Not(HasSubstr(kAsked))));
}

TEST_P(AskingForACredential, WhenTheCallThatAskedIsCancelledAnotherAsks) {
  const auto id = session();
  auto first = call(id, "5");
  ASSERT_TRUE(first->shows(kAsked));
  auto second = call(id, "6");
  EXPECT_FALSE(second->is_done());
  say(id, R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}})");
  EXPECT_THAT(first->finish(), HasSubstr(R"("notifications/cancelled","params":{"requestId":1)"));
  ASSERT_TRUE(second->shows(kAsked));
  answer(id, kAccept, "2");
  save_working_key();
  EXPECT_THAT(second->finish(), HasSubstr(kDone));
}

TEST_P(AskingForACredential, EndsWithItsSession) {
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  EXPECT_EQ(handle(request(http::Method::delete_, path(), {}, {{"Mcp-Session-Id", id}}))->answer.status, 204);
  (void)open->finish();
  EXPECT_EQ(calls_of_vendor(), 0);
}

TEST_P(AskingForACredential, EndsWithItsGrant) {
  auto open = call(session());
  ASSERT_TRUE(open->shows(kAsked));
  EXPECT_TRUE(on_thread(endpoint_->end_of_grant("grant-of-alice")));
  (void)open->finish();
  EXPECT_EQ(calls_of_vendor(), 0);
}

TEST_P(AskingForACredential, EndsWhenTheGatewayDrainsAndNoneBeginsThen) {
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  endpoint_->end_streams();
  EXPECT_THAT(open->finish(), AllOf(HasSubstr("isError"), HasSubstr(kPage)));
  EXPECT_THAT(call(id)->finish(), AllOf(HasSubstr("isError"), HasSubstr(kPage), Not(HasSubstr(kAsked))));
}

TEST_P(AskingForACredential, AfterTheTimeForItTheQuestionIsTakenBack) {
  config_.credential_wait = std::chrono::seconds(1);
  restart();
  auto open = call(session());
  ASSERT_TRUE(open->shows(kAsked));
  EXPECT_THAT(open->finish(), AllOf(HasSubstr("isError"), HasSubstr(kPage),
                                    HasSubstr(R"("notifications/cancelled","params":{"requestId":1)")));
}

TEST_P(AskingForACredential, BeyondTheLimitOfAPersonCallsEndAtOnce) {
  config_.waits_per_principal = 1;
  restart();
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  EXPECT_THAT(call(id, "6")->finish(), AllOf(HasSubstr("isError"), HasSubstr(kPage)));

  subject_ = "bob";
  auto other = call(session());
  ASSERT_TRUE(other->shows(kAsked));
  endpoint_->end_streams();
  EXPECT_THAT(open->finish(), HasSubstr("isError"));
  EXPECT_THAT(other->finish(), HasSubstr("isError"));
}

TEST_P(AskingForACredential, AnotherPersonsCredentialIsOfNoUse) {
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  answer(id, kAccept);
  subject_ = "bob";
  save_working_key();
  subject_ = "alice";
  EXPECT_FALSE(open->is_done());
  save_working_key();
  EXPECT_THAT(open->finish(), HasSubstr(kDone));
  EXPECT_EQ(channels_.seen().back().key, "keyed/alice/1");
}

TEST_P(AskingForACredential, ACallThatWaitsDisturbsNoOtherVendor) {
  auto open = call(session());
  ASSERT_TRUE(open->shows(kAsked));
  const auto other = post("/v1/open/mcp", R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}})");
  EXPECT_THAT(other.body, HasSubstr(kDone));
  EXPECT_EQ(channels_.open_channels("keyed"), 0U);
  endpoint_->end_streams();
  (void)open->finish();
}

class AskingForACredentialOf : public CredentialTest, public testing::WithParamInterface<std::string> {};

TEST_P(AskingForACredentialOf, APromptOrAResourceAsWell) {
  const auto id = open_session("/v1/keyed/mcp", "2025-11-25", std::string(kUrls));
  const auto body = R"({"jsonrpc":"2.0","id":5,"method":)" + GetParam() + "}";
  const auto call = [&] {
    return open_call(request(http::Method::post, "/v1/keyed/mcp", body, {{"Mcp-Session-Id", id}}));
  };
  auto declined = call();
  ASSERT_TRUE(declined->shows(kAsked));
  post("/v1/keyed/mcp", R"({"jsonrpc":"2.0","id":1,"result":{"action":"decline"}})", {{"Mcp-Session-Id", id}});
  EXPECT_THAT(declined->finish(), AllOf(HasSubstr(R"("error":{"code":)"), HasSubstr(kPage)));

  auto accepted = call();
  ASSERT_TRUE(accepted->shows(kAsked));
  save_working_key();
  EXPECT_THAT(accepted->finish(), HasSubstr(kDone));
}

INSTANTIATE_TEST_SUITE_P(Methods, AskingForACredentialOf,
                         testing::Values(R"("prompts/get","params":{"name":"p"})",
                                         R"("resources/read","params":{"uri":"file:///a"})"),
                         [](const auto& info) { return info.index == 0 ? "prompt" : "resource"; });

TEST_P(AskingForACredential, WhatAnotherProcessSavesIsFound) {
  config_.credential_look = std::chrono::milliseconds(10);
  restart();
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  answer(id, kAccept);
  credentials_.tells = false;
  save_working_key();
  EXPECT_THAT(open->finish(), HasSubstr(kDone));
}

TEST_P(AskingForACredential, WhatNobodyTestsIsUsedAfterTheTimeForThat) {
  auto all = *definitions_.get();
  auto changed = *all["keyed"];
  changed.list_timeout = std::chrono::milliseconds(100);
  all["keyed"] = std::make_shared<const vendor::Definition>(std::move(changed));
  definitions_.set(std::move(all));
  config_.credential_look = std::chrono::milliseconds(10);
  restart();
  const auto id = session();
  auto open = call(id);
  ASSERT_TRUE(open->shows(kAsked));
  answer(id, kAccept);
  save_key();
  EXPECT_THAT(open->finish(), HasSubstr(kDone));
}

struct CannotBeAsked {
  std::string name;
  std::string revision;
  std::string capabilities;
  std::string accept = "application/json, text/event-stream";
};

class ClientThatCannotBeAsked : public CredentialTest, public testing::WithParamInterface<CannotBeAsked> {};

TEST_P(ClientThatCannotBeAsked, GetsTheErrorWithTheLink) {
  const auto& client = GetParam();
  const auto id = open_session("/v1/keyed/mcp", client.revision, client.capabilities);
  const auto answer =
      post("/v1/keyed/mcp", R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo"}})",
           {{"Mcp-Session-Id", id}, {"Accept", client.accept}});
  EXPECT_THAT(answer.body, AllOf(HasSubstr("isError"), HasSubstr(kPage), Not(HasSubstr(kAsked))));
}

INSTANTIATE_TEST_SUITE_P(Table, ClientThatCannotBeAsked,
                         testing::Values(CannotBeAsked{"NoCapability", "2025-11-25", "{}"},
                                         CannotBeAsked{"FormsOnly", "2025-11-25", R"({"elicitation":{}})"},
                                         CannotBeAsked{"OlderRevision", "2025-06-18", R"({"elicitation":{"url":{}}})"},
                                         CannotBeAsked{"NoStream", "2025-11-25", R"({"elicitation":{"url":{}}})",
                                                       "application/json"}),
                         [](const auto& info) { return info.param.name; });

class WithoutAsking : public CredentialTest {};

TEST_F(WithoutAsking, ARejectionInTheCallIsToldWithTheVendorsWordsAndTheLink) {
  vendor_rejects(1);
  save_working_key();
  const auto answer =
      post("/v1/keyed/mcp", R"({"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"echo"}})");
  EXPECT_THAT(answer.body, AllOf(HasSubstr("isError"), HasSubstr(kPage), HasSubstr("was revoked on Monday"),
                                 Not(HasSubstr("s3cret-key"))));
  EXPECT_EQ(calls_of_vendor(), 1);
}

TEST_F(WithoutAsking, NobodyIsAskedForTheSakeOfACompletion) {
  const auto id = open_session("/v1/keyed/mcp", "2025-11-25", std::string(kUrls));
  const auto answer = post("/v1/keyed/mcp", R"({"jsonrpc":"2.0","id":5,"method":"completion/complete","params":{}})",
                           {{"Mcp-Session-Id", id}});
  EXPECT_THAT(answer.body, AllOf(HasSubstr(R"("error":)"), HasSubstr(kPage)));
}

}  // namespace
