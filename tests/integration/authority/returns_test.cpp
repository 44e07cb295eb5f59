// Declarations, actions, findings, counts and the quarterly return, from a draft to a correction.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "returns/returns.h"
#include "support/scene.h"

using delivery::RecordKind;
using identity::Role;
using platform::Account;
using platform::Transaction;
using returns::Returns;
using support::Page;
using support::Visitor;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using values::Quarter;

namespace {

class ReturnsTest : public testing::Test {
protected:
    /// Signs in after the quarter's end: a session does not outlive forty days.
    Visitor managerOfTheDay() {
        scene.letTheQuarterEnd();
        return scene.manager();
    }
    /// One record, as a case system sends it, and the figures that follow.
    void save(RecordKind kind, const values::Fields& given) {
        scene.house.save(kind, given);
        scene.house.compute();
    }
    /// What a return of these authorities took so far, by their three digits.
    void take(const std::vector<std::pair<int, returns::Effort>>& efforts) {
        scene.house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
            for (const auto& [authority, effort] : efforts)
                Returns::noteEffort(tx, scene.house.ids, scene.house.authorityId(authority), quarter, effort);
            tx.audit("effort noted", quarter.name());
        });
    }
    /// Episodes of S1 in tests/data that were referred in the quarter.
    static int referred() {
        std::ifstream file(support::source("tests/data/intake/episodes.csv"));
        int count = 0;
        for (std::string line; std::getline(file, line);) {
            std::istringstream row(line);
            std::vector<std::string> cells;
            for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
            if (cells.at(1) == "S1" && cells.at(8) >= "2025-04-01" && cells.at(8) <= "2025-06-30") ++count;
        }
        return count;
    }
    std::string servicePath(const std::string& reference) {
        return "/services/" + scene.serviceId(reference);
    }

    support::Scene scene{support::Begins::delivered};
    const Quarter quarter = *Quarter::parse("2025-26 Q1");
    const std::string path = "/returns/2025-26-Q1";
    const values::Fields ofTheQuarter{{"quarter", "2025-26-Q1"}};
    const Visitor manager = managerOfTheDay();
};

}  // namespace

TEST_F(ReturnsTest, FreezesWhatTheRecordsSay) {
    EXPECT_TRUE(manager.get(path).says("Nothing stands in the way of signing it off."));
    EXPECT_EQ(manager.post(path, {{"comment", "A quiet quarter"}, {"then", "send"}}).status(), 303);
    EXPECT_EQ(manager.post(path + "/sign").status(), 403) << "a manager does not sign off";
    const auto director = scene.director();
    EXPECT_EQ(director.get("/").link("Sign off the return for 2025-26 Q1"), path);
    EXPECT_EQ(director.post(path + "/sign").status(), 303);
    EXPECT_EQ(scene.value("SELECT CONCAT(state, ' ', version, ' ', signed_by) FROM @quarterly_return"),
              "signed 1 " + director.person().email);
    EXPECT_EQ(
        scene.value("SELECT fingerprint = CONVERT(SHA2(content, 256) USING ascii) FROM @quarterly_return"),
        "1");
    const auto locked = manager.post(path, {{"comment", "Changed"}});
    EXPECT_EQ(locked.status(), 409);
    EXPECT_TRUE(locked.says("is signed off, by " + director.person().email));
    EXPECT_TRUE(locked.says("begin a correction"));
    EXPECT_TRUE(manager.get(path).says("This return is locked"));
}

TEST_F(ReturnsTest, IsCorrectedByANewVersionWithItsReasonAndDifferences) {
    manager.post(path, {{"comment", "First"}});
    const auto director = scene.director();
    ASSERT_EQ(director.post(path + "/sign").status(), 303);
    const auto signedFirst = [&] {
        return scene.value("SELECT content FROM @quarterly_return WHERE version = 1");
    };
    const auto before = signedFirst();
    save(RecordKind::episode, support::referral("LATE", "2025-05-03"));
    EXPECT_EQ(signedFirst(), before) << "what was signed stays";
    EXPECT_EQ(director.post(path + "/correct", {{"reason", ""}}).status(), 422);
    EXPECT_EQ(director.post(path + "/correct", {{"reason", "A late referral"}}).status(), 303);
    ASSERT_EQ(director.post(path + "/sign").status(), 303);
    const auto page = director.get(path + "/versions/2");
    EXPECT_TRUE(page.says("Why it was corrected: A late referral"));
    EXPECT_THAT(page.row("S1, referred", "What differs from version 1"),
                ElementsAre(std::to_string(referred()), std::to_string(referred() + 1)));
    EXPECT_EQ(scene.value("SELECT COUNT(*) FROM @quarterly_return"), "2") << "this quarter alone";
}

