#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "values/proportion.h"

namespace presentation {

// Words that pages and files of a report share.

/// Below so many a share says too little.
constexpr int kFewest = 10;

/// From `numerator` and `denominator`.
values::Proportion countsOf(const nlohmann::json& figure);
/// `72%`, or `too few to judge`, or `–`.
std::string shareText(const values::Proportion& counts, int fewest = kFewest);
/// `41 of 57`
std::string countText(const values::Proportion& counts);
/// `58% to 82%`; `–` where there is none.
std::string intervalText(const values::Proportion& counts);
/// A figure of a report: a share, a count, a mean or a median.
std::string figureText(const nlohmann::json& figure, int fewest = kFewest);
/// What stands behind it: `41 of 57`, or how many records.
std::string behindText(const nlohmann::json& figure);
/// `1 April 2025` from `2025-04-01`.
std::string dayText(const std::string& iso);
/// A level or a grade as a tag: words, and a colour that never stands alone.
nlohmann::json levelTag(const std::string& level);
nlohmann::json gradeTag(const std::string& grade);

}  // namespace presentation
