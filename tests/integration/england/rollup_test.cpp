// England's roll-up: sums of what was signed, at once, and nothing that gives a child away.

#include "england/rollup.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <regex>

#include "returns/returns.h"
#include "statistics/rounding.h"
#include "support/doors.h"

using england::Grouping;
using england::protectedShares;
using england::Rollup;
using england::UnitCounts;
using identity::Door;
using identity::Role;
using platform::Account;
using platform::Transaction;
using support::TestHouse;
using ::testing::HasSubstr;
using ::testing::Not;
using values::Quarter;

namespace {

/// Made-up England: authorities of several regions and types, with counts from nothing to hundreds.
std::vector<UnitCounts> anEngland(std::uint32_t seed, int units) {
    std::mt19937 bits(seed);
    std::vector<UnitCounts> all;
    for (int i = 0; i < units; ++i) {
        const auto most = static_cast<std::int64_t>(1 + bits() % (i % 3 == 0 ? 12 : 300));
        const auto met = static_cast<std::int64_t>(bits() % static_cast<std::uint32_t>(most + 1));
        all.push_back({"Authority " + std::to_string(100 + i),
                       "Region " + std::to_string(i % 9),
                       "Type " + std::to_string(i % 4),
                       {met, most}});
    }
    return all;
}

class RollupTest : public testing::Test {
protected:
    void SetUp() override {
        house.clock.advance(std::chrono::days(40));  // 12 July 2025
        house.import("intake", "E06000002");
    }
    void sign(int authority) { house.sign(authority, quarter); }
    void correct(int authority) {
        auto director = support::tester();
        director.authority = authority;
        house.as(Account::authority).inTransaction(director, [&](Transaction& tx) {
            returns::Returns::correct(tx, house.ids, house.authorityId(authority), quarter,
                                      "A file was missing");
        });
    }
    england::ShareTable share(const std::string& measure) {
        england::ShareTable table;
        house.as(Account::national).read([&](Transaction& tx) {
            const auto guidance = house.catalogues.inForce(tx);
            table = Rollup::share(tx, guidance->on(quarter).catalogue, quarter, quarter,
                                  {"kinship-navigator"}, measure, Grouping::region);
        });
        return table;
    }
    /// The same by another way: from the signed documents, parsed.
    values::Proportion recount(const std::string& measure) {
        auto rows = house.superuser().ask(
            "SELECT COALESCE(SUM(figure.numerator), 0), COALESCE(SUM(figure.denominator), 0) FROM " +
            house.name + ".quarterly_return AS one JOIN " + house.name +
            ".signed_figure ON signed_figure.return_id = one.id "
            "JOIN JSON_TABLE(signed_figure.figures, '$[*]' COLUMNS (measure VARCHAR(130) PATH '$.measure', "
            "numerator BIGINT PATH "
            "'$.is[0]', denominator BIGINT PATH '$.is[1]')) AS figure WHERE one.version = (SELECT "
            "MAX(version) FROM " +
            house.name +
            ".quarterly_return AS v WHERE v.authority_id = one.authority_id AND v.state = 'signed') AND "
            "intervention = "
            "'kinship-navigator' AND measure = '" +
            measure + "'");
        rows.next();
        return {rows.number(0), rows.number(1)};
    }

    TestHouse house{support::Begins::delivered};
    const Quarter quarter = Quarter::parse("2025-26 Q1").value();
};

}  // namespace

