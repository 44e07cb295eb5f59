#include "statistics/rounding.h"

namespace statistics {
namespace {

std::int64_t powerOfTen(int exponent) {
    std::int64_t power = 1;
    for (int i = 0; i < exponent; ++i) power *= 10;
    return power;
}

}  // namespace

std::optional<std::int64_t> roundedPercent(const values::Proportion& proportion, int decimals) {
    if (proportion.denominator == 0) return std::nullopt;
    return (200 * powerOfTen(decimals) * proportion.numerator + proportion.denominator) /
           (2 * proportion.denominator);
}

std::string percentText(const values::Proportion& proportion, int decimals) {
    const auto rounded = roundedPercent(proportion, decimals);
    if (!rounded) return "";
    const auto scale = powerOfTen(decimals);
    auto text = std::to_string(*rounded / scale);
    if (decimals == 0) return text;
    const auto fraction = std::to_string(*rounded % scale);
    return text + "." + std::string(static_cast<std::size_t>(decimals) - fraction.size(), '0') + fraction;
}

bool roundsToNothing(const values::Proportion& proportion, int decimals) {
    return proportion.numerator > 0 && roundedPercent(proportion, decimals) == 0;
}

std::int64_t roundedToBase(std::int64_t count, std::int64_t base) {
    return (2 * count + base) / (2 * base) * base;
}

}  // namespace statistics
