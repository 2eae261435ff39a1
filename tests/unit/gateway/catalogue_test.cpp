// What lists hold: names, order, kinds, limits, hints. When they are fetched is in catalogue_worker_test.cpp.
#include "gateway/catalogue.hpp"

#include "catalogue_fixture.hpp"
#include "mcp/tool_name.hpp"

namespace {

using gateway_test::CatalogueTest;
using gateway_test::list_answer;
using gateway_test::Names;
using mcp::ListKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Catalogue : public CatalogueTest {};

TEST_F(Catalogue, AllKindsCarryUnifiedNamesAndUris) {
  add_vendor("hudu");
  lists("hudu", {"search"}, ListKind::tools);
  lists("hudu", {"summary"}, ListKind::prompts);
  lists("hudu", {"file:///a"}, ListKind::resources);
  lists("hudu", {"file:///{path}"}, ListKind::resource_templates);
  EXPECT_THAT(names(ListKind::tools), ElementsAre("hudu__search"));
  EXPECT_THAT(names(ListKind::prompts), ElementsAre("hudu__summary"));
  EXPECT_THAT(names(ListKind::resources), ElementsAre("hudu+file:///a"));
  EXPECT_THAT(names(ListKind::resource_templates), ElementsAre("hudu+file:///{path}"));
  EXPECT_EQ(list(ListKind::resources).parts[0]->fragment(),
            R"({"uri":"hudu+file:///a","inputSchema":{"type":"object"}})");
  EXPECT_EQ(channels_.opened, 1);
}

TEST_F(Catalogue, VendorsStandInOrderOfTheirSlugsAndItemsInTheirsOwn) {
  for (const auto* slug : {"zeta", "alpha", "mid"}) add_vendor(slug);
  lists("mid", {"b", "a", "c"});
  EXPECT_THAT(names(), ElementsAre("alpha__echo", "mid__b", "mid__a", "mid__c", "zeta__echo"));
}

TEST_F(Catalogue, AddingAVendorChangesNobodysNames) {
  const std::string longest(80, 'x');
  add_vendor("beta");
  lists("beta", {"a.b", longest, "plain"});
  const auto before = names();
  add_vendor("alpha");
  auto after = names();
  after.erase(after.begin());
  EXPECT_EQ(after, before);
  restart();
  after = names();
  after.erase(after.begin());
  EXPECT_EQ(after, before);
}

TEST_F(Catalogue, KindsThatTheVendorDoesNotAnnounceAreNotAskedFor) {
  add_vendor("hudu");
  channels_.vendors["hudu"].opening_result = R"({"capabilities":{"tools":{}}})";
  EXPECT_THAT(names(ListKind::prompts), IsEmpty());
  EXPECT_THAT(names(ListKind::resource_templates), IsEmpty());
  EXPECT_THAT(channels_.seen(), IsEmpty());
  EXPECT_THAT(names(ListKind::tools), ElementsAre("hudu__echo"));
}

TEST_F(Catalogue, VendorWithResourcesButWithoutTemplatesHasAnEmptyList) {
  add_vendor("hudu");
  answers("hudu", ListKind::resource_templates,
          R"({"jsonrpc":"2.0","id":$ID,"error":{"code":-32601,"message":"Method not found"}})");
  EXPECT_THAT(names(ListKind::resource_templates), IsEmpty());
  EXPECT_FALSE(catalogue_->state(ListKind::resource_templates, connection("hudu")).failure);
}

TEST_F(Catalogue, PagesBeyondTheLimitAreCut) {
  config_.list_pages = 3;
  restart();
  add_vendor("hudu");
  channels_.vendors["hudu"].answer = [page = 0](const fake::SeenRequest&) mutable -> std::vector<fake::Step> {
    const auto number = std::to_string(page++);
    return {list_answer(ListKind::tools, {"tool" + number}, R"(,"nextCursor":")" + number + "\"")};
  };
  EXPECT_THAT(names(), ElementsAre("hudu__tool0", "hudu__tool1", "hudu__tool2"));
}

TEST_F(Catalogue, ItemsAndBytesBeyondTheLimitsAreCut) {
  config_.list_items = 2;
  restart();
  add_vendor("hudu");
  lists("hudu", {"a", "b", "c"});
  EXPECT_THAT(names(), ElementsAre("hudu__a", "hudu__b"));
  config_.list_items = 100;
  config_.list_bytes = 60;
  restart();
  EXPECT_THAT(names(), ElementsAre("hudu__a"));
}

TEST_F(Catalogue, CursorThatRepeatsEndsTheList) {
  add_vendor("hudu");
  answers("hudu", ListKind::tools, list_answer(ListKind::tools, {"a"}, R"(,"nextCursor":"again")"));
  EXPECT_THAT(names(), ElementsAre("hudu__a"));
  EXPECT_EQ(asked(), 2U);
}

TEST_F(Catalogue, SessionForgottenBetweenPagesIsOpenedAgain) {
  add_vendor("hudu");
  channels_.vendors["hudu"].answer = [calls = 0](const fake::SeenRequest&) mutable -> std::vector<fake::Step> {
    if (++calls == 1) return {list_answer(ListKind::tools, {"a"}, R"(,"nextCursor":"2")")};
    if (calls == 2) return {base::fail(base::Kind::not_found, "vendor.session_gone", "gone")};
    return {list_answer(ListKind::tools, {calls == 3 ? "a" : "b"}, calls == 3 ? R"(,"nextCursor":"2")" : "")};
  };
  EXPECT_THAT(names(), ElementsAre("hudu__a", "hudu__b"));
  EXPECT_EQ(channels_.opened, 2);
}

TEST_F(Catalogue, ModernVendorIsAskedInItsEra) {
  add_vendor("hudu");
  channels_.vendors["hudu"].era = mcp::Era::modern;
  EXPECT_THAT(names(), ElementsAre("hudu__echo"));
  const auto body = json::parse_object(channels_.seen().at(0).body);
  ASSERT_TRUE(body);
  const auto& meta = body->at("params").at("_meta").as_object();
  EXPECT_EQ(meta.at("io.modelcontextprotocol/protocolVersion"), "2026-07-28");
  EXPECT_EQ(meta.at("io.modelcontextprotocol/clientInfo").at("name"), "mcp-gateway");
  EXPECT_TRUE(meta.at("io.modelcontextprotocol/clientCapabilities").as_object().empty());
}

TEST_F(Catalogue, ListIsPublicUntilAVendorWithACredentialIsThere) {
  add_vendor("open");
  EXPECT_FALSE(list().is_private);
  add_vendor("keyed", true);
  EXPECT_TRUE(list().is_private) << "others may have its key";
}

TEST_F(Catalogue, ListIsPrivateWhenAVendorSaysSo) {
  add_vendor("open");
  answers("open", ListKind::tools, list_answer(ListKind::tools, {"a"}, R"(,"ttlMs":5000,"cacheScope":"private")"));
  EXPECT_TRUE(list().is_private);
}

TEST_F(Catalogue, ShortestFreshnessCountsWithinLimits) {
  add_vendor("hour");
  answers("hour", ListKind::tools, list_answer(ListKind::tools, {"a"}, R"(,"ttlMs":3600000)"));
  const auto far = list().ttl_ms;
  EXPECT_LE(far, config_.list_ttl_max.count());
  EXPECT_GT(far, config_.list_ttl_max.count() - 5000);
  add_vendor("silent");
  const auto own = list().ttl_ms;
  EXPECT_LE(own, config_.list_ttl.count());
  EXPECT_GT(own, config_.list_ttl.count() - 5000);
  add_vendor("hasty");
  answers("hasty", ListKind::tools, list_answer(ListKind::tools, {"a"}, R"(,"ttlMs":0)"));
  EXPECT_LE(list().ttl_ms, 1000);
}

TEST_F(Catalogue, ColleaguesWithTheSameListShareIt) {
  add_vendor("keyed", true);
  save_key("keyed", "alice");
  save_key("keyed", "bob");
  EXPECT_EQ(list(ListKind::tools, "alice").parts.at(0), list(ListKind::tools, "bob").parts.at(0));
  EXPECT_EQ(asked(), 2U) << "each with the own key";
}

TEST_F(Catalogue, OnePersonsListIsNeverAnothers) {
  add_vendor("keyed", true);
  save_key("keyed", "alice");
  EXPECT_THAT(names(ListKind::tools, "alice"), ElementsAre("keyed__echo"));
  EXPECT_THAT(names(ListKind::tools, "bob"), IsEmpty());
}

TEST_F(Catalogue, PlainNameNeedsNoList) {
  add_vendor("hudu");
  const auto name = on_thread(
      catalogue_->original_name(ListKind::tools, connection("hudu"), "hudu__search", base::SteadyTime::max()));
  EXPECT_EQ(name.value(), "search");
  EXPECT_THAT(channels_.seen(), IsEmpty());
}

TEST_F(Catalogue, MappedNameIsFoundBeforeAnyListIsKnown) {
  add_vendor("hudu");
  lists("hudu", {"a.b"});
  const auto unified = mcp::unified_name("hudu", "a.b");
  const auto name = on_thread(catalogue_->original_name(ListKind::tools, connection("hudu"), unified,
                                                        std::chrono::steady_clock::now() + std::chrono::seconds(5)));
  EXPECT_EQ(name.value(), "a.b");
}

TEST_F(Catalogue, MappedNameOfANewToolIsLookedForInANewList) {
  config_.list_quiet = std::chrono::milliseconds(1);
  restart();
  add_vendor("hudu");
  EXPECT_THAT(names(), ElementsAre("hudu__echo"));
  lists("hudu", {"a.b"});
  const auto unified = mcp::unified_name("hudu", "a.b");
  const auto name = on_thread(catalogue_->original_name(ListKind::tools, connection("hudu"), unified,
                                                        std::chrono::steady_clock::now() + std::chrono::seconds(5)));
  EXPECT_EQ(name.value(), "a.b");
}

TEST_F(Catalogue, MappedNameThatTheVendorHasNoLongerIsUnknown) {
  config_.list_quiet = std::chrono::milliseconds(1);
  restart();
  add_vendor("hudu");
  const auto name =
      on_thread(catalogue_->original_name(ListKind::tools, connection("hudu"), mcp::unified_name("hudu", "a.b"),
                                          std::chrono::steady_clock::now() + std::chrono::seconds(5)));
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().kind, base::Kind::invalid);
}

