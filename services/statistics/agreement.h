#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "statistics/interval.h"

namespace statistics {

/// Ratings of the same things by two raters: counts[i][j] were given category i by the first and j by the
/// second. Square, at least two categories.
using AgreementTable = std::vector<std::vector<std::int64_t>>;

struct Coefficient {
    double value = 0;
    double error = 0;   ///< standard error
    Interval interval;  ///< 95%, clipped to −1 and 1
};

struct Agreement {
    std::int64_t ratings = 0;
    double observed = 0;                ///< share on which both agree
    std::optional<Coefficient> kappa;   ///< Cohen's; none where chance alone would agree on everything
    std::optional<double> linearKappa;  ///< weighted by distance between categories
    std::optional<double> quadraticKappa;
    std::optional<Coefficient> ac1;  ///< Gwet's: holds where nearly all ratings are alike and kappa does not
};
/// No value without ratings. Vectors: domain/fidelity.md §4. Show none below ten ratings.
std::optional<Agreement> agreement(const AgreementTable& counts);

/// Intraclass correlations of scores: scores[i][j] is target i's by rater j. Shrout and Fleiss (1979).
struct IntraclassCorrelation {
    double oneWay = 0;       ///< ICC(1,1): raters differ from target to target
    double agreement = 0;    ///< ICC(2,1): the same raters, absolute agreement; the one to show
    double consistency = 0;  ///< ICC(3,1): the same raters, consistency only
};
/// No value for fewer than two targets or raters, or where nothing varies.
std::optional<IntraclassCorrelation> intraclassCorrelation(const std::vector<std::vector<double>>& scores);

}  // namespace statistics
