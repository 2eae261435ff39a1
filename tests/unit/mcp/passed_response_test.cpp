#include "mcp/passed_response.hpp"

#include <fmt/format.h>

#include "fixture.hpp"
#include "json/splice.hpp"
#include "mcp/tasks.hpp"
#include "mcp/unified_uri.hpp"

namespace mcp::tests {
namespace {

using Passed = base::Result<std::string>;

// What is passed on of a text that comes in parts of that size.
Passed pass(std::string_view text, std::size_t size, std::string_view vendor) {
  PassedResponse response({.vendors = "17", .clients = R"("c-1")"}, vendor);
  std::string all;
  for (std::size_t at = 0; at < text.size(); at += size) {
    // A copy of its own: nothing may look at a part that is gone.
    const std::string part(text.substr(at, size));
    const auto pieces = response.take(part);
    if (!pieces) return pieces.failure();
    for (const auto piece : *pieces) all += piece;
  }
  if (auto ended = response.end(); !ended) return ended.failure();
  return all;
}

// The same for a text that is held whole.
std::string mapped(std::string_view text, std::string_view vendor) {
  return changed(text, [&](std::string_view whole, const Envelope& envelope) {
    json::Splice splice(whole);
    splice.replace(envelope.id, R"("c-1")");
    if (vendor.empty()) return splice.str();
    const auto uris = with_unified_uris(keep(splice.str()), vendor);
    return with_unified_task_ids(keep(uris), vendor);
  });
}

void expect_as_whole(std::string_view text) {
  for (const std::string_view vendor : {"", "hudu"}) {
    const auto expected = mapped(text, vendor);
    for (std::size_t size = 1; size <= text.size(); ++size) {
      const auto passed = pass(text, size, vendor);
      ASSERT_TRUE(passed) << passed.error().message << " in parts of " << size << ": " << text;
      ASSERT_EQ(*passed, expected) << "in parts of " << size;
    }
  }
}

std::string problem(std::string_view text) {
  std::string first;
  for (std::size_t size = 1; size <= text.size(); ++size) {
    const auto passed = pass(text, size, "hudu");
    if (passed) return "";
    if (size == 1) first = passed.error().message;
    EXPECT_EQ(passed.error().message, first) << "in parts of " << size;
  }
  return first;
}

TEST(PassedResponse, PutsTheIdOfTheClientWhereverItStands) {
  expect_as_whole(R"({"jsonrpc":"2.0","id":17,"result":{"content":[]}})");
  expect_as_whole(R"({"result":{"id":17,"a":[1,-2.5e3,true,false,null,{"id":17}]},"jsonrpc":"2.0","id":17})");
  expect_as_whole(" {\"result\" : { } , \"id\"\t:\r\n 17 , \"jsonrpc\" : \"2.0\" } \n");
  expect_as_whole(R"({"jsonrpc":"2.0","id":17,"error":{"code":-32602,"message":"no"}})");
}

TEST(PassedResponse, KeepsTextAsItCame) {
  expect_as_whole(
      R"({"result":{"content":[{"type":"text","text":"a\"b\\\u00e9\ud83d\ude00\n"}]},"jsonrpc":"2.0","id":17})");
  expect_as_whole("{\"result\":{\"text\":\"Gr\u00fc\u00dfe \u4e2d\u6587 \U0001F600\"},\"jsonrpc\":\"2.0\",\"id\":17}");
}

