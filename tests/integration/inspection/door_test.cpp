// The inspectors' door by requests, in process, and what the authority sees of it.

#include "inspection/door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "inspections/samples.h"
#include "support/doors.h"
#include "values/errors.h"

using identity::Door;
using identity::Role;
using platform::Account;
using platform::Response;
using platform::Transaction;
using support::header;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

class InspectionTest : public testing::Test {
protected:
    void SetUp() override {
        doors.add("inspector@inspectorate.example", 0, Role::inspector);
        doors.add("other@inspectorate.example", 0, Role::inspector);
        doors.add("administrator@inspectorate.example", 0, Role::inspectorateAdministrator);
        doors.add("manager@one.example", 805, Role::serviceManager);
        doors.add("director@one.example", 805, Role::director);
        doors.add("manager@two.example", 806, Role::serviceManager);
        administrator = doors.signIn(Door::inspection, "administrator@inspectorate.example");
        manager = doors.signIn(Door::authority, "manager@one.example");
    }
    Response ask(Door door, const std::string& method, const std::string& place, const std::string& token,
                 values::Fields form = {}, const values::Fields& query = {}) {
        if (method == "POST") {
            form["submission"] = house.ids.next<Response>().text();
            form["form_token"] = identity::Sessions::formToken(token);
        }
        return doors.ask(door, method, place, token, form, query);
    }
    std::string inspector() {
        if (inspector_.empty()) inspector_ = doors.signIn(Door::inspection, "inspector@inspectorate.example");
        return inspector_;
    }
    std::string value(const std::string& sql) {
        auto rows = house.superuser().ask(std::regex_replace(sql, std::regex("@"), house.name + "."));
        return rows.next() && !rows.isNull(0) ? rows.text(0) : "";
    }
    /// An inspection that the administrator opened, with the inspector in its team; gives its id.
    std::string openInspection(const std::string& opens = "1/6/2025",
                               const std::string& closes = "30/6/2025") {
        const auto opened = ask(Door::inspection, "POST", "/administration/new", administrator,
                                {{"authority", "E06000001"},
                                 {"kind", "short"},
                                 {"scope", "Kinship"},
                                 {"from", "2024-25 Q2"},
                                 {"to", "2025-26 Q1"},
                                 {"opens_on", opens},
                                 {"closes_on", closes}});
        EXPECT_EQ(opened.status, 303) << opened.body;
        const auto id = header(opened, "Location").substr(std::string("/administration/").size());
        const auto person =
            value("SELECT LOWER(HEX(id)) FROM @person WHERE email LIKE 'inspector_inspectorate%'");
        EXPECT_EQ(ask(Door::inspection, "POST", "/administration/" + id + "/members", administrator,
                      {{"person", person}})
                      .status,
                  303);
        return id;
    }
    /// The address of a report that was asked for, and made by a worker.
    std::string makeReport(const std::string& inspection, const std::string& knownOn = "") {
        const auto asked =
            ask(Door::inspection, "POST", "/inspections/" + inspection + "/reports", inspector(),
                {{"from", "2024-25 Q2"}, {"to", "2025-26 Q1"}, {"known_on", knownOn}});
        EXPECT_EQ(asked.status, 303) << asked.body;
        while (adherence::Reports::work(house.as(Account::work), house.catalogues)) {
        }
        return header(asked, "Location");
    }

    TestHouse house{support::Begins::delivered};
    support::Doors doors{house};
    std::string administrator;
    std::string manager;
    std::string inspector_;
};

}  // namespace

TEST_F(InspectionTest, OpensByItsTeamAndItsDaysAlone) {
    const auto id = openInspection();
    const auto place = "/inspections/" + id;
    EXPECT_EQ(ask(Door::inspection, "GET", place, inspector()).status, 200);
    EXPECT_THAT(ask(Door::inspection, "GET", "/inspections", inspector()).body,
                HasSubstr("Open until 30 June 2025"));
    // Nobody else: not a colleague, not the administrator who opened it.
    const auto other = doors.signIn(Door::inspection, "other@inspectorate.example");
    EXPECT_EQ(ask(Door::inspection, "GET", place, other).status, 404);
    EXPECT_EQ(ask(Door::inspection, "GET", place, administrator).status, 403);
    // Before it opens, after it closes, and once access is taken back.
    const auto later = openInspection("10/6/2025", "12/6/2025");
    EXPECT_EQ(ask(Door::inspection, "GET", "/inspections/" + later, inspector()).status, 403);
    EXPECT_THAT(ask(Door::inspection, "GET", "/inspections", inspector()).body,
                HasSubstr("Opens on 10 June 2025"));
    const auto director = doors.signIn(Door::authority, "director@one.example");
    EXPECT_EQ(ask(Door::authority, "POST", "/inspections/" + id + "/end", manager).status, 403);
    EXPECT_EQ(ask(Door::authority, "POST", "/inspections/" + id + "/end", director).status, 303);
    const auto ended = ask(Door::inspection, "GET", place, inspector());
    EXPECT_EQ(ended.status, 403);
    EXPECT_THAT(ended.body, HasSubstr("ended by director@one.example"));
    house.clock.advance(std::chrono::days(30));
    inspector_.clear();
    EXPECT_EQ(ask(Door::inspection, "GET", "/inspections/" + later, inspector()).status, 403);
}

