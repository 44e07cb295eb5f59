#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "adherence/evidence.h"
#include "statistics/funnel.h"
#include "statistics/quantile.h"

namespace adherence {

/// A measure of one intervention beside the same elsewhere, from signed returns alone. No other authority is
/// named, and none is ranked.
struct Comparison {
    std::string intervention;
    std::string measure;
    values::Proportion own;      ///< of the report's own figures
    values::Proportion england;  ///< pooled over authorities that signed
    std::size_t englandUnits = 0;
    values::Proportion region;
    std::size_t regionUnits = 0;
    std::optional<statistics::Neighbours> neighbours;  ///< the middle of those that have a figure
    std::string position;  ///< `between the 3rd and 4th decile`; empty where there are too few
    /// Every authority's counts over the period, by number, without their names; the own one apart.
    std::vector<values::Proportion> units;
    struct Deciles {
        values::Quarter quarter;
        std::array<double, 9> values;
        std::optional<double> own;
    };
    std::vector<Deciles> deciles;  ///< quarters with enough authorities
};

/// For each running intervention and each share that is shown with results.
std::vector<Comparison> comparisonsOf(const Evidence& evidence);

}  // namespace adherence