// The parser unescapes into 4 KiB of its own, and wrote behind them when a part ended within a character.
TEST(PassedResponse, IsCutAnywhereInALongText) {
  std::string text;
  while (text.size() < 20'000) text += "a few words, \u00e9\u4e2d\U0001F600";
  const auto response = R"({"result":{"text":")" + text + R"("},"jsonrpc":"2.0","id":17})";
  const auto expected = mapped(response, "");
  for (std::size_t size = 4'080; size < 4'120; ++size) EXPECT_EQ(pass(response, size, "").value_or(""), expected);
}

TEST(PassedResponse, PassesOverPlainTextAndNothingElse) {
  const std::string plain(600, 'x');
  const auto response = [&](std::string_view between) {
    return R"({"result":{"text":")" + plain + std::string(between) + plain + R"("},"jsonrpc":"2.0","id":17})";
  };
  for (const std::string_view between : {"", "\\\"", "\\u00e9", "\u00e9", R"(","uri":"a:b","more":")"}) {
    expect_as_whole(response(between));
  }
  for (const std::string_view between : {"\x01", "\n", "\"", "\\x", "\xff", "\xe4\xb8"}) {
    const auto text = response(between);
    for (std::size_t size = 1; size <= text.size(); ++size) EXPECT_FALSE(pass(text, size, "")) << between << size;
  }
}

TEST(PassedResponse, MapsTheUrisOfResources) {
  expect_as_whole(R"({"result":{"content":[{"type":"resource_link","uri":"file:///a","name":"a"},)"
                  R"({"type":"resource","resource":{"uri":"ui://app/main","text":"\"uri\""}},)"
                  R"({"type":"text","text":"uri","uri":"file:///no"}]},"jsonrpc":"2.0","id":17})");
  expect_as_whole(
      R"({"result":{"contents":[{"uri" : "file:\/\/\/a\"b","blob":"AAAA"},{"uri":""}]},"jsonrpc":"2.0","id":17})");
  expect_as_whole(R"({"result":{"messages":[{"role":"user","content":{"type":"resource_link","uri":"a:b"}}]},)"
                  R"("jsonrpc":"2.0","id":17})");
  expect_as_whole(R"({"result":{"structuredContent":{"uri":"a:b","content":[{"uri":"a:b"}]},"uri":"c:d"},)"
                  R"("jsonrpc":"2.0","id":17})");
  expect_as_whole(R"({"result":{"result":{"contents":[{"uri":"a:b"}],"result":{"contents":[{"uri":"c:d"}]}}},)"
                  R"("jsonrpc":"2.0","id":17})");
}

TEST(PassedResponse, MapsTheIdsOfTasks) {
  expect_as_whole(R"({"result":{"task":{"taskId":"t1","status":"working"},"tasks":[{"taskId":"t2"},{"taskId":7}],)"
                  R"("_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t3"}},"taskId":"t4",)"
                  R"("structuredContent":{"taskId":"t5"}},"jsonrpc":"2.0","id":17})");
}

// The type nearly always stands first; what has a URI where a link has it is taken for one until it says otherwise.
TEST(PassedResponse, MapsABlockThatTellsItsTypeLater) {
  const auto passed =
      pass(R"({"result":{"content":[{"uri":"a:b","type":"resource_link"}]},"jsonrpc":"2.0","id":17})", 5, "hudu");
  ASSERT_TRUE(passed) << passed.error().message;
  EXPECT_EQ(*passed,
            R"({"result":{"content":[{"uri":"hudu+a:b","type":"resource_link"}]},"jsonrpc":"2.0","id":"c-1"})");
}

TEST(PassedResponse, RefusesWhatIsNoResponseToTheRequest) {
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":18,"result":{}})"), "it has the id of another request");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":"17","result":{}})"), "it has the id of another request");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":17.0,"result":{}})"), "it has the id of another request");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":null,"error":{}})"), "it has the id of another request");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":[17],"result":{}})"), "it has the id of another request");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":{},"result":{}})"), "it has the id of another request");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":17,"method":"ping"})"), R"(a message has either "method" or a result)");
  EXPECT_EQ(problem(R"({"jsonrpc":"1.0","id":17,"result":{}})"), R"("jsonrpc" must be "2.0")");
  EXPECT_EQ(problem(R"({"id":17,"result":{}})"), R"("jsonrpc" must be "2.0")");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","result":{}})"), R"(a response needs an "id")");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":17})"), R"(a response has either "result" or "error")");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":17,"result":{},"error":{}})"),
            R"(a response has either "result" or "error")");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":17,"id":17,"result":{}})"), R"("id" stands twice in the message)");
  EXPECT_EQ(problem(R"({"jsonrpc":"2.0","id":17,"result":{},"result":{}})"), R"("result" stands twice in the message)");
  EXPECT_EQ(problem(R"([{"jsonrpc":"2.0","id":17,"result":{}}])"), R"("jsonrpc" must be "2.0")");
  EXPECT_EQ(problem("17"), R"("jsonrpc" must be "2.0")");
}

