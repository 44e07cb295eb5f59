#include "statistics/interval.h"

#include <algorithm>
#include <cmath>

#include "statistics/distribution.h"

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

Interval byar(std::int64_t events, double z) {
    const auto side = [&](double x, double sign) {
        const double root = 1 - 1 / (9 * x) + sign * z / (3 * std::sqrt(x));
        return x * root * root * root;
    };
    const auto x = static_cast<double>(events);
    return {events == 0 ? 0 : std::max(0.0, side(x, -1)), side(x + 1, 1)};
}

Interval exactPoisson(std::int64_t events) {
    const auto half = [](double degrees, double probability) {
        return chiSquaredQuantile(degrees, probability) / 2;
    };
    const auto x = static_cast<double>(events);
    return {events == 0 ? 0 : half(2 * x, 0.025), half(2 * x + 2, 0.975)};
}

Interval eventInterval(std::int64_t events) { return events < 10 ? exactPoisson(events) : byar(events); }

}  // namespace statistics
