// How people get in, stay in and leave; what they must prove, and what is noted of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>

#include "support/doors.h"

using identity::Door;
using identity::Role;
using platform::Response;
using support::Doors;
using support::header;
using support::TestHouse;
using support::tokenOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

class AccessTest : public testing::Test {
protected:
    void SetUp() override {
        manager = doors.add("manager@one.example", 805, Role::serviceManager);
        director = doors.add("director@one.example", 805, Role::director);
        administrator = doors.add("administrator@one.example", 805, Role::authorityAdministrator);
        doors.add("manager@two.example", 806, Role::serviceManager);
    }
    Response ask(const std::string& method, const std::string& path, const std::string& token = "",
                 const values::Fields& form = {}, const values::Fields& query = {}) {
        return doors.ask(Door::authority, method, path, token, form, query);
    }
    std::string signIn(const std::string& email, const std::string& password = Doors::kPassword) {
        return doors.signIn(Door::authority, email, password);
    }
    Response tryPassword(const std::string& email, const std::string& password) {
        return ask("POST", "/sign-in", tokenOf(ask("GET", "/sign-in")),
                   {{"email", email}, {"password", password}});
    }
    std::string invitationFrom(const Response& answer) {
        std::smatch found;
        return std::regex_search(answer.body, found, std::regex("/invitations/[0-9a-f]{64}")) ? found[0].str()
                                                                                              : "";
    }
    std::string audited(const std::string& action) {
        auto rows =
            house.superuser().ask("SELECT COALESCE(GROUP_CONCAT(subject ORDER BY position), '') FROM " +
                                  house.name + ".audit_entry WHERE action = '" + action + "'");
        rows.next();
        return rows.text(0);
    }

    TestHouse house;
    Doors doors{house};
    identity::Person manager{house.ids.next<identity::Person>(), "", "", {}, Role::inspector};
    identity::Person director = manager;
    identity::Person administrator = manager;
};

}  // namespace

TEST_F(AccessTest, NeedsACodeWhereTheRoleReachesFar) {
    const auto halfway = tryPassword("director@one.example", Doors::kPassword);
    EXPECT_EQ(header(halfway, "Location"), "/sign-in/code");
    const auto token = tokenOf(halfway);
    EXPECT_EQ(header(ask("GET", "/", token), "Location"), "/sign-in/code")
        << "the password alone opens nothing";
    EXPECT_EQ(ask("POST", "/sign-in/code", token, {{"code", "000000"}}).status, 422);
    const auto code = doors.nextCode();
    const auto in = ask("POST", "/sign-in/code", token, {{"code", code}});
    EXPECT_EQ(in.status, 303);
    EXPECT_NE(tokenOf(in), token) << "the session gets a new token";
    EXPECT_EQ(ask("GET", "/account", tokenOf(in)).status, 200);
    EXPECT_EQ(ask("GET", "/account", token).status, 303) << "the one from halfway is gone";

    const auto second = tokenOf(tryPassword("director@one.example", Doors::kPassword));
    EXPECT_EQ(ask("POST", "/sign-in/code", second, {{"code", code}}).status, 422) << "no code works twice";
}

TEST_F(AccessTest, LocksAfterWrongCodesAsAfterWrongPasswords) {
    const auto token = tokenOf(tryPassword("director@one.example", Doors::kPassword));
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(ask("POST", "/sign-in/code", token, {{"code", "123456"}}).status, 422);
    EXPECT_EQ(ask("POST", "/sign-in/code", token, {{"code", doors.nextCode()}}).status, 422) << "locked";
    EXPECT_EQ(tryPassword("director@one.example", Doors::kPassword).status, 422);
}

