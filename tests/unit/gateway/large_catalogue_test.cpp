// 10,000 tools of 100 vendors: names, and what a list and a search cost.
#include <fmt/format.h>

#include <numeric>
#include <random>
#include <unordered_set>

#include "catalogue_fixture.hpp"
#include "gateway/tool_search.hpp"
#include "mcp/tool_name.hpp"

namespace {

using gateway_test::CatalogueTest;
using gateway_test::Names;
using mcp::ListKind;

constexpr int kVendors = 100;
constexpr int kTools = 100;

std::string slug_of(int vendor) { return fmt::format("vendor-{:03}", vendor); }

// Some of its names are too long, alike up to their ends, or have characters that clients refuse.
std::string name_of(int vendor, int tool) {
  switch (tool) {
    case 0:
      return fmt::format("synchronise_every_configuration_item_of_the_managed_organisation_{:03}_a", vendor);
    case 1:
      return fmt::format("synchronise_every_configuration_item_of_the_managed_organisation_{:03}_b", vendor);
    case 2:
      return "tickets.search";
    case 3:
      return "tickets/search";
    case 4:
      return "tickets_search";
    default:
      return fmt::format("{}_{}_{:03}", tool % 2 == 0 ? "list" : "update", tool % 3 == 0 ? "tickets" : "assets", tool);
  }
}

std::string definition_of(int vendor, int tool) {
  return fmt::format(
      R"({{"name":"{}","title":"Tool {} of vendor {}","description":"Works on the records of kind {} that the managed organisation keeps, newest first, and tells what was found or changed.","inputSchema":{{"type":"object","properties":{{"organisation_id":{{"type":"string","description":"The organisation whose records are meant"}},"filter_{}":{{"type":"string","description":"Words that the records must have"}},"limit":{{"type":"integer","minimum":1,"maximum":100}}}},"required":["organisation_id"]}}}})",
      name_of(vendor, tool), tool, vendor, tool * 7 % 97, tool);
}

class LargeCatalogue : public CatalogueTest {
 protected:
  void SetUp() override {
    std::vector<int> order(kVendors);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::shuffle(order, std::minstd_rand(7));
    for (const int vendor : order) {
      add_vendor(slug_of(vendor));
      std::string tools;
      for (int tool = 0; tool < kTools; ++tool) tools += (tool > 0 ? "," : "") + definition_of(vendor, tool);
      answers(slug_of(vendor), ListKind::tools, R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[)" + tools + "]}}");
    }
  }
  // Prints how long one of many repetitions takes.
  template <class Act>
  static void measure(const char* what, int times, Act act) {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < times; ++i) act();
    const auto took = std::chrono::steady_clock::now() - begin;
    fmt::print("{}: {:.3f} ms\n", what, std::chrono::duration<double, std::milli>(took).count() / times);
  }
};

bool is_legal(std::string_view name) {
  return name.size() <= 64 && std::ranges::all_of(name, [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
         });
}

TEST_F(LargeCatalogue, NamesAreLegalUniqueAndTheSameAfterARestart) {
  const auto first = names();
  EXPECT_EQ(first.size(), std::size_t{kVendors * kTools});
  EXPECT_TRUE(std::ranges::all_of(first, is_legal));
  EXPECT_EQ(std::unordered_set<std::string>(first.begin(), first.end()).size(), first.size());
  restart();
  EXPECT_EQ(names(), first);
}

TEST_F(LargeCatalogue, NamesOfAVendorDoNotDependOnTheOthers) {
  const auto all = names();
  definitions_.set({{slug_of(42), connections_->find(slug_of(42))}});
  restart();
  const Names of_one(all.begin() + 42 * kTools, all.begin() + 43 * kTools);
  EXPECT_EQ(names(), of_one);
}

TEST_F(LargeCatalogue, EveryNameLeadsBackToItsTool) {
  names();
  for (int tool = 0; tool < kTools; ++tool) {
    const auto unified = mcp::unified_name(slug_of(7), name_of(7, tool));
    const auto own = on_thread(catalogue_->original_name(ListKind::tools, connection(slug_of(7)), unified,
                                                         std::chrono::steady_clock::now() + std::chrono::seconds(5)));
    EXPECT_EQ(own.value(), name_of(7, tool));
  }
}

base::Task<void> list_many_times(gateway::Connections& connections, gateway::Catalogue& catalogue, int times) {
  for (int i = 0; i < times; ++i) {
    const auto all = co_await catalogue.list(ListKind::tools, co_await connections.all("alice"));
    std::vector<std::string_view> pieces;
    for (const auto& part : all.parts) pieces.push_back(part->fragment());
    EXPECT_EQ(pieces.size(), std::size_t{kVendors});
  }
}

TEST_F(LargeCatalogue, WarmListAndSearchAskNobody) {
  measure("cold list", 1, [&] { names(); });
  const auto before = asked();
  constexpr int kTimes = 100;
  measure("100 warm lists", 1, [&] { on_thread(list_many_times(*connections_, *catalogue_, kTimes)); });

  const auto parts = list().parts;
  measure("indexes", 1, [&] {
    for (const auto& part : parts) EXPECT_EQ(part->index().size(), std::size_t{kTools});
  });
  for (const auto* question : {"update assets", "tickets", "list the tickets of the managed organisation",
                               "vendor-042 tickets.search", "nothing has these wordz"}) {
    measure(question, 20, [&] { (void)gateway::search_tools(parts, question, 10); });
  }
  const auto hits = gateway::search_tools(parts, "vendor-042 tickets.search", 1);
  ASSERT_EQ(hits.size(), 1U);
  EXPECT_EQ(hits[0].list->vendor(), slug_of(42));
  EXPECT_TRUE(hits[0].tool->key.starts_with("tickets")) << hits[0].tool->key;
  EXPECT_EQ(asked(), before);
}

}  // namespace
