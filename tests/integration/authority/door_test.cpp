// The door by requests, in process: who gets in, what they see, and what happens to what is wrong.

#include "authority/door.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <regex>

#include "support/doors.h"
#include "values/errors.h"

using identity::Role;
using platform::Account;
using platform::Request;
using platform::Response;
using platform::Transaction;
using support::Doors;
using support::header;
using support::TestHouse;
using support::tokenOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

namespace fs = std::filesystem;

class DoorTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        house = new TestHouse(support::Begins::delivered);
        doors = new support::Doors(*house);
        doors->add("manager@one.example", 805, Role::serviceManager);
        doors->add("practitioner@one.example", 805, Role::practitioner);
        doors->add("director@one.example", 805, Role::director);
        doors->add("manager@two.example", 806, Role::serviceManager);
    }
    static void TearDownTestSuite() {
        delete doors;
        delete house;
    }
    static Response ask(const std::string& method, const std::string& path, const std::string& token = "",
                        const values::Fields& form = {}, const values::Fields& query = {}) {
        return doors->ask(identity::Door::authority, method, path, token, form, query);
    }
    static std::string signIn(const std::string& email, const std::string& password = Doors::kPassword) {
        return doors->signIn(identity::Door::authority, email, password);
    }
    static std::string firstService() {
        auto rows = house->superuser().ask("SELECT LOWER(HEX(id)) FROM " + house->name +
                                           ".service WHERE reference = 'S1' AND authority_id = 805");
        rows.next();
        return rows.text(0);
    }

    static inline TestHouse* house = nullptr;
    static inline support::Doors* doors = nullptr;
};

}  // namespace

TEST_F(DoorTest, SendsStrangersToSignInAndBackToWhereTheyWanted) {
    const auto answer = ask("GET", "/services");
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(header(answer, "Location"), "/sign-in?next=/services");
    const auto visitor = tokenOf(ask("GET", "/sign-in"));
    const values::Fields form{{"email", "manager@one.example"},
                              {"password", Doors::kPassword},
                              {"next", "/services"},
                              {"form_token", identity::Sessions::formToken(visitor)}};
    EXPECT_EQ(header(ask("POST", "/sign-in", visitor, form), "Location"), "/services");
    for (const auto* elsewhere : {"//evil.example", "https://evil.example", "/\\evil.example", ""}) {
        auto other = form;
        other["next"] = elsewhere;
        EXPECT_EQ(header(ask("POST", "/sign-in", visitor, other), "Location"), "/") << elsewhere;
    }
}

TEST_F(DoorTest, LetsNoAddressBecomeAHeader) {
    for (const auto* path : {"/services/\r\nSet-Cookie: a=b", "/services/a?b#c"}) {
        const auto place = header(ask("GET", path), "Location");
        EXPECT_EQ(place.find_first_of("\r\n"), std::string::npos) << path;
        EXPECT_EQ(place.find('#'), std::string::npos) << path;
    }
    EXPECT_EQ(header(ask("GET", "/services/\r\nX"), "Location"), "/sign-in?next=/services/%0D%0AX");
}

TEST_F(DoorTest, GivesANewTokenOnSigningInAndForgetsItOnSigningOut) {
    const auto visitor = tokenOf(ask("GET", "/sign-in"));
    const auto token = signIn("manager@one.example");
    EXPECT_NE(token, visitor);
    EXPECT_EQ(ask("GET", "/", token).status, 200);
    EXPECT_EQ(ask("POST", "/sign-out", token).status, 303);
    EXPECT_EQ(ask("GET", "/", token).status, 303);
    EXPECT_THAT(header(ask("GET", "/sign-in"), "Set-Cookie"), HasSubstr("HttpOnly; SameSite=Lax"));
}

TEST_F(DoorTest, AnswersAlikeWhateverIsWrongWithASignIn) {
    const auto visitor = tokenOf(ask("GET", "/sign-in"));
    const auto attempt = [&](const std::string& email, const std::string& password) {
        return ask("POST", "/sign-in", visitor,
                   {{"email", email},
                    {"password", password},
                    {"form_token", identity::Sessions::formToken(visitor)}});
    };
    const auto unknown = attempt("director@one.examplf", "wrong password");
    const auto wrong = attempt("director@one.example", "wrong password");
    EXPECT_EQ(unknown.status, 422);
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(std::regex_replace(unknown.body, std::regex("examplf"), "example"), wrong.body);
    EXPECT_THAT(wrong.body, HasSubstr("<title>Error: Sign in"));
    EXPECT_THAT(wrong.body, HasSubstr("govuk-error-summary"));
    EXPECT_THAT(attempt("", "").body, HasSubstr("Enter your password."));
}

