// Published open-data files, read as they are.

#include "context/official_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "values/errors.h"

using context::OfficialFile;
using context::Place;
using ::testing::HasSubstr;

namespace {

const std::string kHead =
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,"
    "old_la_code,new_la_code,la_name";
const std::string kEngland = "2025,Reporting year,National,E92000001,England,,,,,";
const std::string kHartlepool =
    "2025,Reporting year,Local authority,E92000001,England,E12000001,North East,805,E06000001,Hartlepool";

class Files : public testing::Test {
protected:
    Files()
        : folder(std::filesystem::temp_directory_path() /
                 ("plumbline-context-" + std::to_string(::getpid()))) {
        std::filesystem::create_directories(folder);
    }
    ~Files() override { std::filesystem::remove_all(folder); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(folder / name, std::ios::binary) << text;
        return (folder / name).string();
    }
    OfficialFile read(const std::string& data, const std::string& meta = "") const {
        return context::readOfficialFile(write("a.csv", data), meta.empty() ? "" : write("a.meta.csv", meta));
    }
    std::vector<values::FieldProblem> problems(const std::string& data, const std::string& meta = "") const {
        try {
            read(data, meta);
        } catch (const values::Invalid& error) {
            return error.problems();
        }
        return {};
    }

    std::filesystem::path folder;
};

}  // namespace

TEST_F(Files, AreReadWideWithEverySymbol) {
    const auto file = read("\xEF\xBB\xBF" + kHead + ",category,child_count,child_percent\r\n" + kEngland +
                           ",Boys,1000,12.5\r\n" + kEngland + ",Girls,\"1,234\",c\r\n" + kHartlepool +
                           ",Boys,low,z\r\n" + kHartlepool + ",Girls,,:\r\n");
    ASSERT_EQ(file.indicators.size(), 2U);
    EXPECT_EQ(file.indicators[1].name, "child_percent");
    EXPECT_EQ(file.indicators[1].unit, "%");
    ASSERT_EQ(file.figures.size(), 8U);
    EXPECT_EQ(file.figures[0].filters, "Category: Boys");
    EXPECT_EQ(file.figures[0].cell.value, 1000);
    EXPECT_EQ(file.figures[2].cell.value, 1234);
    EXPECT_EQ(file.figures[3].cell.symbol, "c");
    EXPECT_EQ(file.figures[4].cell.symbol, "low");
    EXPECT_EQ(file.figures[5].cell.symbol, "z");
    EXPECT_EQ(file.figures[6].cell.symbol, "x");  // an empty cell is not available, never nothing
    EXPECT_FALSE(file.figures[6].cell.value);
    EXPECT_EQ(file.figures[7].cell.symbol, ":");
    EXPECT_EQ(file.figures[4].place.oldCode, "805");
    EXPECT_EQ(file.figures[4].place.level, Place::Level::authority);
}

TEST_F(Files, AreReadLong) {
    const auto file = read(kHead + ",indicator,value\n" + kEngland + ",referral_count,10\n" + kEngland +
                           ",referral_percent,k\n");
    ASSERT_EQ(file.indicators.size(), 2U);
    ASSERT_EQ(file.figures.size(), 2U);
    EXPECT_EQ(file.figures[0].indicator, "referral_count");
    EXPECT_EQ(file.figures[1].cell.symbol, "k");
    EXPECT_EQ(file.figures[1].filters, "");
}

TEST_F(Files, FollowTheirMetadata) {
    // By its cells alone `age` would be a column of numbers.
    const auto file =
        read(kHead + ",age_start,children\n" + kEngland + ",5,10\n" + kEngland + ",6,~\n",
             "col_name,col_type,label,indicator_grouping,indicator_unit,indicator_dp,filter_hint,filter_"
             "grouping_column\n"
             "age_start,Filter,Age at start,,,,,\nchildren,Indicator,Number of children,,,0,,\n");
    ASSERT_EQ(file.indicators.size(), 1U);
    EXPECT_EQ(file.indicators[0].label, "Number of children");
    EXPECT_EQ(file.indicators[0].decimals, 0);
    EXPECT_EQ(file.figures[1].filters, "Age start: 6");
    EXPECT_EQ(
        problems(kHead + ",n\n" + kEngland + ",1\n", "col_name,col_type,label\nn,Number,N\nm,Filter,M\n")
            .size(),
        2U);
}

TEST_F(Files, LeaveOtherLevelsOutAndSaySo) {
    const auto file =
        read(kHead + ",n\n" + kEngland + ",1\n2025,Reporting year,School,E92000001,England,,,,,,5\n");
    EXPECT_EQ(file.figures.size(), 1U);
    EXPECT_EQ(file.leftOut.at("School"), 1);
}

TEST_F(Files, AreRefusedWithEveryProblemAtItsPlace) {
    const auto found = problems(kHead + ",n,m\n" + kEngland + ",1,2\n" + kEngland + ",1,2 %\n20x5" +
                                    kEngland.substr(4) + ",1,2\n" + kEngland + ",1\n",
                                "");
    ASSERT_EQ(found.size(), 1U);  // a short row hides what else is wrong: the table comes first
    EXPECT_EQ(found[0].where.row, 5);
    const auto cells = problems(
        kHead + ",n,m\n" + kEngland + ",1,2\n" + kEngland + ",1,2 %\n20x5" + kEngland.substr(4) + ",1,2\n",
        "col_name,col_type,label\nn,Indicator,N\nm,Indicator,M\n");
    ASSERT_EQ(cells.size(), 2U);
    EXPECT_EQ(cells[0].where.row, 3);
    EXPECT_EQ(cells[0].where.column, "m");
    EXPECT_EQ(cells[0].got, "2 %");
    EXPECT_THAT(cells[0].wanted, HasSubstr("c z x low u k ~ :"));
    EXPECT_EQ(cells[1].where.column, "time_period");
    EXPECT_EQ(problems("a,b\n1,2\n").size(), 3U);
    EXPECT_EQ(problems(kHead + ",n,n\n" + kEngland + ",1,2\n").size(), 1U);
    EXPECT_EQ(problems(kHead + ",n\n").size(), 1U);
}
