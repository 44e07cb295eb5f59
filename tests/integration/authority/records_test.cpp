// Records by hand: added, changed, archived, with their history; two people at once; forms that wait.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "support/doors.h"
#include "values/errors.h"

using identity::Role;
using nlohmann::json;
using platform::Account;
using platform::Response;
using support::header;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;

namespace {

class RecordsTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        house = new TestHouse;
        house->loadCatalogue();
        house->import("intake", "E06000001");
        doors = new support::Doors(*house);
        doors->add("manager@one.example", 805, Role::serviceManager);
        doors->add("colleague@one.example", 805, Role::serviceManager);
        doors->add("practitioner@one.example", 805, Role::practitioner);
        doors->add("director@one.example", 805, Role::director);
        doors->add("manager@two.example", 806, Role::serviceManager);
    }
    static void TearDownTestSuite() {
        delete doors;
        delete house;
    }
    static Response ask(const std::string& method, const std::string& path, const std::string& token,
                        values::Fields form = {}, const values::Fields& query = {}) {
        if (method == "POST" && !form.contains("submission"))
            form["submission"] = house->ids.next<Response>().text();
        if (method == "POST") form["form_token"] = identity::Sessions::formToken(token);
        return doors->ask(identity::Door::authority, method, path, token, form, query);
    }
    static std::string signIn(const std::string& email) {
        return doors->signIn(identity::Door::authority, email);
    }
    static std::string manager() {
        static const auto token = signIn("manager@one.example");
        return token;
    }
    static std::string value(const std::string& sql) {
        auto rows = house->superuser().ask(std::regex_replace(sql, std::regex("@"), house->name + "."));
        return rows.next() && !rows.isNull(0) ? rows.text(0) : "";
    }
    static std::string serviceId(const std::string& reference) {
        return value("SELECT LOWER(HEX(id)) FROM @service WHERE authority_id = 805 AND reference = '" +
                     reference + "'");
    }
    static std::string hidden(const std::string& page, const std::string& name) {
        std::smatch found;
        return std::regex_search(page, found, std::regex("name=\"" + name + "\" value=\"([^\"]*)\""))
                   ? found[1].str()
                   : "";
    }
    static std::string lastAudit() {
        return value(
            "SELECT CONCAT(action, '|', subject, '|', detail) FROM @audit_entry WHERE chain = 805 AND action "
            "NOT LIKE "
            "'%read' AND action <> 'form opened' ORDER BY position DESC LIMIT 1");
    }
    /// As a person does it: opens the form, then sends it with the state that it showed.
    static Response edit(const std::string& path, const std::string& token, values::Fields form) {
        form["version"] = hidden(ask("GET", path, token).body, "version");
        return ask("POST", path, token, form);
    }
    static values::Fields episode(const std::string& reference) {
        return {{"episode_ref", reference}, {"service_ref", "S1"}, {"child_ref", "C-" + reference},
                {"age_band", "5-9"},        {"sex", "female"},     {"ethnic_group", "White"},
                {"disabled", "no"},         {"need", "behaviour"}, {"referred_on", "1/5/2025"}};
    }

    static inline TestHouse* house = nullptr;
    static inline support::Doors* doors = nullptr;
};

}  // namespace

TEST_F(RecordsTest, AreAddedWithWhatWasBeforeAndAfterInTheAudit) {
    const auto answer = ask("POST", "/records/sites/new", manager(),
                            {{"site_ref", "Hub 1/a"},
                             {"service_ref", "S1"},
                             {"name", "Family hub"},
                             {"area", ""},
                             {"archived_on", ""}});
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(header(answer, "Location"), "/records/sites/Hub%201%2Fa?saved=1");
    const auto audit = lastAudit();
    EXPECT_THAT(audit, HasSubstr("site created|Hub 1/a|"));
    EXPECT_THAT(audit, HasSubstr(R"("name":{"before":null,"after":"Family hub"})"));
    EXPECT_THAT(ask("GET", "/records/sites/Hub 1%2Fa", manager()).body, HasSubstr("Family hub"));
    const auto again = ask("POST", "/records/sites/new", manager(),
                           {{"site_ref", "Hub 1/a"}, {"service_ref", "S1"}, {"name", "Another"}});
    EXPECT_EQ(again.status, 422);
    EXPECT_THAT(again.body, HasSubstr("there is a record with this one already"));
    EXPECT_THAT(again.body, HasSubstr("value=\"Another\"")) << "what was typed is kept";
}

