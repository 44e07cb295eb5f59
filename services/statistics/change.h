#pragma once

#include <cstdint>
#include <optional>

#include "statistics/interval.h"

namespace statistics {

/// Sums over pairs of scores: all that the change needs, and additive, so that services pool.
struct PairSums {
    std::int64_t pairs = 0;
    double change = 0;         ///< sum of after − before
    double changeSquares = 0;  ///< sum of its squares
    double before = 0;
    double beforeSquares = 0;
    double after = 0;
    double afterSquares = 0;

    void add(double scoreBefore, double scoreAfter) {
        const double changed = scoreAfter - scoreBefore;
        ++pairs;
        change += changed;
        changeSquares += changed * changed;
        before += scoreBefore;
        beforeSquares += scoreBefore * scoreBefore;
        after += scoreAfter;
        afterSquares += scoreAfter * scoreAfter;
    }
};

/// Change from before to after among those with both scores. Monitoring, not evaluation: there is no one to
/// compare with. Raw direction: negative where scores fell.
struct PairedChange {
    std::int64_t pairs = 0;
    double meanBefore = 0;
    double meanAfter = 0;
    double mean = 0;
    std::optional<double> deviation;        ///< of the changes; from two pairs on
    std::optional<double> deviationBefore;  ///< sample standard deviations
    std::optional<double> deviationAfter;
    std::optional<double> correlation;  ///< Pearson's; none where one side does not vary
    std::optional<Interval> interval;   ///< 95%, by Student's t
    /// Hedges' g with the average of both standard deviations (g_av): it does not swell with the correlation.
    std::optional<double> effect;
    /// 95%, by Bonett's standard error (2008): approximate, and given from ten pairs on.
    std::optional<Interval> effectInterval;
    std::optional<double> effectError;  ///< its standard error, whatever the number of pairs
};
/// No value where there are no pairs. Vectors: domain/outcomes.md §3.
std::optional<PairedChange> pairedChange(const PairSums& sums);

/// Student's t at 97.5% with these degrees of freedom.
double studentT(double degrees);

/// What a reliable change is measured with: the instrument's own figures, never those of the scores at hand.
struct ReliableChange {
    double measurementError = 0;  ///< standard error of measurement
    double differenceError = 0;   ///< standard error of a difference
    double threshold = 0;         ///< 1.96 of them: a change has to be larger
};
/// Jacobson and Truax (1991).
ReliableChange reliableChange(double standardDeviation, double reliability);

/// Where the two populations' scores divide, by Jacobson and Truax's criterion c.
double clinicalCutOff(double clinicalMean, double clinicalDeviation, double normalMean,
                      double normalDeviation);

enum class Course { recovered, improved, unchanged, deteriorated };
/// Recovered: reliably better, and from the cut-off or beyond to within it. `cutOff` has cases at or above it
/// where lower is better, at or below it where higher is better.
Course courseOf(double before, double after, double threshold, std::optional<double> cutOff,
                bool isLowerBetter);

}  // namespace statistics
