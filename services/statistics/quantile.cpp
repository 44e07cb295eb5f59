#include "statistics/quantile.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace statistics {

std::optional<double> quantile(std::vector<double> values, double probability) {
    if (values.empty()) return std::nullopt;
    std::ranges::sort(values);
    const double place = static_cast<double>(values.size() - 1) * probability;
    const auto below = static_cast<std::size_t>(place);
    const auto above = std::min(below + 1, values.size() - 1);
    return values[below] + (place - std::floor(place)) * (values[above] - values[below]);
}

std::optional<std::array<double, 9>> deciles(const std::vector<double>& values, std::size_t fewest) {
    if (values.size() < fewest || values.empty()) return std::nullopt;
    std::array<double, 9> found{};
    for (std::size_t i = 0; i < found.size(); ++i)
        found[i] = *quantile(values, static_cast<double>(i + 1) / 10);
    return found;
}

std::optional<Neighbours> neighbours(const std::vector<std::optional<double>>& figures) {
    constexpr std::size_t kFewest = 5;
    std::vector<double> present;
    for (const auto& figure : figures)
        if (figure) present.push_back(*figure);
    if (present.size() < kFewest) return std::nullopt;
    return Neighbours{
        present.size(), *quantile(present, 0.5),
        std::accumulate(present.begin(), present.end(), 0.0) / static_cast<double>(present.size())};
}

}  // namespace statistics