TEST_F(RecordsTest, NameEveryProblemAtItsFieldAndStoreNothing) {
    auto form = episode("E-wrong");
    form["started_on"] = "31/2/2025";
    form["offered_on"] = "1/4/2025";
    form["sex"] = "";
    form["service_ref"] = "S999";
    const auto answer = ask("POST", "/records/episodes/new", manager(), form);
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(answer.body, HasSubstr("Use a real date, like 30/06/2025."));
    EXPECT_THAT(answer.body, HasSubstr("Give a day on or after “Referred on”, 1 May 2025."));
    EXPECT_THAT(answer.body, HasSubstr("Fill in “Sex”."));
    EXPECT_THAT(answer.body, HasSubstr("Name a service that you have sent"));
    EXPECT_EQ(value("SELECT COUNT(*) FROM @episode WHERE reference = 'E-wrong'"), "0");
}

TEST_F(RecordsTest, KeepAPseudonymAndNeverTheChild) {
    EXPECT_EQ(ask("POST", "/records/episodes/new", manager(), episode("E-child")).status, 303);
    const auto child = value("SELECT HEX(child_id) FROM @episode WHERE reference = 'E-child'");
    EXPECT_EQ(child.size(), 32U);
    EXPECT_THAT(lastAudit(), Not(HasSubstr("C-E-child")));
    EXPECT_THAT(ask("GET", "/records/episodes/E-child", manager()).body, Not(HasSubstr("C-E-child")));
    auto form = episode("E-child");
    form.erase("child_ref");
    form["need"] = "wellbeing";
    EXPECT_EQ(edit("/records/episodes/E-child/edit", manager(), form).status, 303);
    EXPECT_EQ(value("SELECT HEX(child_id) FROM @episode WHERE reference = 'E-child'"), child)
        << "it stays whom it is about";
}

TEST_F(RecordsTest, ShowTheirHistory) {
    auto form = episode("E-history");
    ask("POST", "/records/episodes/new", manager(), form);
    form["need"] = "stability";
    form["child_ref"] = "";
    edit("/records/episodes/E-history/edit", manager(), form);
    EXPECT_THAT(ask("GET", "/records/episodes/E-history", manager()).body,
                HasSubstr("Main need: behaviour became stability"));
    EXPECT_THAT(lastAudit(), HasSubstr(R"("need":{"before":"behaviour","after":"stability"})"));
}

TEST_F(RecordsTest, LetTheSecondOfTwoPeopleChoose) {
    const auto colleague = signIn("colleague@one.example");
    ask("POST", "/records/sites/new", manager(),
        {{"site_ref", "T1"}, {"service_ref", "S1"}, {"name", "Old name"}, {"area", "North"}});
    const auto opened = ask("GET", "/records/sites/T1/edit", manager());
    const auto version = hidden(opened.body, "version");
    ASSERT_FALSE(version.empty());
    EXPECT_EQ(ask("POST", "/records/sites/T1/edit", colleague,
                  {{"site_ref", "T1"},
                   {"service_ref", "S1"},
                   {"name", "Their name"},
                   {"area", "North"},
                   {"version", version}})
                  .status,
              303);
    const auto second = ask("POST", "/records/sites/T1/edit", manager(),
                            {{"site_ref", "T1"},
                             {"service_ref", "S1"},
                             {"name", "My name"},
                             {"area", "South"},
                             {"version", version}});
    EXPECT_EQ(second.status, 409);
    EXPECT_THAT(second.body, HasSubstr("As it is saved now: Their name"));
    EXPECT_THAT(second.body, HasSubstr("As you typed it: My name"));
    EXPECT_THAT(second.body, HasSubstr("colleague@one.example changed it on"));
    EXPECT_EQ(value("SELECT name FROM @site WHERE reference = 'T1'"), "Their name")
        << "nothing is overwritten";
    EXPECT_EQ(ask("POST", "/records/sites/T1/edit", manager(),
                  {{"site_ref", "T1"},
                   {"service_ref", "S1"},
                   {"name", "Their name"},
                   {"area", "South"},
                   {"version", hidden(second.body, "version")}})
                  .status,
              303);
    EXPECT_EQ(value("SELECT CONCAT(name, ' ', area) FROM @site WHERE reference = 'T1'"), "Their name South");
}

