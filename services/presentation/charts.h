#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "values/proportion.h"

namespace presentation {

// Charts as the partial `chart` shows them: a specification in reports/charts with its values, and what says
// the same without it: a title that says the finding, a text, and a table. Each takes its part of a report's
// detail.

/// The course of a figure by quarter, with limits: a p chart for a share, widened by Laney's sigma where
/// shares vary more than chance; XmR for a mean. From twelve points on; trial limits from five.
nlohmann::json courseChart(const nlohmann::json& figure);
/// Authorities by how much they counted, without their names, with limits around their common share.
nlohmann::json funnelChart(const nlohmann::json& others, const std::string& title);
/// Deciles of authorities by quarter, and the own line.
nlohmann::json decilesChart(const nlohmann::json& others, const std::string& title);
/// The dimensions of fidelity side by side; never added up.
nlohmann::json profileChart(const nlohmann::json& figures);
/// From referral to completion: one cohort.
nlohmann::json stepsChart(const nlohmann::json& steps);

/// The same funnel of all of England: nobody is the own one. `units`: as they are shown, rounded.
nlohmann::json englandFunnelChart(const std::vector<values::Proportion>& units, const std::string& title);

/// The nine deciles of one quarter.
struct DecilesOfQuarter {
    std::string quarter;
    std::vector<double> deciles;
};
/// Of all of England, the earliest quarter first.
nlohmann::json englandDecilesChart(const std::vector<DecilesOfQuarter>& quarters, const std::string& title);

}  // namespace presentation