TEST_F(InspectionTest, CanBeGrantedByTheAuthority) {
    const auto director = doors.signIn(Door::authority, "director@one.example");
    EXPECT_EQ(ask(Door::authority, "GET", "/inspections/new", manager).status, 403);
    const auto wrong = ask(Door::authority, "POST", "/inspections/new", director,
                           {{"kind", "grading"},
                            {"from", "2024-25 Q2"},
                            {"to", "2025-26 Q1"},
                            {"opens_on", "1/6/2025"},
                            {"closes_on", ""}});
    EXPECT_EQ(wrong.status, 422);
    const auto backwards = ask(Door::authority, "POST", "/inspections/new", director,
                               {{"kind", "annual engagement"},
                                {"from", "2024-25 Q2"},
                                {"to", "2025-26 Q1"},
                                {"opens_on", "5/6/2025"},
                                {"closes_on", "4/6/2025"}});
    EXPECT_EQ(backwards.status, 422);
    EXPECT_THAT(backwards.body, HasSubstr("Choose a last day that is not before the first."));
    EXPECT_EQ(value("SELECT COUNT(*) FROM @inspection"), "0");
    const auto granted = ask(Door::authority, "POST", "/inspections/new", director,
                             {{"kind", "annual engagement"},
                              {"scope", ""},
                              {"from", "2024-25 Q2"},
                              {"to", "2025-26 Q1"},
                              {"opens_on", "1/6/2025"},
                              {"closes_on", "30/6/2025"}});
    ASSERT_EQ(granted.status, 303) << granted.body;
    EXPECT_EQ(value("SELECT CONCAT(granted_from, ' ', granted_by) FROM @inspection"),
              "authority director@one.example");
    // The inspectorate names who comes; until then nobody can look.
    EXPECT_THAT(ask(Door::inspection, "GET", "/administration", administrator).body,
                HasSubstr("0 inspectors"));
}

TEST_F(InspectionTest, ShowsAReportAndNotesEveryLookForTheAuthority) {
    const auto id = openInspection();
    const auto place = "/inspections/" + id;
    const auto asked = ask(Door::inspection, "POST", place + "/reports", inspector(),
                           {{"from", "2024-25 Q2"}, {"to", "2025-26 Q1"}, {"known_on", ""}});
    ASSERT_EQ(asked.status, 303);
    const auto report = header(asked, "Location");
    EXPECT_THAT(ask(Door::inspection, "GET", report, inspector()).body,
                HasSubstr("The report is being made"));
    ASSERT_TRUE(adherence::Reports::work(house.as(Account::work), house.catalogues));
    const auto page = ask(Door::inspection, "GET", report, inspector());
    ASSERT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("Hartlepool: how help is delivered"));
    EXPECT_THAT(page.body, HasSubstr("Of 3 recommendations in national Practice Guides"));
    EXPECT_THAT(page.body, HasSubstr("What we do not know"));
    EXPECT_THAT(page.body, HasSubstr("Today can still change"));
    EXPECT_THAT(page.body, HasSubstr(report + "/print.css"));
    const auto sheet = ask(Door::inspection, "GET", report + "/print.css", inspector());
    EXPECT_THAT(sheet.body, HasSubstr("counter(page)"));
    EXPECT_THAT(sheet.body, HasSubstr("Plumbline: Hartlepool, 2024-25 Q2 to 2025-26 Q1"));
    const auto service = ask(Door::inspection, "GET", report + "/services/S1", inspector());
    EXPECT_THAT(service.body, HasSubstr("Counts alone: no record of a child can be seen here."));
    const auto measure = ask(Door::inspection, "GET", report + "/services/S1/measures/fidelity", inspector());
    EXPECT_THAT(measure.body, HasSubstr("How the records fall by condition"));
    EXPECT_EQ(ask(Door::inspection, "GET", report + "/services/S9", inspector()).status, 404);
    EXPECT_EQ(ask(Door::inspection, "GET", report + "/services/S1/measures/none", inspector()).status, 404);
    const auto data = ask(Door::inspection, "GET", report + "/data.csv", inspector());
    EXPECT_EQ(data.type, "text/csv; charset=utf-8");
    EXPECT_EQ(ask(Door::inspection, "GET", report + "/data.csv", inspector()).body, data.body);
    EXPECT_EQ(ask(Door::inspection, "GET", report + "/data.xlsx", inspector()).body.substr(0, 2), "PK");
    // A report of another inspection is not found here.
    const auto other = openInspection();
    EXPECT_EQ(ask(Door::inspection, "GET", "/inspections/" + other + report.substr(place.size()), inspector())
                  .status,
              404);

    const auto seen = ask(Door::authority, "GET", place, manager).body;
    EXPECT_THAT(seen, HasSubstr("inspector@inspectorate.example"));
    EXPECT_THAT(seen, HasSubstr("service S1, fidelity"));
    EXPECT_THAT(seen, HasSubstr("as CSV"));
    const auto stranger = doors.signIn(Door::authority, "manager@two.example");
    EXPECT_EQ(ask(Door::authority, "GET", place, stranger).status, 404);
    // The authority reads the same report.
    EXPECT_THAT(ask(Door::authority, "GET", report, manager).body,
                HasSubstr("Hartlepool: how help is delivered"));
}

