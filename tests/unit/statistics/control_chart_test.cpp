#include "statistics/control_chart.h"

#include <gtest/gtest.h>

#include <string>

using statistics::Signal;
using statistics::xmr;

namespace {

const std::vector<double> kSeries{62, 65, 61, 64, 66, 63, 60, 64, 65, 62, 63, 66,
                                  70, 71, 69, 72, 70, 73, 71, 84, 72, 70, 69, 71};

/// A for astronomical, T trend, 2 two of three, S shift, a point for none.
std::string signals(const statistics::ControlChart& chart) {
    std::string text;
    for (const auto& point : chart.points)
        text += point.signal == Signal::astronomical ? 'A'
                : point.signal == Signal::trend      ? 'T'
                : point.signal == Signal::twoOfThree ? '2'
                : point.signal == Signal::shift      ? 'S'
                                                     : '.';
    return text;
}

}  // namespace

TEST(Xmr, AgreesWithTheVectors) {
    const auto all = *xmr(kSeries);
    EXPECT_NEAR(all.mean, 67.625, 1e-9);
    EXPECT_NEAR(all.meanRange, 3.347826, 5e-7);
    EXPECT_NEAR(all.points[0].lower, 58.719783, 5e-7);
    EXPECT_NEAR(all.points[0].upper, 76.530217, 5e-7);
    EXPECT_EQ(signals(all), std::string(12, 'S') + std::string(7, 'S') + "ASSSS");

    const auto screened = *xmr(kSeries, {std::nullopt, true, {}});
    EXPECT_NEAR(screened.meanRange, 2.476190, 5e-7);
    EXPECT_NEAR(screened.points[0].lower, 61.038333, 5e-7);
    EXPECT_NEAR(screened.points[0].upper, 74.211667, 5e-7);
    EXPECT_EQ(signals(screened), "SSASSSASS22SSSSSSSSASSSS");

    const auto baseline = *xmr(kSeries, {12, false, {}});
    EXPECT_NEAR(baseline.mean, 63.416667, 5e-7);
    EXPECT_NEAR(baseline.meanRange, 2.727273, 5e-7);
    EXPECT_NEAR(baseline.points[0].lower, 56.162121, 5e-7);
    EXPECT_NEAR(baseline.points[0].upper, 70.671212, 5e-7);
    EXPECT_EQ(signals(baseline), "...........S2A2A2AAAA22A");

    const auto trend = *xmr({10, 11, 10, 12, 11, 13, 14, 15, 16, 17, 18, 19, 11, 10, 12, 11, 10, 11, 12, 10});
    EXPECT_NEAR(trend.mean, 12.65, 1e-9);
    EXPECT_NEAR(trend.meanRange, 1.578947, 5e-7);
    EXPECT_NEAR(trend.points[0].lower, 8.45, 5e-7);
    EXPECT_NEAR(trend.points[0].upper, 16.85, 5e-7);
    EXPECT_EQ(signals(trend), "....TTTTTAAASSSSSSSS");

    EXPECT_EQ(signals(*xmr(std::vector<double>(8, 5.0))), "........");
}

/// Seven, not six: above and below a mean of 0, far within the limits, and rising steadily from -3 to 3.
TEST(Xmr, NamesAShiftOrATrendFromSevenPointsOn) {
    EXPECT_EQ(signals(*xmr({1, 3, 1, 3, 1, 3, 1, -1, -3, -1, -3, -1, -3, -1})), std::string(14, 'S'));
    EXPECT_EQ(signals(*xmr({1, 3, 1, 3, 1, 3, -1, -3, -1, -3, -1, -3})), std::string(12, '.'));
    EXPECT_EQ(signals(*xmr({-3, -2, -1, 0, 1, 2, 3, -4, 4, -4, 4})), "TTTTTTT....");
    EXPECT_EQ(signals(*xmr({-3, -2, -1, 1, 2, 3, -4, 4, -4, 4})), std::string(10, '.'));
}

TEST(Xmr, AgreesWithTheVectorOfAYear) {
    const auto chart = *xmr({72, 75, 71, 74, 78, 73, 76, 74, 70, 77, 75, 92});
    EXPECT_NEAR(chart.mean, 75.583333, 5e-7);
    EXPECT_NEAR(chart.meanRange, 4.909091, 5e-7);
    EXPECT_NEAR(chart.points[0].lower, 62.525152, 5e-7);
    EXPECT_NEAR(chart.points[0].upper, 88.641515, 5e-7);
    EXPECT_EQ(chart.points.back().signal, Signal::astronomical);
}