TEST_F(AccessTest, LetsARecoveryCodeServeOnce) {
    doors.add("new@one.example", 805, Role::director);
    house.superuser().execute("UPDATE " + house.name +
                              ".person SET code_secret = NULL WHERE email = 'new@one.example'");
    const auto halfway = tokenOf(tryPassword("new@one.example", Doors::kPassword));
    EXPECT_EQ(header(ask("GET", "/sign-in/code", halfway), "Location"), "/sign-in/set-up");
    const auto page = ask("GET", "/sign-in/set-up", halfway);
    EXPECT_THAT(page.body, HasSubstr("<svg class=\"app-qr\""));
    std::smatch found;
    ASSERT_TRUE(std::regex_search(page.body, found, std::regex("app-key\">([A-Z2-7 ]+)<")));
    const auto secret = std::regex_replace(found[1].str(), std::regex(" "), "");
    EXPECT_EQ(ask("POST", "/sign-in/set-up", halfway, {{"code", "000000"}}).status, 422);
    const auto codes = ask("POST", "/sign-in/set-up", halfway,
                           {{"code", identity::OneTimeCodes::codeOf(secret, house.clock.now())}});
    EXPECT_EQ(codes.status, 200);
    EXPECT_EQ(ask("GET", "/account", tokenOf(codes)).status, 200) << "signed in";
    ASSERT_TRUE(std::regex_search(codes.body, found, std::regex("<code>([A-Z2-7-]+)</code>")));
    const auto recovery = found[1].str();
    for (const bool isFirst : {true, false}) {
        const auto token = tokenOf(tryPassword("new@one.example", Doors::kPassword));
        EXPECT_EQ(ask("POST", "/sign-in/code", token, {{"code", recovery}}).status, isFirst ? 303 : 422);
    }
    EXPECT_EQ(audited("recovery code used"), "new@one.example");
}

TEST_F(AccessTest, KeepsSecretsOfCodesSealed) {
    auto rows =
        house.superuser().ask("SELECT COUNT(*) FROM " + house.name + ".person WHERE INSTR(code_secret, '" +
                              std::string(Doors::kCodeSecret) + "') > 0");
    rows.next();
    EXPECT_EQ(rows.number(0), 0);
}

TEST_F(AccessTest, IsByInvitationOnceAndInTime) {
    const auto token = signIn("administrator@one.example");
    const auto made = ask("POST", "/people/invite", token,
                          {{"name", "Jo"}, {"email", "Jo@One.example"}, {"role", "practitioner"}});
    const auto link = invitationFrom(made);
    ASSERT_FALSE(link.empty());
    EXPECT_THAT(made.body, HasSubstr("https://authority.test/invitations/"));
    EXPECT_EQ(ask("GET", link).status, 200);
    const auto visitor = tokenOf(ask("GET", "/sign-in"));
    EXPECT_EQ(ask("POST", link, visitor, {{"password", "short"}}).status, 422);
    EXPECT_EQ(ask("POST", link, visitor, {{"password", "password1234"}}).status, 422) << "stolen";
    const auto joined = ask("POST", link, visitor, {{"password", "four other plain words"}});
    EXPECT_EQ(joined.status, 303);
    EXPECT_EQ(ask("GET", "/services", tokenOf(joined)).status, 200);
    EXPECT_EQ(ask("GET", link).status, 404) << "it serves once";
    EXPECT_FALSE(signIn("jo@one.example", "four other plain words").empty());

    const auto late =
        invitationFrom(ask("POST", "/people/invite", token,
                           {{"name", "Al"}, {"email", "al@one.example"}, {"role", "data_officer"}}));
    house.clock.advance(std::chrono::hours(169));
    EXPECT_EQ(ask("GET", late).status, 404);
}

