// Records by hand: added, changed, archived, with their history; two people at once; forms that wait.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <future>
#include <set>

#include "support/at_once.h"
#include "support/scene.h"

using identity::Role;
using platform::Account;
using support::Page;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

namespace {

class RecordsTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        scene = new support::Scene(support::Begins::delivered);
        for (const auto* email : {"manager@one.example", "colleague@one.example"})
            scene->doors.add(email, 805, Role::serviceManager);
    }
    static void TearDownTestSuite() { delete scene; }
    /// With a token, because sessions here end and people sign in again.
    static Page ask(const std::string& method, const std::string& path, const std::string& token,
                    values::Fields form = {}, const values::Fields& query = {}) {
        if (method == "POST") form.emplace("submission", scene->house.ids.next<Page>().text());
        return Page(scene->doors.ask(identity::Door::authority, method, path, token, form, query));
    }
    static std::string signIn(const std::string& email) {
        return scene->doors.signIn(identity::Door::authority, email);
    }
    static std::string manager() {
        static const auto token = signIn("manager@one.example");
        return token;
    }
    /// As a person does it: opens the form, then sends it with the state that it showed.
    static Page edit(const std::string& path, const std::string& token, values::Fields form) {
        form["version"] = ask("GET", path, token).field("version");
        return ask("POST", path, token, form);
    }
    static values::Fields episode(const std::string& reference) {
        return {{"episode_ref", reference}, {"service_ref", "S1"}, {"child_ref", "C-" + reference},
                {"age_band", "5-9"},        {"sex", "female"},     {"ethnic_group", "White"},
                {"disabled", "no"},         {"need", "behaviour"}, {"referred_on", "1/5/2025"}};
    }
    static values::Fields site(const std::string& name, const std::string& area,
                               const std::string& version = "") {
        values::Fields form{{"site_ref", "T1"}, {"service_ref", "S1"}, {"name", name}, {"area", area}};
        if (!version.empty()) form["version"] = version;
        return form;
    }

    static inline support::Scene* scene = nullptr;
};

}  // namespace

TEST_F(RecordsTest, AreAddedWithWhatWasBeforeAndAfterInTheAudit) {
    const auto answer = ask("POST", "/records/sites/new", manager(),
                            {{"site_ref", "Hub 1/a"},
                             {"service_ref", "S1"},
                             {"name", "Family hub"},
                             {"area", ""},
                             {"archived_on", ""}});
    EXPECT_EQ(answer.status(), 303);
    EXPECT_EQ(answer.location(), "/records/sites/Hub%201%2Fa?saved=1");
    const auto audit = scene->lastAudit();
    EXPECT_THAT(audit, HasSubstr("site created|Hub 1/a|"));
    EXPECT_THAT(audit, HasSubstr(R"("name":{"before":null,"after":"Family hub"})"));
    EXPECT_EQ(ask("GET", "/records/sites/Hub 1%2Fa", manager()).fact("Name"), "Family hub");
    const auto again = ask("POST", "/records/sites/new", manager(),
                           {{"site_ref", "Hub 1/a"}, {"service_ref", "S1"}, {"name", "Another"}});
    EXPECT_EQ(again.status(), 422);
    EXPECT_THAT(again.errors(), Contains(HasSubstr("there is a record with this one already")));
    EXPECT_EQ(again.field("name"), "Another") << "what was typed is kept";
}

TEST_F(RecordsTest, NameEveryProblemAtItsFieldAndStoreNothing) {
    auto form = episode("E-wrong");
    form["started_on"] = "31/2/2025";
    form["offered_on"] = "1/4/2025";
    form["sex"] = "";
    form["service_ref"] = "S999";
    const auto answer = ask("POST", "/records/episodes/new", manager(), form);
    EXPECT_EQ(answer.status(), 422);
    EXPECT_THAT(answer.errors(),
                UnorderedElementsAre("Use a real date, like 30/06/2025.",
                                     "Give a day on or after “Referred on”, 1 May 2025.", "Fill in “Sex”.",
                                     HasSubstr("Name a service that you have sent")));
    EXPECT_EQ(scene->value("SELECT COUNT(*) FROM @episode WHERE reference = 'E-wrong'"), "0");
}

