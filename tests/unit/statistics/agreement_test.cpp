#include "statistics/agreement.h"

#include <gtest/gtest.h>

#include <string>

using statistics::agreement;

TEST(Agreement, AgreesWithTheVectors) {
    const auto first = *agreement({{40, 5}, {3, 12}});
    EXPECT_NEAR(first.observed, .866667, 5e-7);
    EXPECT_NEAR(first.kappa->value, .659574, 5e-7);
    EXPECT_NEAR(first.kappa->error, .110103, 5e-7);
    EXPECT_NEAR(first.kappa->interval.lower, .4438, 5e-5);
    EXPECT_NEAR(first.kappa->interval.upper, .8754, 5e-5);
    EXPECT_NEAR(first.ac1->value, .781022, 5e-7);
    EXPECT_NEAR(first.ac1->error, .078574, 5e-7);
    EXPECT_NEAR(first.ac1->interval.lower, .6270, 5e-5);
    EXPECT_NEAR(first.ac1->interval.upper, .9350, 5e-5);
    const auto paradox = *agreement({{90, 4}, {5, 1}});
    EXPECT_NEAR(paradox.observed, .91, 5e-7);
    EXPECT_NEAR(paradox.kappa->value, .134615, 5e-7);
    EXPECT_NEAR(paradox.kappa->error, .162101, 5e-7);
    EXPECT_NEAR(paradox.kappa->interval.lower, -.1831, 5e-5);
    EXPECT_NEAR(paradox.ac1->value, .899559, 5e-7);
    EXPECT_NEAR(paradox.ac1->error, .034962, 5e-7);
    EXPECT_NEAR(paradox.ac1->interval.upper, .9681, 5e-5);
    const auto three = *agreement({{20, 4, 1}, {3, 15, 5}, {0, 2, 10}});
    EXPECT_NEAR(three.observed, .75, 5e-7);
    EXPECT_NEAR(three.kappa->value, .617021, 5e-7);
    EXPECT_NEAR(*three.linearKappa, .682750, 5e-7);
    EXPECT_NEAR(*three.quadraticKappa, .753312, 5e-7);
    EXPECT_NEAR(three.ac1->value, .629325, 5e-7);
    EXPECT_NEAR(three.ac1->error, .084061, 5e-7);
    EXPECT_NEAR(three.ac1->interval.lower, .4646, 5e-5);
    EXPECT_NEAR(three.ac1->interval.upper, .7941, 5e-5);
}

TEST(Agreement, HasNoKappaWhereChanceAloneWouldAgree) {
    const auto all = *agreement({{20, 0}, {0, 0}});
    EXPECT_EQ(all.observed, 1);
    EXPECT_FALSE(all.kappa);
    EXPECT_NEAR(all.ac1->value, 1, 1e-12);
    EXPECT_FALSE(agreement({{0, 0}, {0, 0}}));
}

TEST(Agreement, AgreesWithTheVectorOfTwoRowsOfMarks) {
    const std::string a = "1110110111";
    const std::string b = "1100111111";
    statistics::AgreementTable table(2, std::vector<std::int64_t>(2));
    for (std::size_t i = 0; i < a.size(); ++i)
        ++table[static_cast<std::size_t>(a[i] - '0')][static_cast<std::size_t>(b[i] - '0')];
    const auto found = *agreement(table);
    EXPECT_NEAR(found.observed, .8, 1e-9);
    EXPECT_NEAR(found.kappa->value, .375, 5e-7);
    EXPECT_NEAR(found.ac1->value, .705882, 5e-7);
}

TEST(IntraclassCorrelation, AgreesWithTheVectors) {
    const auto shrout = *statistics::intraclassCorrelation(
        {{9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}});
    EXPECT_NEAR(shrout.oneWay, .165742, 5e-7);
    EXPECT_NEAR(shrout.agreement, .289764, 5e-7);
    EXPECT_NEAR(shrout.consistency, .714841, 5e-7);
    const auto two =
        *statistics::intraclassCorrelation({{78, 80}, {90, 86}, {65, 70}, {83, 85}, {72, 69}, {95, 92}});
    EXPECT_NEAR(two.oneWay, .946588, 5e-7);
    EXPECT_NEAR(two.agreement, .946305, 5e-7);
    EXPECT_NEAR(two.consistency, .936400, 5e-7);
    EXPECT_FALSE(statistics::intraclassCorrelation({{1, 1}, {1, 1}}));
    EXPECT_FALSE(statistics::intraclassCorrelation({{1, 2}}));
}
