#include "statistics/change.h"

#include <algorithm>
#include <cmath>

#include "statistics/distribution.h"

namespace statistics {
namespace {

/// Sample variance from sums; never below 0 by rounding.
double variance(double sum, double squares, double n) {
    return std::max(0.0, (squares - sum * sum / n) / (n - 1));
}

constexpr std::int64_t kFewestForEffectInterval = 10;

}  // namespace

double studentT(double degrees) { return studentQuantile(degrees, 0.975); }

std::optional<PairedChange> pairedChange(const PairSums& sums) {
    if (sums.pairs == 0) return std::nullopt;
    const auto n = static_cast<double>(sums.pairs);
    PairedChange result;
    result.pairs = sums.pairs;
    result.meanBefore = sums.before / n;
    result.meanAfter = sums.after / n;
    result.mean = sums.change / n;
    if (sums.pairs < 2) return result;

    const double ofChange = variance(sums.change, sums.changeSquares, n);
    const double ofBefore = variance(sums.before, sums.beforeSquares, n);
    const double ofAfter = variance(sums.after, sums.afterSquares, n);
    result.deviation = std::sqrt(ofChange);
    result.deviationBefore = std::sqrt(ofBefore);
    result.deviationAfter = std::sqrt(ofAfter);
    const double reach = studentT(n - 1) * *result.deviation / std::sqrt(n);
    result.interval = Interval{result.mean - reach, result.mean + reach};
    if (ofBefore > 0 && ofAfter > 0)
        result.correlation =
            std::clamp((ofBefore + ofAfter - ofChange) / (2 * std::sqrt(ofBefore * ofAfter)), -1.0, 1.0);

    const double average = (ofBefore + ofAfter) / 2;
    if (average <= 0) return result;
    const double d = result.mean / std::sqrt(average);
    result.effect = (1 - 3 / (4 * (n - 1) - 1)) * d;
    if (!result.correlation) return result;
    const double r = *result.correlation;
    const double spread = ofBefore * ofBefore + ofAfter * ofAfter + 2 * r * r * ofBefore * ofAfter;
    result.effectError =
        std::sqrt(d * d * spread / (8 * (n - 1) * average * average) + ofChange / ((n - 1) * average));
    if (sums.pairs >= kFewestForEffectInterval)
        result.effectInterval = Interval{*result.effect - 1.96 * *result.effectError,
                                         *result.effect + 1.96 * *result.effectError};
    return result;
}

ReliableChange reliableChange(double standardDeviation, double reliability) {
    const double error = standardDeviation * std::sqrt(1 - reliability);
    const double difference = std::sqrt(2.0) * error;
    return {error, difference, 1.96 * difference};
}

double clinicalCutOff(double clinicalMean, double clinicalDeviation, double normalMean,
                      double normalDeviation) {
    return (clinicalDeviation * normalMean + normalDeviation * clinicalMean) /
           (clinicalDeviation + normalDeviation);
}

Course courseOf(double before, double after, double threshold, std::optional<double> cutOff,
                bool isLowerBetter) {
    const double better = isLowerBetter ? before - after : after - before;
    if (-better > threshold) return Course::deteriorated;
    if (better <= threshold) return Course::unchanged;
    const auto isCase = [&](double score) { return isLowerBetter ? score >= *cutOff : score <= *cutOff; };
    return cutOff && isCase(before) && !isCase(after) ? Course::recovered : Course::improved;
}

}  // namespace statistics
