#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "guidance/catalogue.h"
#include "measures/facts.h"
#include "values/proportion.h"
#include "values/quarter.h"

namespace measures {

/// Points over possible points of the items answered, 0 to 1. Items not applicable leave both sums; a blank
/// optional item is left out. No value where the review is incomplete: a required item is blank, or nothing
/// was answered. `scores` has one byte an item of the checklist.
std::optional<double> reviewScore(const guidance::Checklist& checklist, const std::string& scores);

/// How one checklist item went over the complete reviews of a quarter.
struct ItemProfile {
    const guidance::ChecklistItem* item;
    values::Proportion points;  ///< points of points possible, over the reviews that answered the item
    int answered = 0;           ///< reviews that answered it
    int notApplicable = 0;
};

/// One entry an item, in the checklist's order. Reviews of other checklist versions do not count.
std::vector<ItemProfile> itemProfile(const guidance::Checklist& checklist,
                                     std::span<const ReviewFacts> reviews, values::Quarter quarter);

}  // namespace measures
