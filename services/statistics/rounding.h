#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "values/proportion.h"

namespace statistics {

// Halves are rounded up, away from zero, exactly: in whole numbers, never in binary fractions. This is the
// Department for Education's rule; the rounding of most languages' libraries is another one.

/// A percentage of so many decimals (0 to 6) as a whole number of its last decimal: 1/8 with one decimal is
/// 125, for 12.5. No value where there is nothing to divide by. Numerator and denominator are not negative.
std::optional<std::int64_t> roundedPercent(const values::Proportion& proportion, int decimals);

/// The same as text: `12.5`. Empty where there is nothing to divide by.
std::string percentText(const values::Proportion& proportion, int decimals);

/// Whether the percentage is above nothing though it rounds to nothing: shown as `k` in open data, never as
/// 0.
bool roundsToNothing(const values::Proportion& proportion, int decimals);

/// A count, not negative, to the nearest multiple of a base: 3 to base 5 is 5, 7 is 5, 12 is 10.
std::int64_t roundedToBase(std::int64_t count, std::int64_t base);

}  // namespace statistics
