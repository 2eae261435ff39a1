#include "gateway/tool_index.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "mcp/envelope.hpp"

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Words, AreTakenApart) {
  EXPECT_THAT(gateway::words_of("listTickets HTTPServer get_item-by.id v2"),
              ElementsAre("list", "ticket", "http", "server", "get", "item", "by", "id", "v2"));
  EXPECT_THAT(gateway::words_of("ISO8601 aB"), ElementsAre("iso8601", "a", "b"));
  EXPECT_THAT(gateway::words_of(" \t--"), IsEmpty());
}

TEST(Words, AreSingular) {
  EXPECT_THAT(gateway::words_of("tickets companies boxes classes statuses status is this access"),
              ElementsAre("ticket", "company", "box", "class", "statuse", "status", "is", "this", "access"));
}

TEST(Words, KeepOtherAlphabetsAndAreCut) {
  EXPECT_THAT(gateway::words_of("Übersicht löschen"), ElementsAre("Übersicht", "löschen"));
  EXPECT_EQ(gateway::words_of(std::string(500, 'x')).at(0).size(), 64U);
}

class Index : public testing::Test {
 protected:
  void add(const std::string& name, std::string definition) {
    definition.append(mcp::kPadding, ' ');
    texts_.push_back({name, std::move(definition)});
  }
  std::vector<float> found(std::string_view word) {
    std::vector<gateway::ToolIndex::Tool> tools;
    for (const auto& [name, text] : texts_) {
      tools.push_back({name, std::string_view(text).substr(0, text.size() - mcp::kPadding)});
    }
    const gateway::ToolIndex index("hudu", tools);
    std::vector<float> best(index.size());
    index.find(word, best);
    return best;
  }
  std::deque<std::pair<std::string, std::string>> texts_;
};

TEST_F(Index, WordsCountByWhereTheyStand) {
  add("ticket", "{}");
  add("a", R"({"title":"ticket"})");
  add("b", R"({"description":"ticket"})");
  add("c", R"({"inputSchema":{"properties":{"ticket":{}}}})");
  add("d", R"({"inputSchema":{"properties":{"x":{"description":"ticket"}}}})");
  add("e", "{}");
  const auto best = found("ticket");
  EXPECT_GT(best[0], best[1]);
  EXPECT_GT(best[1], best[3]);
  EXPECT_GT(best[3], best[2]);
  EXPECT_GT(best[2], best[4]);
  EXPECT_GT(best[4], 0);
  EXPECT_EQ(best[5], 0);
}

TEST_F(Index, NestedParametersAndThoseOfArraysAreFound) {
  add("a",
      R"({"inputSchema":{"properties":{"x":{"properties":{"deep":{}}},"y":{"items":{"properties":{"listed":{}}}}}}})");
  EXPECT_GT(found("deep")[0], 0);
  EXPECT_GT(found("listed")[0], 0);
}

TEST_F(Index, BeginningOfAWordFindsItButCountsLess) {
  add("configuration", "{}");
  add("config", "{}");
  const auto best = found("config");
  EXPECT_GT(best[1], best[0]);
  EXPECT_GT(best[0], 0);
  EXPECT_EQ(found("co")[0], 0) << "too short to be a beginning";
}

TEST_F(Index, VendorIsAWordOfEachTool) {
  add("a", "{}");
  add("b", "{}");
  EXPECT_THAT(found("hudu"), ElementsAre(testing::Gt(0), testing::Gt(0)));
}

TEST_F(Index, StrangeDefinitionsAreFoundByTheirNames) {
  std::string deep = R"({"inputSchema":)";
  for (int i = 0; i < 100; ++i) deep += R"({"properties":{"p":)";
  deep += "1";
  for (int i = 0; i < 100; ++i) deep += "}}";
  add("deep", deep + "}");
  add("odd", R"({"title":1,"description":[],"annotations":0,"inputSchema":{"properties":{"x":true}}})");
  EXPECT_GT(found("deep")[0], 0);
  EXPECT_GT(found("odd")[1], 0);
  EXPECT_GT(found("x")[1], 0);
}

}  // namespace
