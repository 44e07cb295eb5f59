#pragma once

#include <array>
#include <optional>
#include <vector>

namespace statistics {

/// The quantile at a probability, 0 to 1, by linear interpolation between order statistics: type 7 of Hyndman
/// and Fan (1996), the default of R and NumPy. Any order; no value of nothing.
std::optional<double> quantile(std::vector<double> values, double probability);

/// The 10th, 20th … 90th percentile over units in one period. No value where there are fewer units than
/// `fewest`: a chart of deciles over few units shows the units themselves.
std::optional<std::array<double, 9>> deciles(const std::vector<double>& values, std::size_t fewest = 20);

/// What a unit's statistical neighbours look like: the median, which one odd neighbour hardly moves, and the
/// unweighted mean. Those without a figure are left out.
struct Neighbours {
    std::size_t present = 0;
    double median = 0;
    double mean = 0;
};
/// No value where fewer than five of them have a figure.
std::optional<Neighbours> neighbours(const std::vector<std::optional<double>>& figures);

}  // namespace statistics
