#include "gateway/tool_search.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/document.hpp"
#include "mcp/envelope.hpp"

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Search : public testing::Test {
 protected:
  void SetUp() override {
    add_vendor("desk", {{"create_ticket", "Opens a new ticket for a customer."},
                        {"list_tickets", "Lists tickets, newest first."},
                        {"close_ticket", "Closes a ticket and tells the customer."},
                        {"add_comment", "Adds a comment to a ticket."}});
    add_vendor("docs", {{"search_articles", "Finds articles of the knowledge base by their words."},
                        {"create_article", "Writes a new article."}});
    add_vendor("pay", {{"create_invoice", "Creates an invoice for a customer."},
                       {"list_customers", "Lists customers with their addresses."}});
  }
  void add_vendor(const std::string& slug, const std::vector<std::pair<std::string, std::string>>& tools) {
    std::string text = R"({"jsonrpc":"2.0","id":1,"result":{"tools":[)";
    for (const auto& [name, description] : tools) {
      if (!text.ends_with('[')) text += ',';
      text += R"({"name":")" + name + R"(","description":)" + json::quote(description) + "}";
    }
    text += "]}}";
    text.reserve(text.size() + mcp::kPadding);
    gateway::ListBuilder builder(slug, mcp::ListKind::tools, mcp::Era::legacy, {1000, 1 << 20});
    for (const auto& item : mcp::read_list_page(mcp::ListKind::tools, text)->items) ASSERT_TRUE(builder.add(item));
    lists_.push_back(std::move(builder).finish());
  }
  std::vector<std::string> found(std::string_view question, std::size_t limit = 3) {
    std::vector<std::string> names;
    for (const auto& hit : gateway::search_tools(lists_, question, limit)) names.push_back(hit.tool->unified);
    return names;
  }
  std::vector<std::shared_ptr<const gateway::VendorList>> lists_;
};

TEST_F(Search, BestToolComesFirst) {
  EXPECT_EQ(found("create a ticket")[0], "desk__create_ticket");
  EXPECT_EQ(found("open a new ticket")[0], "desk__create_ticket");
  EXPECT_EQ(found("tickets")[0].substr(0, 6), "desk__");
  EXPECT_EQ(found("find articles in the knowledge base")[0], "docs__search_articles");
  EXPECT_EQ(found("which customers do we have")[0], "pay__list_customers");
  EXPECT_EQ(found("invoice")[0], "pay__create_invoice");
}

TEST_F(Search, NameOfAToolFindsItFirst) {
  EXPECT_EQ(found("desk__add_comment")[0], "desk__add_comment");
  EXPECT_EQ(found("list_tickets")[0], "desk__list_tickets");
}

TEST_F(Search, VendorsNameNarrows) { EXPECT_EQ(found("create docs")[0], "docs__create_article"); }

TEST_F(Search, BeginningsOfWordsFind) { EXPECT_THAT(found("invoi"), ElementsAre("pay__create_invoice")); }

TEST_F(Search, NothingIsFoundForForeignWords) {
  EXPECT_THAT(found("quantum chromodynamics"), IsEmpty());
  EXPECT_THAT(found(""), IsEmpty());
  lists_.clear();
  EXPECT_THAT(found("ticket"), IsEmpty());
}

TEST_F(Search, LimitHolds) {
  EXPECT_EQ(found("customer ticket create list", 2).size(), 2U);
  EXPECT_EQ(found("customer ticket create list", 50).size(), 7U);
}

TEST_F(Search, EndlessQuestionIsCut) {
  std::string question;
  for (int i = 0; i < 100'000; ++i) question += "word" + std::to_string(i) + " ";
  EXPECT_THAT(found(question), IsEmpty());
}

}  // namespace