TEST_F(DoorTest, RefusesAFormWithoutItsToken) {
    const auto token = signIn("manager@one.example");
    EXPECT_EQ(ask("POST", "/uploads", token, {{"form_token", ""}}).status, 403);
    EXPECT_EQ(ask("POST", "/uploads", token,
                  {{"form_token", identity::Sessions::formToken(signIn("manager@two.example"))}})
                  .status,
              403);
    EXPECT_EQ(ask("POST", "/sign-out", token, {{"form_token", "x"}}).status, 403);
    EXPECT_EQ(ask("GET", "/", token).status, 200) << "still signed in";
}

TEST_F(DoorTest, ShowsEachRecommendationWithItsLevelInWords) {
    const auto page = ask("GET", "/", signIn("manager@one.example"), {}, {{"quarter", "2025-26-Q2"}}).body;
    for (const auto* words : {"Hartlepool", "2025-26 Q2", "Partly delivered", "Delivered as intended",
                              "Planned", "In use, not evidenced", "Trauma-informed care"})
        EXPECT_THAT(page, HasSubstr(words)) << words;
}

TEST_F(DoorTest, SaysWhyALevelIsWhatItIs) {
    const auto page = ask("GET", "/recommendations/kc-navigator", signIn("director@one.example"), {},
                          {{"quarter", "2025-26-Q1"}})
                          .body;
    for (const auto* words : {"Why this level", "not shown to be met", "95% interval",
                              "Set by us, not by the guide", "Services that contribute", "required"})
        EXPECT_THAT(page, HasSubstr(words)) << words;
}

TEST_F(DoorTest, EscapesWhatAuthoritiesCallTheirServices) {
    const auto token = signIn("manager@one.example");
    for (const auto& path : {std::string("/services"), "/services/" + firstService(),
                             std::string("/recommendations/kc-navigator")}) {
        const auto page = ask("GET", path, token).body;
        EXPECT_THAT(page, Not(HasSubstr("<b>north</b>"))) << path;
        EXPECT_THAT(page, HasSubstr("&lt;b&gt;north&lt;")) << path;
    }
}

TEST_F(DoorTest, HidesEveryThingOfAnotherAuthority) {
    const auto own = signIn("manager@one.example");
    const auto other = signIn("manager@two.example");
    const auto path = "/services/" + firstService();
    EXPECT_EQ(ask("GET", path, own).status, 200);
    EXPECT_EQ(ask("GET", path, other).status, 404);
    EXPECT_THAT(ask("GET", "/", other).body, HasSubstr("There are no records yet"));
    EXPECT_EQ(ask("GET", "/services/" + std::string(32, '0'), own).status, 404);
    EXPECT_EQ(ask("GET", "/services/1", own).status, 404);

    const auto upload = house->ids.next<intake::Upload>();
    house->as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        intake::Uploads::send(tx, upload, house->authorityId(805), {"a.csv"});
    });
    house->superuser().execute("UPDATE " + house->name + ".upload SET state = 'withdrawn'");
    EXPECT_EQ(ask("GET", "/uploads/" + upload.text(), own).status, 200);
    for (const auto* rest : {"", "/problems.csv"})
        EXPECT_EQ(ask("GET", "/uploads/" + upload.text() + rest, other).status, 404);
    for (const auto* rest : {"/confirm", "/withdraw"})
        EXPECT_EQ(
            ask("POST", "/uploads/" + upload.text() + rest, other,
                {{"submission", std::string(32, 'a')}, {"form_token", identity::Sessions::formToken(other)}})
                .status,
            404);
}

TEST_F(DoorTest, LetsADirectorSeeButNotUpload) {
    const auto token = signIn("director@one.example");
    EXPECT_EQ(ask("GET", "/", token).status, 200);
    EXPECT_EQ(ask("GET", "/uploads", token).status, 403);
    EXPECT_EQ(ask("POST", "/uploads", token).status, 403);
    EXPECT_THAT(ask("GET", "/", token).body, Not(HasSubstr("Upload records")));
}

