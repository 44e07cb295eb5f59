#include "statistics/change.h"

#include <gtest/gtest.h>

#include <vector>

using statistics::Course;
using statistics::PairSums;

namespace {

PairSums sumsOf(const std::vector<double>& before, const std::vector<double>& after) {
    PairSums sums;
    for (std::size_t i = 0; i < before.size(); ++i) sums.add(before[i], after[i]);
    return sums;
}

}  // namespace

TEST(PairedChange, AgreesWithVectorA) {
    const auto change = *statistics::pairedChange(
        sumsOf({22, 18, 25, 16, 20, 14, 27, 19, 23, 16}, {17, 16, 18, 15, 12, 15, 21, 19, 14, 11}));
    EXPECT_EQ(change.pairs, 10);
    EXPECT_NEAR(change.meanBefore, 20.0, 1e-9);
    EXPECT_NEAR(change.meanAfter, 15.8, 1e-9);
    EXPECT_NEAR(*change.deviationBefore, 4.216370, 5e-7);
    EXPECT_NEAR(*change.deviationAfter, 3.084009, 5e-7);
    EXPECT_NEAR(change.mean, -4.2, 1e-9);
    EXPECT_NEAR(*change.deviation, 3.489667, 5e-7);
    EXPECT_NEAR(*change.correlation, .581048, 5e-7);
    EXPECT_NEAR(change.interval->lower, -6.696358, 5e-7);
    EXPECT_NEAR(change.interval->upper, -1.703642, 5e-7);
    EXPECT_NEAR(*change.effect, -1.039569, 5e-7);
    EXPECT_NEAR(*change.effectError, .386506, 5e-7);
    EXPECT_NEAR(change.effectInterval->lower, -1.797121, 5e-7);
    EXPECT_NEAR(change.effectInterval->upper, -0.282017, 5e-7);
}

TEST(PairedChange, AgreesWithVectorBAndGivesNoIntervalOfTheEffectBelowTenPairs) {
    const auto change =
        *statistics::pairedChange(sumsOf({18, 22, 15, 20, 25, 19, 17, 23}, {14, 20, 15, 13, 21, 18, 12, 19}));
    EXPECT_NEAR(change.mean, -3.375, 1e-9);
    EXPECT_NEAR(*change.deviation, 2.263846, 5e-7);
    EXPECT_NEAR(change.interval->lower, -5.267623, 5e-7);
    EXPECT_NEAR(change.interval->upper, -1.482377, 5e-7);
    EXPECT_NEAR(*change.effect, -.890548, 5e-7);
    EXPECT_NEAR(*change.correlation, .774597, 5e-7);
    EXPECT_NEAR(*change.effectError, .349124, 5e-7);
    EXPECT_FALSE(change.effectInterval);
    auto nine = sumsOf({18, 22, 15, 20, 25, 19, 17, 23, 16}, {14, 20, 15, 13, 21, 18, 12, 19, 15});
    EXPECT_FALSE(statistics::pairedChange(nine)->effectInterval);
    nine.add(20, 18);
    EXPECT_TRUE(statistics::pairedChange(nine)->effectInterval);
}

TEST(PairedChange, SaysNoMoreThanFewPairsAllow) {
    EXPECT_FALSE(statistics::pairedChange({}));
    const auto one = *statistics::pairedChange(sumsOf({10}, {8}));
    EXPECT_EQ(one.mean, -2);
    EXPECT_FALSE(one.deviation);
    EXPECT_FALSE(one.interval);
    const auto alike = *statistics::pairedChange(sumsOf({10, 10, 10}, {8, 8, 8}));
    EXPECT_FALSE(alike.effect) << "nothing varies";
    const auto oneSide = *statistics::pairedChange(sumsOf({10, 10, 10}, {8, 7, 9}));
    EXPECT_TRUE(oneSide.effect);
    EXPECT_FALSE(oneSide.correlation);
    EXPECT_FALSE(oneSide.effectError);
}

TEST(StudentT, AgreesWithTheTable) {
    const std::pair<int, double> table[] = {{1, 12.7062}, {2, 4.3027},  {3, 3.1824},  {4, 2.7764},
                                            {5, 2.5706},  {9, 2.2622},  {19, 2.0930}, {29, 2.0452},
                                            {37, 2.0262}, {59, 2.0010}, {119, 1.9801}};
    for (const auto& [degrees, t] : table) EXPECT_NEAR(statistics::studentT(degrees), t, 5e-5) << degrees;
}

TEST(ReliableChange, AgreesWithTheVectors) {
    const auto sdq = statistics::reliableChange(5.8, .82);
    EXPECT_NEAR(sdq.measurementError, 2.460732, 5e-7);
    EXPECT_NEAR(sdq.differenceError, 3.480000, 5e-7);
    EXPECT_NEAR(sdq.threshold, 6.820800, 5e-7);
    const auto ecbi = statistics::reliableChange(35.2, .95);
    EXPECT_NEAR(ecbi.measurementError, 7.870959, 5e-7);
    EXPECT_NEAR(ecbi.differenceError, 11.131218, 1e-6);
    EXPECT_NEAR(ecbi.threshold, 21.817186, 5e-7);
    EXPECT_NEAR((12 - 22) / sdq.differenceError, -2.8736, 5e-5);
    EXPECT_NEAR(statistics::clinicalCutOff(18.0, 6.0, 8.4, 5.8), 13.118644, 5e-7);
}

TEST(Course, AgreesWithTheVectors) {
    struct Vector {
        double before, after;
        Course course;
    };
    for (const auto& v : {Vector{22, 12, Course::recovered}, Vector{22, 17, Course::unchanged},
                          Vector{18, 16, Course::unchanged}, Vector{14, 12, Course::unchanged},
                          Vector{16, 24, Course::deteriorated}, Vector{15, 8, Course::improved},
                          Vector{24, 17, Course::improved}})
        EXPECT_EQ(statistics::courseOf(v.before, v.after, 6.8208, 17, true), v.course) << v.before;
    EXPECT_EQ(statistics::courseOf(17, 28, 4, 19.5, false), Course::recovered) << "higher is better";
    EXPECT_EQ(statistics::courseOf(22, 12, 6.8208, std::nullopt, true), Course::improved);
}

/// A change just as large as the threshold may be measurement error alone.
TEST(Course, IsUnchangedWhereTheChangeIsNoLargerThanTheThreshold) {
    for (const bool isLowerBetter : {true, false}) {
        EXPECT_EQ(statistics::courseOf(20, 14, 6, 17, isLowerBetter), Course::unchanged);
        EXPECT_EQ(statistics::courseOf(14, 20, 6, 17, isLowerBetter), Course::unchanged);
    }
    EXPECT_EQ(statistics::courseOf(20, 13.5, 6, 17, true), Course::recovered);
    EXPECT_EQ(statistics::courseOf(20, 13.5, 6, 17, false), Course::deteriorated);
}
