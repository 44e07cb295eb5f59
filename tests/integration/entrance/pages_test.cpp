// What the pages of every door show: about oneself, other people and the audit.

#include <gtest/gtest.h>

#include "entrance/frame.h"
#include "support/doors.h"
#include "support/golden_page.h"

using identity::Door;
using identity::Role;
using platform::Response;
using platform::View;
using support::Doors;
using support::expectGoldenPage;
using support::header;
using support::TestHouse;
using support::tokenOf;

namespace {

class EntrancePagesTest : public testing::Test {
protected:
    void SetUp() override {
        manager = doors.add("manager@one.example", 805, Role::serviceManager);
        doors.add("director@one.example", 805, Role::director);
        doors.add("administrator@one.example", 805, Role::authorityAdministrator);
    }
    Response ask(const std::string& method, const std::string& path, const std::string& token = "",
                 const values::Fields& form = {}, const values::Fields& query = {}) {
        return doors.ask(Door::authority, method, path, token, form, query);
    }
    std::string signIn(const std::string& email) { return doors.signIn(Door::authority, email); }

    TestHouse house;
    Doors doors{house};
    identity::Person manager{house.ids.next<identity::Person>(), "", "", {}, Role::inspector};
};

}  // namespace

TEST_F(EntrancePagesTest, ShowASignInThatFailedAndWhereItWantedToGo) {
    const auto failed = ask("POST", "/sign-in", tokenOf(ask("GET", "/sign-in")),
                            {{"email", "manager@one.example"}, {"password", "wrong"}, {"next", "/audit"}});
    ASSERT_EQ(failed.status, 422);
    expectGoldenPage("entrance/sign_in");
}

TEST_F(EntrancePagesTest, ShowWhatIsProvedBeforeWhatWeighs) {
    const auto token = signIn("administrator@one.example");
    ASSERT_EQ(ask("POST", "/confirm", token, {{"code", "000000"}, {"next", "/people"}}).status, 422);
    expectGoldenPage("entrance/confirm");
}

TEST_F(EntrancePagesTest, ShowOnesAccountAndBrowsers) {
    signIn("director@one.example");
    ASSERT_EQ(ask("GET", "/account", signIn("director@one.example")).status, 200);
    expectGoldenPage("entrance/account");
}

TEST_F(EntrancePagesTest, ShowANewPasswordThatWillNotDo) {
    ASSERT_EQ(ask("POST", "/account/password", signIn("manager@one.example"), {{"password", "short"}}).status,
              422);
    expectGoldenPage("entrance/password");
}

TEST_F(EntrancePagesTest, ShowPeopleThereInvitedAndGone) {
    const auto gone = doors.add("gone@one.example", 805, Role::practitioner);
    auto token = signIn("administrator@one.example");
    ask("POST", "/people/" + gone.id.text() + "/end", token);
    house.clock.advance(std::chrono::days(91));
    token = signIn("administrator@one.example");
    const auto invited = ask("POST", "/people/invite", token,
                             {{"name", "Jo"}, {"email", "jo@one.example"}, {"role", "practitioner"}});
    ASSERT_EQ(invited.status, 200);
    ASSERT_EQ(ask("GET", "/people", token).status, 200);
    expectGoldenPage("entrance/people");
    ASSERT_EQ(ask("GET", "/people/" + manager.id.text(), token).status, 200);
    expectGoldenPage("entrance/person");
}

TEST_F(EntrancePagesTest, ShowTheLinkOfAnInvitationAndWhereItLeads) {
    const auto token = signIn("administrator@one.example");
    const values::Fields form{{"name", "Jo"}, {"email", "jo@one.example"}, {"role", "practitioner"}};
    ASSERT_EQ(ask("POST", "/people/invite", token, form).status, 200);
    const auto link = Doors::lastView("entrance/invited").at("link").text();
    expectGoldenPage("entrance/invited");
    ASSERT_EQ(ask("GET", link.substr(link.find("/invitations"))).status, 200);
    expectGoldenPage("entrance/invitation");
}