TEST_F(RecordsTest, AreArchivedNeverDeleted) {
    ask("POST", "/records/practitioners/new", manager(),
        {{"practitioner_ref", "P-old"}, {"service_ref", "S1"}, {"role", "worker"}});
    EXPECT_EQ(ask("POST", "/records/practitioners/P-old/archive", manager()).status, 303);
    EXPECT_EQ(value("SELECT archived_on FROM @practitioner WHERE reference = 'P-old'"), "2025-06-02");
    EXPECT_THAT(lastAudit(), HasSubstr("practitioner archived|P-old"));
    EXPECT_THAT(ask("GET", "/records/sessions/new", manager()).body, Not(HasSubstr("P-old")))
        << "no list offers it";
    ask("POST", "/records/practitioners/P-old/archive", manager());
    EXPECT_EQ(value("SELECT COALESCE(archived_on, 'none') FROM @practitioner WHERE reference = 'P-old'"),
              "none");
}

TEST_F(RecordsTest, KeepStageAndStageChangesAlike) {
    const auto intervention = value("SELECT intervention FROM @service WHERE reference = 'S1'");
    EXPECT_EQ(ask("POST", "/records/services/new", manager(),
                  {{"service_ref", "ST"},
                   {"intervention", intervention},
                   {"name", "Staged"},
                   {"stage", "exploration"},
                   {"started_on", "1/1/2025"}})
                  .status,
              303);
    EXPECT_EQ(value("SELECT CONCAT(changed_on, ' ', stage_change.stage) FROM @stage_change JOIN @service s "
                    "ON s.id = service_id WHERE s.reference = 'ST'"),
              "2025-01-01 exploration");
    EXPECT_EQ(ask("POST", "/records/service_stages/new", manager(),
                  {{"service_ref", "ST"},
                   {"changed_on", "1/5/2025"},
                   {"stage", "initial"},
                   {"note", "First families"}})
                  .status,
              303);
    EXPECT_EQ(value("SELECT stage FROM @service WHERE reference = 'ST'"), "initial");
    ask("POST", "/records/service_stages/new", manager(),
        {{"service_ref", "ST"}, {"changed_on", "1/2/2025"}, {"stage", "installation"}});
    EXPECT_EQ(value("SELECT stage FROM @service WHERE reference = 'ST'"), "initial")
        << "an earlier stage changes no later one";
}

TEST_F(RecordsTest, OfTheRegisterAreNotAPractitionersToChange) {
    const auto practitioner = signIn("practitioner@one.example");
    EXPECT_EQ(ask("POST", "/records/services/new", practitioner, {{"service_ref", "X"}}).status, 403);
    EXPECT_EQ(ask("GET", "/records/actions/new", practitioner).status, 403);
    EXPECT_EQ(ask("POST", "/records/episodes/new", practitioner, episode("E-practitioner")).status, 303);
    const auto director = signIn("director@one.example");
    EXPECT_EQ(ask("GET", "/records/episodes/E-practitioner", director).status, 200);
    EXPECT_EQ(
        ask("POST", "/records/episodes/E-practitioner/edit", director, episode("E-practitioner")).status,
        403);
}

TEST_F(RecordsTest, OfAnotherAuthorityAreNotThere) {
    const auto neighbour = signIn("manager@two.example");
    EXPECT_EQ(ask("GET", "/records/episodes/S1-E01", neighbour).status, 404);
    EXPECT_EQ(ask("GET", "/records/services/S1/edit", neighbour).status, 404);
    EXPECT_EQ(
        ask("POST", "/records/services/S1/edit", neighbour, {{"service_ref", "S1"}, {"name", "Mine"}}).status,
        404);
    EXPECT_THAT(ask("GET", "/records/episodes", neighbour).body, Not(HasSubstr("S1-E01")));
}