TEST(ProtectedShares, NeverShowASmallCountOrItsComplement) {
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        const auto units = anEngland(seed, 40);
        for (const auto grouping : {Grouping::region, Grouping::type, Grouping::authority}) {
            const auto table = protectedShares(units, grouping);
            std::map<std::string, values::Proportion> sums;
            for (const auto& unit : units) {
                auto& sum = sums[grouping == Grouping::region ? unit.region
                                 : grouping == Grouping::type ? unit.type
                                                              : unit.authority];
                sum.numerator += unit.counts.numerator;
                sum.denominator += unit.counts.denominator;
            }
            const auto base = grouping == Grouping::authority ? 5 : 10;
            ASSERT_EQ(table.groups.size(), sums.size());
            for (const auto& group : table.groups) {
                const auto& sum = sums.at(group.group);
                for (const auto count : {sum.numerator, sum.denominator - sum.numerator, sum.denominator})
                    EXPECT_TRUE(group.isHidden || count == 0 || count > 5) << seed << " " << group.group;
                if (group.isHidden) continue;
                // Not hidden, it is the true count to the nearest multiple.
                EXPECT_EQ(group.counts.denominator, statistics::roundedToBase(sum.denominator, base))
                    << group.group;
                EXPECT_LE(group.counts.numerator, group.counts.denominator);
                EXPECT_EQ(group.isUnreliable, group.counts.denominator < england::kFewestCounted);
            }
        }
    }
}

/// What is hidden is the same in every view, so that one view gives nothing of another away.
TEST(ProtectedShares, HideTheSameWhicheverHierarchyIsShown) {
    const auto units = anEngland(7, 60);
    const auto byRegion = protectedShares(units, Grouping::region);
    const auto byType = protectedShares(units, Grouping::type);
    EXPECT_EQ(byRegion.england.counts.numerator, byType.england.counts.numerator);
    EXPECT_EQ(byRegion.england.isHidden, byType.england.isHidden);
    EXPECT_EQ(byRegion.quartiles, byType.quartiles);
    EXPECT_EQ(byRegion.spreadOver, byType.spreadOver);
}

/// A share of sessions is as safe as the families behind it are many: one family has thirty sessions.
TEST(ProtectedShares, HideSharesOfSessionsByTheFamiliesBehindThem) {
    for (std::uint32_t seed = 1; seed <= 12; ++seed) {
        const auto families = anEngland(seed, 40);
        std::vector<UnitCounts> sessions;
        for (const auto& one : families) {
            sessions.push_back(one);
            sessions.back().counts = {one.counts.numerator * 28 + 3, one.counts.denominator * 30};
        }
        const auto byFamilies = england::protectedTables(families);
        for (const auto& [grouping, table] : england::protectedTables(sessions, {families})) {
            const auto& people = byFamilies.at(grouping);
            EXPECT_TRUE(table.isOfUnits);
            ASSERT_EQ(table.groups.size(), people.groups.size());
            for (std::size_t i = 0; i < table.groups.size(); ++i) {
                const auto& one = table.groups[i];
                EXPECT_EQ(one.isHidden, people.groups[i].isHidden) << one.group;
                if (one.isHidden) continue;
                // Neither the number of sessions nor anything that follows it: whole per cent, and people.
                EXPECT_EQ(one.counts.denominator, people.groups[i].counts.denominator) << one.group;
                ASSERT_TRUE(one.percentOfUnits) << one.group;
            }
        }
    }
}

TEST(ProtectedShares, HideSharesOfUnitsBehindWhichNobodyIsCounted) {
    const auto sessions = anEngland(3, 40);
    for (const auto& [grouping, table] : england::protectedTables(sessions, {})) {
        EXPECT_TRUE(table.england.isHidden);
        for (const auto& one : table.groups) EXPECT_TRUE(one.isHidden) << one.group;
        EXPECT_TRUE(table.quartiles.empty());
    }
    // Nor where some of them are not counted.
    auto families = sessions;
    const auto left = families.back();
    families.pop_back();
    for (const auto& [grouping, table] : england::protectedTables(sessions, {families})) {
        EXPECT_TRUE(table.england.isHidden);
        for (const auto& one : table.groups)
            EXPECT_TRUE(one.isHidden || (one.group != left.region && one.group != left.type)) << one.group;
    }
}

