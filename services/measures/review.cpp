#include "measures/review.h"

#include <algorithm>

#include "measures/facts.h"

namespace measures {

std::optional<double> ReviewScore::dimension(std::size_t which) const {
    if (dimensionItems[which] < kFewestItemsForDimension) return std::nullopt;
    return static_cast<double>(dimensionPoints[which]) / dimensionPossible[which];
}

ReviewScoring::ReviewScoring(const guidance::Checklist& checklist) {
    items_.reserve(checklist.items.size());
    for (const auto& item : checklist.items)
        items_.push_back({static_cast<std::uint8_t>(item.most), item.isRequired,
                          static_cast<std::uint8_t>(std::ranges::find(kDimensionNames, item.dimension) -
                                                    kDimensionNames.begin())});
}

ReviewScore ReviewScoring::of(std::string_view scores) const {
    // One more place than dimensions, so that an item of none needs no question asked.
    std::array<int, kDimensions + 1> points{};
    std::array<int, kDimensions + 1> possible{};
    std::array<int, kDimensions + 1> answered{};
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const auto score = i < scores.size() ? static_cast<std::uint8_t>(scores[i]) : guidance::kBlank;
        const auto& item = items_[i];
        if (score == guidance::kBlank && item.isRequired) return {};
        if (score >= guidance::kNotApplicable) continue;
        points[item.dimension] += score;
        possible[item.dimension] += item.most;
        ++answered[item.dimension];
    }
    ReviewScore result;
    for (std::size_t d = 0; d <= kDimensions; ++d) {
        result.points += points[d];
        result.possible += possible[d];
    }
    result.isComplete = result.possible > 0;
    std::copy_n(points.begin(), kDimensions, result.dimensionPoints.begin());
    std::copy_n(possible.begin(), kDimensions, result.dimensionPossible.begin());
    std::copy_n(answered.begin(), kDimensions, result.dimensionItems.begin());
    return result;
}

std::vector<ItemProfile> itemProfile(const guidance::Checklist& checklist, const Facts& facts,
                                     values::Quarter quarter) {
    using enum Population;
    std::vector<ItemProfile> profile;
    profile.reserve(checklist.items.size());
    for (const auto& item : checklist.items) profile.push_back({&item, {}, 0, 0});
    const auto& table = facts.table(reviews);
    const auto at = [&](std::string_view name) -> const Column& {
        return table.columns[column(reviews, name)];
    };
    const double wanted = facts.codeIfThere(checklist.id);
    for (std::size_t r = 0; r < table.rows; ++r) {
        const double day = at("reviewed_on")[r];
        if (day < quarter.first().serial() || day > quarter.last().serial() || at("checklist")[r] != wanted ||
            at("checklist_version")[r] != checklist.version || at("is_complete")[r] != 1)
            continue;
        const auto scores = facts.scoresOf(r);
        for (std::size_t i = 0; i < profile.size(); ++i) {
            const auto score = static_cast<std::uint8_t>(scores[i]);
            if (score == guidance::kNotApplicable) ++profile[i].notApplicable;
            if (score > guidance::kMostItemPoints) continue;
            ++profile[i].answered;
            profile[i].points += {score, checklist.items[i].most};
        }
    }
    return profile;
}

}  // namespace measures