TEST_F(DoorTest, ShowsAnUploadsProblemsOnItsOwnForm) {
    const auto token = signIn("manager@one.example");
    const auto answer =
        ask("POST", "/uploads", token,
            {{"submission", std::string(32, 'b')}, {"form_token", identity::Sessions::formToken(token)}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(answer.body, HasSubstr("Choose at least one file."));
    EXPECT_THAT(answer.body, HasSubstr("type=\"file\""));
}

TEST_F(DoorTest, TakesTheSameFormOnce) {
    const auto token = signIn("manager@one.example");
    const auto send = [&] {
        Request request;
        request.id = "test";
        request.method = "POST";
        request.path = "/uploads";
        request.cookies["plumbline_session"] = token;
        request.form = {{"submission", std::string(32, 'c')},
                        {"form_token", identity::Sessions::formToken(token)}};
        const auto path = support::temporaryFolder() + "/sent.csv";
        std::ofstream(path) << "service_ref\n";
        request.files = {{"files", "services.csv", path, 12}};
        return doors->entrance(identity::Door::authority).answer(request);
    };
    const auto first = send();
    EXPECT_EQ(first.status, 303);
    EXPECT_EQ(header(send(), "Location"), header(first, "Location"));
    auto rows = house->superuser().ask("SELECT COUNT(*) FROM " + house->name +
                                       ".upload WHERE id = UNHEX(REPEAT('c', 32))");
    rows.next();
    EXPECT_EQ(rows.number(0), 1);
    EXPECT_TRUE(fs::exists(support::temporaryFolder() + "/sent.csv")) << "the second file was not taken";
    house->superuser().execute("UPDATE " + house->name +
                               ".upload SET state = 'withdrawn' WHERE id = UNHEX(REPEAT('c', 32))");
}

TEST_F(DoorTest, ProtectsSpreadsheetsFromWhatFilesHeld) {
    const auto id = house->ids.next<intake::Upload>();
    house->as(Account::authority).inTransaction(support::tester(), [&](Transaction& tx) {
        intake::Uploads::send(tx, id, house->authorityId(805), {"a.csv"});
    });
    const values::Invalid refusal({{{"a.csv", 2, "name"}, "=HYPERLINK(\"x\")", "Use fewer."}});
    house->superuser().execute(
        "UPDATE " + house->name + ".upload SET state = 'refused', report = '" +
        std::regex_replace(intake::problemsJson(refusal), std::regex(R"(\\)"), R"(\\)") +
        "' WHERE id = UNHEX('" + id.text() + "')");
    const auto csv = ask("GET", "/uploads/" + id.text() + "/problems.csv", signIn("manager@one.example"));
    EXPECT_EQ(csv.status, 200);
    EXPECT_THAT(csv.body, HasSubstr("\"'=HYPERLINK(\"\"x\"\")\""));
}

TEST_F(DoorTest, AnswersWithItsOwnPagesWhereSomethingIsWrong) {
    const auto token = signIn("manager@one.example");
    EXPECT_EQ(ask("GET", "/nowhere", token).status, 404);
    EXPECT_EQ(ask("POST", "/services", token).status, 405);
    EXPECT_EQ(ask("GET", "/", token, {}, {{"quarter", "soon"}}).status, 422);
    EXPECT_EQ(ask("GET", "/recommendations/none", token).status, 404);
    EXPECT_THAT(ask("GET", "/nowhere", token).body, HasSubstr("Page not found"));
}

TEST_F(DoorTest, ServesAssetsByTheirExactNames) {
    EXPECT_EQ(ask("GET", "/assets/plumbline.css").body, "body{}");
    for (const auto* path :
         {"/assets/../door_test.cpp", "/assets/..%2f", "/assets/", "/assets/plumbline.css/x"})
        EXPECT_EQ(ask("GET", path).status, 404) << path;
}

TEST_F(DoorTest, NotesEachLookAtRecordsOfChildren) {
    const auto path = "/services/" + firstService() + "/measures/dose";
    const auto looks = [] {
        auto rows = house->superuser().ask("SELECT COUNT(*) FROM " + house->name +
                                           ".audit_entry WHERE chain = 805 AND action = 'records read'");
        rows.next();
        return rows.number(0);
    };
    const auto before = looks();
    const auto seen = ask("GET", path, signIn("manager@one.example"), {}, {{"quarter", "2025-26-Q1"}});
    EXPECT_THAT(seen.body, HasSubstr("S1-E01"));
    EXPECT_EQ(looks(), before + 1);
    ask("GET", path, signIn("practitioner@one.example"), {}, {{"quarter", "2025-26-Q1"}});
    EXPECT_EQ(looks(), before + 2) << "whoever looks";
    EXPECT_EQ(ask("GET", path, signIn("manager@two.example")).status, 404);
    EXPECT_EQ(looks(), before + 2);
}

TEST_F(DoorTest, TellsItsHealth) {
    EXPECT_EQ(ask("GET", "/healthz").status, 200);
    EXPECT_EQ(ask("GET", "/readyz").status, 200);
    platform::Database away({"", 0, "/nowhere/socket", "x", "y", "z"}, Account::authority, 1,
                            std::chrono::milliseconds(50), house->clock);
    auto rooms = support::Doors::rooms(*house, identity::Door::authority);
    entrance::Entrance lost({away,
                             rooms.clock,
                             rooms.ids,
                             rooms.pages,
                             rooms.people,
                             rooms.passwords,
                             rooms.sessions,
                             rooms.codes,
                             rooms.invitations,
                             {},
                             rooms.assetsFolder},
                            {}, {});
    Request request;
    request.method = "GET";
    request.path = "/readyz";
    const auto answer = lost.answer(request);
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(answer.type, "application/problem+json");
    EXPECT_EQ(header(answer, "Retry-After"), "5");
    request.path = "/healthz";
    EXPECT_EQ(lost.answer(request).status, 200);
}
