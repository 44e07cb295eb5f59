#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace presentation {

/// A chart with what says the same without it: a title that says the finding, a text, and a table. `values` go to
/// the specification of that name in reports/charts.
struct Chart {
    std::string specification;
    std::string title;
    std::string text;
    nlohmann::json values;
    nlohmann::json table;

    /// As the partial `chart` shows it.
    nlohmann::json view(const std::string& id) const;
};

/// The course of a figure by quarter, with limits: a p chart for a share, widened by Laney's sigma where shares vary
/// more than chance; XmR for a mean. From twelve points on; trial limits from five.
Chart courseChart(const nlohmann::json& figure);
/// Authorities by how much they counted, without their names, with limits around their common share.
Chart funnelChart(const nlohmann::json& others, const std::string& title);
/// Deciles of authorities by quarter, and the own line.
Chart decilesChart(const nlohmann::json& others, const std::string& title);
/// The dimensions of fidelity side by side; never added up.
Chart profileChart(const nlohmann::json& figures);
/// From referral to completion: one cohort.
Chart stepsChart(const nlohmann::json& steps);

}  // namespace presentation
