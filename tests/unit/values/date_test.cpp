#include "values/date.h"

#include <gtest/gtest.h>

#include "values/instant.h"
#include "values/quarter.h"

using values::Date;
using values::Instant;
using values::Quarter;

TEST(Date, ReadsOnlyRealDays) {
    EXPECT_EQ(Date::fromIso("2024-02-29")->iso(), "2024-02-29");
    for (const auto* wrong :
         {"2025-02-29", "2025-13-01", "2025-00-10", "2025-4-01", "01/04/2025", "", "2025-04-01 "})
        EXPECT_FALSE(Date::fromIso(wrong)) << wrong;
    EXPECT_THROW(Date(2025, 2, 30), std::out_of_range);
}

TEST(Date, CountsDaysAcrossLeapYears) {
    EXPECT_EQ(Date(2024, 3, 1).daysSince(Date(2024, 2, 1)), 29);
    EXPECT_EQ(Date(2025, 3, 1).plusDays(-1), Date(2025, 2, 28));
    EXPECT_EQ(Date(1970, 1, 1).serial(), 0);
    for (int serial = -20000; serial < 60000; serial += 17)
        EXPECT_EQ(Date::fromIso(Date::fromSerial(serial).iso())->serial(), serial);
}

TEST(Date, SpeaksBritish) { EXPECT_EQ(Date(2025, 4, 1).text(), "1 April 2025"); }

TEST(Quarter, IsFinancial) {
    const auto first = *Quarter::parse("2025-26 Q1");
    EXPECT_EQ(first.first(), Date(2025, 4, 1));
    EXPECT_EQ(first.last(), Date(2025, 6, 30));
    const auto last = *Quarter::parse("2025-26-Q4");
    EXPECT_EQ(last.first(), Date(2026, 1, 1));
    EXPECT_EQ(last.last(), Date(2026, 3, 31));
    EXPECT_EQ(last.next().name(), "2026-27 Q1");
    EXPECT_EQ(last.months(), "January to March 2026");
    EXPECT_EQ(Quarter::parse("1999-00 Q2")->name(), "1999-00 Q2");
}

TEST(Quarter, RefusesWhatIsNoQuarter) {
    for (const auto* wrong :
         {"2025-27 Q1", "2025-26 Q5", "2025-26 Q0", "2025 Q1", "2025-26Q1", "", "2025-26 q1"})
        EXPECT_FALSE(Quarter::parse(wrong)) << wrong;
}

TEST(Quarter, ContainsEachOfItsDaysAndNoOther) {
    for (auto day = Date(2023, 12, 1); day < Date(2026, 5, 1); day = day.plusDays(1)) {
        const auto quarter = Quarter::containing(day);
        EXPECT_LE(quarter.first(), day);
        EXPECT_GE(quarter.last(), day);
        EXPECT_EQ(Quarter::fromIndex(quarter.index()), quarter);
        EXPECT_EQ(*Quarter::parse(quarter.slug()), quarter);
    }
}

namespace {
Instant utc(int year, unsigned month, unsigned day, int hour, int minute) {
    using namespace std::chrono;
    return sys_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day)) +
           hours(hour) + minutes(minute);
}
}  // namespace

TEST(LondonDate, ChangesItsClockOnTheLastSundaysOfMarchAndOctober) {
    EXPECT_EQ(values::londonText(utc(2025, 3, 30, 0, 59)), "30 March 2025 at 12:59am");
    EXPECT_EQ(values::londonText(utc(2025, 3, 30, 1, 0)), "30 March 2025 at 2:00am");
    EXPECT_EQ(values::londonText(utc(2025, 10, 26, 0, 59)), "26 October 2025 at 1:59am");
    EXPECT_EQ(values::londonText(utc(2025, 10, 26, 1, 0)), "26 October 2025 at 1:00am");
    EXPECT_EQ(values::londonDate(utc(2025, 6, 30, 23, 30)), Date(2025, 7, 1));
    EXPECT_EQ(values::londonDate(utc(2025, 12, 31, 23, 30)), Date(2025, 12, 31));
}
