// What inspectors and their administrator are shown, page by page.

#include <gtest/gtest.h>

#include <regex>

#include "inspections/samples.h"
#include "support/doors.h"
#include "support/golden_page.h"

using identity::Door;
using identity::Role;
using platform::Account;
using platform::Response;
using support::Doors;
using support::expectGoldenPage;
using support::header;
using support::TestHouse;

namespace {

class InspectionPagesTest : public testing::Test {
protected:
    void SetUp() override {
        inspectorId = doors.add("inspector@inspectorate.example", 0, Role::inspector).id.text();
        doors.add("administrator@inspectorate.example", 0, Role::inspectorateAdministrator);
        doors.add("manager@one.example", 805, Role::serviceManager);
        administrator = doors.signIn(Door::inspection, "administrator@inspectorate.example");
        inspector = doors.signIn(Door::inspection, "inspector@inspectorate.example");
    }
    Response ask(const std::string& method, const std::string& place, const std::string& token,
                 const values::Fields& form = {}, const values::Fields& query = {}) {
        return askAt(Door::inspection, method, place, token, form, query);
    }
    Response askAt(Door door, const std::string& method, const std::string& place, const std::string& token,
                   values::Fields form = {}, const values::Fields& query = {}) {
        if (method == "POST") {
            form["submission"] = house.ids.next<Response>().text();
            form["form_token"] = identity::Sessions::formToken(token);
        }
        return doors.ask(door, method, place, token, form, query);
    }
    /// The id of an inspection that the administrator opened, with the inspector in its team.
    std::string openInspection() {
        const auto opened = ask("POST", "/administration/new", administrator,
                                {{"authority", "E06000001"},
                                 {"kind", "short"},
                                 {"scope", "Kinship"},
                                 {"from", "2024-25 Q2"},
                                 {"to", "2025-26 Q1"},
                                 {"opens_on", "1/6/2025"},
                                 {"closes_on", "30/6/2025"}});
        EXPECT_EQ(opened.status, 303) << opened.body;
        const auto place = header(opened, "Location");
        EXPECT_EQ(ask("POST", place + "/members", administrator, {{"person", inspectorId}}).status, 303);
        return place.substr(place.rfind('/') + 1);
    }
    std::string askReport(const std::string& inspection) {
        const auto asked = ask("POST", inspection + "/reports", inspector,
                               {{"from", "2024-25 Q2"}, {"to", "2025-26 Q1"}, {"known_on", ""}});
        EXPECT_EQ(asked.status, 303) << asked.body;
        return header(asked, "Location");
    }
    void makeReports() {
        while (adherence::Reports::work(house.as(Account::work), house.catalogues)) {
        }
    }
    static std::string idOf(const std::string& address) { return address.substr(address.rfind('/') + 1); }
    void expectPage(const std::string& place, const std::string& token, const std::string& page,
                    const values::Fields& query = {}) {
        ASSERT_EQ(ask("GET", place, token, {}, query).status, 200) << place;
        expectGoldenPage(page);
    }

    TestHouse house{support::Begins::delivered};
    Doors doors{house};
    std::string inspectorId;
    std::string administrator;
    std::string inspector;
};

}  // namespace

TEST_F(InspectionPagesTest, ShowTheAdministratorWhatIsOpenAndForWhom) {
    const auto id = openInspection();
    doors.add("other@inspectorate.example", 0, Role::inspector);
    expectPage("/administration", administrator, "inspection/inspections");
    ASSERT_EQ(
        ask("POST", "/administration/" + id + "/closing", administrator, {{"closes_on", "soon"}}).status,
        422);
    ASSERT_EQ(ask("GET", "/administration/" + id, administrator).status, 200);
    expectGoldenPage("inspection/administered");
    ASSERT_EQ(
        ask("POST", "/administration/new", administrator,
            {{"authority", "E06000001"}, {"kind", "short"}, {"opens_on", ""}, {"closes_on", "1/7/2025"}})
            .status,
        422);
    expectGoldenPage("inspection/new");
}

