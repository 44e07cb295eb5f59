#pragma once

#include <string>
#include <vector>

#include "adherence/evidence.h"

namespace adherence {

constexpr int kFewestReviewsEach = 5;       ///< of a practitioner, to be shown in a spread
constexpr int kFewestOfService = 10;        ///< records of a service, likewise
constexpr std::size_t kFewestInSpread = 5;  ///< practitioners or services, to show a spread
constexpr double kWideSpread = 0.3;         ///< between the lower and upper quarter
constexpr int kFewestInGroup = 10;          ///< of a group of children, for its figure to be shown

/// How a figure is spread over units: no unit is named.
struct Spread {
    std::string measure;
    std::string units;  ///< services or practitioners
    std::size_t count = 0;
    std::vector<double> quartiles;  ///< lowest, lower quarter, middle, upper quarter, highest; empty: too few
    std::size_t left = 0;           ///< units with too few records
};
std::vector<Spread> spreadsOf(const Evidence& evidence);

/// A figure that differs between children of one characteristic.
struct EqualityRow {
    std::string measure;
    std::string characteristic;  ///< age_band, sex, ethnic_group, disabled
    std::string group;
    values::Proportion counts;
    bool isShown = false;  ///< enough to show, and no other group can be got from it

    /// Not the group of those whose characteristic is not known.
    bool isKnown() const { return group != "not known" && group != "Not known"; }
};
/// How many start, complete and improve, by group.
std::vector<EqualityRow> equalityOf(const Evidence& evidence);

}  // namespace adherence
