#include "statistics/control_chart.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace statistics {
namespace {

constexpr double kLimit = 2.66;          // 3 / d2 of two points
constexpr double kScreen = 3.267;        // D4 of two points
constexpr double kRangeToSigma = 1.128;  // d2 of two points

int sideOf(const ChartPoint& point, double mean) {
    return point.value > mean ? 1 : point.value < mean ? -1 : 0;
}

/// Marks every point of runs of at least so many that share one nonzero sign.
void markRuns(std::vector<ChartPoint>& points, const std::vector<int>& signs, int length, int lead,
              Signal signal) {
    std::size_t start = 0;
    while (start < signs.size()) {
        auto end = start;
        while (end < signs.size() && signs[end] == signs[start]) ++end;
        if (signs[start] != 0 && static_cast<int>(end - start) >= length)
            for (auto i = start; i < end + static_cast<std::size_t>(lead); ++i) points[i].signal = signal;
        start = end;
    }
}

/// The weakest rule first, so that a stronger one names the point.
void markSignals(ControlChart& chart, const ChartRules& rules) {
    auto& points = chart.points;
    std::vector<int> sides;
    std::vector<int> steps;
    for (std::size_t i = 0; i < points.size(); ++i) {
        sides.push_back(sideOf(points[i], chart.mean));
        if (i > 0)
            steps.push_back(points[i].value > points[i - 1].value   ? 1
                            : points[i].value < points[i - 1].value ? -1
                                                                    : 0);
    }
    markRuns(points, sides, rules.shiftRun, 0, Signal::shift);
    const auto isNear = [&](const ChartPoint& point) {
        return (point.value > point.nearUpper && point.value <= point.upper) ||
               (point.value < point.nearLower && point.value >= point.lower);
    };
    std::vector<bool> isTwoOfThree(points.size());
    for (std::size_t i = 0; i + 2 < points.size(); ++i) {
        if (sides[i] == 0 || sides[i] != sides[i + 1] || sides[i] != sides[i + 2]) continue;
        if (isNear(points[i]) + isNear(points[i + 1]) + isNear(points[i + 2]) < 2) continue;
        for (auto j = i; j < i + 3; ++j)
            if (isNear(points[j])) isTwoOfThree[j] = true;
    }
    for (std::size_t i = 0; i < points.size(); ++i)
        if (isTwoOfThree[i]) points[i].signal = Signal::twoOfThree;
    markRuns(points, steps, rules.trendRun - 1, 1, Signal::trend);
    for (auto& point : points)
        if (point.value > point.upper || point.value < point.lower) point.signal = Signal::astronomical;
}

double mean(const std::vector<double>& values) {
    return values.empty()
               ? 0
               : std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace

std::optional<XmrChart> xmr(const std::vector<double>& values, const XmrOptions& options) {
    if (values.empty()) return std::nullopt;
    const auto used = std::min(values.size(), options.baseline.value_or(values.size()));
    std::vector<double> ranges;
    for (std::size_t i = 1; i < used; ++i) ranges.push_back(std::abs(values[i] - values[i - 1]));
    XmrChart chart;
    chart.mean = mean({values.begin(), values.begin() + static_cast<std::ptrdiff_t>(used)});
    chart.meanRange = mean(ranges);
    if (options.isScreened) {
        const double most = kScreen * chart.meanRange;
        std::erase_if(ranges, [&](double range) { return range >= most; });
        if (!ranges.empty()) chart.meanRange = mean(ranges);
    }
    const double reach = kLimit * chart.meanRange;
    for (const double value : values)
        chart.points.push_back({value, chart.mean - reach, chart.mean + reach, chart.mean - reach * 2 / 3,
                                chart.mean + reach * 2 / 3, Signal::none});
    markSignals(chart, options.rules);
    return chart;
}

std::vector<Segment> xmrWithGaps(const std::vector<std::optional<double>>& values,
                                 const XmrOptions& options) {
    constexpr std::size_t kMostMissing = 2;
    std::vector<Segment> segments;
    std::vector<double> present;
    std::vector<std::size_t> periods;
    const auto close = [&] {
        if (present.empty()) return;
        segments.push_back({periods.front(), periods, *xmr(present, options)});
        present.clear();
        periods.clear();
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!values[i]) continue;
        if (!periods.empty() && i - periods.back() - 1 > kMostMissing) close();
        present.push_back(*values[i]);
        periods.push_back(i);
    }
    close();
    return segments;
}

std::optional<ProportionChart> proportionChart(const std::vector<values::Proportion>& shares, bool isLaney,
                                               const ChartRules& rules) {
    values::Proportion all;
    for (const auto& share : shares) all += share;
    const auto average = all.value();
    if (!average) return std::nullopt;
    ProportionChart chart;
    chart.mean = *average;
    std::vector<double> scores;
    std::vector<double> errors;
    for (const auto& share : shares) {
        if (share.denominator == 0) continue;
        errors.push_back(std::sqrt(chart.mean * (1 - chart.mean) / static_cast<double>(share.denominator)));
        chart.points.push_back({*share.value(), 0, 0, 0, 0, Signal::none});
        scores.push_back(errors.back() > 0 ? (chart.points.back().value - chart.mean) / errors.back() : 0);
    }
    std::vector<double> ranges;
    for (std::size_t i = 1; i < scores.size(); ++i) ranges.push_back(std::abs(scores[i] - scores[i - 1]));
    if (!ranges.empty()) chart.overdispersion = mean(ranges) / kRangeToSigma;
    for (std::size_t i = 0; i < chart.points.size(); ++i) {
        const double error = errors[i] * (isLaney ? chart.overdispersion : 1);
        const auto within = [](double value) { return std::clamp(value, 0.0, 1.0); };
        auto& point = chart.points[i];
        point.lower = within(chart.mean - 3 * error);
        point.upper = within(chart.mean + 3 * error);
        point.nearLower = within(chart.mean - 2 * error);
        point.nearUpper = within(chart.mean + 2 * error);
    }
    markSignals(chart, rules);
    return chart;
}

Variation variationOf(const ControlChart& chart, std::optional<bool> isHigherBetter) {
    if (chart.points.empty() || chart.points.back().signal == Signal::none) return Variation::commonCause;
    const auto& last = chart.points.back();
    const bool isUp = last.signal == Signal::trend ? last.value > chart.points[chart.points.size() - 2].value
                                                   : last.value > chart.mean;
    if (!isHigherBetter) return isUp ? Variation::neutralHigh : Variation::neutralLow;
    return isUp == *isHigherBetter ? Variation::improvement : Variation::concern;
}

Assurance assuranceOf(const ControlChart& chart, double target, bool isHigherBetter) {
    if (chart.points.empty()) return Assurance::hitOrMiss;
    const auto& last = chart.points.back();
    if (target > last.upper) return isHigherBetter ? Assurance::fails : Assurance::passes;
    if (target < last.lower) return isHigherBetter ? Assurance::passes : Assurance::fails;
    return Assurance::hitOrMiss;
}

}  // namespace statistics
