// The national door: a release made by one person and approved by another, and what anybody sees of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "returns/returns.h"
#include "support/many_times.h"
#include "support/scene.h"

using identity::Door;
using nlohmann::json;
using platform::Account;
using releases::Releases;
using support::Page;
using support::Scene;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using values::Quarter;

namespace {

const auto kPublished = Quarter::parse("2025-26 Q1").value();

class PublicationsTest : public testing::Test {
protected:
    void SetUp() override {
        scene.letTheQuarterEnd();
        scene.signedQuarter({805}, kPublished);
    }
    /// As anyone asks, without a session.
    platform::Response get(const std::string& path, const values::Fields& query = {}) {
        return scene.doors.ask(Door::national, "GET", path, "", {}, query);
    }
    /// Asked for with everything ticked, and made; gives its address.
    std::string make() {
        values::Fields wish{{"quarter", kPublished.name()}, {"rules", "default"}, {"note", "<b>first</b>"}};
        for (const auto& box : scene.analyst().get("/releases/new").at("//input[@type='checkbox']/@name"))
            wish[box] = "yes";
        const auto asked = scene.analyst().post("/releases/new", wish);
        EXPECT_EQ(asked.status(), 303) << asked.text();
        EXPECT_TRUE(Releases::work(scene.house.as(Account::work), scene.house.catalogues, returns::kDueDays));
        return asked.location();
    }
    void publish(const std::string& place) {
        EXPECT_EQ(scene.approver().post(place + "/approve", {{"approval", "Looked"}}).status(), 303);
        EXPECT_EQ(scene.analyst().post(place + "/publish").status(), 303);
    }

    Scene scene{support::Begins::delivered};
};

}  // namespace

TEST_F(PublicationsTest, ShowNothingBeforeASecondPersonApproved) {
    EXPECT_THAT(get("/publications").body, HasSubstr("Nothing has been published yet"));
    const auto place = make();
    const auto page = scene.approver().get(place);
    EXPECT_TRUE(page.says("Waits for approval"));
    EXPECT_TRUE(page.says("none can be narrowed down too far"));
    EXPECT_TRUE(page.says("<b>first</b>"));
    EXPECT_TRUE(scene.analyst().get(place).says("Somebody else approves what you prepared"));
    EXPECT_EQ(scene.analyst().post(place + "/approve").status(), 403);  // not the role
    EXPECT_EQ(scene.analyst().post(place + "/publish").status(), 409);  // not approved
    EXPECT_EQ(scene.approver().post(place + "/refuse").status(), 422);  // without a reason
    EXPECT_EQ(get(place).status, 303);                                  // not for the public
    EXPECT_EQ(get("/publications/2025-26-Q1").status, 404);
    EXPECT_EQ(get("/api/v1/releases/2025-26-Q1-v1").status, 404);
    publish(place);
    EXPECT_THAT(get("/publications").body, HasSubstr("/publications/2025-26-Q1-v1"));
}

