#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guidance/catalogue.h"
#include "values/proportion.h"
#include "values/quarter.h"

namespace measures {

class Facts;

/// The dimensions of fidelity that are scored by themselves, after Dane and Schneider (1998) and Carroll and
/// others (2007).
constexpr std::array<std::string_view, 4> kDimensionNames{"adherence", "exposure", "quality",
                                                          "responsiveness"};
constexpr std::size_t kDimensions = kDimensionNames.size();
/// A dimension with fewer answered items has no score.
constexpr int kFewestItemsForDimension = 3;

/// What one review scored.
struct ReviewScore {
    bool isComplete = false;  ///< no required item is blank, and something was answered
    int points = 0;
    int possible = 0;
    std::array<int, kDimensions> dimensionPoints{};
    std::array<int, kDimensions> dimensionPossible{};
    std::array<int, kDimensions> dimensionItems{};

    /// 0 to 1; no value where too few of the dimension's items were answered.
    std::optional<double> dimension(std::size_t which) const;
};

/// Scores reviews of one checklist version: points over possible points of the items answered. Items not
/// applicable leave both sums; a blank optional item is left out; a blank required item makes the review
/// incomplete.
class ReviewScoring {
public:
    explicit ReviewScoring(const guidance::Checklist& checklist);
    /// `scores` has one byte an item of the checklist.
    ReviewScore of(std::string_view scores) const;

private:
    /// What each possible byte of an item adds to its dimension: points, points possible, items answered and
    /// required items left blank, packed into one number. One look-up and one addition an item: scores are
    /// read by the ten million.
    using Table = std::array<std::uint64_t, 256>;
    struct Item {
        std::size_t place;  ///< in the checklist
        Table adds;
    };
    std::size_t items_ = 0;
    /// By dimension, the last being none.
    std::array<std::vector<Item>, kDimensions + 1> byDimension_;
};

/// How one checklist item went over the complete reviews of a quarter.
struct ItemProfile {
    const guidance::ChecklistItem* item;
    values::Proportion points;  ///< points of points possible, over the reviews that answered the item
    int answered = 0;           ///< reviews that answered it
    int notApplicable = 0;
};

/// One entry an item, in the checklist's order. Reviews of other checklist versions do not count.
std::vector<ItemProfile> itemProfile(const guidance::Checklist& checklist, const Facts& facts,
                                     values::Quarter quarter);

}  // namespace measures
