#pragma once

#include <optional>
#include <vector>

#include "statistics/interval.h"
#include "values/proportion.h"

namespace statistics {

/// The line of a funnel plot: all units' shares pooled. No value without denominators.
std::optional<double> funnelTarget(const std::vector<values::Proportion>& units);

/// Limits around the target for a unit of this denominator, by the score of a binomial, within 0 and 1. A
/// unit is outside just where its Wilson interval at that level leaves the target out.
Interval funnelLimits(double target, std::int64_t denominator, double z = kZ95);

/// Exact binomial limits with interpolation (Spiegelhalter 2005): for denominators below 20. `level`: 0.95 or
/// 0.998.
Interval exactFunnelLimits(double target, std::int64_t denominator, double level = 0.95);

/// How much more units differ than chance explains (Spiegelhalter 2005): additive, on the arcsine scale, from
/// scores winsorised at their 10th and 90th percentiles.
struct Overdispersion {
    double target = 0;                   ///< pooled share
    double phi = 1;                      ///< mean square of winsorised scores
    double tauSquared = 0;               ///< variance between units; 0 where chance explains the spread
    std::vector<double> scores;          ///< of each unit, as if chance alone were at work
    std::vector<double> adjustedScores;  ///< with the variance between units
    Interval winsorBounds;

    /// Limits for a denominator, adjusted for what the measure does not explain.
    Interval limits(std::int64_t denominator, double z = kZ95) const;
};
/// No value for fewer than `fewest` units with a denominator. Vectors: domain/statistics.md §4.
std::optional<Overdispersion> overdispersion(const std::vector<values::Proportion>& units,
                                             std::size_t fewest = 10);

}  // namespace statistics
