// Whole pages about records, files, machines and inspections, each against its golden view.

#include <gtest/gtest.h>

#include <fstream>
#include <regex>

#include "inspections/samples.h"
#include "support/scene.h"

using identity::Role;
using platform::Account;
using support::Doors;
using support::Page;
using support::Visitor;

namespace {

class RecordPagesTest : public testing::Test {
protected:
    static Page look(const Visitor& who, const std::string& path, const values::Fields& query = {}) {
        auto page = who.get(path, query);
        EXPECT_EQ(page.status(), 200) << path;
        return page;
    }
    /// Sends a form that must be taken; gives where it leads.
    static std::string send(const Visitor& who, const std::string& path, const values::Fields& form = {}) {
        const auto page = who.post(path, form);
        EXPECT_EQ(page.status(), 303) << path << "\n" << page.html();
        return page.location();
    }
    static void edit(const Visitor& who, const std::string& path, const values::Fields& form) {
        const auto page = who.edit(path, form);
        EXPECT_EQ(page.status(), 303) << path << "\n" << page.html();
    }
    /// Compares what the page showed last with its golden view. Ids count everything that was made before
    /// them, and the states of a record bear the database's own time: neither is the page's doing, so both
    /// are left out.
    static void expectGoldenView(const std::string& page, const std::string& variant = "") {
        auto shown = Doors::lastView("authority/" + page).json(1) + "\n";
        shown = std::regex_replace(shown, std::regex("[0-9a-f]{32}"), "ID");
        shown = std::regex_replace(shown, std::regex("\"since\": \"[^\"]*\""), "\"since\": \"TIME\"");
        support::expectGolden("pages/authority." + page + variant + ".json", shown);
    }
    static values::Fields episode(const std::string& reference) {
        return {{"episode_ref", reference}, {"service_ref", "S1"}, {"child_ref", "C-" + reference},
                {"age_band", "5-9"},        {"sex", "female"},     {"ethnic_group", "White"},
                {"disabled", "no"},         {"need", "behaviour"}, {"referred_on", "1/5/2025"}};
    }
    std::string service() { return "/services/" + scene.serviceId("S1"); }

    /// Sends one file as a browser does and has a worker check it; gives the upload's page.
    std::string upload(const std::string& name, const std::string& text) {
        platform::Request request;
        request.id = "test";
        request.method = "POST";
        request.path = "/uploads";
        request.cookies["plumbline_session"] = manager.token();
        request.form = {{"submission", scene.house.ids.next<intake::Upload>().text()},
                        {"form_token", identity::Sessions::formToken(manager.token())}};
        const auto path = support::temporaryFolder() + "/browser-" + request.form["submission"];
        std::ofstream(path) << text;
        request.files = {{"files", name, path, text.size()}};
        const auto answer = scene.doors.entrance(identity::Door::authority).answer(request);
        EXPECT_EQ(answer.status, 303) << answer.body;
        work();
        return support::header(answer, "Location");
    }
    void work() {
        intake::Uploads(support::temporaryFolder() + "/door-uploads")
            .work(scene.house.as(Account::work), scene.house.importer(), scene.house.clock);
    }
    void makeReports() {
        while (adherence::Reports::work(scene.house.as(Account::work), scene.house.catalogues)) {
        }
    }

    support::Scene scene{support::Begins::delivered};
    Visitor manager = scene.manager();
};

constexpr const char* kEpisodesHeader =
    "episode_ref,service_ref,child_ref,age_band,sex,ethnic_group,disabled,need,referred_on,offered_on\n";

}  // namespace

TEST_F(RecordPagesTest, ListTheRegisterAndWhatIsDelivered) {
    look(manager, "/records");
    expectGoldenView("record_kinds");
    look(manager, "/records/practitioners", {{"owner", "S1"}});
    expectGoldenView("records");
    const auto sessions = look(manager, "/records/sessions", {{"owner", "S1-E01"}, {"words", "S1"}});
    EXPECT_EQ(sessions.field("owner"), "S1-E01") << "kept while words are looked for";
    EXPECT_EQ(look(manager, "/records/sessions").link("Next page"),
              "/records/sessions?after=S1-E07-01&owner=&words=");
    EXPECT_TRUE(
        look(manager, "/records/episodes", {{"words", "nothing at all"}}).says("No records are like this."));
    EXPECT_FALSE(look(scene.director(), "/records/practitioners").hasLink("Add a practitioner"));
}

