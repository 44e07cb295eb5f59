// The national door: a release made by one person and approved by another, and what anybody sees of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>

#include "returns/returns.h"
#include "support/doors.h"

using identity::Door;
using identity::Role;
using nlohmann::json;
using platform::Account;
using platform::Transaction;
using releases::Releases;
using support::Doors;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;
using values::Quarter;

namespace {

class PublicationsTest : public testing::Test {
protected:
    void SetUp() override {
        house.clock.advance(std::chrono::days(40));  // 12 July 2025
        house.loadCatalogue();
        house.import("intake", "E06000001");
        house.compute();
        house.sign(805, Quarter::parse("2025-26 Q1").value());
        doors.add("analyst@national.test", 0, Role::nationalAnalyst);
        doors.add("approver@national.test", 0, Role::releaseApprover);
        analyst = doors.signIn(Door::national, "analyst@national.test");
        approver = doors.signIn(Door::national, "approver@national.test");
    }
    platform::Response get(const std::string& path, const std::string& token = "",
                           const values::Fields& query = {}) {
        return doors.ask(Door::national, "GET", path, token, {}, query);
    }
    platform::Response post(const std::string& path, const std::string& token, values::Fields form = {}) {
        form.emplace("submission", house.ids.next<platform::Request>().text());
        return doors.ask(Door::national, "POST", path, token, form);
    }
    /// Asked for with everything ticked, and made; gives its address.
    std::string make() {
        const auto page = get("/releases/new", analyst);
        EXPECT_EQ(page.status, 200);
        values::Fields form{{"quarter", "2025-26 Q1"}, {"rules", "default"}, {"note", "<b>first</b>"}};
        const std::regex box(R"x(name="((?:table|guide)\.[^"]+)" type="checkbox")x");
        for (std::sregex_iterator one(page.body.begin(), page.body.end(), box), end; one != end; ++one)
            form[(*one)[1]] = "yes";
        const auto answer = post("/releases/new", analyst, form);
        EXPECT_EQ(answer.status, 303) << answer.body;
        EXPECT_TRUE(Releases::work(house.as(Account::work), house.catalogues, returns::kDueDays));
        return support::header(answer, "Location");
    }
    void publish(const std::string& place) {
        EXPECT_EQ(post(place + "/approve", approver, {{"approval", "Looked"}}).status, 303);
        EXPECT_EQ(post(place + "/publish", analyst).status, 303);
    }

    TestHouse house;
    Doors doors{house};
    std::string analyst;
    std::string approver;
};

}  // namespace

TEST_F(PublicationsTest, ShowNothingBeforeASecondPersonApproved) {
    EXPECT_THAT(get("/publications").body, HasSubstr("Nothing has been published yet"));
    const auto place = make();
    const auto page = get(place, approver);
    EXPECT_THAT(page.body, HasSubstr("Waits for approval"));
    EXPECT_THAT(page.body, HasSubstr("none can be narrowed down too far"));
    EXPECT_THAT(page.body, HasSubstr("&lt;b&gt;first&lt;/b&gt;"));
    EXPECT_THAT(get(place, analyst).body, HasSubstr("Somebody else approves what you prepared"));
    EXPECT_EQ(post(place + "/approve", analyst).status, 403);  // not the role
    EXPECT_EQ(post(place + "/publish", analyst).status, 409);  // not approved
    EXPECT_EQ(post(place + "/refuse", approver).status, 422);  // without a reason
    EXPECT_EQ(get(place).status, 303);                         // not for the public
    EXPECT_EQ(get("/publications/2025-26-Q1").status, 404);
    EXPECT_EQ(get("/api/v1/releases/2025-26-Q1-v1").status, 404);
    publish(place);
    EXPECT_THAT(get("/publications").body, HasSubstr("/publications/2025-26-Q1-v1"));
}

TEST_F(PublicationsTest, AreOpenToAnyone) {
    publish(make());
    const auto page = get("/publications/2025-26-Q1");
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.body, HasSubstr("1 of 153 local authorities signed a return"));
    EXPECT_THAT(page.body, HasSubstr("/publications/2025-26-Q1-v1/files/practice_guide_pathway.csv"));
    const auto table = get("/publications/2025-26-Q1-v1/tables/practice_guide_pathway", "",
                           {{"level", "Local authority"}, {"pathway_step", "Started"}});
    EXPECT_THAT(table.body, HasSubstr("Hartlepool"));
    EXPECT_THAT(table.body, HasSubstr("Total, Started"));
    EXPECT_THAT(get("/publications/2025-26-Q1-v1/methodology").body,
                HasSubstr("Over started episodes that ended in the quarter"));
    const auto file = get("/publications/2025-26-Q1-v1/files/practice_guide_pathway.csv");
    EXPECT_EQ(file.type, "text/csv; charset=utf-8");
    EXPECT_EQ(support::header(file, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(file.body.substr(0, 12), "time_period,");
    EXPECT_EQ(get("/publications/2025-26-Q1-v1/files/secret.csv").status, 404);
    EXPECT_EQ(get("/publications/2025-26-Q1-v1/tables/secret").status, 404);
}

TEST_F(PublicationsTest, AnswerMachinesWithPagesFiltersAndTags) {
    publish(make());
    const auto list = json::parse(get("/api/v1/releases").body);
    ASSERT_EQ(list.at("data").size(), 1U);
    EXPECT_EQ(list.at("data")[0].at("id"), "2025-26-Q1-v1");
    const std::string path = "/api/v1/releases/2025-26-Q1-v1/tables/practice_guide_pathway";
    const auto first = get(
        path, "",
        {{"level", "authority"}, {"pathway_step", "Referred"}, {"programme", "Total"}, {"page_size", "100"}});
    EXPECT_EQ(first.type, "application/json");
    EXPECT_EQ(support::header(first, "Access-Control-Allow-Origin"), "*");
    auto content = json::parse(first.body);
    EXPECT_EQ(content.at("total"), 153);
    EXPECT_EQ(content.at("data").size(), 100U);
    const auto second = json::parse(get(path, "",
                                        {{"level", "authority"},
                                         {"pathway_step", "Referred"},
                                         {"programme", "Total"},
                                         {"page_size", "100"},
                                         {"page", "2"}})
                                        .body);
    EXPECT_EQ(second.at("data").size(), 53U);
    EXPECT_TRUE(second.at("next").is_null());
    for (const auto& row : content.at("data"))
        EXPECT_NE(row.at("family_count").at("value").is_null(),
                  row.at("family_count").at("symbol").is_null());
    // A tag is of what was asked for; it saves the sending.
    const auto tag = support::header(first, "ETag");
    const auto again = doors.askOpen(
        path, {{"if-none-match", tag}},
        {{"level", "authority"}, {"pathway_step", "Referred"}, {"programme", "Total"}, {"page_size", "100"}});
    EXPECT_EQ(again.status, 304);
    EXPECT_TRUE(again.body.empty());
    const auto wrong = get(path, "", {{"level", "parish"}, {"colour", "red"}, {"page_size", "5000"}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(wrong.type, "application/problem+json");
    EXPECT_THAT(wrong.body, HasSubstr("national, regional or authority"));
    EXPECT_THAT(wrong.body, HasSubstr("no such filter"));
}

TEST_F(PublicationsTest, StayUnderANoticeWhereTheyAreWithdrawn) {
    const auto place = make();
    publish(place);
    EXPECT_EQ(post(place + "/withdraw", analyst, {{"notice", "Hartlepool sent the wrong file."}}).status,
              303);
    EXPECT_THAT(get("/publications/2025-26-Q1-v1").body, HasSubstr("Hartlepool sent the wrong file."));
    EXPECT_THAT(get("/publications/2025-26-Q1-v1").body, Not(HasSubstr("practice_guide_pathway")));
    EXPECT_EQ(get("/publications/2025-26-Q1-v1/files/practice_guide_pathway.csv").status, 410);
    EXPECT_EQ(get("/publications/2025-26-Q1-v1/tables/practice_guide_pathway").status, 410);
    EXPECT_EQ(get("/api/v1/releases/2025-26-Q1-v1/tables/practice_guide_pathway").status, 410);
    EXPECT_EQ(json::parse(get("/api/v1/releases/2025-26-Q1-v1").body).at("notice"),
              "Hartlepool sent the wrong file.");
    EXPECT_THAT(get(place, approver).body, HasSubstr("Withdrawn"));
}

/// A wish with nothing ticked comes back with what is wrong, and keeps what was typed.
TEST_F(PublicationsTest, SayWhatIsMissingFromAWish) {
    const auto answer =
        post("/releases/new", analyst, {{"quarter", "2025-26 Q1"}, {"rules", "none"}, {"note", "kept"}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(answer.body, HasSubstr("Choose the rules of disclosure"));
    EXPECT_THAT(answer.body, HasSubstr("kept"));
    const auto bare = post("/releases/new", analyst, {{"quarter", "2025-26 Q1"}, {"rules", "default"}});
    EXPECT_EQ(bare.status, 422);
    EXPECT_THAT(bare.body, HasSubstr("Choose at least one table"));
}

/// Machines of anyone share one limit an address; people who read pages are not touched by it.
TEST_F(PublicationsTest, LimitMachinesByAddress) {
    int status = 200;
    int asked = 0;
    for (; status == 200 && asked < 2000; ++asked) status = doors.askOpen("/api/v1/releases", {}).status;
    EXPECT_EQ(status, 429);
    EXPECT_GE(asked, 600);
    EXPECT_EQ(get("/publications").status, 200);
}

TEST_F(PublicationsTest, CanBeTurnedOnTheWorkbenchWithTheStatusOfEveryCell) {
    EXPECT_THAT(get("/workbench", analyst).body, HasSubstr("There is no release yet"));
    EXPECT_EQ(get("/workbench.csv", analyst).status, 404);
    publish(make());
    const values::Fields query{{"table", "practice_guide_pathway"},
                               {"rows", "place"},
                               {"columns", "pathway_step"},
                               {"level", "authority"}};
    EXPECT_THAT(get("/workbench", analyst, query).body, HasSubstr("Hartlepool"));
    const auto csv = get("/workbench.csv", analyst, query).body;
    EXPECT_THAT(csv, HasSubstr("Disclosure status"));
    EXPECT_THAT(csv, HasSubstr("not available"));
    const auto workbook = get("/workbench.xlsx", analyst, query);
    EXPECT_EQ(workbook.status, 200);
    EXPECT_EQ(workbook.body.substr(0, 2), "PK");
    EXPECT_EQ(get("/workbench.csv", "", query).status, 303);  // not for the public
    const auto pivot = json::parse(get("/api/v1/releases/2025-26-Q1/tables/practice_guide_pathway/pivot", "",
                                       {{"rows", "programme"}, {"columns", "pathway_step"}})
                                       .body);
    EXPECT_EQ(pivot.at("columns").at("labels").size(), 5U);
    EXPECT_EQ(pivot.at("cells").size(), pivot.at("rows").at("labels").size());
    EXPECT_EQ(post("/workbench", analyst, {{"name", "Mine"}, {"query", "table=x\r\nSet-Cookie: a"}}).status,
              422);
    EXPECT_EQ(
        post("/workbench", analyst, {{"name", "Mine"}, {"query", "table=practice_guide_pathway"}}).status,
        303);
    const auto page = get("/workbench", approver).body;  // every analyst sees it
    std::smatch view;
    ASSERT_TRUE(std::regex_search(page, view, std::regex("/workbench/views/[0-9a-f]{32}/remove")));
    EXPECT_EQ(post(view[0], analyst).status, 303);
    EXPECT_EQ(post(view[0], analyst).status, 404);
}