TEST(ProtectedShares, HideCategoriesOfSessionsByTheFamiliesBehindThem) {
    const std::map<std::string, values::Proportion> sessions{{"a", {30, 30}}, {"b", {900, 1200}}};
    const auto shown = england::protectedCategories(sessions, {{{"a", {1, 1}}, {"b", {26, 40}}}});
    EXPECT_TRUE(shown.at(0).isHidden);
    for (const auto& one : england::protectedCategories(sessions, {})) EXPECT_TRUE(one.isHidden);
}

TEST_F(RollupTest, IsTheSumOfWhatWasSignedFromThatMomentOn) {
    EXPECT_EQ(share("dose").england.authorities, 0U);
    sign(805);
    EXPECT_EQ(share("dose").england.authorities, 1U);
    sign(806);
    for (const auto* measure : {"dose", "start_timeliness", "fidelity"}) {
        const auto counts = recount(measure);
        const auto table = share(measure);
        EXPECT_EQ(table.england.authorities, counts.denominator > 0 ? 2U : 0U) << measure;
        const auto people = measure == std::string("dose") ? recount("completers") : counts;
        EXPECT_EQ(table.isOfUnits, measure == std::string("dose")) << measure;
        if (table.england.isHidden || counts.denominator == 0) continue;
        EXPECT_EQ(table.england.counts.denominator, statistics::roundedToBase(people.denominator, 10))
            << measure;
    }
    EXPECT_EQ(share("dose").england.isHidden, share("completers").england.isHidden);
    // A correction that is begun changes nothing; signed, it takes the place of what it corrects.
    house.superuser().execute("UPDATE " + house.name +
                              ".session SET status = 'missed' WHERE authority_id = 806");
    house.superuser().execute("UPDATE " + house.name + ".touched SET generation = generation + 1");
    const auto before = recount("dose");
    correct(806);
    EXPECT_EQ(share("dose").england.authorities, 2U);
    house.as(Account::national).read([&](Transaction& tx) {
        const auto coverage = Rollup::coverage(tx, quarter, house.clock.today());
        EXPECT_EQ(coverage.signedReturns, 2U);
        EXPECT_EQ(coverage.authorities, 153U);
        std::size_t levels = 0;
        for (const auto& counts : Rollup::levels(tx, quarter, "kc-navigator", Grouping::region))
            levels += counts.authorities;
        EXPECT_EQ(levels, 4U);  // England, and the region that both are of
    });
    EXPECT_GT(before.denominator, 0);
}

TEST_F(RollupTest, LeadsAnAnalystFromEnglandToAStandard) {
    support::Doors doors(house);
    doors.add("analyst@national.example", 0, Role::nationalAnalyst);
    const auto analyst = doors.signIn(Door::national, "analyst@national.example");
    const auto ask = [&](const std::string& place, const values::Fields& query = {}) {
        return doors.ask(Door::national, "GET", place, analyst, {}, query);
    };
    EXPECT_THAT(ask("/england").body, HasSubstr("No authority has signed off a return yet"));
    EXPECT_EQ(ask("/england/kc-navigator").status, 404);
    sign(805);
    sign(806);
    const auto england = ask("/england").body;
    EXPECT_THAT(england, HasSubstr("2 of 153 authorities have signed their return for 2025-26 Q1"));
    EXPECT_THAT(england, HasSubstr("/england/kc-navigator?quarter=2025-26"));
    const auto recommendation = ask("/england/kc-navigator", {{"by", "type"}}).body;
    EXPECT_THAT(recommendation, HasSubstr("whether it is dose, quality or something else"));
    EXPECT_THAT(recommendation, Not(HasSubstr("Hartlepool")));
    const auto measure = ask("/england/kc-navigator/measures/dose", {{"by", "authority"}}).body;
    EXPECT_THAT(measure, HasSubstr("Hartlepool"));
    EXPECT_THAT(measure, HasSubstr("England quarter by quarter"));
    EXPECT_EQ(ask("/england/kc-navigator/measures/referred").status, 404);
    EXPECT_EQ(ask("/england/none").status, 404);
}
