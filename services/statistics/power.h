#pragma once

#include <cstdint>

namespace statistics {

/// Chance that a trial of two equal arms finds a standardised difference of means of this size, at a
/// two-sided 5% level: normal approximation. Effect above 0; n of one arm. Source: Cohen, Statistical Power
/// Analysis (1988), chapter 2; vectors in tests/unit/statistics.
double powerOfTwoMeans(std::int64_t perArm, double effect);

/// The fewest in each arm for a power of 80%.
std::int64_t fewestPerArm(double effect);

}  // namespace statistics