TEST_F(ReturnsTest, NamesWhatBlocksIt) {
    const auto director = scene.director();
    const auto future = director.post("/returns/2025-26-Q2/sign");
    EXPECT_EQ(future.status(), 409);
    EXPECT_TRUE(future.says("The quarter is not over"));
    // A session after its episode's end, which was on 27 June.
    save(RecordKind::session, {{"session_ref", "S1-E01-08"}, {"held_on", "2025-08-30"}});
    const auto blocked = director.post(path + "/sign");
    EXPECT_EQ(blocked.status(), 409);
    EXPECT_TRUE(blocked.says("what cannot be"));
    EXPECT_TRUE(manager.get(path).says("Sessions after the episode’s end"));
    EXPECT_TRUE(manager.get("/").hasLink("1 record says what cannot be"));
}

TEST_F(ReturnsTest, AcceptsAFindingForAReasonUntilThereAreMore) {
    save(RecordKind::service, {{"service_ref", "S1"}, {"capacity_per_year", ""}});
    const auto reason = "reason.dq_no_capacity.S1";
    EXPECT_TRUE(manager.get("/quality", ofTheQuarter).says("Running without a stated capacity"));
    EXPECT_EQ(manager.post(path, {{"comment", ""}, {reason, "No limit is set"}}).status(), 303);
    EXPECT_EQ(scene.value("SELECT CONCAT(rule, ' ', findings, ' ', reason) FROM @accepted_finding"),
              "dq_no_capacity 1 No limit is set");
    EXPECT_EQ(manager.get(path).field(reason), "No limit is set");
    EXPECT_TRUE(manager.get("/quality", ofTheQuarter).says("Accepted: No limit is set"));
    EXPECT_EQ(manager.get("/returns/2025-26-Q2").field(reason), "No limit is set")
        << "a quarter later it is offered again, to confirm";
}

TEST_F(ReturnsTest, CountsWhatItTakes) {
    manager.get(path);
    manager.post(path, {{"comment", "x"}, {"effort_interactions", "4"}, {"effort_seconds", "90"}});
    EXPECT_TRUE(manager.get(path).says("This return has taken 6 interactions and 2 minutes so far."))
        << "opening and sending it count as well";
    const auto spread = [&](const std::string& what) {
        return scene.analyst().get("/burden").row("2025-26 Q1", what + " that a return takes");
    };
    // Counted by authority, however many steps each took. Fewer than five could be told from each other.
    take({{801, {10, 300}}, {801, {10, 300}}, {802, {30, 1200}}, {803, {40, 2400}}});
    EXPECT_THAT(spread("Minutes"), ElementsAre("4", "too few to show", "–", "–"));
    take({{806, {50, 3600}}});
    // 1½, 10, 20, 40 and 60; of five, nine in ten lie three fifths of the way from the fourth to the last.
    EXPECT_THAT(spread("Minutes"), ElementsAre("5", "20", "10 to 40", "52"));
    EXPECT_THAT(spread("Interactions"), ElementsAre("5", "30", "20 to 40", "46"));
}

TEST_F(ReturnsTest, TakesCountsAloneOfAnAuthorityWithoutRecords) {
    const auto isAdded = [&](const std::string& reference, const std::string& name,
                             const std::string& stage) {
        const values::Fields form{
            {"service_ref", reference},
            {"intervention", scene.value("SELECT intervention FROM @service WHERE reference = 'S1'")},
            {"name", name},
            {"stage", stage},
            {"started_on", "1/1/2024"},
            {"capacity_per_year", "40"},
            {"kept_as", "counts"}};
        return manager.post("/records/services/new", form).status() == 303;
    };
    ASSERT_TRUE(isAdded("CO", "Counted", "full"));
    ASSERT_TRUE(isAdded("CP", "Prepared", "installation"));
    scene.house.compute();
    const auto missing = "Counted gives counts alone, and has none for this quarter.";
    EXPECT_TRUE(manager.get(path).says(missing));
    EXPECT_FALSE(manager.get(path).says("Prepared gives counts alone")) << "it delivers nothing yet";
    const auto counts = servicePath("CO") + "/counts/2025-26-Q1";
    values::Fields form{{"referred", "12"}, {"offered", "10"}, {"accepted", "9"},
                        {"started", "8"},   {"ended", "5"},    {"completed", "x"}};
    EXPECT_EQ(manager.post(counts, form).status(), 422);
    form["completed"] = "4";
    EXPECT_EQ(manager.post(counts, form).status(), 303);
    scene.house.compute();
    EXPECT_FALSE(manager.get(path).says(missing));
    const auto page = manager.get(servicePath("CO"), ofTheQuarter);
    EXPECT_TRUE(page.says("Counts alone are kept of this service"));
    EXPECT_EQ(page.row("Referred", "All figures of the quarter").front(), "12");
    EXPECT_EQ(page.row("Ended", "All figures of the quarter").front(), "5");
    scene.house.as(Account::authority).read([&](Transaction& tx) {
        const auto report =
            results::reportOf(tx, scene.house.catalogues, scene.house.authorityId(805), quarter);
        const auto counted =
            std::ranges::find(report.services, "CO", [](const auto& one) { return one.service.reference; });
        ASSERT_NE(counted, report.services.end());
        EXPECT_FALSE(counted->figures.contains("dose")) << "what needs records has none";
    });
    EXPECT_EQ(manager.get(servicePath("S1") + "/counts/2025-26-Q1").status(), 409)
        << "where records are kept, they count";
}

