#pragma once

#include <cstdint>
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
/// 99.9th percentile: the outer lines of a funnel plot, at 99.8%, not 3 standard deviations.
constexpr double kZ998 = 3.090232306167813;

/// Wilson's score interval for a proportion (Wilson 1927), at 95% unless another z is given. Always within
/// 0 and 1, also at 0 of n and n of n. No value where the denominator is 0.
/// Vectors: domain/measurement.md, domain/statistics.md §2, in tests/unit/statistics.
std::optional<Interval> wilson(const values::Proportion& proportion, double z = kZ95);

/// Byar's approximate 95% interval for a count of events (Breslow and Day 1987), as public health uses it
/// from ten events on. Never below 0.
Interval byar(std::int64_t events, double z = kZ95);

/// Exact 95% interval for a count of events (Garwood 1936), by quantiles of the chi-squared distribution.
Interval exactPoisson(std::int64_t events);

/// The interval to show for a count of events: exact below ten, Byar's from there on (the practice of the
/// Office for Health Improvement and Disparities). Multiply both ends as the count is multiplied for a rate.
Interval eventInterval(std::int64_t events);

}  // namespace statistics
