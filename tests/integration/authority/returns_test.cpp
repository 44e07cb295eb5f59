// Declarations, actions, findings, counts and the quarterly return, from a draft to a correction.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "returns/returns.h"
#include "support/doors.h"
#include "values/errors.h"

using identity::Role;
using platform::Account;
using platform::Response;
using platform::Transaction;
using returns::Returns;
using support::header;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

class ReturnsTest : public testing::Test {
protected:
    void SetUp() override {
        house.clock.advance(std::chrono::days(40));  // 12 July 2025: the first quarter of 2025-26 has ended
        house.loadCatalogue();
        house.import("intake", "E06000001");
        doors.add("manager@one.example", 805, Role::serviceManager);
        doors.add("director@one.example", 805, Role::director);
        doors.add("analyst@national.example", 0, Role::nationalAnalyst);
        manager = signIn("manager@one.example");
    }
    Response ask(const std::string& method, const std::string& place, const std::string& token,
                 values::Fields form = {}, const values::Fields& query = {}) {
        if (method == "POST") {
            form["submission"] = house.ids.next<Response>().text();
            form["form_token"] = identity::Sessions::formToken(token);
        }
        return doors.ask(identity::Door::authority, method, place, token, form, query);
    }
    std::string signIn(const std::string& email) { return doors.signIn(identity::Door::authority, email); }
    std::string value(const std::string& sql) {
        auto rows = house.superuser().ask(std::regex_replace(sql, std::regex("@"), house.name + "."));
        return rows.next() && !rows.isNull(0) ? rows.text(0) : "";
    }
    std::string serviceId(const std::string& reference) {
        return value("SELECT LOWER(HEX(id)) FROM @service WHERE authority_id = 805 AND reference = '" +
                     reference + "'");
    }

    TestHouse house;
    support::Doors doors{house};
    std::string manager;
    const std::string path = "/returns/2025-26-Q1";
};

}  // namespace

TEST_F(ReturnsTest, FreezesWhatTheRecordsSay) {
    EXPECT_THAT(ask("GET", path, manager).body, HasSubstr("Nothing stands in the way of signing it off."));
    EXPECT_EQ(ask("POST", path, manager, {{"comment", "A quiet quarter"}, {"then", "send"}}).status, 303);
    EXPECT_EQ(ask("POST", path + "/sign", manager).status, 403) << "a manager does not sign off";
    const auto director = signIn("director@one.example");
    EXPECT_THAT(ask("GET", "/", director).body, HasSubstr("Sign off the return for 2025-26 Q1"));
    EXPECT_EQ(ask("POST", path + "/sign", director).status, 303);
    EXPECT_EQ(value("SELECT CONCAT(state, ' ', version, ' ', signed_by) FROM @quarterly_return"),
              "signed 1 director@one.example");
    EXPECT_EQ(value("SELECT fingerprint = CONVERT(SHA2(content, 256) USING ascii) FROM @quarterly_return"),
              "1");
    const auto locked = ask("POST", path, manager, {{"comment", "Changed"}});
    EXPECT_EQ(locked.status, 409);
    EXPECT_THAT(locked.body, HasSubstr("is signed off, by director@one.example"));
    EXPECT_THAT(locked.body, HasSubstr("begin a correction"));
    EXPECT_THAT(ask("GET", path, manager).body, HasSubstr("This return is locked"));
}

TEST_F(ReturnsTest, IsCorrectedByANewVersionWithItsReasonAndDifferences) {
    const std::string first = path;
    ask("POST", first, manager, {{"comment", "First"}});
    auto director = signIn("director@one.example");
    ASSERT_EQ(ask("POST", first + "/sign", director).status, 303);
    const auto before = value("SELECT content FROM @quarterly_return WHERE version = 1");
    // A record of the quarter changes after the sign-off.
    house.as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        auto keeper = house.keeper();
        const auto& episodes = keeper.type(delivery::RecordKind::episode);
        values::Fields form{{"episode_ref", "LATE"}, {"service_ref", "S1"}, {"child_ref", "LATE"},
                            {"age_band", "5-9"},     {"sex", "female"},     {"ethnic_group", "White"},
                            {"disabled", "no"},      {"need", "behaviour"}, {"referred_on", "2025-05-03"}};
        keeper.save(tx, house.authorityId(805), episodes, {form});
    });
    house.compute();
    EXPECT_EQ(value("SELECT content FROM @quarterly_return WHERE version = 1"), before)
        << "what was signed stays";
    EXPECT_EQ(ask("POST", first + "/correct", director, {{"reason", ""}}).status, 422);
    EXPECT_EQ(ask("POST", first + "/correct", director, {{"reason", "A late referral"}}).status, 303);
    ASSERT_EQ(ask("POST", first + "/sign", director).status, 303);
    const auto page = ask("GET", first + "/versions/2", director).body;
    EXPECT_THAT(page, HasSubstr("A late referral"));
    EXPECT_THAT(page, HasSubstr("S1, referred"));
    EXPECT_EQ(value("SELECT COUNT(*) FROM @quarterly_return"), "2") << "this quarter alone";
}