TEST_F(RecordsTest, KeepAPseudonymAndNeverTheChild) {
    EXPECT_EQ(ask("POST", "/records/episodes/new", manager(), episode("E-child")).status(), 303);
    const auto child = scene->value("SELECT HEX(child_id) FROM @episode WHERE reference = 'E-child'");
    EXPECT_EQ(child.size(), 32U);
    EXPECT_THAT(scene->lastAudit(), Not(HasSubstr("C-E-child")));
    EXPECT_THAT(ask("GET", "/records/episodes/E-child", manager()).html(), Not(HasSubstr("C-E-child")));
    auto form = episode("E-child");
    form.erase("child_ref");
    form["need"] = "wellbeing";
    EXPECT_EQ(edit("/records/episodes/E-child/edit", manager(), form).status(), 303);
    EXPECT_EQ(scene->value("SELECT HEX(child_id) FROM @episode WHERE reference = 'E-child'"), child)
        << "it stays whom it is about";
}

TEST_F(RecordsTest, ShowTheirHistory) {
    auto form = episode("E-history");
    ask("POST", "/records/episodes/new", manager(), form);
    form["need"] = "stability";
    form["child_ref"] = "";
    edit("/records/episodes/E-history/edit", manager(), form);
    EXPECT_THAT(ask("GET", "/records/episodes/E-history", manager()).items(),
                Contains("Main need: behaviour became stability"));
    EXPECT_THAT(scene->lastAudit(), HasSubstr(R"("need":{"before":"behaviour","after":"stability"})"));
}

TEST_F(RecordsTest, LetTheSecondOfTwoPeopleChoose) {
    const auto colleague = signIn("colleague@one.example");
    const auto path = "/records/sites/T1/edit";
    ask("POST", "/records/sites/new", manager(), site("Old name", "North"));
    const auto version = ask("GET", path, manager()).field("version");
    ASSERT_FALSE(version.empty());
    EXPECT_EQ(ask("POST", path, colleague, site("Their name", "North", version)).status(), 303);
    const auto second = ask("POST", path, manager(), site("My name", "South", version));
    EXPECT_EQ(second.status(), 409);
    EXPECT_TRUE(second.says("As it is saved now: Their name"));
    EXPECT_TRUE(second.says("As you typed it: My name"));
    EXPECT_TRUE(second.says("colleague@one.example changed it on"));
    EXPECT_EQ(scene->value("SELECT name FROM @site WHERE reference = 'T1'"), "Their name")
        << "nothing is overwritten";
    EXPECT_EQ(ask("POST", path, manager(), site("Their name", "South", second.field("version"))).status(),
              303);
    EXPECT_EQ(scene->value("SELECT CONCAT(name, ' ', area) FROM @site WHERE reference = 'T1'"),
              "Their name South");
}

