#include "statistics/funnel.h"

#include <gtest/gtest.h>

using statistics::exactFunnelLimits;
using statistics::funnelLimits;
using statistics::kZ998;

TEST(FunnelLimits, AgreeWithTheVectors) {
    struct Vector {
        std::int64_t n;
        double inner[2], outer[2], exactInner[2], exactOuter[2];
    };
    for (const auto& v :
         {Vector{20, {.499163, .900837}, {.383345, 1}, {.462745, .868823}, {.336300, .948523}},
          Vector{50, {.572980, .827020}, {.499730, .900270}, {.559864, .813861}, {.480930, .876870}},
          Vector{100, {.610183, .789817}, {.558388, .841612}, {.603088, .783098}, {.548437, .829739}},
          Vector{500, {.659833, .740167}, {.636669, .763331}, {.658444, .738810}, {.634570, .761159}}}) {
        const auto expect = [&](const statistics::Interval& found, const double(&wanted)[2]) {
            EXPECT_NEAR(found.lower, wanted[0], 6e-7) << v.n;
            EXPECT_NEAR(found.upper, wanted[1], 6e-7) << v.n;
        };
        expect(funnelLimits(.7, v.n), v.inner);
        expect(funnelLimits(.7, v.n, kZ998), v.outer);
        expect(exactFunnelLimits(.7, v.n), v.exactInner);
        expect(exactFunnelLimits(.7, v.n, .998), v.exactOuter);
    }
}

TEST(FunnelLimits, LeaveOutJustWhatWilsonsIntervalLeavesOut) {
    for (const std::int64_t n : {20, 57, 300})
        for (std::int64_t x = 0; x <= n; ++x) {
            const double share = static_cast<double>(x) / static_cast<double>(n);
            const auto limits = funnelLimits(.7, n);
            const auto interval = *statistics::wilson({x, n});
            EXPECT_EQ(share < limits.lower || share > limits.upper,
                      interval.upper < .7 || interval.lower > .7)
                << x << " of " << n;
        }
}

TEST(Overdispersion, AgreesWithTheVector) {
    const std::vector<values::Proportion> units{{30, 50},  {45, 60}, {52, 80}, {18, 40}, {70, 90},
                                                {88, 100}, {40, 70}, {25, 50}, {61, 75}, {95, 110}};
    const auto found = *statistics::overdispersion(units);
    EXPECT_NEAR(found.target, .722759, 5e-7);
    const double scores[] = {-1.841264, .479064,   -1.404781, -3.553890, 1.207475,
                             4.015612,  -2.663962, -3.265079, 1.866427,  3.697974};
    for (std::size_t i = 0; i < units.size(); ++i) EXPECT_NEAR(found.scores[i], scores[i], 5e-7) << i;
    EXPECT_NEAR(found.winsorBounds.lower, -3.293960, 5e-7);
    EXPECT_NEAR(found.winsorBounds.upper, 3.729738, 5e-7);
    EXPECT_NEAR(found.phi, 6.672828, 5e-7);
    EXPECT_NEAR(found.tauSquared, .022343, 5e-7);
    EXPECT_NEAR(found.limits(100).lower, .422269, 5e-7);
    EXPECT_NEAR(found.limits(100).upper, .940884, 5e-7);
    EXPECT_NEAR(found.limits(100, kZ998).lower, .254868, 5e-7);
    EXPECT_NEAR(found.limits(100, kZ998).upper, .995457, 5e-7);
    EXPECT_NEAR(found.adjustedScores[5], 1.2739, 5e-5);
    EXPECT_NEAR(found.adjustedScores[3], -1.6616, 5e-5);
    auto unadjusted = found;
    unadjusted.tauSquared = 0;
    EXPECT_NEAR(unadjusted.limits(100).lower, .631319, 5e-7);
    EXPECT_NEAR(unadjusted.limits(100, kZ998).upper, .848346, 5e-7);
}

TEST(Overdispersion, AdjustsNothingWhereChanceExplainsTheSpread) {
    EXPECT_EQ(statistics::overdispersion(std::vector<values::Proportion>(12, {35, 50}))->tauSquared, 0);
    EXPECT_FALSE(statistics::overdispersion({{1, 2}, {2, 3}}));
    EXPECT_FALSE(statistics::funnelTarget({{0, 0}}));
}