TEST_F(RecordPagesTest, ShowARecordWithWhatBelongsToItAndItsHistory) {
    send(manager, "/records/episodes/new", episode("E1"));
    for (const auto& [when, day, score] :
         {std::tuple{"before", "2/5/2025", "21"}, std::tuple{"after", "30/5/2025", "9"}})
        send(manager, "/records/outcome_scores/new",
             {{"episode_ref", "E1"},
              {"instrument", "sdq-total"},
              {"respondent", "carer"},
              {"timepoint", when},
              {"scored_on", day},
              {"value", score}});
    auto changed = episode("E1");
    changed["need"] = "stability";
    changed["child_ref"] = "";
    edit(manager, "/records/episodes/E1/edit", changed);
    look(manager, "/records/episodes/E1", {{"saved", "1"}});
    expectGoldenView("record");
    // What can be archived, before and after; what many kinds belong to; what is not changed by hand.
    const std::string practitioner = "/records/practitioners/S1-P1";
    EXPECT_TRUE(look(manager, practitioner).says("Nothing is ever deleted."));
    send(manager, practitioner + "/archive");
    EXPECT_TRUE(look(manager, practitioner).says("lists do not offer it"));
    EXPECT_EQ(look(manager, "/records/services/S1").link("Add a site"), "/records/sites/new?service_ref=S1");
    EXPECT_FALSE(look(manager, "/records/fidelity_reviews/R-S1-E01-03").says("Change this"));
}

TEST_F(RecordPagesTest, AskForARecordFieldByField) {
    look(manager, "/records/episodes/new", {{"episode_ref", "E1"}, {"service_ref", "S1"}});
    expectGoldenView("record_form", "-new");
    send(manager, "/records/episodes/new", episode("E1"));
    auto wrong = episode("E1");
    wrong["started_on"] = "31/2/2025";
    wrong["sex"] = "";
    EXPECT_EQ(manager.edit("/records/episodes/E1/edit", wrong).errors().size(), 2U);
    expectGoldenView("record_form");
}

TEST_F(RecordPagesTest, LetTheSecondOfTwoPeopleChooseLineByLine) {
    values::Fields site{{"site_ref", "T1"}, {"service_ref", "S1"}, {"name", "Old"}, {"area", "North"}};
    send(manager, "/records/sites/new", site);
    auto theirs = site;
    theirs["name"] = "Their name";
    site["version"] = look(manager, "/records/sites/T1/edit").field("version");
    edit(manager, "/records/sites/T1/edit", theirs);
    site["name"] = "My name";
    EXPECT_EQ(manager.post("/records/sites/T1/edit", site).status(), 409);
    expectGoldenView("record_conflict");
}

TEST_F(RecordPagesTest, RecordAttendance) {
    const auto path = service() + "/attendance";
    for (const auto* reference : {"G1", "G2"}) {
        auto form = episode(reference);
        form["offered_on"] = form["accepted_on"] = form["started_on"] = "5/5/2025";
        form["group_name"] = "Tuesdays";
        send(manager, "/records/episodes/new", form);
    }
    look(manager, path, {{"group", "Tuesdays"}, {"saved", "1"}});
    expectGoldenView("attendance");
    EXPECT_TRUE(
        look(manager, path, {{"group", "Fridays"}}).says("No episode is under way on this day in Fridays."));
    const auto refused =
        manager.post(path, {{"group", "Tuesdays"}, {"held_on", ""}, {"status.G1", "missed"}});
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.field("status.G1"), "missed") << "what was said is kept";
}

TEST_F(RecordPagesTest, RecordReviewsWithTheChecklistOfTheDay) {
    const auto path = service() + "/reviews/new";
    look(manager, path, {{"session", "S1-E01-01"}});
    expectGoldenView("review_form");
    const auto refused =
        manager.post(path, {{"session_ref", ""}, {"reviewed_on", "1/6/2025"}, {"item_needs", "1"}});
    EXPECT_EQ(refused.status(), 422);
    EXPECT_EQ(refused.at("//input[@name='item_needs'][@checked]/@value"), std::vector<std::string>{"1"});
}

TEST_F(RecordPagesTest, ShowAnUploadFromItsFilesToWhatIsStored) {
    look(manager, "/uploads");
    expectGoldenView("uploads");
    const auto refused =
        upload("episodes.csv", std::string(kEpisodesHeader) +
                                   "U1,S1,CU1,5-9,female,White,no,behaviour,2025-05-01,\n"
                                   "U2,S1,CU2,5-9,female,White,no,behaviour,2025-02-31,\n"
                                   "U3,S999,CU3,5-9,female,White,no,behaviour,2025-05-03,\n");
    EXPECT_EQ(look(manager, refused).at("//title").front(), "Error: Some rows have problems – Plumbline");
    expectGoldenView("upload", "-refused");
    send(manager, refused + "/confirm");
    work();
    look(manager, refused);
    expectGoldenView("upload", "-stored");
    const auto checked =
        upload("sites.csv", "site_ref,service_ref,name,colour\nU1,S1,Hub,red\nU2,S1,School,blue\n");
    look(manager, checked);
    expectGoldenView("upload");
    send(manager, checked + "/withdraw");
    EXPECT_TRUE(look(manager, checked).says("These files were withdrawn"));
    const auto list = look(manager, "/uploads");
    EXPECT_TRUE(list.says("2 rows are still to be corrected."));
    EXPECT_TRUE(list.says("1 file, 2 June 2025 at 10:0")) << "in London's time";
    EXPECT_TRUE(list.says(": withdrawn, nothing stored"));
}