TEST_F(ReturnsTest, NamesWhatBlocksIt) {
    const auto director = signIn("director@one.example");
    const auto future = ask("POST", "/returns/2025-26-Q2/sign", director);
    EXPECT_EQ(future.status, 409);
    EXPECT_THAT(future.body, HasSubstr("The quarter is not over"));
    // A session after its episode's end is impossible: two files can bring it, though no form lets it
    // through.
    const auto episode = value(
        "SELECT LOWER(HEX(episode.id)) FROM @episode JOIN @session s ON s.episode_id = episode.id WHERE "
        "episode.ended_on BETWEEN '2025-04-01' AND '2025-06-30' LIMIT 1");
    ASSERT_FALSE(episode.empty());
    house.superuser().execute("UPDATE " + house.name +
                              ".session SET held_on = '2025-08-30' WHERE episode_id = UNHEX('" + episode +
                              "') LIMIT 1");
    house.superuser().execute(
        "INSERT INTO " + house.name + ".touched (service_id) SELECT service_id FROM " + house.name +
        ".episode WHERE id = UNHEX('" + episode +
        "') ON DUPLICATE KEY UPDATE generation = generation + 1, has_new_records = TRUE");
    house.compute();
    const auto blocked = ask("POST", path + "/sign", director);
    EXPECT_EQ(blocked.status, 409);
    EXPECT_THAT(blocked.body, HasSubstr("what cannot be"));
    EXPECT_THAT(ask("GET", path, manager).body, HasSubstr("Sessions after the episode’s end"));
    EXPECT_THAT(ask("GET", "/", manager).body, HasSubstr("1 record says what cannot be"));
}

TEST_F(ReturnsTest, AcceptsAFindingForAReasonUntilThereAreMore) {
    house.superuser().execute("UPDATE " + house.name +
                              ".service SET capacity_per_year = NULL WHERE reference = 'S1'");
    house.superuser().execute(
        "INSERT INTO " + house.name + ".touched (service_id) SELECT id FROM " + house.name +
        ".service ON DUPLICATE KEY UPDATE generation = generation + 1, has_new_records = TRUE");
    house.compute();
    EXPECT_THAT(ask("GET", "/quality", manager, {}, {{"quarter", "2025-26-Q1"}}).body,
                HasSubstr("Running without a stated capacity"));
    EXPECT_EQ(
        ask("POST", path, manager, {{"comment", ""}, {"reason.dq_no_capacity.S1", "No limit is set"}}).status,
        303);
    EXPECT_EQ(value("SELECT CONCAT(rule, ' ', findings, ' ', reason) FROM @accepted_finding"),
              "dq_no_capacity 1 No limit is set");
    EXPECT_THAT(ask("GET", path, manager).body, HasSubstr("value=\"No limit is set\""));
    EXPECT_THAT(ask("GET", "/quality", manager, {}, {{"quarter", "2025-26-Q1"}}).body,
                HasSubstr("Accepted: No limit is set"));
    // A quarter later it is offered again, to confirm.
    EXPECT_THAT(ask("GET", "/returns/2025-26-Q2", manager).body, HasSubstr("value=\"No limit is set\""));
}

TEST_F(ReturnsTest, CountsWhatItTakes) {
    ask("GET", path, manager);
    ask("POST", path, manager, {{"comment", "x"}, {"effort_interactions", "4"}, {"effort_seconds", "90"}});
    EXPECT_EQ(value("SELECT CONCAT(SUM(interactions), ' ', SUM(seconds)) FROM @return_effort"), "6 90");
    EXPECT_THAT(ask("GET", path, manager).body, HasSubstr("interactions and 2 minutes so far"));
    const auto analyst = doors.signIn(identity::Door::national, "analyst@national.example");
    const auto burden = doors.ask(identity::Door::national, "GET", "/burden", analyst);
    EXPECT_EQ(burden.status, 200);
    EXPECT_THAT(burden.body, HasSubstr("too few to show")) << "one authority alone is no distribution";
    for (int authority : {801, 802, 803, 806, 807})
        house.superuser().execute("INSERT INTO " + house.name +
                                  ".return_effort VALUES (UNHEX(MD5(RAND())), " + std::to_string(authority) +
                                  ", " + std::to_string(values::Quarter::parse("2025-26 Q1")->index()) +
                                  ", '2025-06-01', 20, 600)");
    EXPECT_THAT(doors.ask(identity::Door::national, "GET", "/burden", analyst).body,
                HasSubstr("<td class=\"govuk-table__cell govuk-table__cell--numeric\">10</td>"));
}

