#pragma once

#include <optional>

#include "values/proportion.h"

namespace statistics {

/// A lower and an upper limit.
struct Interval {
    double lower;
    double upper;
};

/// 97.5th percentile of the standard normal distribution: a 95% interval leaves 2.5% on each side.
constexpr double kZ95 = 1.959963984540054;

/// Wilson's score interval for a proportion (Wilson 1927), at 95% unless another z is given. Always within
/// 0 and 1, also at 0 of n and n of n. No value where the denominator is 0.
/// Vectors: domain/measurement.md, domain/statistics.md §2, in tests/unit/statistics.
std::optional<Interval> wilson(const values::Proportion& proportion, double z = kZ95);

}  // namespace statistics
