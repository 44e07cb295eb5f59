// What tests of doors read pages with, and the people who ask.
#include "support/scene.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using support::Page;
using ::testing::ElementsAre;

namespace {

Page pageOf(const std::string& main) {
    return Page({200, "text/html", "<!DOCTYPE html><html><body><main>" + main + "</main></body></html>", {}});
}

}  // namespace

TEST(Page, GivesTheCellsOfARowByItsHeading) {
    const auto page = pageOf(R"(<table><caption>Shares</caption><tbody>
        <tr><th scope="row"><a href="/x">It’s  one</a></th><td> 10 </td><td>72%</td></tr>
        <tr><th scope="row">Two</th><td>3</td><td>–</td></tr></tbody></table>)");
    EXPECT_THAT(page.row("It’s one"), ElementsAre("10", "72%"));
    EXPECT_THAT(page.table("Shares"),
                ElementsAre(ElementsAre("It’s one", "10", "72%"), ElementsAre("Two", "3", "–")));
    EXPECT_THROW(page.row("Three"), std::out_of_range);
    EXPECT_THROW(page.row("Two", "Another table"), std::out_of_range);
    EXPECT_FALSE(page.hasTable("Another table"));
    EXPECT_EQ(page.link("It’s one"), "/x");
}

TEST(Page, GivesWhatFieldsHoldAndWhatIsWrongWithThem) {
    const auto page =
        pageOf(R"(<ul class="govuk-error-summary__list"><li><a href="#day">Enter a day.</a></li></ul>
        <p id="day-error"><span>Error:</span> Enter a day.</p><input name="day" value="31/2">
        <input type="hidden" name="version" value="v&quot;1"><textarea name="why">it's so</textarea>
        <select name="sex"><option value="">Choose</option><option value="f" selected>female</option></select>)");
    EXPECT_EQ(page.field("day"), "31/2");
    EXPECT_EQ(page.field("version"), "v\"1");
    EXPECT_EQ(page.field("why"), "it's so");
    EXPECT_EQ(page.field("sex"), "f");
    EXPECT_THAT(page.choices("sex"), ElementsAre("", "f"));
    EXPECT_FALSE(page.hasField("month"));
    EXPECT_THROW(page.field("month"), std::out_of_range);
    EXPECT_THAT(page.errors(), ElementsAre("Enter a day."));
    EXPECT_EQ(page.errorAt("day"), "Enter a day.");
    EXPECT_EQ(page.errorAt("why"), "");
}

TEST(Page, ReadsAsText) {
    const auto page = pageOf(
        "<h1>Home</h1><p>One <strong>service</strong>\n runs.</p><dl><dt>Stage</dt><dd>full</dd></dl>");
    EXPECT_EQ(page.text(), "Home One service runs. Stage full");
    EXPECT_EQ(page.heading(), "Home");
    EXPECT_EQ(page.fact("Stage"), "full");
    EXPECT_TRUE(page.says("service runs"));
}

TEST(Scene, SignsPeopleInAtTheirOwnDoors) {
    support::Scene scene;
    EXPECT_EQ(scene.manager().get("/").heading().empty(), false);
    EXPECT_EQ(scene.manager().token(), scene.manager().token()) << "made once";
    EXPECT_NE(scene.manager(806).token(), scene.manager(805).token());
    EXPECT_EQ(scene.analyst().get("/england").status(), 200);
    EXPECT_EQ(scene.inspector().get("/").location(), "/inspections");
}

TEST(Scene, DeliversAndSigns) {
    support::Scene scene;
    scene.letTheQuarterEnd();
    scene.signedQuarter({805, 806}, values::Quarter::parse("2025-26 Q1").value());
    EXPECT_EQ(scene.value("SELECT COUNT(*) FROM @quarterly_return WHERE signed_at IS NOT NULL"), "2");
    EXPECT_EQ(scene.serviceId("S1").size(), 32U);
    EXPECT_NE(scene.serviceId("S1", 806), scene.serviceId("S1", 805));
}
