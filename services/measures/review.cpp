#include "measures/review.h"

namespace measures {

std::optional<double> reviewScore(const guidance::Checklist& checklist, const std::string& scores) {
    values::Proportion sum;
    for (std::size_t i = 0; i < checklist.items.size(); ++i) {
        const auto score = i < scores.size() ? static_cast<std::uint8_t>(scores[i]) : guidance::kBlank;
        if (score == guidance::kNotApplicable) continue;
        if (score == guidance::kBlank) {
            if (checklist.items[i].isRequired) return std::nullopt;
            continue;
        }
        sum += {score, checklist.items[i].most};
    }
    return sum.value();
}

std::vector<ItemProfile> itemProfile(const guidance::Checklist& checklist,
                                     std::span<const ReviewFacts> reviews, values::Quarter quarter) {
    std::vector<ItemProfile> profile;
    profile.reserve(checklist.items.size());
    for (const auto& item : checklist.items) profile.push_back({&item, {}, 0, 0});
    for (const auto& review : reviews) {
        if (!quarter.contains(review.reviewedOn) || review.checklist != checklist.id ||
            review.version != checklist.version || !reviewScore(checklist, review.scores))
            continue;
        for (std::size_t i = 0; i < profile.size(); ++i) {
            const auto score = static_cast<std::uint8_t>(review.scores[i]);
            if (score == guidance::kNotApplicable) ++profile[i].notApplicable;
            if (score > guidance::kMostItemPoints) continue;
            ++profile[i].answered;
            profile[i].points += {score, checklist.items[i].most};
        }
    }
    return profile;
}

}  // namespace measures
