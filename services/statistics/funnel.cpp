#include "statistics/funnel.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "statistics/distribution.h"
#include "statistics/quantile.h"

namespace statistics {
namespace {

double angleOf(double share) { return std::asin(std::sqrt(share)); }

/// The angle is clamped, not the share: past a right angle the share would fold back.
double shareOf(double angle) {
    const double sine = std::sin(std::clamp(angle, 0.0, std::numbers::pi / 2));
    return sine * sine;
}

}  // namespace

std::optional<double> funnelTarget(const std::vector<values::Proportion>& units) {
    values::Proportion all;
    for (const auto& unit : units) all += unit;
    return all.value();
}

Interval funnelLimits(double target, std::int64_t denominator, double z) {
    const double reach = z * std::sqrt(target * (1 - target) / static_cast<double>(denominator));
    return {std::max(0.0, target - reach), std::min(1.0, target + reach)};
}

Interval exactFunnelLimits(double target, std::int64_t denominator, double level) {
    const auto n = static_cast<double>(denominator);
    const Binomial counts{n, target};
    const auto limit = [&](double probability) {
        double r = 0;
        while (r < n && counts.upTo(r) < probability) ++r;
        const double beyond = (counts.upTo(r) - probability) / counts.of(r);
        return std::clamp((r - beyond) / n, 0.0, 1.0);
    };
    return {limit((1 - level) / 2), limit((1 + level) / 2)};
}

Interval Overdispersion::limits(std::int64_t denominator, double z) const {
    const double reach = z * std::sqrt(1 / (4 * static_cast<double>(denominator)) + tauSquared);
    return {shareOf(angleOf(target) - reach), shareOf(angleOf(target) + reach)};
}

std::optional<Overdispersion> overdispersion(const std::vector<values::Proportion>& all, std::size_t fewest) {
    std::vector<values::Proportion> units;
    std::ranges::copy_if(all, std::back_inserter(units),
                         [](const auto& unit) { return unit.denominator > 0; });
    if (units.size() < fewest || units.empty()) return std::nullopt;
    Overdispersion found;
    found.target = *funnelTarget(units);
    double weights = 0;
    double weightSquares = 0;
    for (const auto& unit : units) {
        const double weight =
            4 * static_cast<double>(unit.denominator);  // one over the variance of the angle
        weights += weight;
        weightSquares += weight * weight;
        found.scores.push_back((angleOf(*unit.value()) - angleOf(found.target)) * std::sqrt(weight));
    }
    found.winsorBounds = {*quantile(found.scores, 0.1), *quantile(found.scores, 0.9)};
    const auto n = static_cast<double>(units.size());
    double squares = 0;
    for (const double score : found.scores) {
        const double kept = std::clamp(score, found.winsorBounds.lower, found.winsorBounds.upper);
        squares += kept * kept;
    }
    found.phi = squares / n;
    if (squares >= n - 1) found.tauSquared = (squares - (n - 1)) / (weights - weightSquares / weights);
    for (std::size_t i = 0; i < units.size(); ++i) {
        const double variance = 1 / (4 * static_cast<double>(units[i].denominator));
        found.adjustedScores.push_back(found.scores[i] * std::sqrt(variance / (variance + found.tauSquared)));
    }
    return found;
}

}  // namespace statistics