TEST_F(AccessTest, GivesNoRoleThatIsNotTheInvitersToGive) {
    const auto token = signIn("administrator@one.example");
    for (const auto* role : {"system_administrator", "inspector", "king", ""})
        EXPECT_EQ(
            ask("POST", "/people/invite", token, {{"name", "X"}, {"email", "x@x.example"}, {"role", role}})
                .status,
            422)
            << role;
    const auto path = "/people/" + manager.id.text();
    EXPECT_EQ(ask("POST", path + "/role", token, {{"role", "national_analyst"}}).status, 403);
    EXPECT_EQ(ask("POST", path + "/role", token, {{"role", "data_officer"}}).status, 303);
    EXPECT_EQ(
        ask("POST", "/people/" + administrator.id.text() + "/role", token, {{"role", "director"}}).status,
        403)
        << "nobody changes their own access";
    // An authority named in the form of someone who has one is not looked at.
    const auto made =
        ask("POST", "/people/invite", token,
            {{"name", "X"}, {"email", "y@x.example"}, {"role", "practitioner"}, {"authority", "E06000002"}});
    EXPECT_EQ(made.status, 200);
    auto rows = house.superuser().ask("SELECT authority_id FROM " + house.name +
                                      ".invitation WHERE email = 'y@x.example'");
    rows.next();
    EXPECT_EQ(rows.number(0), 805);
}

TEST_F(AccessTest, EndsWithThePersonsLeaving) {
    const auto theirs = signIn("manager@one.example");
    EXPECT_EQ(ask("GET", "/services", theirs).status, 200);
    const auto token = signIn("administrator@one.example");
    EXPECT_EQ(ask("POST", "/people/" + manager.id.text() + "/end", token).status, 303);
    EXPECT_EQ(ask("GET", "/services", theirs).status, 303) << "their browser is signed out at once";
    EXPECT_TRUE(signIn("manager@one.example").empty());
    EXPECT_EQ(ask("POST", "/people/" + manager.id.text() + "/end", token).status, 409);
    // They may come back, invited anew, under their old id.
    const auto link =
        invitationFrom(ask("POST", "/people/invite", token,
                           {{"name", "Sam"}, {"email", "manager@one.example"}, {"role", "practitioner"}}));
    EXPECT_EQ(
        ask("POST", link, tokenOf(ask("GET", "/sign-in")), {{"password", "four other plain words"}}).status,
        303);
    EXPECT_FALSE(signIn("manager@one.example", "four other plain words").empty());
}

TEST_F(AccessTest, MovesWithTheRole) {
    const auto theirs = signIn("manager@one.example");
    const auto token = signIn("administrator@one.example");
    ask("POST", "/people/" + manager.id.text() + "/role", token, {{"role", "practitioner"}});
    EXPECT_EQ(ask("GET", "/services", theirs).status, 303) << "a session of the old role serves no more";
    EXPECT_EQ(ask("GET", "/uploads", signIn("manager@one.example")).status, 403);
    EXPECT_EQ(audited("role changed"), "manager@one.example");
}

TEST_F(AccessTest, IsReviewedEveryNinetyDays) {
    auto token = signIn("administrator@one.example");
    EXPECT_THAT(ask("GET", "/people", token).body, Not(HasSubstr("to be reviewed")));
    house.clock.advance(std::chrono::days(91));
    token = signIn("administrator@one.example");
    EXPECT_THAT(ask("GET", "/people", token).body,
                HasSubstr("The access of 3 people was not confirmed for 90 days"));
    EXPECT_EQ(ask("POST", "/people/" + manager.id.text() + "/confirm", token).status, 303);
    EXPECT_THAT(ask("GET", "/people", token).body, HasSubstr("The access of 2 people"));
    EXPECT_THAT(ask("GET", "/people", token).body, HasSubstr("Last seen"));
}

TEST_F(AccessTest, AsksForAFreshProofBeforeWhatWeighs) {
    const auto token = signIn("administrator@one.example");
    EXPECT_EQ(ask("GET", "/people/invite", token).status, 200);
    house.clock.advance(std::chrono::minutes(11));
    EXPECT_EQ(header(ask("GET", "/people/invite", token), "Location"), "/confirm?next=/people/invite");
    EXPECT_EQ(header(ask("POST", "/people/" + manager.id.text() + "/end", token), "Location"),
              "/confirm?next=/people/" + manager.id.text());
    EXPECT_FALSE(signIn("manager@one.example").empty()) << "nothing was done";
    EXPECT_EQ(ask("POST", "/confirm", token, {{"code", "111111"}}).status, 422);
    EXPECT_EQ(header(ask("POST", "/confirm", token, {{"code", doors.nextCode()}, {"next", "/people/invite"}}),
                     "Location"),
              "/people/invite");
    EXPECT_EQ(ask("GET", "/people/invite", token).status, 200);
}

