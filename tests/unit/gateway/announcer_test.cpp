#include "gateway/announcer.hpp"

#include "catalogue_fixture.hpp"
#include "fake/fake_random.hpp"
#include "gateway/migrations.hpp"

namespace {

using gateway_test::CatalogueTest;
using mcp::ListKind;
using testing::ElementsAre;
using testing::IsEmpty;

class Announcer : public CatalogueTest {
 protected:
  Announcer() {
    if (auto done = database_.migrate(gateway::migrations()); !done) throw std::runtime_error(done.error().detail);
    config_.list_quiet = std::chrono::milliseconds(1);
    CatalogueTest::restart();
    announcer_ = std::make_unique<gateway::Announcer>(sessions_, *connections_, *catalogue_, credentials_, health_,
                                                      preferences_);
    on_announcement_ = announcer_->announcements().subscribe([this](const gateway::ListChange& change) {
      const std::lock_guard lock(told_mutex_);
      told_.push_back(change);
    });
  }
  ~Announcer() override {
    on_announcement_ = {};
    announcer_.reset();
  }
  std::shared_ptr<gateway::Session> session(const std::string& subject, const std::string& endpoint = "") {
    const identity::Principal principal{subject, "client", "grant", "mcp", base::Micros::max()};
    return on_thread(sessions_.open(principal, endpoint, "2025-11-25", "{}"));
  }
  // The methods of the notifications that wait in a session's own stream.
  static std::vector<std::string> heard(gateway::Session& session) {
    const auto reader = session.own_stream()->attach([] {}, std::nullopt);
    const auto text = session.own_stream()->take(reader).text;
    std::vector<std::string> methods;
    for (const auto kind : gateway::kAnnouncedKinds) {
      if (text.contains(mcp::list_changed(kind))) methods.emplace_back(mcp::list_changed(kind));
    }
    return methods;
  }
  std::size_t told() {
    const std::lock_guard lock(told_mutex_);
    return told_.size();
  }

  store::Database database_{{.path = ":memory:"}};
  fake::FakeRandom random_;
  gateway::Sessions sessions_{database_, clock_, random_,
                              base::SecretString(std::string_view("0123456789abcdef0123456789abcdef")), config_};
  identity::Preferences preferences_{database_};
  std::unique_ptr<gateway::Announcer> announcer_;
  base::Signal<gateway::ListChange>::Subscription on_announcement_;
  std::mutex told_mutex_;
  std::vector<gateway::ListChange> told_;
};

constexpr auto kTools = "notifications/tools/list_changed";
constexpr auto kPrompts = "notifications/prompts/list_changed";
constexpr auto kResources = "notifications/resources/list_changed";

TEST_F(Announcer, AnotherChoiceOfToolsIsToldToThatPersonsClientsOfTheUnifiedEndpoint) {
  const auto own = session("alice");
  const auto of_vendor = session("alice", "open");
  const auto other = session("bob");
  preferences_.changes().emit("alice");
  EXPECT_THAT(heard(*own), ElementsAre(mcp::list_changed(ListKind::tools)));
  EXPECT_THAT(heard(*of_vendor), IsEmpty());
  EXPECT_THAT(heard(*other), IsEmpty());
}

TEST_F(Announcer, SavedCredentialIsToldToItsOwnerAboutEveryKind) {
  add_vendor("keyed", true);
  const auto alice = session("alice");
  const auto bob = session("bob");
  save_key("keyed");
  EXPECT_THAT(heard(*alice), ElementsAre(kTools, kPrompts, kResources));
  EXPECT_THAT(heard(*bob), IsEmpty());
}

TEST_F(Announcer, KindsThatTheVendorDoesNotOfferAreNotTold) {
  add_vendor("hudu");
  channels_.vendors["hudu"].opening_result = R"({"capabilities":{"tools":{}}})";
  names();
  const auto alice = session("alice");
  note_failures("hudu", 3);
  EXPECT_THAT(heard(*alice), ElementsAre(kTools));
}

TEST_F(Announcer, VendorsFallAndRecoveryAreToldToEverybodyWhoSeesIt) {
  add_vendor("hudu");
  const auto unified = session("alice");
  const auto own = session("bob", "hudu");
  const auto other = session("bob", "itglue");
  note_failures("hudu", 3);
  EXPECT_THAT(heard(*unified), ElementsAre(kTools, kPrompts, kResources));
  EXPECT_THAT(heard(*own), ElementsAre(kTools, kPrompts, kResources));
  EXPECT_THAT(heard(*other), IsEmpty());
  health_.note_success("hudu", std::chrono::milliseconds(1));
  EXPECT_THAT(heard(*unified), ElementsAre(kTools, kPrompts, kResources));
}

TEST_F(Announcer, SlowVendorIsNoNews) {
  add_vendor("hudu");
  health_.note_success("hudu", std::chrono::milliseconds(1));
  const auto alice = session("alice");
  note_failures("hudu", 1);
  health_.note_success("hudu", std::chrono::milliseconds(1));
  EXPECT_THAT(heard(*alice), IsEmpty());
}

TEST_F(Announcer, ChangedListIsToldAsWhatItIs) {
  add_vendor("hudu");
  names(ListKind::prompts);
  const auto alice = session("alice");
  lists("hudu", {"new"}, ListKind::prompts);
  say_changed(ListKind::prompts);
  ASSERT_TRUE(eventually([&] { return told() == 1; }));
  EXPECT_THAT(heard(*alice), ElementsAre(kPrompts));
}

}  // namespace