/// Both have come to the record before either can change it: somebody else holds it until then.
TEST_F(RecordsTest, LetOneOfTwoWhoSaveAtOnceChoose) {
    const std::array tokens{manager(), signIn("colleague@one.example")};
    const auto path = "/records/sites/T1/edit";
    ask("POST", "/records/sites/new", manager(), site("Name", "Area"));
    platform::Database somebody(scene->house.server().superuser(), Account::migrate, 1,
                                std::chrono::seconds(5), scene->house.clock);
    const auto held = "SELECT id FROM " + scene->house.name +
                      ".site WHERE authority_id = 805 AND reference = 'T1' FOR UPDATE";
    for (const auto* round : {"1", "2", "3"}) {
        const auto page = ask("GET", path, manager());
        const auto version = page.field("version");
        const std::array forms{site(std::string("Name ") + round, page.field("area"), version),
                               site(page.field("name"), std::string("Area ") + round, version)};
        somebody.execute("START TRANSACTION");
        ASSERT_TRUE(somebody.ask(held).next());
        std::array<std::future<Page>, 2> saving;
        for (const auto i : {0, 1})
            saving[i] =
                std::async(std::launch::async, [&, i] { return ask("POST", path, tokens[i], forms[i]); });
        const auto isDone = [](const auto& one) {
            return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
        };
        while (scene->value("SELECT variable_value FROM information_schema.global_status "
                            "WHERE variable_name = 'Innodb_row_lock_current_waits'") != "2" &&
               std::ranges::none_of(saving, isDone)) {
        }
        somebody.execute("COMMIT");
        const std::array answers{saving[0].get(), saving[1].get()};
        ASSERT_THAT((std::array{answers[0].status(), answers[1].status()}), UnorderedElementsAre(303, 409))
            << "round " << round;
        const auto lost = answers[0].status() == 409 ? 0 : 1;
        const auto* what = lost == 0 ? "name" : "area";
        const auto* other = lost == 0 ? "area" : "name";
        EXPECT_TRUE(answers[lost].says("As you typed it: " + forms[lost].at(what)));
        EXPECT_TRUE(answers[lost].says("As it is saved now: " + forms[1 - lost].at(other)));
        auto chosen = forms[1 - lost];
        chosen[what] = forms[lost].at(what);
        chosen["version"] = answers[lost].field("version");
        ASSERT_EQ(ask("POST", path, tokens[lost], chosen).status(), 303);
        const auto now = ask("GET", path, manager());
        EXPECT_EQ(now.field("name"), std::string("Name ") + round);
        EXPECT_EQ(now.field("area"), std::string("Area ") + round);
    }
}

/// With pages, as machines do it with tags: whoever is told "saved" is in the record, and in its history.
TEST_F(RecordsTest, KeepEveryChangeOfEightWhoSaveAtOnce) {
    const auto path = "/records/sites/T1/edit";
    ask("POST", "/records/sites/new", manager(), site("Name", "Area"));
    auto form = site("0", "Area", ask("GET", path, manager()).field("version"));
    ASSERT_EQ(ask("POST", path, manager(), form).status(), 303);
    const auto answers = support::atOnce<int>(8, [&](int) {
        for (int done = 0; done < 2;) {
            const auto page = ask("GET", path, manager());
            const auto next = std::to_string(std::stoi(page.field("name")) + 1);
            const auto answer = ask("POST", path, manager(), site(next, "Area", page.field("version")));
            if (answer.status() == 303) ++done;
            else if (answer.status() != 409) return answer.status();
        }
        return 303;
    });
    EXPECT_THAT(answers, ::testing::Each(303));
    EXPECT_EQ(scene->value("SELECT name FROM @site WHERE reference = 'T1'"), "16");
    for (int i = 1; i <= 16; ++i)
        EXPECT_EQ(scene->value(
                      "SELECT COUNT(*) FROM @site FOR SYSTEM_TIME ALL WHERE reference = 'T1' AND name = '" +
                      std::to_string(i) + "'"),
                  "1");
}

TEST_F(RecordsTest, AreArchivedNeverDeleted) {
    ask("POST", "/records/practitioners/new", manager(),
        {{"practitioner_ref", "P-old"}, {"service_ref", "S1"}, {"role", "worker"}});
    EXPECT_EQ(ask("POST", "/records/practitioners/P-old/archive", manager()).status(), 303);
    EXPECT_EQ(scene->value("SELECT archived_on FROM @practitioner WHERE reference = 'P-old'"), "2025-06-02");
    EXPECT_THAT(scene->lastAudit(), HasSubstr("practitioner archived|P-old"));
    EXPECT_THAT(ask("GET", "/records/sessions/new", manager()).html(), Not(HasSubstr("P-old")))
        << "no list offers it";
    ask("POST", "/records/practitioners/P-old/archive", manager());
    EXPECT_EQ(
        scene->value("SELECT COALESCE(archived_on, 'none') FROM @practitioner WHERE reference = 'P-old'"),
        "none");
}

