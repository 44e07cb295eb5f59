#pragma once

#include <string>
#include <vector>

#include "entrance/view.h"
#include "platform/view.h"
#include "values/proportion.h"

namespace presentation {

// Words that pages and files of a report share.

/// Below so many a share says too little.
constexpr int kFewest = 10;

/// From `numerator` and `denominator`.
values::Proportion countsOf(const platform::View& figure);
/// How many a figure needs before it says something.
int fewestOf(const platform::View& figure);
/// `72%`, or `too few to judge`, or `–`.
std::string shareText(const values::Proportion& counts, int fewest = kFewest);
/// 71.9 of a share of 0.7193: as charts draw it.
double percent(double share);
/// `41 of 57`
std::string countText(const values::Proportion& counts);
/// `58% to 82%`; `–` where there is none.
std::string intervalText(const values::Proportion& counts);
/// A figure of a report: a share, a count, a mean or a median.
std::string figureText(const platform::View& figure, int fewest = kFewest);
/// What stands behind it: `41 of 57`, or how many records.
std::string behindText(const platform::View& figure);
/// `1 April 2025` from `2025-04-01`.
std::string dayText(const std::string& iso);
/// `a, b and c`
std::string listed(const std::vector<std::string>& words);
/// A level or a grade as a tag: words, and a colour that never stands alone.
entrance::Tag levelTag(const std::string& level);
entrance::Tag gradeTag(const std::string& grade);

}  // namespace presentation
