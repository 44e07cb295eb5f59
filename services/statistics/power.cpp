#include "statistics/power.h"

#include <cmath>

#include "statistics/interval.h"

namespace statistics {
namespace {
/// 80th percentile of the standard normal distribution.
constexpr double kZ80 = 0.8416212335729143;

double normal(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }
}  // namespace

double powerOfTwoMeans(std::int64_t perArm, double effect) {
    if (perArm <= 0) return 0;
    const double shift = effect * std::sqrt(static_cast<double>(perArm) / 2);
    return normal(shift - kZ95) + normal(-shift - kZ95);
}

std::int64_t fewestPerArm(double effect) {
    return static_cast<std::int64_t>(std::ceil(2 * (kZ95 + kZ80) * (kZ95 + kZ80) / (effect * effect)));
}

}  // namespace statistics