TEST_F(RecordsTest, KeepStageAndStageChangesAlike) {
    const auto intervention = scene->value("SELECT intervention FROM @service WHERE reference = 'S1'");
    EXPECT_EQ(ask("POST", "/records/services/new", manager(),
                  {{"service_ref", "ST"},
                   {"intervention", intervention},
                   {"name", "Staged"},
                   {"stage", "exploration"},
                   {"started_on", "1/1/2025"}})
                  .status(),
              303);
    EXPECT_EQ(
        scene->value("SELECT CONCAT(changed_on, ' ', stage_change.stage) FROM @stage_change JOIN @service s "
                     "ON s.id = service_id WHERE s.reference = 'ST'"),
        "2025-01-01 exploration");
    EXPECT_EQ(ask("POST", "/records/service_stages/new", manager(),
                  {{"service_ref", "ST"},
                   {"changed_on", "1/5/2025"},
                   {"stage", "initial"},
                   {"note", "First families"}})
                  .status(),
              303);
    EXPECT_EQ(scene->value("SELECT stage FROM @service WHERE reference = 'ST'"), "initial");
    ask("POST", "/records/service_stages/new", manager(),
        {{"service_ref", "ST"}, {"changed_on", "1/2/2025"}, {"stage", "installation"}});
    EXPECT_EQ(scene->value("SELECT stage FROM @service WHERE reference = 'ST'"), "initial")
        << "an earlier stage changes no later one";
}

TEST_F(RecordsTest, OfTheRegisterAreNotAPractitionersToChange) {
    const auto practitioner = scene->practitioner().token();
    EXPECT_EQ(ask("POST", "/records/services/new", practitioner, {{"service_ref", "X"}}).status(), 403);
    EXPECT_EQ(ask("GET", "/records/actions/new", practitioner).status(), 403);
    EXPECT_EQ(ask("POST", "/records/episodes/new", practitioner, episode("E-practitioner")).status(), 303);
    const auto director = scene->director().token();
    EXPECT_EQ(ask("GET", "/records/episodes/E-practitioner", director).status(), 200);
    EXPECT_EQ(
        ask("POST", "/records/episodes/E-practitioner/edit", director, episode("E-practitioner")).status(),
        403);
}

TEST_F(RecordsTest, OfAnotherAuthorityAreNotThere) {
    const auto neighbour = scene->manager(806).token();
    EXPECT_EQ(ask("GET", "/records/episodes/S1-E01", neighbour).status(), 404);
    EXPECT_EQ(ask("GET", "/records/services/S1/edit", neighbour).status(), 404);
    EXPECT_EQ(ask("POST", "/records/services/S1/edit", neighbour, {{"service_ref", "S1"}, {"name", "Mine"}})
                  .status(),
              404);
    EXPECT_THAT(ask("GET", "/records/episodes", neighbour).html(), Not(HasSubstr("S1-E01")));
}

TEST_F(RecordsTest, AskForWhatOneAnswerMakesNeeded) {
    ask("POST", "/records/episodes/new", manager(), episode("E-meeting"));
    values::Fields meeting{
        {"meeting_ref", "M1"}, {"episode_ref", "E-meeting"}, {"offered", "no"}, {"not_offered_reason", ""}};
    const auto refused = ask("POST", "/records/family_meetings/new", manager(), meeting);
    EXPECT_EQ(refused.status(), 422);
    EXPECT_THAT(refused.errors(), Contains(HasSubstr("Fill in “Why it was not offered”")));
    meeting["not_offered_reason"] = "Risk to the mother";
    EXPECT_EQ(ask("POST", "/records/family_meetings/new", manager(), meeting).status(), 303);
}