TEST_F(InspectionTest, RefusesAReportThatCannotBe) {
    const auto place = "/inspections/" + openInspection() + "/reports";
    const auto asked = [&](const std::string& from, const std::string& to, const std::string& day) {
        return ask(Door::inspection, "POST", place, inspector(),
                   {{"from", from}, {"to", to}, {"known_on", day}});
    };
    EXPECT_EQ(asked("2025-26 Q1", "2024-25 Q2", "").status, 422);
    EXPECT_EQ(asked("2024-25 Q2", "2025-26 Q1", "31/2/2025").status, 422);
    const auto today = asked("2024-25 Q2", "2025-26 Q1", "2/6/2025");
    EXPECT_EQ(today.status, 422);
    EXPECT_THAT(today.body, HasSubstr("Choose a day that is over: today can still change."));
    EXPECT_EQ(value("SELECT COUNT(*) FROM @adherence_report"), "0");
}

/// A report that an inspection was given stays; what is corrected later shows as a difference.
TEST_F(InspectionTest, KeepsWhatItWasGivenAndShowsLaterCorrections) {
    const auto id = openInspection();
    const auto first = makeReport(id);
    const auto fingerprint = value("SELECT fingerprint FROM @adherence_report");
    house.superuser().execute("UPDATE " + house.name +
                              ".session SET status = 'missed' WHERE authority_id = 805");
    const auto second = makeReport(id);
    EXPECT_EQ(value("SELECT fingerprint FROM @adherence_report ORDER BY id LIMIT 1"), fingerprint);
    const auto idOf = [](const std::string& address) { return address.substr(address.rfind('/') + 1); };
    const auto page = ask(Door::inspection, "GET", "/inspections/" + id + "/differences", inspector(), {},
                          {{"before", idOf(first)}, {"after", idOf(second)}});
    EXPECT_THAT(page.body, HasSubstr("Sessions attended, of those expected"));
    EXPECT_THAT(ask(Door::inspection, "GET", "/inspections/" + id + "/differences", inspector(), {},
                    {{"before", idOf(first)}, {"after", idOf(first)}})
                    .body,
                HasSubstr("No level and no figure differs."));
}