TEST_F(ReturnsTest, StandBesideDeclarationsAndTheYearlyConfirmation) {
    const auto declaration = "/declarations/kc-navigator";
    EXPECT_EQ(manager.post(declaration, {{"status", "planned"}}).status(), 422) << "by when?";
    EXPECT_EQ(manager
                  .post(declaration, {{"status", "not adopted"},
                                      {"reason", "We run another one"},
                                      {"evidence", "Minutes of May"}})
                  .status(),
              303);
    EXPECT_TRUE(
        manager.get("/declarations").says("Declared as not adopted; services that it names are running."));
    scene.sql("UPDATE @declaration SET declared_on = '2024-05-01'");
    const auto waiting = "1 declaration waits to be confirmed for this year";
    EXPECT_TRUE(manager.get("/").hasLink(waiting));
    EXPECT_EQ(manager.post(declaration + std::string("/confirm")).status(), 303);
    EXPECT_EQ(scene.value("SELECT COUNT(*) FROM @declaration WHERE declared_on = '2025-07-12' AND reason = "
                          "'We run another one'"),
              "1");
    EXPECT_FALSE(manager.get("/").hasLink(waiting));
}

TEST_F(ReturnsTest, StandBesideDeclarationsOfDaysAsPeopleWriteThem) {
    const auto plannedBy = [&](const std::string& day) {
        return manager.post("/declarations/kc-parenting", {{"status", "planned"}, {"planned_by", day}});
    };
    EXPECT_EQ(plannedBy("31/2/2026").errorAt("planned_by"), "Use a real date, like 30/06/2025.");
    EXPECT_EQ(plannedBy("1/9/2025").status(), 303) << "as the form's example writes it";
    EXPECT_EQ(scene.value("SELECT planned_by FROM @declaration WHERE recommendation = 'kc-parenting'"),
              "2025-09-01");
}

TEST_F(ReturnsTest, LeadToActionsThatAreFollowedToTheirEnd) {
    ASSERT_EQ(manager
                  .post("/records/actions/new", {{"action_ref", "A1"},
                                                 {"title", "Train two more"},
                                                 {"about_kind", "service"},
                                                 {"about", "S1"},
                                                 {"raised_on", "2/4/2025"},
                                                 {"owner", "Team lead"},
                                                 {"due_on", "1/5/2025"}})
                  .status(),
              303);
    EXPECT_TRUE(manager.get("/").hasLink("1 action is overdue"));
    EXPECT_EQ(manager.post("/actions/A1", {{"words", ""}}).status(), 422);
    EXPECT_EQ(manager.post("/actions/A1", {{"words", "One is booked"}}).status(), 303);
    EXPECT_THAT(manager.get("/actions/A1").items(), testing::Contains(HasSubstr("One is booked")));
    EXPECT_EQ(manager.post("/actions/A1", {{"closing_evidence", "Both certificates"}}).status(), 303);
    EXPECT_FALSE(manager.get("/").says("overdue"));
    EXPECT_THAT(manager.get(servicePath("S1"), ofTheQuarter).html(), HasSubstr("done: Train two more"))
        << "it is marked on the trend";
}

TEST_F(ReturnsTest, AreSeenBySharersOfAServiceOnlyAsItsName) {
    EXPECT_EQ(manager
                  .post("/records/service_partners/new",
                        {{"service_ref", "S1"}, {"partner", "E06000002"}, {"share", "30"}})
                  .status(),
              303);
    const auto neighbour = scene.manager(806);
    EXPECT_TRUE(neighbour.get("/services").says("30% of the places are yours"));
    EXPECT_EQ(neighbour.get(servicePath("S1")).status(), 404);
}