TEST_F(EntrancePagesTest, ShowAnInvitationThatIsNotInOrder) {
    doors.add("system@plumbline.example", 0, Role::systemAdministrator);
    const auto token = doors.signIn(Door::national, "system@plumbline.example");
    const auto answer = doors.ask(
        Door::national, "POST", "/people/invite", token,
        {{"name", "Jo"}, {"email", "jo"}, {"role", "authority_administrator"}, {"authority", "E99"}});
    ASSERT_EQ(answer.status, 422) << answer.body;
    expectGoldenPage("entrance/invite");
}

TEST_F(EntrancePagesTest, ShowWhoSignsOffAndTheFormToNameOne) {
    const auto token = signIn("director@one.example");
    const auto give = [&](const std::string& from, const std::string& until) {
        return ask("POST", "/delegations", token,
                   {{"to", manager.id.text()},
                    {"from", from},
                    {"until", until},
                    {"submission", house.ids.next<Response>().text()},
                    {"form_token", identity::Sessions::formToken(token)}})
            .status;
    };
    ASSERT_EQ(give("3/6/2025", "9/6/2025"), 303);
    ASSERT_EQ(give("1/5/2025", "9/5/2025"), 422);
    expectGoldenPage("entrance/delegations");
}

TEST_F(EntrancePagesTest, ShowTheAuditThatWasAskedFor) {
    signIn("manager@one.example");
    const auto token = signIn("director@one.example");
    ASSERT_EQ(ask("GET", "/audit", token, {}, {{"from", "2/6/2025"}, {"words", "signed in"}}).status, 200);
    expectGoldenPage("entrance/audit");
    ASSERT_EQ(ask("GET", "/audit", token, {}, {{"words", "nothing like it"}}).status, 200);
    EXPECT_TRUE(Doors::lastView("entrance/audit").at("table").isNothing());
}

TEST_F(EntrancePagesTest, ShowFormsThatWaitToBeGoneOnWith) {
    const auto token = signIn("manager@one.example");
    ASSERT_EQ(ask("GET", "/kept-forms", token).status, 200);
    EXPECT_TRUE(Doors::lastView("entrance/kept_forms").at("forms").empty());
    const values::Fields form{{"form_title", "A new service"}, {"reference", "S9"}, {"keep", "yes"}};
    ASSERT_EQ(header(ask("POST", "/records/services/new", token, form), "Location"), "/kept-forms");
    ASSERT_EQ(ask("GET", "/kept-forms", token).status, 200);
    expectGoldenPage("entrance/kept_forms");
}

/// A form without a page of its own is told what was wrong on a page about problems.
TEST_F(EntrancePagesTest, ShowAProblemWithWhatWasWrong) {
    const auto token = signIn("administrator@one.example");
    ASSERT_EQ(ask("POST", "/people/" + manager.id.text() + "/role", token, {{"role", "king"}}).status, 422);
    expectGoldenPage("entrance/problem");
}

TEST(Frame, StandsAroundAPageAndLeavesItsPartsBeWhereItHasNone) {
    entrance::Frame frame{"token", "submission", "", "Inspection", false, false, {}, {}};
    const View page{{"title", "Notes"}, {"person", "of the page"}, {"notice", "of the page"}};
    auto shown = frame.around(page);
    EXPECT_EQ(shown.at("formTitle"), "Notes");
    EXPECT_EQ(shown.at("formToken"), "token");
    EXPECT_EQ(shown.at("person"), "of the page");
    EXPECT_EQ(shown.at("notice"), "of the page");
    EXPECT_FALSE(shown.contains("navigation"));
    EXPECT_FALSE(shown.contains("hasErrors"));

    frame.hasErrors = true;
    frame.notice = entrance::Text{"Kept"};
    frame.person = entrance::SignedInPerson{"Sam", "Hartlepool", {{"/", "Home", true}}};
    shown = frame.around(page);
    EXPECT_TRUE(shown.at("hasErrors").isTrue());
    EXPECT_EQ(shown.at("notice").at("text"), "Kept");
    EXPECT_EQ(shown.at("person").at("place"), "Hartlepool");
    EXPECT_TRUE(shown.at("navigation").at(0).at("current").isTrue());
}