TEST(Xmr, StartsAfreshAfterMoreThanTwoMissingPeriods) {
    const auto segments = statistics::xmrWithGaps(
        {1.0, 2.0, std::nullopt, std::nullopt, 3.0, std::nullopt, std::nullopt, std::nullopt, 9.0});
    ASSERT_EQ(segments.size(), 2U);
    EXPECT_EQ(segments[0].periods, (std::vector<std::size_t>{0, 1, 4}));
    EXPECT_EQ(segments[1].first, 8U);
    EXPECT_EQ(segments[1].chart.mean, 9);
}

TEST(ProportionChart, AgreesWithTheVector) {
    const std::vector<values::Proportion> shares{{14, 20}, {18, 24}, {9, 15}, {22, 30}, {16, 22},
                                                 {11, 18}, {25, 33}, {7, 12}, {19, 25}, {8, 20}};
    const auto chart = *statistics::proportionChart(shares);
    EXPECT_NEAR(chart.mean, .680365, 5e-7);
    EXPECT_NEAR(chart.points[0].lower, .367538, 5e-7);
    EXPECT_NEAR(chart.points[0].upper, .993192, 5e-7);
    EXPECT_NEAR(chart.points[7].lower, .276507, 5e-7);
    EXPECT_EQ(chart.points[7].upper, 1);
    EXPECT_NEAR(chart.points[6].lower, .436830, 5e-7);
    EXPECT_NEAR(chart.points[6].upper, .923901, 5e-7);
    EXPECT_EQ(signals(chart), "..........");
    EXPECT_NEAR(chart.overdispersion, 1.266175, 5e-7);
    const auto laney = *statistics::proportionChart(shares, true);
    EXPECT_NEAR(laney.points[6].upper - laney.mean, (chart.points[6].upper - chart.mean) * 1.266175, 5e-7);
}

TEST(Icons, FollowTheLastPointAndTheTarget) {
    using statistics::Assurance;
    using statistics::Variation;
    const auto chart = *xmr({72, 75, 71, 74, 78, 73, 76, 74, 70, 77, 75, 92});
    EXPECT_EQ(variationOf(chart, true), Variation::improvement);
    EXPECT_EQ(variationOf(chart, false), Variation::concern);
    EXPECT_EQ(variationOf(chart, std::nullopt), Variation::neutralHigh);
    EXPECT_EQ(variationOf(*xmr({1, 2, 1, 2}), true), Variation::commonCause);
    EXPECT_EQ(assuranceOf(chart, 95, true), Assurance::fails);
    EXPECT_EQ(assuranceOf(chart, 60, true), Assurance::passes);
    EXPECT_EQ(assuranceOf(chart, 95, false), Assurance::passes);
    EXPECT_EQ(assuranceOf(chart, 75, true), Assurance::hitOrMiss);
    EXPECT_EQ(assuranceOf(chart, 60, false), Assurance::fails);
    // The limits are within reach.
    EXPECT_EQ(assuranceOf(chart, chart.points.back().upper, true), Assurance::hitOrMiss);
    EXPECT_EQ(assuranceOf(chart, chart.points.back().lower, true), Assurance::hitOrMiss);
}

/// At the end of a steady fall a point may still lie above the mean: it is the fall that counts.
TEST(Icons, FollowATrendByItsWay) {
    using statistics::Variation;
    const auto falling = *xmr({-20, 10, -20, 10, 9, 8, 7, 6, 5, 4, 3});
    ASSERT_EQ(signals(falling), "...TTTTTTTT");
    ASSERT_GT(falling.points.back().value, falling.mean);
    EXPECT_EQ(variationOf(falling, true), Variation::concern);
    EXPECT_EQ(variationOf(falling, false), Variation::improvement);
    EXPECT_EQ(variationOf(falling, std::nullopt), Variation::neutralLow);
}

TEST(ProportionChart, PassesOverPeriodsInWhichNothingWasCounted) {
    const auto chart = *statistics::proportionChart({{14, 20}, {0, 0}, {18, 24}});
    EXPECT_EQ(chart.points.size(), 2U);
    EXPECT_NEAR(chart.mean, 32.0 / 44, 1e-12);
    EXPECT_FALSE(statistics::proportionChart({{0, 0}}));
}