TEST_F(RecordsTest, AskForWhatOneAnswerMakesNeeded) {
    ask("POST", "/records/episodes/new", manager(), episode("E-meeting"));
    values::Fields meeting{
        {"meeting_ref", "M1"}, {"episode_ref", "E-meeting"}, {"offered", "no"}, {"not_offered_reason", ""}};
    const auto refused = ask("POST", "/records/family_meetings/new", manager(), meeting);
    EXPECT_EQ(refused.status, 422);
    EXPECT_THAT(refused.body, HasSubstr("Fill in “Why it was not offered”"));
    meeting["not_offered_reason"] = "Risk to the mother";
    EXPECT_EQ(ask("POST", "/records/family_meetings/new", manager(), meeting).status, 303);
}

TEST_F(RecordsTest, RecordAGroupsAttendanceAtOnceAndCorrectIt) {
    for (int i = 0; i < 10; ++i) {
        auto form = episode("G" + std::to_string(i));
        form["offered_on"] = form["accepted_on"] = form["started_on"] = "5/5/2025";
        form["group_name"] = "Tuesdays";
        ASSERT_EQ(ask("POST", "/records/episodes/new", manager(), form).status, 303);
    }
    const auto path = "/services/" + serviceId("S1") + "/attendance";
    const auto page = ask("GET", path, manager(), {}, {{"group", "Tuesdays"}});
    EXPECT_THAT(page.body, HasSubstr("Who attended, 10 in all"));
    values::Fields form{{"group", "Tuesdays"},
                        {"held_on", "13/5/2025"},
                        {"practitioner_ref", "S1-P1"},
                        {"minutes", "90"},
                        {"mode", "group"}};
    for (int i = 0; i < 10; ++i) form["status.G" + std::to_string(i)] = i == 3 ? "missed" : "held";
    EXPECT_EQ(ask("POST", path, manager(), form).status, 303);
    const auto counted =
        "SELECT CONCAT(SUM(status = 'held'), ' ', SUM(status = 'missed')) FROM @session WHERE reference LIKE "
        "'A-2025-05-13-G%'";
    EXPECT_EQ(value(counted), "9 1");
    form["status.G3"] = "held";
    EXPECT_EQ(ask("POST", path, manager(), form).status, 303);
    EXPECT_EQ(value(counted), "10 0") << "sent again, it is corrected and not doubled";
    form["practitioner_ref"] = "nobody";
    EXPECT_EQ(ask("POST", path, manager(), form).status, 422);
}

TEST_F(RecordsTest, ReviewASessionWithTheChecklistOfTheDay) {
    const auto path = "/services/" + serviceId("S1") + "/reviews/new";
    const auto page = ask("GET", path, manager());
    EXPECT_EQ(page.status, 200);
    const auto session = value(
        "SELECT session.reference FROM @session JOIN @episode e ON e.id = episode_id WHERE status = 'held' "
        "AND e.service_id = UNHEX('" +
        serviceId("S1") + "') LIMIT 1");
    values::Fields form{{"session_ref", session},
                        {"reviewer", "observer"},
                        {"reviewed_on", "1/6/2025"},
                        {"rated_by", "R1"},
                        {"checklist_version", hidden(page.body, "checklist_version")}};
    std::set<std::string> items;
    const std::regex item("name=\"(item_[^\"]+)\"");
    for (std::sregex_iterator i(page.body.begin(), page.body.end(), item), end; i != end; ++i)
        items.insert((*i)[1]);
    ASSERT_FALSE(items.empty());
    for (const auto& name : items) form[name] = "1";
    const auto saved = ask("POST", path, manager(), form);
    ASSERT_EQ(saved.status, 303) << saved.body;
    EXPECT_EQ(ask("POST", path, manager(), form).status, 422) << "one rater rates a session once";
    form["rated_by"] = "R2";
    EXPECT_EQ(ask("POST", path, manager(), form).status, 303) << "a second rater may";
    form["checklist_version"] = "99";
    form["rated_by"] = "R3";
    EXPECT_THAT(ask("POST", path, manager(), form).body, HasSubstr("of the checklist was in force"));
}