TEST_F(Catalogue, MappedNameOfAVendorThatFailsIsItsFailure) {
  add_vendor("hudu");
  fails("hudu");
  const auto name =
      on_thread(catalogue_->original_name(ListKind::tools, connection("hudu"), mcp::unified_name("hudu", "a.b"),
                                          std::chrono::steady_clock::now() + std::chrono::seconds(5)));
  ASSERT_FALSE(name);
  EXPECT_EQ(name.error().kind, base::Kind::vendor_timeout);
}

TEST_F(Catalogue, ToolTellsItsMirroredParameters) {
  add_vendor("hudu");
  channels_.vendors["hudu"].era = mcp::Era::modern;
  answers("hudu", ListKind::tools,
          R"({"jsonrpc":"2.0","id":$ID,"result":{"tools":[{"name":"q","inputSchema":{"type":"object","properties":)"
          R"({"region":{"type":"string","x-mcp-header":"Region"}}}}]}})");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
  const auto tool = on_thread(catalogue_->tool(connection("hudu"), "q", deadline));
  ASSERT_TRUE(tool && *tool);
  ASSERT_EQ((*tool)->parameters.size(), 1U);
  EXPECT_EQ((*tool)->parameters[0].header, "Mcp-Param-Region");
  EXPECT_EQ(*on_thread(catalogue_->tool(connection("hudu"), "none", deadline)), nullptr);
}

TEST_F(Catalogue, FailureIsKeptWithoutSecrets) {
  add_vendor("keyed", true);
  save_key("keyed");
  fails("keyed");
  EXPECT_THAT(names(), IsEmpty());
  const auto state = catalogue_->state(ListKind::tools, connection("keyed"));
  ASSERT_TRUE(state.failure);
  EXPECT_THAT(state.failure->message, testing::AllOf(HasSubstr("vendor keyed"), testing::Not(HasSubstr("s3cret"))));
}

}  // namespace
