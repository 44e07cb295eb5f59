// What each page of figures, statements and returns shows, whole: one quarter of one authority in which
// something of every kind has happened.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "support/golden_page.h"
#include "support/scene.h"

using platform::Account;
using platform::Transaction;
using platform::View;
using support::Page;
using support::Scene;
using support::Visitor;
using ::testing::HasSubstr;

namespace {

class AuthorityPagesTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        scene = new Scene;
        scene->letTheQuarterEnd();
        addANextVersionOfTheGuide();
        scene->deliver();
        manager();  // what others do from now on is news
        signAndCorrectTheQuarterBefore();
        shareAServiceOfTheNeighbour();
        keepCountsOfOneServiceAlone();
        forgetTheCapacityOfAnother();
        declare();
        act();
        send(manager(), "/returns/2025-26-Q1", {{"comment", "A quiet quarter"}, {"then", "send"}});
        scene->doors.signIn(identity::Door::authority, manager().person().email);
    }
    static void TearDownTestSuite() { delete scene; }

    static Visitor manager() { return scene->manager(); }
    static void send(const Visitor& visitor, const std::string& path, const values::Fields& form) {
        const auto answer = visitor.post(path, form);
        ASSERT_EQ(answer.status(), 303) << path << answer.text();
    }
    /// A page of the first quarter.
    static Page page(const std::string& path, values::Fields query = {}) {
        query.emplace("quarter", "2025-26-Q1");
        auto answer = manager().get(path, query);
        EXPECT_EQ(answer.status(), 200) << path << answer.text();
        return answer;
    }
    static View shown(const std::string& name, const std::string& path, const values::Fields& query = {}) {
        page(path, query);
        return support::Doors::lastView("authority/" + name);
    }
    static void expectGolden(const std::string& name, const std::string& path) {
        page(path);
        support::expectGoldenPage("authority/" + name);
    }
    static std::string service(const std::string& reference) {
        return "/services/" + scene->serviceId(reference);
    }

    /// It takes effect in October, and asks more of fidelity.
    static void addANextVersionOfTheGuide() {
        auto next =
            nlohmann::json::parse(support::textOf(support::source("tests/data/catalogue/guides.json")));
        auto& guide = next.at("guides").at(0);
        guide["version"] = "2025-10";
        guide["effective_from"] = "2025-10-01";
        guide["changes"] = "Asks more of fidelity.";
        guide.at("recommendations").at(0).at("standards").at(2)["at_least"] = 0.95;
        const auto path = support::temporaryFolder() + "/next-guide.json";
        std::ofstream(path) << next;
        auto& house = scene->house;
        house.as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
            const auto loaded = house.catalogues.check({path}, delivery::Catalogues::keptText(tx));
            house.catalogues.load(tx, loaded, house.ids);
        });
    }
    static void save(delivery::RecordKind kind, const values::Fields& given) {
        scene->house.save(kind, given);
        scene->house.compute();
    }
    static void signAndCorrectTheQuarterBefore() {
        const std::string before = "/returns/2024-25-Q4";
        const auto director = scene->director();
        send(director, before, {{"comment", "The first of its kind"}});
        send(director, before + "/sign", {});
        save(delivery::RecordKind::episode, support::referral("LATE", "2025-02-03"));
        send(director, before + "/correct", {{"reason", "A late referral"}});
        send(director, before + "/sign", {});
    }
    static void shareAServiceOfTheNeighbour() {
        const auto neighbour = scene->manager(806);
        send(neighbour, "/records/services/new",
             {{"service_ref", "N1"},
              {"intervention", "kinship-navigator"},
              {"name", "Across the river"},
              {"stage", "full"},
              {"started_on", "1/4/2025"},
              {"capacity_per_year", "40"}});
        send(neighbour, "/records/service_partners/new",
             {{"service_ref", "N1"}, {"partner", "E06000001"}, {"share", "30"}});
    }
    static void keepCountsOfOneServiceAlone() {
        send(manager(), "/records/services/new",
             {{"service_ref", "CO"},
              {"intervention", "kinship-navigator"},
              {"name", "Counted"},
              {"stage", "full"},
              {"started_on", "1/4/2025"},
              {"capacity_per_year", "40"},
              {"kept_as", "counts"}});
        send(manager(), service("CO") + "/counts/2025-26-Q1",
             {{"referred", "12"},
              {"offered", "10"},
              {"accepted", "9"},
              {"started", "8"},
              {"ended", "5"},
              {"completed", "4"}});
        scene->house.compute();
    }
    /// Which the rules about the quality of data find.
    static void forgetTheCapacityOfAnother() {
        save(delivery::RecordKind::service, {{"service_ref", "S1"}, {"capacity_per_year", ""}});
    }
    static void declare() {
        send(manager(), "/declarations/kc-navigator",
             {{"status", "not adopted"}, {"reason", "We run another one"}, {"evidence", "Minutes of May"}});
        send(manager(), "/declarations/kc-parenting", {{"status", "planned"}, {"planned_by", "1/9/2025"}});
    }
    static void act() {
        const values::Fields first{{"action_ref", "A1"},      {"title", "Train two more"},
                                   {"about_kind", "service"}, {"about", "S1"},
                                   {"raised_on", "2/4/2025"}, {"owner", "Team lead"},
                                   {"due_on", "1/5/2025"}};
        auto second = first;
        second["action_ref"] = "A2";
        second["title"] = "Book the hall";
        second["about_kind"] = "recommendation";
        second["about"] = "kc-navigator";
        send(manager(), "/records/actions/new", first);
        send(manager(), "/records/actions/new", second);
        send(manager(), "/actions/A1", {{"words", "One is booked"}});
        send(manager(), "/actions/A2", {{"closing_evidence", "The booking"}});
    }

    static inline Scene* scene = nullptr;
};

}  // namespace