TEST_F(RecordsTest, KeepAFormForLaterAndForThemAlone) {
    auto form = episode("E-later");
    form["keep"] = "yes";
    form["form_title"] = "Add a episode";
    form["started_on"] = "not yet known";
    EXPECT_EQ(header(ask("POST", "/records/episodes/new", manager(), form), "Location"), "/kept-forms");
    const auto list = ask("GET", "/kept-forms", manager()).body;
    std::smatch found;
    ASSERT_TRUE(std::regex_search(list, found, std::regex("/kept-forms/([0-9a-f]{32})\"")));
    const auto kept = "/kept-forms/" + found[1].str();
    const auto page = ask("GET", kept, manager());
    EXPECT_THAT(page.body, HasSubstr("What you typed on"));
    EXPECT_THAT(page.body, HasSubstr("value=\"not yet known\""));
    EXPECT_EQ(ask("GET", kept, signIn("colleague@one.example")).status, 404) << "nobody else's";
    form.erase("keep");
    form["started_on"] = "";
    form["kept_form"] = found[1];
    EXPECT_EQ(ask("POST", "/records/episodes/new", manager(), form).status, 303);
    EXPECT_EQ(ask("GET", kept, manager()).status, 404) << "sent, it is gone";
}

TEST_F(RecordsTest, KeepWhatWasTypedWhenTheSessionEnds) {
    auto token = signIn("colleague@one.example");
    house->clock.advance(std::chrono::minutes(61));
    const auto late = ask("POST", "/records/episodes/new", token, episode("E-late"));
    const auto place = header(late, "Location");
    ASSERT_THAT(place, HasSubstr("/sign-in?next=/kept-forms/"));
    token = signIn("colleague@one.example");
    const auto page = ask("GET", place.substr(place.find("/kept")), token);
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("value=\"E-late\""));
    EXPECT_EQ(value("SELECT COUNT(*) FROM @episode WHERE reference = 'E-late'"), "0");
}

TEST_F(RecordsTest, NeverKeepAPasswordThatCameTooLate) {
    const auto token = signIn("colleague@one.example");
    const auto before = value("SELECT COUNT(*) FROM @kept_form");
    house->clock.advance(std::chrono::minutes(61));
    for (const auto* path : {"/account/password", "/confirm"})
        EXPECT_THAT(
            header(ask("POST", path, token, {{"password", "four plain words"}, {"keep", "yes"}}), "Location"),
            Not(HasSubstr("kept-forms")))
            << path;
    const auto again = signIn("colleague@one.example");
    ask("POST", "/confirm", again, {{"password", "four plain words"}, {"keep", "yes"}});
    EXPECT_EQ(value("SELECT COUNT(*) FROM @kept_form"), before);
}

TEST_F(RecordsTest, SayWhatChangedSinceTheLastVisit) {
    signIn("colleague@one.example");
    house->clock.advance(std::chrono::minutes(5));
    ask("POST", "/records/sites/new", signIn("manager@one.example"),
        {{"site_ref", "N1"}, {"service_ref", "S1"}, {"name", "New site"}});
    const auto home = ask("GET", "/", signIn("colleague@one.example"));
    EXPECT_THAT(home.body, HasSubstr("Site created, by manager@one.example"));
}

TEST_F(RecordsTest, ShowAChangeInScoresWithItsCaveat) {
    ask("POST", "/records/episodes/new", signIn("manager@one.example"), episode("E-scores"));
    const auto instrument = value("SELECT instrument FROM @outcome_score LIMIT 1");
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
                      .status,
                  303);
    EXPECT_THAT(ask("GET", "/records/episodes/E-scores", token).body,
                HasSubstr("does not show what the service caused"));
    const auto wrong = ask("POST", "/records/outcome_scores/new", token,
                           {{"episode_ref", "E-scores"},
                            {"instrument", instrument},
                            {"respondent", "carer"},
                            {"timepoint", "mid"},
                            {"scored_on", "9/5/2025"},
                            {"value", "4000"}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_THAT(wrong.body, HasSubstr("Give a score from"));
}
