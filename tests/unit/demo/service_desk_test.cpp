#include "demo/service_desk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "demo/ticket_tools.hpp"
#include "fake/fake_clock.hpp"

namespace {

using testing::HasSubstr;

class ServiceDesk : public testing::Test {
 protected:
  std::string call(const std::string& name, const std::string& arguments) {
    return server_
        .handle(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + name + R"(","arguments":)" +
                arguments + "}}")
        .answer;
  }
  demo::Ticket ticket(std::string title = "x") {
    demo::Ticket made;
    made.title = std::move(title);
    return made;
  }

  fake::FakeClock clock_;
  std::shared_ptr<demo::ServiceDesk> desk_ = std::make_shared<demo::ServiceDesk>(clock_);
  demo::McpServer server_ = demo::make_ticket_server(desk_);
};

TEST_F(ServiceDesk, NewTicketIsOpenHasTheNextNumberAndComesFirstInTheList) {
  const auto made = desk_->create(ticket("Monitor flickers"));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->id, "T-1007");
  EXPECT_EQ(made->status, "open");
  EXPECT_EQ(made->opened, clock_.now());
  EXPECT_EQ(desk_->list({}, 1).front().title, "Monitor flickers");
}

TEST_F(ServiceDesk, ListHonoursFilterAndLimit) {
  EXPECT_EQ(desk_->list({}, 100).size(), 6U);
  EXPECT_EQ(desk_->list({}, 2).size(), 2U);
  for (const auto& found : desk_->list({"open", "normal"}, 100)) {
    EXPECT_EQ(found.status, "open");
    EXPECT_EQ(found.priority, "normal");
  }
}

TEST_F(ServiceDesk, FullDeskRefusesMoreTicketsAndMoreNotes) {
  while (desk_->list({}, 1000).size() < 500) ASSERT_TRUE(desk_->create(ticket()));
  EXPECT_EQ(desk_->create(ticket()).error().kind, base::Kind::too_many);
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(desk_->add_note("T-1001", "n"));
  EXPECT_EQ(desk_->add_note("T-1001", "n").error().kind, base::Kind::too_many);
}

TEST_F(ServiceDesk, TicketIsClosedOnce) {
  EXPECT_EQ(desk_->close("T-1003")->status, "closed");
  EXPECT_EQ(desk_->close("T-1003").error().kind, base::Kind::conflict);
}

TEST_F(ServiceDesk, ToolsWorkOnTheSameDesk) {
  EXPECT_THAT(call("create_ticket", R"({"title":"Dock broken","priority":"high","asset_id":"as-01"})"),
              HasSubstr("T-1007"));
  EXPECT_THAT(call("add_note", R"({"id":"T-1007","text":"Ordered a new one"})"), HasSubstr("Ordered a new one"));
  EXPECT_THAT(call("get_ticket", R"({"id":"T-1007"})"), HasSubstr("Ordered a new one"));
  EXPECT_THAT(call("list_tickets", R"({"priority":"high"})"), HasSubstr("Dock broken"));
  EXPECT_THAT(call("close_ticket", R"({"id":"T-1007"})"), HasSubstr("closed"));
  EXPECT_THAT(call("test_connection", "{}"), HasSubstr("ok"));
}

TEST_F(ServiceDesk, UnknownTicketOrAssetIsAToolErrorThatNamesTheToolToUse) {
  EXPECT_THAT(call("get_ticket", R"({"id":"T-9"})"), testing::AllOf(HasSubstr("isError"), HasSubstr("list_tickets")));
  EXPECT_THAT(call("create_ticket", R"({"title":"x","asset_id":"as-99"})"), HasSubstr("search_assets"));
  EXPECT_THAT(call("run_diagnostics", R"({"asset_id":"as-99"})"), HasSubstr("search_assets"));
}

TEST_F(ServiceDesk, AssetsAreFoundByAnyPartWithoutCase) {
  EXPECT_EQ(demo::ServiceDesk::search_assets("NOTEBOOK").size(), 3U);
  EXPECT_EQ(demo::ServiceDesk::search_assets("west depot").size(), 2U);
  EXPECT_TRUE(demo::ServiceDesk::search_assets("zebra").empty());
}

}  // namespace
