#include "statistics/quantile.h"

#include <gtest/gtest.h>

TEST(Deciles, AgreeWithTheVectors) {
    const auto expect = [](const std::vector<double>& values, const std::array<double, 9>& wanted) {
        const auto found = *statistics::deciles(values, 1);
        for (std::size_t i = 0; i < 9; ++i) EXPECT_NEAR(found[i], wanted[i], 1e-9) << i;
    };
    expect({4, 8, 15, 16, 23, 42, 50, 61, 77, 90}, {7.6, 13.6, 15.7, 20.2, 32.5, 45.2, 53.3, 64.2, 78.3});
    expect({12.1, 15.3, 9.8, 22.4, 18.0, 14.7, 11.2, 30.5, 16.6, 13.9, 20.1},
           {11.2, 12.1, 13.9, 14.7, 15.3, 16.6, 18.0, 20.1, 22.4});
}

TEST(Deciles, AreDrawnOverTwentyUnitsOrMore) {
    EXPECT_FALSE(statistics::deciles(std::vector<double>(19, 1.0)));
    EXPECT_TRUE(statistics::deciles(std::vector<double>(20, 1.0)));
    EXPECT_FALSE(statistics::quantile({}, 0.5));
}

TEST(Neighbours, AgreeWithTheVector) {
    const auto found =
        *statistics::neighbours({22.6, 18.1, std::nullopt, 25.0, 19.9, 21.4, std::nullopt, 17.2, 23.3, 20.8});
    EXPECT_EQ(found.present, 8U);
    EXPECT_NEAR(found.mean, 21.0375, 1e-9);
    EXPECT_NEAR(found.median, 21.1, 1e-9);
    EXPECT_FALSE(statistics::neighbours({1.0, 2.0, 3.0, 4.0, std::nullopt}));
}
