#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "values/proportion.h"

namespace measures {

/// The additive parts of a figure: a pooled figure's parts are the sums of its cells' parts.
struct Parts {
    values::Proportion proportion;     ///< for a plain count, the numerator alone
    std::int64_t opposite = 0;         ///< counted the other way: worsened
    std::int64_t excluded = 0;         ///< left out and said so: incomplete reviews, unpaired scores
    double sum = 0;                    ///< over the denominator's records
    double sumOfSquares = 0;           ///< over the same
    std::map<int, std::int64_t> days;  ///< how many records took so many days; for medians

    Parts& operator+=(const Parts& other);
    bool operator==(const Parts&) const = default;

    std::optional<double> mean() const;
    /// The middle number of days, or the mean of the two middle ones.
    std::optional<double> medianDays() const;
};

/// One figure of one (service, quarter).
struct Cell {
    std::string measure;  ///< `dose`, or `outcome_improved:sdq-total`
    Parts parts;
    bool operator==(const Cell&) const = default;
};

}  // namespace measures