TEST_F(InspectionPagesTest, ShowInspectorsTheirInspectionsWithAWayIntoThoseThatAreOpen) {
    openInspection();
    ASSERT_EQ(ask("GET", "/inspections", inspector).status, 200);
    const auto open = Doors::lastView("inspection/inspections");
    EXPECT_FALSE(open.at("inspections").at(0).at("href").text().empty());
    EXPECT_EQ(open.at("inspections").at(0).at("access"), "Open until 30 June 2025");
    house.clock.advance(std::chrono::days(30));
    inspector = doors.signIn(Door::inspection, "inspector@inspectorate.example");
    ASSERT_EQ(ask("GET", "/inspections", inspector).status, 200);
    EXPECT_TRUE(Doors::lastView("inspection/inspections").at("inspections").at(0).at("href").text().empty());
}

TEST_F(InspectionPagesTest, ShowAnInspectionWithItsReportsAndWhatDiffersBetweenThem) {
    const auto place = "/inspections/" + openInspection();
    const auto first = askReport(place);
    makeReports();
    house.superuser().execute("UPDATE " + house.name +
                              ".session SET status = 'missed' WHERE authority_id = 805");
    const auto second = askReport(place);
    makeReports();
    ask("POST", place + "/requests", inspector, {{"words", "Minutes"}, {"about", ""}, {"due_on", ""}});
    expectPage(place, inspector, "inspection/inspection");
    expectPage(place + "/differences", inspector, "inspection/differences",
               {{"before", idOf(first)}, {"after", idOf(second)}});
}

TEST_F(InspectionPagesTest, ShowAReportWhatIsBehindItAndThatItIsBeingMade) {
    house.sign(805, values::Quarter::parse("2024-25 Q4").value());
    const auto report = askReport("/inspections/" + openInspection());
    expectPage(report, inspector, "adherence/waiting");
    makeReports();
    expectPage(report, inspector, "adherence/report");
    expectPage(report + "/services/S1", inspector, "adherence/service");
    expectPage(report + "/services/S1/measures/fidelity", inspector, "adherence/measure");
}

TEST_F(InspectionPagesTest, ShowNotesAndRequestsWithTheirAnswers) {
    const auto place = "/inspections/" + openInspection();
    ask("POST", place + "/notes", inspector, {{"words", "Reviews look alike"}, {"about", "LE3"}});
    ASSERT_EQ(ask("POST", place + "/notes", inspector, {{"words", ""}, {"about", "LE4"}}).status, 422);
    expectGoldenPage("inspection/notes");

    ask("POST", place + "/requests", inspector,
        {{"words", "The minutes of supervision"}, {"about", "LE4"}, {"due_on", "20/6/2025"}});
    ask("POST", place + "/requests", inspector, {{"words", "The plan"}, {"about", ""}, {"due_on", ""}});
    const auto manager = doors.signIn(Door::authority, "manager@one.example");
    ASSERT_EQ(
        askAt(Door::authority, "POST", place + "/requests/1", manager, {{"answer", "In the folder"}}).status,
        303);
    ASSERT_EQ(ask("POST", place + "/requests/1/close", inspector).status, 303);
    expectPage(place + "/requests", inspector, "inspection/requests");
}

TEST_F(InspectionPagesTest, ShowSamplesByNumber) {
    const auto place = "/inspections/" + openInspection();
    const auto report = idOf(askReport(place));
    makeReports();
    const auto draw = [&](const std::string& seed) {
        return ask("POST", place + "/samples", inspector,
                   {{"report", report}, {"strata", "service"}, {"each", "3"}, {"seed", seed}})
            .status;
    };
    ASSERT_EQ(draw("june-5"), 303);
    while (inspections::Samples::work(house.as(Account::work))) {
    }
    house.clock.advance(std::chrono::minutes(1));
    ASSERT_EQ(draw("june-6"), 303);
    expectPage(place + "/samples", inspector, "inspection/samples");
}

TEST_F(InspectionPagesTest, ShowASelfEvaluationInTheAuthoritysWords) {
    const auto id = openInspection();
    const auto manager = doors.signIn(Door::authority, "manager@one.example");
    askAt(Door::authority, "POST", "/self-evaluation", manager);
    makeReports();
    ASSERT_EQ(askAt(Door::authority, "POST", "/self-evaluation/hp1", manager,
                    {{"known", "Help comes early in the north"},
                     {"known_by", "Start in time 80%"},
                     {"plans", "A second team"}})
                  .status,
              303);
    ASSERT_EQ(askAt(Door::authority, "POST", "/self-evaluation/give", manager, {{"inspection", id}}).status,
              303);
    expectPage("/inspections/" + id + "/self-evaluation", inspector, "inspection/self_evaluation");
}