TEST_F(InspectionTest, KeepsNotesFromTheAuthorityAndRequestsForIt) {
    const auto id = openInspection();
    const auto place = "/inspections/" + id;
    const std::string secret = "Their fidelity reviews look copied";
    EXPECT_EQ(
        ask(Door::inspection, "POST", place + "/notes", inspector(), {{"words", ""}, {"about", ""}}).status,
        422);
    EXPECT_EQ(
        ask(Door::inspection, "POST", place + "/notes", inspector(), {{"words", secret}, {"about", "LE3"}})
            .status,
        303);
    EXPECT_THAT(ask(Door::inspection, "GET", place + "/notes", inspector()).body, HasSubstr(secret));
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/requests", inspector(),
                  {{"words", "The minutes of supervision"}, {"about", "LE4"}, {"due_on", "20/6/2025"}})
                  .status,
              303);
    // The authority's pages and its audit hold the request, and not a word of the note.
    const auto page = ask(Door::authority, "GET", place, manager).body;
    EXPECT_THAT(page, HasSubstr("The minutes of supervision"));
    EXPECT_THAT(page, Not(HasSubstr(secret)));
    EXPECT_THAT(ask(Door::authority, "GET", "/", manager).body,
                HasSubstr("1 request of inspectors waits for your answer"));
    EXPECT_EQ(value("SELECT COUNT(*) FROM @audit_entry WHERE chain = 805 AND detail LIKE '%copied%'"), "0");
    EXPECT_EQ(value("SELECT COUNT(*) FROM @audit_entry WHERE chain = 0 AND action = 'note added' AND detail "
                    "NOT LIKE '%copied%'"),
              "1");
    EXPECT_EQ(value("SELECT COUNT(*) FROM @audit_entry WHERE chain = 805 AND action = 'evidence asked for'"),
              "1");

    EXPECT_EQ(ask(Door::authority, "POST", place + "/requests/1", manager, {{"answer", ""}}).status, 422);
    EXPECT_EQ(ask(Door::authority, "POST", place + "/requests/7", manager, {{"answer", "Here"}}).status, 404);
    EXPECT_EQ(
        ask(Door::authority, "POST", place + "/requests/1", manager, {{"answer", "In the shared folder"}})
            .status,
        303);
    EXPECT_THAT(ask(Door::inspection, "GET", place + "/requests", inspector()).body,
                HasSubstr("In the shared folder"));
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/requests/1/close", inspector()).status, 303);
    EXPECT_EQ(ask(Door::authority, "POST", place + "/requests/1", manager, {{"answer", "More"}}).status, 409);
    EXPECT_THAT(ask(Door::authority, "GET", "/", manager).body, Not(HasSubstr("waits for your answer")));
}

TEST_F(InspectionTest, DrawsSamplesThatOnlyTheAuthorityResolves) {
    const auto id = openInspection();
    const auto place = "/inspections/" + id;
    const auto report = makeReport(id);
    const values::Fields wanted{{"report", report.substr(report.rfind('/') + 1)},
                                {"strata", "service"},
                                {"each", "3"},
                                {"seed", "june-5"}};
    auto wrong = wanted;
    wrong["seed"] = "no spaces please";
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/samples", inspector(), wrong).status, 422);
    wrong = wanted;
    wrong["each"] = "51";
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/samples", inspector(), wrong).status, 422);
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/samples", inspector(), wanted).status, 303);
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/samples", inspector(), wanted).status, 303);
    while (inspections::Samples::work(house.as(Account::work))) {
    }
    // The same seed drew the same records twice.
    EXPECT_EQ(value("SELECT COUNT(DISTINCT reference) FROM @sampled_record"),
              value("SELECT COUNT(*) / 2 FROM @sampled_record").substr(0, 1));
    const auto page = ask(Door::inspection, "GET", place + "/samples", inspector()).body;
    EXPECT_THAT(page, HasSubstr("Record 1"));
    std::vector<std::string> references;
    for (auto rows =
             house.superuser().ask("SELECT DISTINCT reference FROM " + house.name + ".sampled_record");
         rows.next();)
        references.push_back(rows.text(0));
    ASSERT_FALSE(references.empty());
    for (const auto& reference : references)
        EXPECT_EQ(page.find(">" + reference + "<"), std::string::npos) << reference;
    const auto sample = value("SELECT LOWER(HEX(id)) FROM @record_sample LIMIT 1");
    const auto resolved = ask(Door::authority, "GET", place + "/samples/" + sample, manager);
    ASSERT_EQ(resolved.status, 200);
    for (const auto& reference : references) EXPECT_THAT(resolved.body, HasSubstr(reference));
    EXPECT_EQ(value("SELECT COUNT(*) FROM @audit_entry WHERE chain = 805 AND action = 'sample resolved'"),
              "1");
}

TEST(Samples, AreTheSameWhateverTheOrderAndNoMoreThanAskedFor) {
    std::vector<inspections::Candidate> all;
    for (int i = 0; i < 60; ++i)
        all.push_back({i % 3 == 0   ? "a"
                       : i % 3 == 1 ? "b"
                                    : "only",
                       "E" + std::to_string(i % 3 == 2 ? 2 : i)});
    all.resize(41);
    const auto drawn = inspections::draw(all, "seed", 5);
    auto turned = all;
    std::ranges::reverse(turned);
    const auto again = inspections::draw(turned, "seed", 5);
    ASSERT_EQ(drawn.size(), again.size());
    std::map<std::string, int> count;
    for (std::size_t i = 0; i < drawn.size(); ++i) {
        EXPECT_EQ(drawn[i].reference, again[i].reference);
        EXPECT_EQ(drawn[i].number, static_cast<int>(i + 1));
        ++count[drawn[i].stratum];
    }
    for (const auto& [stratum, drawnOf] : count) EXPECT_LE(drawnOf, 5) << stratum;
    const auto other = inspections::draw(all, "another", 5);
    EXPECT_TRUE(std::ranges::any_of(other, [&](const auto& one) {
        return std::ranges::find(drawn, one.reference, &inspections::SampledRecord::reference) == drawn.end();
    }));
}