TEST_F(RecordPagesTest, AskWhatColumnsMean) {
    const auto unknown = upload("export.csv", "Place,Where it belongs,Name\nP1,S1,Hub\n");
    EXPECT_TRUE(look(manager, unknown).hasLink("Say what the columns mean"));
    EXPECT_FALSE(look(manager, unknown + "/columns").hasField("column.name")) << "of what, nobody has said";
    look(manager, unknown + "/columns", {{"stem", "sites"}});
    expectGoldenView("columns");
    const auto wrong =
        manager.post(unknown + "/columns", {{"stem", "practitioners"}, {"constant.role", "x"}});
    EXPECT_EQ(wrong.errorAt("column.practitioner_ref"),
              "Say where “Staff reference” stands, or what it is in every row.");
    EXPECT_EQ(wrong.field("constant.role"), "x");
}

TEST_F(RecordPagesTest, ShowTheMachinesThatSpeakForTheAuthority) {
    const auto administrator = scene.as(Role::authorityAdministrator, 805);
    EXPECT_FALSE(look(administrator, "/systems").says("let in by"));
    for (const auto* name : {"Case system", "Warehouse"}) {
        const auto admitted = administrator.post(
            "/systems", {{"name", name}, {"ends_on", "31/12/2025"}, {"scope.records:read", "yes"}});
        EXPECT_TRUE(admitted.says("It serves until 31 December 2025."));
        EXPECT_EQ(Doors::lastView("authority/system_token").at("token").text().size(), 64U);
    }
    send(administrator, look(administrator, "/systems").at("//form/@action[contains(., '/revoke')]").front());
    EXPECT_EQ(administrator.post("/systems", {{"name", "Third"}, {"ends_on", "soon"}}).status(), 422);
    expectGoldenView("systems");
}

TEST_F(RecordPagesTest, ShowWhatTheAuthoritySaysOfItself) {
    send(manager, "/self-evaluation");
    makeReports();
    look(manager, "/self-evaluation/hp1");
    expectGoldenView("self_evaluation_form");
    send(manager, "/self-evaluation/hp1",
         {{"known", "Help comes early in the north"}, {"known_by", "Start in time 80%"}, {"plans", ""}});
    send(scene.director(), "/inspections/new",
         {{"kind", "annual engagement"},
          {"from", "2024-25 Q2"},
          {"to", "2025-26 Q1"},
          {"opens_on", "2/6/2025"},
          {"closes_on", "30/6/2025"}});
    look(manager, "/self-evaluation");
    expectGoldenView("self_evaluation");
    EXPECT_FALSE(look(scene.practitioner(), "/self-evaluation").hasField("inspection"))
        << "who may not fill returns in gives nothing";
}

TEST_F(RecordPagesTest, ShowWhatInspectorsMaySeeAndWhatTheyDid) {
    const auto director = scene.director();
    values::Fields access{{"kind", "short"},    {"scope", "Kinship"}, {"from", "2024-25 Q2"},
                          {"to", "2025-26 Q1"}, {"opens_on", "soon"}, {"closes_on", "30/6/2025"}};
    EXPECT_EQ(director.post("/inspections/new", access).status(), 422);
    expectGoldenView("new_inspection");
    access["opens_on"] = "1/6/2025";
    const auto place = send(director, "/inspections/new", access);
    EXPECT_TRUE(look(director, place).says("Nobody yet"));
    const auto id = place.substr(place.rfind('/') + 1);
    const auto inspector = scene.inspector();
    send(scene.inspectorateAdministrator(), "/administration/" + id + "/members",
         {{"person", inspector.person().id.text()}});
    const auto report =
        send(inspector, place + "/reports", {{"from", "2024-25 Q2"}, {"to", "2025-26 Q1"}, {"known_on", ""}});
    makeReports();
    send(inspector, place + "/samples",
         {{"report", report.substr(report.rfind('/') + 1)},
          {"strata", "service"},
          {"each", "2"},
          {"seed", "june-5"}});
    while (inspections::Samples::work(scene.house.as(Account::work))) {
    }
    send(inspector, place + "/requests",
         {{"words", "Minutes of supervision"}, {"about", "LE4"}, {"due_on", "20/6/2025"}});
    send(inspector, place + "/requests", {{"words", "The plan for kinship"}, {"about", ""}, {"due_on", ""}});
    send(manager, place + "/requests/1", {{"answer", "In the shared folder"}});
    send(manager, "/self-evaluation/hp1", {{"known", "Help comes early"}, {"known_by", ""}, {"plans", ""}});
    send(manager, "/self-evaluation/give", {{"inspection", id}});
    look(director, "/inspections");
    expectGoldenView("inspections");
    const auto page = look(director, place);
    EXPECT_TRUE(page.hasField("answer"));
    look(manager, place);
    expectGoldenView("inspection");
    look(director, page.link("Seed june-5, 2 of each, sorted by service"));
    expectGoldenView("sampled_records");
    send(director, place + "/end");
    EXPECT_FALSE(look(director, place).says("End their access now"));
}