/// Of the small intake: 23 families were referred in the quarter, 22 offered a place, 19 accepted, 18 started
/// and 14 completed; 17 of 22 complete reviews reached the threshold. Hartlepool has it once and
/// Middlesbrough, of which nothing is small, eight times.
TEST_F(PublicationsTest, AreOpenToAnyone) {
    support::importTimes(scene.house, 8, "E06000002");
    scene.house.sign(806, kPublished);
    publish(make());
    const Page page(get("/publications/2025-26-Q1"));
    EXPECT_EQ(page.status(), 200);
    EXPECT_THAT(
        page.items(),
        IsSupersetOf({"2 of 153 local authorities signed a return.",
                      "210 families were referred to the programmes that guides recommend; 76% of them have "
                      "started.",
                      "200 reviews of sessions were complete; 75% reached their programme's threshold."}));
    const auto adoption = "Authorities by recommendation";
    EXPECT_EQ(page.table(adoption).size(), 3U);
    EXPECT_THAT(page.row("Offer kinship carers a structured parenting programme", adoption),
                ElementsAre("153", "0", "2", "0", "0", "151"));
    EXPECT_THAT(page.table("From referral to completion"),
                ElementsAre(ElementsAre("Referred", "210", "–"), ElementsAre("Offered", "200", "95%"),
                            ElementsAre("Accepted", "170", "85%"), ElementsAre("Started", "160", "94%"),
                            ElementsAre("Completed", "130", "81%")));
    const Page table(get(page.link("From referral to completion"),
                         {{"level", "Local authority"}, {"pathway_step", "Started"}}));
    const auto caption = "Total, Started";
    EXPECT_EQ(table.table(caption).size(), 1U + 153U);
    EXPECT_THAT(table.row("England", caption), ElementsAre("160", "76"));        // 162 of 207
    EXPECT_THAT(table.row("Middlesbrough", caption), ElementsAre("145", "78"));  // 144 of 184
    EXPECT_THAT(table.row("Hartlepool", caption), ElementsAre("c", "c"));        // 18 of 23: 5 did not
    EXPECT_THAT(table.row("Camden", caption), ElementsAre("x", "x"));
    EXPECT_TRUE(Page(get("/publications/2025-26-Q1-v1/methodology"))
                    .says("Over started episodes that ended in the quarter"));
    const auto file = get(page.link("practice_guide_pathway.csv"));
    EXPECT_EQ(file.type, "text/csv; charset=utf-8");
    EXPECT_EQ(support::header(file, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(file.body.substr(0, 12), "time_period,");
    EXPECT_THAT(file.body, HasSubstr("E06000002,Middlesbrough,Total,Started,145,78\n"));
    EXPECT_EQ(get("/publications/2025-26-Q1-v1/files/secret.csv").status, 404);
    EXPECT_EQ(get("/publications/2025-26-Q1-v1/tables/secret").status, 404);
}

TEST_F(PublicationsTest, AnswerMachinesWithPagesFiltersAndTags) {
    publish(make());
    const auto list = json::parse(get("/api/v1/releases").body);
    ASSERT_EQ(list.at("data").size(), 1U);
    EXPECT_EQ(list.at("data")[0].at("id"), "2025-26-Q1-v1");
    const std::string path = "/api/v1/releases/2025-26-Q1-v1/tables/practice_guide_pathway";
    const values::Fields query{
        {"level", "authority"}, {"pathway_step", "Referred"}, {"programme", "Total"}, {"page_size", "100"}};
    const auto first = get(path, query);
    EXPECT_EQ(first.type, "application/json");
    EXPECT_EQ(support::header(first, "Access-Control-Allow-Origin"), "*");
    auto content = json::parse(first.body);
    EXPECT_EQ(content.at("total"), 153);
    EXPECT_EQ(content.at("data").size(), 100U);
    auto next = query;
    next["page"] = "2";
    const auto second = json::parse(get(path, next).body);
    EXPECT_EQ(second.at("data").size(), 53U);
    EXPECT_TRUE(second.at("next").is_null());
    for (const auto& row : content.at("data"))
        EXPECT_NE(row.at("family_count").at("value").is_null(),
                  row.at("family_count").at("symbol").is_null());
    // A tag is of what was asked for; it saves the sending.
    const auto tag = support::header(first, "ETag");
    const auto again = scene.doors.askOpen(path, {{"if-none-match", tag}}, query);
    EXPECT_EQ(again.status, 304);
    EXPECT_TRUE(again.body.empty());
    const auto wrong = get(path, {{"level", "parish"}, {"colour", "red"}, {"page_size", "5000"}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(wrong.type, "application/problem+json");
    EXPECT_THAT(wrong.body, HasSubstr("national, regional or authority"));
    EXPECT_THAT(wrong.body, HasSubstr("no such filter"));
}

TEST_F(PublicationsTest, StayUnderANoticeWhereTheyAreWithdrawn) {
    const auto place = make();
    publish(place);
    EXPECT_EQ(
        scene.analyst().post(place + "/withdraw", {{"notice", "Hartlepool sent the wrong file."}}).status(),
        303);
    EXPECT_THAT(get("/publications/2025-26-Q1-v1").body, HasSubstr("Hartlepool sent the wrong file."));
    EXPECT_THAT(get("/publications/2025-26-Q1-v1").body, Not(HasSubstr("practice_guide_pathway")));
    EXPECT_EQ(get("/publications/2025-26-Q1-v1/files/practice_guide_pathway.csv").status, 410);
    EXPECT_EQ(get("/publications/2025-26-Q1-v1/tables/practice_guide_pathway").status, 410);
    EXPECT_EQ(get("/api/v1/releases/2025-26-Q1-v1/tables/practice_guide_pathway").status, 410);
    EXPECT_EQ(json::parse(get("/api/v1/releases/2025-26-Q1-v1").body).at("notice"),
              "Hartlepool sent the wrong file.");
    EXPECT_TRUE(scene.approver().get(place).says("Withdrawn"));
}

/// A wish with nothing ticked comes back with what is wrong, and keeps what was typed.
TEST_F(PublicationsTest, SayWhatIsMissingFromAWish) {
    const auto answer = scene.analyst().post(
        "/releases/new", {{"quarter", "2025-26 Q1"}, {"rules", "none"}, {"note", "kept"}});
    EXPECT_EQ(answer.status(), 422);
    EXPECT_TRUE(answer.says("Choose the rules of disclosure"));
    EXPECT_EQ(answer.field("note"), "kept");
    const auto bare =
        scene.analyst().post("/releases/new", {{"quarter", "2025-26 Q1"}, {"rules", "default"}});
    EXPECT_EQ(bare.status(), 422);
    EXPECT_TRUE(bare.says("Choose at least one table"));
}

/// Machines of anyone share one limit an address; people who read pages are not touched by it.
TEST_F(PublicationsTest, LimitMachinesByAddress) {
    int status = 200;
    int asked = 0;
    for (; status == 200 && asked < 2000; ++asked)
        status = scene.doors.askOpen("/api/v1/releases", {}).status;
    EXPECT_EQ(status, 429);
    EXPECT_GE(asked, 600);
    EXPECT_EQ(get("/publications").status, 200);
}

TEST_F(PublicationsTest, CanBeTurnedOnTheWorkbenchWithTheStatusOfEveryCell) {
    EXPECT_TRUE(scene.analyst().get("/workbench").says("There is no release yet"));
    EXPECT_EQ(scene.analyst().get("/workbench.csv").status(), 404);
    publish(make());
    const values::Fields query{{"table", "practice_guide_pathway"},
                               {"rows", "place"},
                               {"columns", "pathway_step"},
                               {"level", "authority"}};
    EXPECT_TRUE(scene.analyst().get("/workbench", query).says("Hartlepool"));
    const auto csv = scene.analyst().ask("GET", "/workbench.csv", {}, query).body;
    EXPECT_THAT(csv, HasSubstr("Disclosure status"));
    EXPECT_THAT(csv, HasSubstr("not available"));
    const auto workbook = scene.analyst().ask("GET", "/workbench.xlsx", {}, query);
    EXPECT_EQ(workbook.status, 200);
    EXPECT_EQ(workbook.body.substr(0, 2), "PK");
    EXPECT_EQ(get("/workbench.csv", query).status, 303);  // not for the public
    const auto pivot = json::parse(get("/api/v1/releases/2025-26-Q1/tables/practice_guide_pathway/pivot",
                                       {{"rows", "programme"}, {"columns", "pathway_step"}})
                                       .body);
    EXPECT_EQ(pivot.at("columns").at("labels").size(), 5U);
    EXPECT_EQ(pivot.at("cells").size(), pivot.at("rows").at("labels").size());
    EXPECT_EQ(scene.analyst()
                  .post("/workbench", {{"name", "Mine"}, {"query", "table=x\r\nSet-Cookie: a"}})
                  .status(),
              422);
    EXPECT_EQ(scene.analyst()
                  .post("/workbench", {{"name", "Mine"}, {"query", "table=practice_guide_pathway"}})
                  .status(),
              303);
    const auto removals =
        scene.approver().get("/workbench").at("//form/@action[contains(., '/workbench/views/')]");
    ASSERT_EQ(removals.size(), 1U) << "every analyst sees it";
    EXPECT_EQ(scene.analyst().post(removals.front()).status(), 303);
    EXPECT_EQ(scene.analyst().post(removals.front()).status(), 404);
}