TEST_F(AccessTest, EndsASessionInWhichProofsAreTriedOut) {
    const auto token = signIn("administrator@one.example");
    house.clock.advance(std::chrono::minutes(11));
    const auto tried = [&] { return ask("POST", "/confirm", token, {{"code", "111111"}}); };
    for (int i = 1; i < 5; ++i) EXPECT_EQ(tried().status, 422) << i;
    EXPECT_EQ(header(tried(), "Location"), "/sign-in");
    EXPECT_EQ(audited("session ended"), "administrator@one.example");
    EXPECT_EQ(header(ask("POST", "/confirm", token, {{"code", doors.nextCode()}}), "Location"), "/sign-in")
        << "the right one comes too late";
}

TEST_F(AccessTest, AsksForAFreshProofBeforeCodesAreSetUp) {
    const auto token = signIn("manager@one.example");
    EXPECT_EQ(ask("GET", "/sign-in/set-up", token).status, 200);
    house.clock.advance(std::chrono::minutes(11));
    EXPECT_EQ(header(ask("GET", "/sign-in/set-up", token), "Location"), "/confirm?next=/sign-in/set-up");
    EXPECT_EQ(header(ask("POST", "/sign-in/set-up", token, {{"code", "123456"}}), "Location"),
              "/confirm?next=/sign-in/set-up");
    EXPECT_EQ(
        ask("POST", "/confirm", token, {{"password", Doors::kPassword}, {"next", "/sign-in/set-up"}}).status,
        303);
    EXPECT_EQ(ask("GET", "/sign-in/set-up", token).status, 200);
}

TEST_F(AccessTest, ListsOnesBrowsersAndSignsThemOut) {
    const auto here = signIn("manager@one.example");
    const auto there = signIn("manager@one.example");
    const auto page = ask("GET", "/account", here).body;
    EXPECT_THAT(page, HasSubstr("(this browser)"));
    std::smatch found;
    ASSERT_TRUE(std::regex_search(page, found, std::regex("/account/sessions/[0-9a-f]{32}/end")));
    EXPECT_EQ(ask("POST", found[0].str(), signIn("manager@two.example")).status, 404) << "not theirs to end";
    EXPECT_EQ(ask("GET", "/account", there).status, 200);
    EXPECT_EQ(ask("POST", found[0].str(), here).status, 303);
    EXPECT_EQ(ask("GET", "/account", there).status, 303);
    const auto third = signIn("manager@one.example");
    ask("POST", "/account/sessions/end-others", here);
    EXPECT_EQ(ask("GET", "/account", third).status, 303);
    EXPECT_EQ(ask("GET", "/account", here).status, 200);
}

TEST_F(AccessTest, ChangesAPasswordAndSignsOutEverywhereElse) {
    const auto there = signIn("manager@one.example");
    const auto here = signIn("manager@one.example");
    const auto changed = ask("POST", "/account/password", here, {{"password", "five more plain words"}});
    EXPECT_EQ(changed.status, 303);
    EXPECT_EQ(ask("GET", "/account", tokenOf(changed)).status, 200);
    EXPECT_EQ(ask("GET", "/account", there).status, 303);
    EXPECT_TRUE(signIn("manager@one.example").empty());
    EXPECT_FALSE(signIn("manager@one.example", "five more plain words").empty());
}

