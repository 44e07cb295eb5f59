// How many families a trial needs, against Cohen's tables.

#include "statistics/power.h"

#include <gtest/gtest.h>

using statistics::fewestPerArm;
using statistics::powerOfTwoMeans;

/// Cohen (1988), table 2.4.1, by the exact distribution: 393, 64 and 26; the normal one is one or two below.
TEST(Power, AsksForAsManyAsTheTables) {
    EXPECT_EQ(fewestPerArm(0.2), 393);
    EXPECT_EQ(fewestPerArm(0.5), 63);
    EXPECT_EQ(fewestPerArm(0.8), 25);
}

TEST(Power, IsFourFifthsWithTheFewestAndGrowsWithMore) {
    for (const double effect : {0.1, 0.25, 0.5, 1.0}) {
        const auto fewest = fewestPerArm(effect);
        EXPECT_GE(powerOfTwoMeans(fewest, effect), 0.8);
        EXPECT_LT(powerOfTwoMeans(fewest - 1, effect), 0.8);
        EXPECT_GT(powerOfTwoMeans(fewest * 2, effect), powerOfTwoMeans(fewest, effect));
    }
    EXPECT_EQ(powerOfTwoMeans(0, 0.5), 0);
    EXPECT_NEAR(powerOfTwoMeans(1000000, 0.000001), 0.05, 0.0001);  // nothing to find: the level alone
}