TEST_F(InspectionTest, TakesASelfEvaluationAsItWasGiven) {
    const auto id = openInspection();
    const auto place = "/inspections/" + id;
    EXPECT_EQ(ask(Door::inspection, "GET", place + "/self-evaluation", inspector()).status, 404);
    // Begun from the records, edited, kept, given.
    const auto asked = ask(Door::authority, "POST", "/self-evaluation", manager);
    ASSERT_EQ(asked.status, 303);
    while (adherence::Reports::work(house.as(Account::work), house.catalogues)) {
    }
    EXPECT_THAT(ask(Door::authority, "GET", "/self-evaluation/hp1", manager).body,
                HasSubstr("Begun from your records"));
    EXPECT_EQ(ask(Door::authority, "GET", "/self-evaluation/none", manager).status, 404);
    EXPECT_EQ(
        ask(Door::authority, "POST", "/self-evaluation/hp1", manager, {{"known", std::string(4001, 'x')}})
            .status,
        422);
    EXPECT_EQ(ask(Door::authority, "POST", "/self-evaluation/give", manager, {{"inspection", id}}).status,
              409);
    EXPECT_EQ(ask(Door::authority, "POST", "/self-evaluation/hp1", manager,
                  {{"known", "Help comes early in the north"},
                   {"known_by", "Start in time 80%"},
                   {"plans", "A second team"}})
                  .status,
              303);
    EXPECT_THAT(ask(Door::authority, "GET", "/self-evaluation", manager).body,
                HasSubstr("Help comes early in the north"));
    EXPECT_EQ(ask(Door::inspection, "GET", place + "/self-evaluation", inspector()).status,
              404);  // still nobody's
    EXPECT_EQ(ask(Door::authority, "POST", "/self-evaluation/give", manager, {{"inspection", id}}).status,
              303);
    // What is edited afterwards does not change what was given.
    ask(Door::authority, "POST", "/self-evaluation/hp1", manager,
        {{"known", "Otherwise"}, {"known_by", ""}, {"plans", ""}});
    const auto given = ask(Door::inspection, "GET", place + "/self-evaluation", inspector()).body;
    EXPECT_THAT(given, HasSubstr("Help comes early in the north"));
    EXPECT_THAT(given, Not(HasSubstr("Otherwise")));
    // A year later the words are there to confirm.
    house.clock.advance(std::chrono::days(365));
    manager = doors.signIn(Door::authority, "manager@one.example");
    EXPECT_THAT(ask(Door::authority, "GET", "/self-evaluation/hp1", manager).body,
                HasSubstr("These are the words of 2025-26"));
}

TEST_F(InspectionTest, IsLookedAfterByTheAdministrator) {
    const auto id = openInspection();
    const auto place = "/administration/" + id;
    EXPECT_EQ(
        ask(Door::inspection, "POST", place + "/closing", administrator, {{"closes_on", "1/1/2027"}}).status,
        422);
    EXPECT_EQ(
        ask(Door::inspection, "POST", place + "/closing", administrator, {{"closes_on", "5/7/2025"}}).status,
        303);
    EXPECT_THAT(ask(Door::inspection, "GET", place, administrator).body,
                HasSubstr("1 June 2025 to 5 July 2025"));
    const auto person =
        value("SELECT LOWER(HEX(id)) FROM @person WHERE email LIKE 'inspector_inspectorate%'");
    const auto outsider = value("SELECT LOWER(HEX(id)) FROM @person WHERE email LIKE 'manager_one%'");
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/members", administrator, {{"person", outsider}}).status,
              404);
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/members/" + person + "/remove", administrator).status,
              303);
    EXPECT_EQ(ask(Door::inspection, "GET", "/inspections/" + id, inspector()).status, 404);
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/end", administrator).status, 303);
    EXPECT_EQ(ask(Door::inspection, "POST", place + "/end", administrator).status, 409);
    EXPECT_EQ(ask(Door::inspection, "POST", "/administration/new", administrator,
                  {{"authority", "E99"},
                   {"kind", "short"},
                   {"from", "2024-25 Q2"},
                   {"to", "2025-26 Q1"},
                   {"opens_on", "1/6/2025"},
                   {"closes_on", "2/6/2025"}})
                  .status,
              422);
}