TEST_F(RecordsTest, RecordAGroupsAttendanceAtOnceAndCorrectIt) {
    for (int i = 0; i < 10; ++i) {
        auto form = episode("G" + std::to_string(i));
        form["offered_on"] = form["accepted_on"] = form["started_on"] = "5/5/2025";
        form["group_name"] = "Tuesdays";
        ASSERT_EQ(ask("POST", "/records/episodes/new", manager(), form).status(), 303);
    }
    const auto path = "/services/" + scene->serviceId("S1") + "/attendance";
    const auto page = ask("GET", path, manager(), {}, {{"group", "Tuesdays"}});
    EXPECT_TRUE(page.says("Who attended, 10 in all"));
    values::Fields form{{"group", "Tuesdays"},
                        {"held_on", "13/5/2025"},
                        {"practitioner_ref", "S1-P1"},
                        {"minutes", "90"},
                        {"mode", "group"}};
    for (int i = 0; i < 10; ++i) form["status.G" + std::to_string(i)] = i == 3 ? "missed" : "held";
    EXPECT_EQ(ask("POST", path, manager(), form).status(), 303);
    const auto counted =
        "SELECT CONCAT(SUM(status = 'held'), ' ', SUM(status = 'missed')) FROM @session WHERE reference LIKE "
        "'A-2025-05-13-G%'";
    EXPECT_EQ(scene->value(counted), "9 1");
    form["status.G3"] = "held";
    EXPECT_EQ(ask("POST", path, manager(), form).status(), 303);
    EXPECT_EQ(scene->value(counted), "10 0") << "sent again, it is corrected and not doubled";
    form["practitioner_ref"] = "nobody";
    EXPECT_EQ(ask("POST", path, manager(), form).status(), 422);
}

TEST_F(RecordsTest, ReviewASessionWithTheChecklistOfTheDay) {
    const auto path = "/services/" + scene->serviceId("S1") + "/reviews/new";
    const auto page = ask("GET", path, manager());
    EXPECT_EQ(page.status(), 200);
    const auto session = scene->value(
        "SELECT session.reference FROM @session JOIN @episode e ON e.id = episode_id WHERE status = 'held' "
        "AND e.service_id = UNHEX('" +
        scene->serviceId("S1") + "') LIMIT 1");
    values::Fields form{{"session_ref", session},
                        {"reviewer", "observer"},
                        {"reviewed_on", "1/6/2025"},
                        {"rated_by", "R1"},
                        {"checklist_version", page.field("checklist_version")}};
    const auto items = page.at("//input[starts-with(@name,'item_')]/@name");
    ASSERT_FALSE(items.empty());
    for (const auto& name : items) form[name] = "1";
    const auto saved = ask("POST", path, manager(), form);
    ASSERT_EQ(saved.status(), 303) << saved.text();
    EXPECT_EQ(ask("POST", path, manager(), form).status(), 422) << "one rater rates a session once";
    form["rated_by"] = "R2";
    EXPECT_EQ(ask("POST", path, manager(), form).status(), 303) << "a second rater may";
    form["checklist_version"] = "99";
    form["rated_by"] = "R3";
    EXPECT_TRUE(ask("POST", path, manager(), form).says("of the checklist was in force"));
}

TEST_F(RecordsTest, KeepAFormForLaterAndForThemAlone) {
    auto form = episode("E-later");
    form["keep"] = "yes";
    form["form_title"] = "Add a episode";
    form["started_on"] = "not yet known";
    EXPECT_EQ(ask("POST", "/records/episodes/new", manager(), form).location(), "/kept-forms");
    const auto kept = ask("GET", "/kept-forms", manager()).link("Add a episode");
    const auto page = ask("GET", kept, manager());
    EXPECT_TRUE(page.says("What you typed on"));
    EXPECT_EQ(page.field("started_on"), "not yet known");
    EXPECT_EQ(ask("GET", kept, signIn("colleague@one.example")).status(), 404) << "nobody else's";
    form.erase("keep");
    form["started_on"] = "";
    form["kept_form"] = kept.substr(kept.rfind('/') + 1);
    EXPECT_EQ(ask("POST", "/records/episodes/new", manager(), form).status(), 303);
    EXPECT_EQ(ask("GET", kept, manager()).status(), 404) << "sent, it is gone";
}

