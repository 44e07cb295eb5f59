#pragma once

#include <optional>
#include <vector>

#include "values/proportion.h"

namespace statistics {

/// Why a point stands out, by the rules of NHS England's Making Data Count; the first that holds names it.
enum class Signal {
    none,
    astronomical,  ///< beyond a limit
    trend,         ///< one of a run of points, each strictly above, or each below, the one before
    twoOfThree,    ///< of three on one side of the mean, at least two near the limit
    shift          ///< one of a run on the same side of the mean
};

struct ChartPoint {
    double value = 0;
    double lower = 0;
    double upper = 0;
    double nearLower = 0;  ///< two thirds of the way to the limit
    double nearUpper = 0;
    Signal signal = Signal::none;
};

struct ControlChart {
    double mean = 0;
    std::vector<ChartPoint> points;
};

struct ChartRules {
    int shiftRun = 7;
    int trendRun = 7;  ///< points, so one less difference
};

struct XmrOptions {
    /// So many points from the first make the limits; all of them where none is given.
    std::optional<std::size_t> baseline;
    /// Leave out moving ranges of 3.267 mean ranges or more, once: as one R package does and the workbooks of
    /// Making Data Count do not.
    bool isScreened = false;
    ChartRules rules;
};

struct XmrChart : ControlChart {
    double meanRange = 0;  ///< mean moving range
};

/// Individual values with limits from moving ranges: mean ± 2.66 mean ranges. No value without points.
/// Vectors: domain/statistics.md §5.
std::optional<XmrChart> xmr(const std::vector<double>& values, const XmrOptions& options = {});

/// A value for each period, with gaps. A range is taken between neighbours that are present; more than two
/// missing in a row start a chart of their own, for what lies apart is no baseline.
struct Segment {
    std::size_t first = 0;             ///< period of its first point
    std::vector<std::size_t> periods;  ///< of each point
    XmrChart chart;
};
std::vector<Segment> xmrWithGaps(const std::vector<std::optional<double>>& values,
                                 const XmrOptions& options = {});

struct ProportionChart : ControlChart {
    double overdispersion = 1;  ///< Laney's sigma: how much more the shares vary than chance alone would
};

/// Shares with limits that follow their denominators: mean ± 3 standard errors, within 0 and 1. `isLaney`:
/// limits widened by how much the shares vary beyond chance (Laney 2002). No value without denominators.
std::optional<ProportionChart> proportionChart(const std::vector<values::Proportion>& shares,
                                               bool isLaney = false, const ChartRules& rules = {});

/// How many points a chart needs before its limits are shown, and before they are more than a trial.
constexpr std::size_t kFewestForTrialLimits = 5;
constexpr std::size_t kFewestForLimits = 12;

enum class Variation { commonCause, improvement, concern, neutralHigh, neutralLow };
/// What the last point says. `isHigherBetter`: none where neither way is better.
Variation variationOf(const ControlChart& chart, std::optional<bool> isHigherBetter);

enum class Assurance { passes, fails, hitOrMiss };
/// Whether the process, as it is, reaches a target: always, never, or by chance.
Assurance assuranceOf(const ControlChart& chart, double target, bool isHigherBetter);

}  // namespace statistics
