#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "guidance/catalogue.h"
#include "values/proportion.h"

namespace measures {

/// What means and spreads are made of.
struct Moments {
    double sum = 0;
    double squares = 0;  ///< sum of the squares

    void add(double value) {
        sum += value;
        squares += value * value;
    }
    Moments& operator+=(const Moments& other);
    bool operator==(const Moments&) const = default;
};

/// The additive parts of one figure: a pooled figure's parts are the sums of its parts.
struct Parts {
    /// A count has a numerator alone. A mean, median or change has the number of records as its denominator.
    values::Proportion proportion;
    Moments value;                                 ///< of a mean; of the changes
    Moments before;                                ///< of a paired change
    Moments after;                                 ///< of a paired change
    std::map<std::int64_t, std::int64_t> classes;  ///< of a median: how many records in each class

    Parts& operator+=(const Parts& other);
    bool operator==(const Parts&) const = default;

    bool isNothing() const { return *this == Parts{}; }
    std::optional<double> mean() const;
    /// The middle one, or the mean of the two middle ones, of values known to the width of a class: off by no
    /// more than half a step, and exact where values are whole numbers and the step is 1.
    std::optional<double> median(double step) const;
    /// What the figure says: a number of records, a share, a mean, a median, a mean change.
    std::optional<double> number(guidance::Aggregate aggregate, double step) const;
};

/// One figure of one service in one quarter: its own parts, those of the figures beside it, and the same by
/// group.
struct Figure {
    Parts parts;
    std::map<std::string, Parts> also;
    /// Breakdown (`sex`), group (`female`), parts of the measure's own figure.
    std::map<std::string, std::map<std::string, Parts>> groups;

    Figure& operator+=(const Figure& other);
    bool operator==(const Figure&) const = default;
    bool isNothing() const { return *this == Figure{}; }
};

/// The figures of one service, by the measure's full name; one that is nothing is left out.
using Figures = std::map<std::string, Figure>;

/// As figures are kept: the same figures give the same bytes.
std::string textOf(const Figures& figures);
/// The inverse of textOf.
Figures figuresOf(std::string_view text);

}  // namespace measures
