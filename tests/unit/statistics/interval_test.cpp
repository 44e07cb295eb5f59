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

TEST(Wilson, AgreesWithTheVectorsOfTheOuterLines) {
    struct Vector {
        std::int64_t x, n;
        double lower, upper;
    };
    for (const auto& v : {Vector{0, 10, 0.0, 0.488479}, Vector{10, 10, 0.511521, 1.0},
                          Vector{1, 1, 0.094791, 1.0}, Vector{7, 20, 0.123028, 0.673923},
                          Vector{3, 153, 0.003946, 0.091715}, Vector{500, 1000, 0.451371, 0.548629}}) {
        const auto interval = *wilson({v.x, v.n}, statistics::kZ998);
        EXPECT_NEAR(interval.lower, v.lower, 5e-7) << v.x << "/" << v.n;
        EXPECT_NEAR(interval.upper, v.upper, 5e-7) << v.x << "/" << v.n;
    }
}

TEST(Events, AgreeWithTheVectors) {
    struct Vector {
        std::int64_t x;
        double byarLower, byarUpper, exactLower, exactUpper;
    };
    for (const auto& v :
         {Vector{0, 0, 3.668012, 0, 3.688879}, Vector{1, 0.013072, 5.563756, 0.025318, 5.571643},
          Vector{5, 1.611348, 11.668164, 1.623486, 11.668332},
          Vector{9, 4.106885, 17.085781, 4.115373, 17.084803},
          Vector{10, 4.787450, 18.391459, 4.795389, 18.390356},
          Vector{25, 16.174266, 36.906451, 16.178682, 36.904932},
          Vector{100, 81.362105, 121.627938, 81.363991, 121.626794}}) {
        EXPECT_NEAR(statistics::byar(v.x).lower, v.byarLower, 5e-6) << v.x;
        EXPECT_NEAR(statistics::byar(v.x).upper, v.byarUpper, 5e-6) << v.x;
        EXPECT_NEAR(statistics::exactPoisson(v.x).lower, v.exactLower, 5e-6) << v.x;
        EXPECT_NEAR(statistics::exactPoisson(v.x).upper, v.exactUpper, 5e-6) << v.x;
    }
}

TEST(Events, AreExactBelowTenAndByarsFromThereOn) {
    const double per = 10000.0 / 21090;
    EXPECT_NEAR(statistics::eventInterval(25).lower * per, 7.669164, 5e-6);
    EXPECT_NEAR(statistics::eventInterval(25).upper * per, 17.499502, 5e-6);
    EXPECT_NEAR(statistics::eventInterval(4).lower * per, 0.516769, 5e-6);
    EXPECT_NEAR(statistics::eventInterval(4).upper * per, 4.856135, 5e-6);
    EXPECT_EQ(statistics::eventInterval(9).lower, statistics::exactPoisson(9).lower);
    EXPECT_EQ(statistics::eventInterval(10).lower, statistics::byar(10).lower);
}
