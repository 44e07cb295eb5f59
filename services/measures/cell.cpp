#include "measures/cell.h"

namespace measures {

Parts& Parts::operator+=(const Parts& other) {
    proportion += other.proportion;
    opposite += other.opposite;
    excluded += other.excluded;
    sum += other.sum;
    sumOfSquares += other.sumOfSquares;
    for (const auto& [length, count] : other.days) days[length] += count;
    return *this;
}

std::optional<double> Parts::mean() const {
    if (proportion.denominator == 0) return std::nullopt;
    return sum / static_cast<double>(proportion.denominator);
}

std::optional<double> Parts::medianDays() const {
    std::int64_t total = 0;
    for (const auto& [length, count] : days) total += count;
    if (total == 0) return std::nullopt;
    const auto at = [&](std::int64_t position) {
        std::int64_t seen = 0;
        for (const auto& [length, count] : days) {
            seen += count;
            if (position < seen) return length;
        }
        return days.rbegin()->first;
    };
    return (at((total - 1) / 2) + at(total / 2)) / 2.0;
}

}  // namespace measures