TEST_F(AccessTest, LetsADelegateSignOffOnTheNamedDaysAlone) {
    const auto token = signIn("director@one.example");
    EXPECT_THAT(ask("GET", "/delegations", token).body, HasSubstr(manager.id.text()));
    const auto give = [&](const std::string& to, const std::string& from, const std::string& until) {
        return ask("POST", "/delegations", token,
                   {{"to", to},
                    {"from", from},
                    {"until", until},
                    {"submission", house.ids.next<Response>().text()},
                    {"form_token", identity::Sessions::formToken(token)}})
            .status;
    };
    EXPECT_EQ(give(manager.id.text(), "9/6/2025", "2/6/2025"), 422) << "the last day before the first";
    EXPECT_EQ(give(manager.id.text(), "1/5/2025", "9/5/2025"), 422) << "over already";
    EXPECT_EQ(give(administrator.id.text(), "3/6/2025", "9/6/2025"), 404) << "sees no records";
    EXPECT_EQ(give(manager.id.text(), "3/6/2025", "9/6/2025"), 303);
    const auto mayToday = [&] {
        const auto theirs = signIn("manager@one.example");
        return ask("GET", "/account", theirs).body.find("Today you may also sign off") != std::string::npos;
    };
    EXPECT_FALSE(mayToday()) << "it begins tomorrow";
    house.clock.advance(std::chrono::hours(24));
    EXPECT_TRUE(mayToday());
    house.clock.advance(std::chrono::days(7));
    EXPECT_FALSE(mayToday()) << "it is over";
}

TEST_F(AccessTest, LimitsAttemptsAlikeForKnownAndUnknown) {
    for (const auto* email : {"manager@one.example", "nobody@one.example"}) {
        std::vector<int> statuses;
        for (int i = 0; i < 22; ++i) statuses.push_back(tryPassword(email, "not the password").status);
        EXPECT_EQ(statuses[19], 422) << email;
        EXPECT_EQ(statuses[21], 429) << email;
        house.clock.advance(std::chrono::minutes(20));
    }
    EXPECT_FALSE(signIn("manager@one.example").empty()) << "after a while it works again";
}

TEST_F(AccessTest, ShowsItsAuditToTheAuthorityAlone) {
    signIn("manager@one.example");
    signIn("manager@two.example");
    const auto token = signIn("director@one.example");
    const auto page = ask("GET", "/audit", token);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, Not(HasSubstr("manager@two.example")));
    EXPECT_THAT(page.body, HasSubstr("Person added"));
    EXPECT_THAT(page.body, HasSubstr("Signed in")) << "also who came in, and who tried";
    EXPECT_THAT(ask("GET", "/audit", token, {}, {{"words", "nothing like it"}}).body,
                HasSubstr("Nothing fits"));
    EXPECT_EQ(ask("GET", "/audit", token, {}, {{"from", "soon"}}).status, 422);
    const auto file = ask("GET", "/audit.csv", token, {}, {{"from", "2/6/2025"}, {"words", "person added"}});
    EXPECT_EQ(file.type, "text/csv; charset=utf-8");
    EXPECT_THAT(file.body, HasSubstr("\"person added\""));
    EXPECT_EQ(audited("audit exported"), "3 entries");
}

TEST_F(AccessTest, ExportsTheWholeAuditHoweverLong) {
    house.superuser().execute(
        "INSERT INTO " + house.name +
        ".audit_entry (chain, position, happened_at, actor, came_from, action, subject, detail, seal) "
        "SELECT 805, 100000 + seq, '2025-06-02', 'x', 'x', 'planted', 'x', 'x', "
        "REPEAT('x', 32) FROM " +
        house.name + ".seq_1_to_12000");
    const auto file =
        ask("GET", "/audit.csv", signIn("director@one.example"), {}, {{"words", "planted"}}).body;
    EXPECT_EQ(std::ranges::count(file, '\n'), 12001);
    EXPECT_THAT(file, HasSubstr("\r\n100001,"));
    EXPECT_EQ(audited("audit exported"), "12000 entries");
}
