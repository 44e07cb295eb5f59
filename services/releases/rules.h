#pragma once

#include <string>
#include <vector>

#include "statistics/disclosure.h"

namespace releases {

/// The rules of disclosure that a release is made by. Data, not code: schema/disclosure/<id>.json.
struct RulePack {
    std::string id;
    std::string title;
    std::string why;
    std::string source;
    statistics::DisclosurePolicy policy;
    bool hidesComplements = true;        ///< a count is hidden where what it leaves of its total is small
    int percentDecimals = 0;             ///< of percentages, 0 to 2
    std::int64_t fewestForPercent = 20;  ///< published; below it a percentage is unreliable
    std::int64_t fewestForMean = 20;     ///< published; below it a mean is unreliable
    std::string text;                    ///< the file, as it is kept with a release
};

/// Throws Invalid, naming the file, the entry and the rule.
RulePack rulePackOf(const std::string& text, const std::string& file);
/// Every pack of a folder, the default one first.
std::vector<RulePack> readRulePacks(const std::string& folder);
/// What it does, in sentences that are printed with a release.
std::vector<std::string> wordsOf(const RulePack& pack);

}  // namespace releases