TEST(PassedResponse, RefusesWhatIsNoJson) {
  for (const std::string_view text :
       {"<html>", R"({"jsonrpc":"2.0","id":17,"result":{}}})", R"({"jsonrpc":"2.0","id":17,"result":{},})",
        R"({"jsonrpc":"2.0","id":17,"result":{"a":nul}})", R"({"jsonrpc":"2.0","id":17,"result":{"a":01}})",
        "{\"jsonrpc\":\"2.0\",\"id\":17,\"result\":{\"a\":\"\xff\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":17,\"result\":{\"a\":\"\xc3\"}}",
        R"({"jsonrpc":"2.0","id":17,"result":{"a":"\ud83d"}})", R"({"jsonrpc":"2.0","id":17,"result":{}} 1)"}) {
    for (std::size_t size = 1; size <= text.size(); ++size) EXPECT_FALSE(pass(text, size, "hudu")) << text;
  }
  const std::string deep(kMaxDepth + 1, '[');
  EXPECT_FALSE(pass(R"({"jsonrpc":"2.0","id":17,"result":)" + deep, 64, ""));
}

TEST(PassedResponse, RefusesWhatIsCut) {
  constexpr std::string_view kWhole =
      "{\"result\":{\"a\":\"\xc3\xa9\",\"contents\":[{\"uri\":\"a:b\"}]},\"jsonrpc\":\"2.0\",\"id\":17}";
  for (std::size_t size = 0; size < kWhole.size(); ++size) EXPECT_FALSE(pass(kWhole.substr(0, size), 7, "hudu"));
  EXPECT_FALSE(pass("", 1, ""));
}

TEST(PassedResponse, RefusesAKeyThatNeedsNoEscapes) {
  EXPECT_EQ(problem(R"({"\u0069d":17,"jsonrpc":"2.0","result":{}})"), "a key in it has escapes that it does not need");
  EXPECT_EQ(problem(R"({"result":{"contents":[{"ur\u0069":"a:b"}]},"jsonrpc":"2.0","id":17})"),
            "a key in it has escapes that it does not need");
}

TEST(PassedResponse, HoldsANameToItsEndAndNotForEver) {
  const auto response = [](std::size_t bytes) {
    return fmt::format(R"({{"result":{{"contents":[{{"uri":"a:{}"}}]}},"jsonrpc":"2.0","id":17}})",
                       std::string(bytes, 'x'));
  };
  EXPECT_TRUE(pass(response(60 << 10), 1000, "hudu"));
  EXPECT_FALSE(pass(response(70 << 10), 1000, "hudu"));
  EXPECT_TRUE(pass(response(70 << 10), 1000, ""));
  EXPECT_FALSE(pass(R"({"jsonrpc":"2.0","result":{},"id":)" + std::string(200 << 10, ' '), 1000, ""));
}

TEST(PassedResponse, TellsEarlyWhetherItHasAResult) {
  PassedResponse result({.vendors = "17", .clients = "1"}, "");
  ASSERT_TRUE(result.take(R"({"jsonrpc":"2.0",)"));
  EXPECT_FALSE(result.has_result());
  ASSERT_TRUE(result.take(R"("result":{)"));
  EXPECT_TRUE(result.has_result());
  PassedResponse error({.vendors = "17", .clients = "1"}, "");
  ASSERT_TRUE(error.take(R"({"error":{"result":1},"id":17)"));
  EXPECT_FALSE(error.has_result());
}

}  // namespace
}  // namespace mcp::tests
