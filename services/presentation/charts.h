#pragma once

#include <string>
#include <vector>

#include "entrance/view.h"
#include "platform/view.h"
#include "values/proportion.h"

namespace presentation {

/// A chart as the partial `chart` shows it: a specification in reports/charts with its values, and what says
/// the same without it.
struct Chart {
    std::string specification;
    std::string title;  ///< says the finding
    std::string text;
    platform::View values;  ///< in the shape that the specification takes
    entrance::Table table;
    platform::View view() const;
};

// Each takes its part of a report's detail.

/// The course of a figure by quarter, with limits: a p chart for a share, widened by Laney's sigma where
/// shares vary more than chance; XmR for a mean. From twelve points on; trial limits from five.
Chart courseChart(const platform::View& figure);
/// Authorities by how much they counted, without their names, with limits around their common share.
Chart funnelChart(const platform::View& others, const std::string& title);
/// Deciles of authorities by quarter, and the own line.
Chart decilesChart(const platform::View& others, const std::string& title);
/// The dimensions of fidelity side by side; never added up.
Chart profileChart(const platform::View& figures);
/// From referral to completion: one cohort.
Chart stepsChart(const platform::View& steps);

/// The same funnel of all of England: nobody is the own one. `units`: as they are shown, rounded.
Chart englandFunnelChart(const std::vector<values::Proportion>& units, const std::string& title);

/// The nine deciles of one quarter.
struct DecilesOfQuarter {
    std::string quarter;
    std::vector<double> deciles;
};
/// Of all of England, the earliest quarter first.
Chart englandDecilesChart(const std::vector<DecilesOfQuarter>& quarters, const std::string& title);

}  // namespace presentation
