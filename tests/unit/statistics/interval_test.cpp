#include "statistics/interval.h"

#include <gtest/gtest.h>

using statistics::wilson;

TEST(Wilson, AgreesWithTheVectors) {
    struct Vector {
        std::int64_t x, n;
        double lower, upper;
    };
    for (const auto& v : {Vector{0, 10, 0.0, 0.277533}, Vector{10, 10, 0.722467, 1.0},
                          Vector{7, 12, 0.319511, 0.806740}, Vector{81, 263, 0.255289, 0.366210},
                          Vector{1, 1, 0.206549, 1.0}, Vector{450, 500, 0.870578, 0.923322},
                          Vector{7, 20, 0.181192, 0.567146}, Vector{45, 60, 0.627679, 0.842235},
                          Vector{3, 153, 0.006690, 0.056057}, Vector{500, 1000, 0.469070, 0.530930}}) {
        const auto interval = *wilson({v.x, v.n});
        EXPECT_NEAR(interval.lower, v.lower, 5e-7) << v.x << "/" << v.n;
        EXPECT_NEAR(interval.upper, v.upper, 5e-7) << v.x << "/" << v.n;
    }
    const auto wide = *wilson({45, 60}, 3.090232306167813);
    EXPECT_NEAR(wide.lower, 0.551591, 5e-7);
    EXPECT_NEAR(wide.upper, 0.879756, 5e-7);
}

TEST(Wilson, StaysWithinZeroAndOneAndHoldsTheShare) {
    for (std::int64_t n = 1; n <= 60; ++n)
        for (std::int64_t x = 0; x <= n; ++x) {
            const auto interval = *wilson({x, n});
            const double share = static_cast<double>(x) / static_cast<double>(n);
            EXPECT_GE(interval.lower, 0.0);
            EXPECT_LE(interval.upper, 1.0);
            EXPECT_LE(interval.lower, share + 1e-12);
            EXPECT_GE(interval.upper, share - 1e-12);
        }
}

TEST(Wilson, HasNoEstimateOfNothing) { EXPECT_FALSE(wilson({0, 0})); }
