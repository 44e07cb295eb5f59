#include "statistics/rounding.h"

#include <gtest/gtest.h>

using statistics::percentText;
using statistics::roundedToBase;

TEST(Percent, RoundsHalvesUpExactly) {
    EXPECT_EQ(percentText({1, 8}, 1), "12.5");
    EXPECT_EQ(percentText({1, 8}, 0), "13");
    EXPECT_EQ(percentText({1, 16}, 1), "6.3");
    EXPECT_EQ(percentText({5, 40}, 0), "13");
    EXPECT_EQ(percentText({29, 200}, 0), "15");
    EXPECT_EQ(percentText({2675, 100000}, 2), "2.68");
    EXPECT_EQ(percentText({1, 1}, 2), "100.00");
    EXPECT_EQ(percentText({0, 0}, 1), "");
}

TEST(Percent, TellsWhatRoundsToNothingFromNothing) {
    EXPECT_EQ(percentText({1, 3000}, 1), "0.0");
    EXPECT_TRUE(statistics::roundsToNothing({1, 3000}, 1));
    EXPECT_FALSE(statistics::roundsToNothing({0, 3000}, 1));
    EXPECT_FALSE(statistics::roundsToNothing({2, 3000}, 1));
}

TEST(Base, RoundsCountsToItsNearestMultiple) {
    const std::pair<int, int> five[] = {{0, 0},  {1, 0},   {2, 0},   {3, 5},   {5, 5},   {7, 5},
                                        {8, 10}, {10, 10}, {12, 10}, {13, 15}, {22, 20}, {23, 25}};
    for (const auto& [count, rounded] : five) EXPECT_EQ(roundedToBase(count, 5), rounded) << count;
    const std::pair<int, int> ten[] = {{4, 0},   {5, 10},  {14, 10}, {15, 20}, {25, 30},
                                       {44, 40}, {45, 50}, {54, 50}, {55, 60}};
    for (const auto& [count, rounded] : ten) EXPECT_EQ(roundedToBase(count, 10), rounded) << count;
}