TEST_F(AuthorityPagesTest, Home) { expectGolden("home", "/"); }
TEST_F(AuthorityPagesTest, Recommendation) {
    expectGolden("recommendation", "/recommendations/kc-navigator");
}
TEST_F(AuthorityPagesTest, Services) { expectGolden("services", "/services"); }
TEST_F(AuthorityPagesTest, Service) { expectGolden("service", service("S1")); }
TEST_F(AuthorityPagesTest, Figure) { expectGolden("figure", service("S1") + "/measures/completers"); }
TEST_F(AuthorityPagesTest, Guide) { expectGolden("guide", "/guides/kinship-care"); }
TEST_F(AuthorityPagesTest, Quality) { expectGolden("quality", "/quality"); }
TEST_F(AuthorityPagesTest, Declarations) { expectGolden("declarations", "/declarations"); }
TEST_F(AuthorityPagesTest, Declaration) { expectGolden("declaration", "/declarations/kc-navigator"); }
TEST_F(AuthorityPagesTest, Actions) { expectGolden("actions", "/actions"); }
TEST_F(AuthorityPagesTest, Action) { expectGolden("action", "/actions/A1"); }
TEST_F(AuthorityPagesTest, Returns) { expectGolden("returns", "/returns"); }
TEST_F(AuthorityPagesTest, Return) { expectGolden("return", "/returns/2025-26-Q1"); }
TEST_F(AuthorityPagesTest, SignedReturn) { expectGolden("signed_return", "/returns/2024-25-Q4/versions/2"); }
TEST_F(AuthorityPagesTest, Counts) { expectGolden("counts", service("CO") + "/counts/2025-26-Q1"); }

TEST_F(AuthorityPagesTest, ServicesOfApproachesWithoutAGuideShowNoFigures) {
    const auto path = service("S5");
    EXPECT_TRUE(shown("service", path).at("figures").isNothing());
    EXPECT_TRUE(page(path).says("In use, not evidenced: no guide recommends this approach"));
    EXPECT_FALSE(page(path).hasTable("Adherence profile"));
}

TEST_F(AuthorityPagesTest, ReturnsThatAreSignedAreLocked) {
    const auto page = shown("return", "/returns/2024-25-Q4");
    EXPECT_THAT(page.at("lock").at("text").text(), HasSubstr(" signed it off on 12 July 2025 at "));
    EXPECT_EQ(page.at("versions").size(), 2U);
    EXPECT_EQ(page.at("sentText").text(), "");
    EXPECT_FALSE(page.at("mayFill").isTrue());
}

TEST_F(AuthorityPagesTest, SayWhatOthersDidAndWhatAVersionChanges) {
    EXPECT_TRUE(page("/").says("What others did since your last visit, 12 July 2025 at "));
    const auto guide = page("/guides/kinship-care");
    EXPECT_TRUE(guide.says("What changes from 2024-10 to 2025-10"));
    for (const auto* caption : {"Versions", "Changes", "Levels of your services", "To reassess"})
        EXPECT_TRUE(guide.hasTable(caption)) << caption;
    EXPECT_FALSE(guide.says("there is nothing to compare"));
}
