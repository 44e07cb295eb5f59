// England's pages: what an analyst asks of a measure, and what is not given away.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "england/rollup.h"
#include "support/doors.h"

using identity::Door;
using identity::Role;
using platform::Account;
using platform::Transaction;
using support::Doors;
using support::TestHouse;
using ::testing::HasSubstr;
using values::Quarter;

namespace {

class EnglandPagesTest : public testing::Test {
protected:
    void SetUp() override {
        house.clock.advance(std::chrono::days(40));  // 12 July 2025
        for (const auto* code : {"E06000002", "E06000003"}) house.import("intake", code);
        for (const int authority : {805, 806, 807}) house.sign(authority, quarter);
        doors.add("analyst@national.test", 0, Role::nationalAnalyst);
        analyst = doors.signIn(Door::national, "analyst@national.test");
        house.as(Account::national).read([&](Transaction& tx) {
            const auto guidance = house.catalogues.inForce(tx);
            for (const auto& guide : guidance->on(quarter).catalogue.guides)
                for (const auto& one : guide.recommendations)
                    if (std::ranges::find(one.interventions, "kinship-navigator") != one.interventions.end())
                        page = "/england/" + one.id + "/measures/completers";
        });
        ASSERT_FALSE(page.empty());
    }
    std::string get(const std::string& path, const values::Fields& query = {}) {
        const auto answer = doors.ask(Door::national, "GET", path, analyst, {}, query);
        EXPECT_EQ(answer.status, 200) << path;
        return answer.body;
    }
    platform::Response post(const std::string& path, values::Fields form) {
        form.emplace("submission", house.ids.next<platform::Request>().text());
        return doors.ask(Door::national, "POST", path, analyst, form);
    }

    TestHouse house{support::Begins::delivered};
    Doors doors{house};
    std::string analyst;
    std::string page;
    const Quarter quarter = Quarter::parse("2025-26 Q1").value();
};

}  // namespace

TEST_F(EnglandPagesTest, ListTheRecommendationsOfOneGuide) {
    const auto rowsOf = [](const std::string& body) {
        std::size_t rows = 0;
        for (auto at = body.find("scope=\"row\""); at != std::string::npos;
             at = body.find("scope=\"row\"", at + 1))
            ++rows;
        return rows;
    };
    std::string guide;
    std::size_t recommendations = 0;
    house.as(Account::national).read([&](Transaction& tx) {
        const auto guidance = house.catalogues.inForce(tx);
        guide = guidance->on(quarter).catalogue.guides.front().id;
        recommendations = guidance->on(quarter).catalogue.guides.front().recommendations.size();
    });
    EXPECT_EQ(rowsOf(get("/england", {{"guide", guide}})), recommendations);
    EXPECT_GT(recommendations, 0U);
    EXPECT_EQ(rowsOf(get("/england", {{"guide", "another"}})), 0U);
}

TEST_F(EnglandPagesTest, BreakEnglandDownWithoutSmallGroups) {
    const auto body = get(page, {{"breakdown", "sex"}});
    EXPECT_THAT(body, HasSubstr("England by sex"));
    house.as(Account::national).read([&](Transaction& tx) {
        const auto guidance = house.catalogues.inForce(tx);
        std::vector<std::string> all;
        for (const auto& [id, one] : guidance->latest.interventions) all.push_back(id);
        auto recount =
            house.superuser().ask("SELECT category, SUM(numerator), SUM(denominator) FROM " + house.name +
                                  ".signed_group WHERE measure = 'started_of_referred' AND breakdown = 'sex' "
                                  "GROUP BY category ORDER BY category");
        std::size_t shown = 0;
        for (const auto& one : england::Rollup::breakdown(tx, guidance->on(quarter).catalogue, quarter,
                                                          quarter, all, "started_of_referred", "sex")) {
            ASSERT_TRUE(recount.next());
            EXPECT_EQ(one.group, recount.text(0));
            const auto met = recount.number(1);
            const auto of = recount.number(2);
            for (const auto count : {met, of - met, of})
                EXPECT_TRUE(one.isHidden || count == 0 || count > 5) << one.group;
            if (one.isHidden) continue;
            ++shown;
            EXPECT_NEAR(static_cast<double>(one.counts.denominator), static_cast<double>(of), 5);
        }
        EXPECT_FALSE(recount.next());
        EXPECT_GT(shown, 0U);
    });
}

TEST_F(EnglandPagesTest, SetAnAuthorityBesideItsNeighbours) {
    EXPECT_THAT(get(page, {{"near", "Hartlepool"}}), HasSubstr("No model of statistical neighbours"));
    house.superuser().execute(
        "INSERT INTO " + house.name +
        ".statistical_neighbour (edition, authority_id, place, neighbour_id, closeness, loaded_at) "
        "VALUES ('2025', 805, 1, 807, 'Close', '2025-06-01'), ('2025', 805, 2, 202, 'Close', "
        "'2025-06-01')");
    const auto body = get(page, {{"near", "Hartlepool"}});
    EXPECT_THAT(body, HasSubstr("Hartlepool and its statistical neighbours"));
    EXPECT_THAT(body, HasSubstr("Camden"));
    EXPECT_THAT(body, HasSubstr("not signed (x)"));
}

/// A group is the sum of what is shown of its members, and of nothing else.
TEST_F(EnglandPagesTest, AddUpAGroupFromWhatIsShown) {
    const auto few =
        post("/groups", {{"name", "Two"}, {"member.Hartlepool", "yes"}, {"member.Middlesbrough", "yes"}});
    EXPECT_EQ(few.status, 422);
    EXPECT_THAT(few.body, HasSubstr("Choose at least 3 authorities."));
    EXPECT_EQ(post("/groups", {{"name", "Tees & Camden"},
                               {"member.Hartlepool", "yes"},
                               {"member.Middlesbrough", "yes"},
                               {"member.Camden", "yes"}})
                  .status,
              303);
    EXPECT_THAT(get("/groups"), HasSubstr("Camden, Hartlepool, Middlesbrough"));
    EXPECT_THAT(get(page), HasSubstr("Group: Tees &amp; Camden"));
    england::ShareTable table;
    table.groups = {
        {"A", 1, false, false, {10, 25}}, {"B", 1, true, false, {3, 4}}, {"C", 1, false, true, {5, 10}}};
    const auto share = england::shareOfGroup(table, {"A", "B", "C", "D"});
    EXPECT_EQ(share.counts, (values::Proportion{15, 35}));
    EXPECT_EQ(share.shown, 2U);
    EXPECT_EQ(share.members, 4U);
}