TEST_F(ReturnsTest, TakesCountsAloneOfAnAuthorityWithoutRecords) {
    ASSERT_EQ(ask("POST", "/records/services/new", manager,
                  {{"service_ref", "CO"},
                   {"intervention", value("SELECT intervention FROM @service WHERE reference = 'S1'")},
                   {"name", "Counted"},
                   {"stage", "full"},
                   {"started_on", "1/1/2024"},
                   {"capacity_per_year", "40"},
                   {"kept_as", "counts"}})
                  .status,
              303);
    house.compute();
    EXPECT_THAT(ask("GET", path, manager).body,
                HasSubstr("Counted gives counts alone, and has none for this quarter."));
    const auto counts = "/services/" + serviceId("CO") + "/counts/2025-26-Q1";
    values::Fields form{{"referred", "12"}, {"offered", "10"}, {"accepted", "9"},
                        {"started", "8"},   {"ended", "5"},    {"completed", "x"}};
    EXPECT_EQ(ask("POST", counts, manager, form).status, 422);
    form["completed"] = "4";
    EXPECT_EQ(ask("POST", counts, manager, form).status, 303);
    house.compute();
    EXPECT_THAT(ask("GET", path, manager).body, Not(HasSubstr("has none for this quarter")));
    const auto page =
        ask("GET", "/services/" + serviceId("CO"), manager, {}, {{"quarter", "2025-26-Q1"}}).body;
    EXPECT_THAT(page, HasSubstr("Counts alone are kept of this service"));
    EXPECT_THAT(page, HasSubstr(">12<"));
    house.as(Account::authority).read([&](Transaction& tx) {
        const auto report = results::reportOf(tx, house.catalogues, house.authorityId(805),
                                              *values::Quarter::parse("2025-26 Q1"));
        for (const auto& one : report.services)
            if (one.service.reference == "CO") {
                EXPECT_EQ(one.figures.at("referred").parts.proportion.numerator, 12);
                EXPECT_FALSE(one.figures.contains("dose")) << "what needs records has none";
            }
    });
    EXPECT_EQ(ask("GET", "/services/" + serviceId("S1") + "/counts/2025-26-Q1", manager).status, 409)
        << "where records are kept, they count";
}

TEST_F(ReturnsTest, StandBesideDeclarationsAndTheYearlyConfirmation) {
    EXPECT_EQ(ask("POST", "/declarations/kc-navigator", manager, {{"status", "planned"}}).status, 422)
        << "by when?";
    EXPECT_EQ(
        ask("POST", "/declarations/kc-navigator", manager,
            {{"status", "not adopted"}, {"reason", "We run another one"}, {"evidence", "Minutes of May"}})
            .status,
        303);
    EXPECT_THAT(ask("GET", "/declarations", manager).body,
                HasSubstr("Declared as not adopted; services that it names are running."));
    house.superuser().execute("UPDATE " + house.name + ".declaration SET declared_on = '2024-05-01'");
    const auto home = ask("GET", "/", manager).body;
    EXPECT_THAT(home, HasSubstr("1 declaration waits to be confirmed for this year"));
    EXPECT_EQ(ask("POST", "/declarations/kc-navigator/confirm", manager).status, 303);
    EXPECT_EQ(value("SELECT COUNT(*) FROM @declaration WHERE declared_on = '2025-07-12' AND reason = 'We run "
                    "another one'"),
              "1");
    EXPECT_THAT(ask("GET", "/", manager).body, Not(HasSubstr("waits to be confirmed")));
}

TEST_F(ReturnsTest, LeadToActionsThatAreFollowedToTheirEnd) {
    ASSERT_EQ(ask("POST", "/records/actions/new", manager,
                  {{"action_ref", "A1"},
                   {"title", "Train two more"},
                   {"about_kind", "service"},
                   {"about", "S1"},
                   {"raised_on", "2/4/2025"},
                   {"owner", "Team lead"},
                   {"due_on", "1/5/2025"}})
                  .status,
              303);
    EXPECT_THAT(ask("GET", "/", manager).body, HasSubstr("1 action is overdue"));
    EXPECT_EQ(ask("POST", "/actions/A1", manager, {{"words", ""}}).status, 422);
    EXPECT_EQ(ask("POST", "/actions/A1", manager, {{"words", "One is booked"}}).status, 303);
    EXPECT_THAT(ask("GET", "/actions/A1", manager).body, HasSubstr("One is booked"));
    EXPECT_EQ(ask("POST", "/actions/A1", manager, {{"closing_evidence", "Both certificates"}}).status, 303);
    EXPECT_THAT(ask("GET", "/", manager).body, Not(HasSubstr("overdue")));
    EXPECT_THAT(ask("GET", "/services/" + serviceId("S1"), manager, {}, {{"quarter", "2025-26-Q1"}}).body,
                HasSubstr("done: Train two more"))
        << "it is marked on the trend";
}

TEST_F(ReturnsTest, AreSeenBySharersOfAServiceOnlyAsItsName) {
    EXPECT_EQ(ask("POST", "/records/service_partners/new", manager,
                  {{"service_ref", "S1"}, {"partner", "E06000002"}, {"share", "30"}})
                  .status,
              303);
    doors.add("manager@two.example", 806, Role::serviceManager);
    const auto neighbour = signIn("manager@two.example");
    EXPECT_THAT(ask("GET", "/services", neighbour).body, HasSubstr("30% of the places are yours"));
    EXPECT_EQ(ask("GET", "/services/" + serviceId("S1"), neighbour).status, 404);
}
