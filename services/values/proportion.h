#pragma once

#include <cstdint>
#include <optional>

namespace values {

/// A count out of a count. Proportions add: the sum's numerator and denominator are the parts' sums.
struct Proportion {
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;

    /// Between 0 and 1; no value where there is nothing to divide by.
    std::optional<double> value() const {
        if (denominator == 0) return std::nullopt;
        return static_cast<double>(numerator) / static_cast<double>(denominator);
    }
    Proportion& operator+=(const Proportion& other) {
        numerator += other.numerator;
        denominator += other.denominator;
        return *this;
    }
    bool operator==(const Proportion&) const = default;
};

}  // namespace values
