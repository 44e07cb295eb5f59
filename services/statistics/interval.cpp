#include "statistics/interval.h"

#include <algorithm>
#include <cmath>

namespace statistics {

std::optional<Interval> wilson(const values::Proportion& proportion, double z) {
    if (proportion.denominator <= 0) return std::nullopt;
    const auto x = static_cast<double>(proportion.numerator);
    const auto n = static_cast<double>(proportion.denominator);
    const double centre = 2 * x + z * z;
    const double spread = z * std::sqrt(z * z + 4 * x * (1 - x / n));
    const double scale = 2 * (n + z * z);
    // Rounding can leave -0.0 or 1 + 1e-16 at the ends.
    return Interval{std::max(0.0, (centre - spread) / scale), std::min(1.0, (centre + spread) / scale)};
}

}  // namespace statistics