TEST_F(RecordsTest, KeepWhatWasTypedWhenTheSessionEnds) {
    auto token = signIn("colleague@one.example");
    scene->house.clock.advance(std::chrono::minutes(61));
    const auto late = ask("POST", "/records/episodes/new", token, episode("E-late"));
    const auto place = late.location();
    ASSERT_THAT(place, HasSubstr("/sign-in?next=/kept-forms/"));
    token = signIn("colleague@one.example");
    const auto page = ask("GET", place.substr(place.find("/kept")), token);
    EXPECT_EQ(page.status(), 200);
    EXPECT_EQ(page.field("episode_ref"), "E-late");
    EXPECT_EQ(scene->value("SELECT COUNT(*) FROM @episode WHERE reference = 'E-late'"), "0");
}

TEST_F(RecordsTest, NeverKeepAPasswordThatCameTooLate) {
    const auto token = signIn("colleague@one.example");
    const auto before = scene->value("SELECT COUNT(*) FROM @kept_form");
    scene->house.clock.advance(std::chrono::minutes(61));
    for (const auto* path : {"/account/password", "/confirm"})
        EXPECT_THAT(ask("POST", path, token, {{"password", "four plain words"}, {"keep", "yes"}}).location(),
                    Not(HasSubstr("kept-forms")))
            << path;
    const auto again = signIn("colleague@one.example");
    ask("POST", "/confirm", again, {{"password", "four plain words"}, {"keep", "yes"}});
    EXPECT_EQ(scene->value("SELECT COUNT(*) FROM @kept_form"), before);
}

TEST_F(RecordsTest, SayWhatChangedSinceTheLastVisit) {
    signIn("colleague@one.example");
    scene->house.clock.advance(std::chrono::minutes(5));
    ask("POST", "/records/sites/new", signIn("manager@one.example"),
        {{"site_ref", "N1"}, {"service_ref", "S1"}, {"name", "New site"}});
    const auto home = ask("GET", "/", signIn("colleague@one.example"));
    EXPECT_THAT(home.items(), Contains(HasSubstr("Site created, by manager@one.example")));
}

TEST_F(RecordsTest, ShowAChangeInScoresWithItsCaveat) {
    ask("POST", "/records/episodes/new", signIn("manager@one.example"), episode("E-scores"));
    const auto instrument = scene->value("SELECT instrument FROM @outcome_score LIMIT 1");
    const auto token = signIn("manager@one.example");
    for (const auto& [when, day, score] :
         {std::tuple("before", "1/5/2025", "20"), {"after", "30/5/2025", "9"}})
        ASSERT_EQ(ask("POST", "/records/outcome_scores/new", token,
                      {{"episode_ref", "E-scores"},
                       {"instrument", instrument},
                       {"respondent", "carer"},
                       {"timepoint", when},
                       {"scored_on", day},
                       {"value", score}})
                      .status(),
                  303);
    EXPECT_TRUE(
        ask("GET", "/records/episodes/E-scores", token).says("does not show what the service caused"));
    const auto wrong = ask("POST", "/records/outcome_scores/new", token,
                           {{"episode_ref", "E-scores"},
                            {"instrument", instrument},
                            {"respondent", "carer"},
                            {"timepoint", "mid"},
                            {"scored_on", "9/5/2025"},
                            {"value", "4000"}});
    EXPECT_EQ(wrong.status(), 422);
    EXPECT_THAT(wrong.errors(), Contains(HasSubstr("Give a score from")));
}
