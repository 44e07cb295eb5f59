// Official figures beside delivery: kept as published, of the right place, as known on a day.

#include "context/official_figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/test_house.h"

using context::OfficialFigures;
using platform::Account;
using platform::Transaction;
using support::TestHouse;
using ::testing::HasSubstr;

namespace {

class OfficialFiguresTest : public testing::Test {
protected:
    context::Loaded load(const std::string& rows) {
        const auto path = support::temporaryFolder() + "/official.csv";
        std::ofstream(path) << "time_period,time_identifier,geographic_level,country_code,country_name,"
                               "region_code,region_name,"
                               "old_la_code,new_la_code,la_name,child_count,child_percent\n"
                            << rows;
        const auto file = context::readOfficialFile(path, "");
        context::Loaded loaded;
        house.as(Account::admin).inTransaction(support::tester(), [&](Transaction& tx) {
            loaded = OfficialFigures::load(tx, house.ids, file, "official", "Official", "The department");
        });
        return loaded;
    }
    std::vector<context::ContextRow> about(int authority, std::optional<values::Instant> at = std::nullopt) {
        std::vector<context::ContextRow> rows;
        house.as(Account::work).read([&](Transaction& tx) {
            rows = OfficialFigures::about(tx, house.authorityId(authority), at.value_or(house.clock.now()));
        });
        return rows;
    }

    TestHouse house;
};

}  // namespace

TEST_F(OfficialFiguresTest, StandBesideRegionAndEnglandInTheLatestPeriod) {
    load(
        "2024,Reporting year,Local authority,E92000001,England,E12000001,North "
        "East,805,E06000001,Hartlepool,10,40\n"
        "2025,Reporting year,Local authority,E92000001,England,E12000001,North "
        "East,805,E06000001,Hartlepool,c,c\n"
        "2025,Reporting year,Regional,E92000001,England,E12000001,North East,,,,500,30.5\n"
        "2025,Reporting year,National,E92000001,England,,,,,,9000,22\n");
    const auto rows = about(805);
    ASSERT_EQ(rows.size(), 1U);  // rates alone: counts of places of other sizes say nothing
    EXPECT_EQ(rows[0].indicator, "Child percent");
    EXPECT_EQ(rows[0].period, "2025, Reporting year");
    EXPECT_EQ(rows[0].authority, "hidden: few people (c)");
    EXPECT_EQ(rows[0].region, "30.5");
    EXPECT_EQ(rows[0].england, "22");
}

TEST_F(OfficialFiguresTest, OfAbolishedAuthoritiesAreShownForTheirSuccessorsAndSaySo) {
    const auto loaded = load(
        "2022,Reporting year,Local authority,E92000001,England,E12000002,North "
        "West,909,E10000006,Cumbria,10,40\n"
        "2022,Reporting year,Local authority,E92000001,England,E12000009,South "
        "West,999,E99999999,Nowhere,10,40\n"
        "2025,Reporting year,Local authority,E92000001,England,E12000007,London,314 / 318,E09000021 / "
        "E09000027,Kingston / Richmond,5,12\n");
    EXPECT_EQ(loaded.figures, 6);
    ASSERT_EQ(loaded.notes.size(), 3U);
    EXPECT_THAT(loaded.notes[0], HasSubstr("Nowhere (999, E99999999)"));
    EXPECT_THAT(loaded.notes[1], HasSubstr("Cumbria"));
    const auto cumberland = about(942);
    ASSERT_EQ(cumberland.size(), 1U);
    EXPECT_EQ(cumberland[0].authority, "40");
    EXPECT_THAT(cumberland[0].note, HasSubstr("Of Cumbria, which this authority succeeded on"));
    for (const int authority : {314, 318}) {
        const auto joint = about(authority);
        ASSERT_EQ(joint.size(), 1U);
        EXPECT_THAT(joint[0].note, HasSubstr("A joint return"));
    }
    EXPECT_TRUE(about(805).empty());
}

TEST_F(OfficialFiguresTest, StandAsTheyWereKnownBeforeALaterLoad) {
    load(
        "2025,Reporting year,Local authority,E92000001,England,E12000001,North "
        "East,805,E06000001,Hartlepool,10,40\n");
    const auto before = house.clock.now();
    house.clock.advance(std::chrono::hours(1));
    load(
        "2025,Reporting year,Local authority,E92000001,England,E12000001,North "
        "East,805,E06000001,Hartlepool,10,41\n");
    EXPECT_EQ(about(805).at(0).authority, "41");
    EXPECT_EQ(about(805, before).at(0).authority, "40");
    EXPECT_TRUE(about(805, before - std::chrono::hours(24)).empty());
}
