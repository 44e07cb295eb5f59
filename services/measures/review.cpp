#include "measures/review.h"

#include <algorithm>

#include "measures/facts.h"

namespace measures {

std::optional<double> ReviewScore::dimension(std::size_t which) const {
    if (dimensionItems[which] < kFewestItemsForDimension) return std::nullopt;
    return static_cast<double>(dimensionPoints[which]) / dimensionPossible[which];
}

namespace {

// The packed number, from the lowest bits: no checklist has items enough to carry from one part into the
// next.
constexpr unsigned kPossible = 20;
constexpr unsigned kAnswered = 40;
constexpr unsigned kMissing = 52;

std::uint64_t addedBy(const guidance::ChecklistItem& item, unsigned byte) {
    if (byte == guidance::kBlank) return item.isRequired ? 1ULL << kMissing : 0;
    if (byte >= guidance::kNotApplicable) return 0;
    return byte | static_cast<std::uint64_t>(item.most) << kPossible | 1ULL << kAnswered;
}

}  // namespace

ReviewScoring::ReviewScoring(const guidance::Checklist& checklist) : items_(checklist.items.size()) {
    for (std::size_t i = 0; i < items_; ++i) {
        const auto& item = checklist.items[i];
        const auto dimension = std::ranges::find(kDimensionNames, item.dimension) - kDimensionNames.begin();
        auto& added = byDimension_[static_cast<std::size_t>(dimension)].emplace_back();
        added.place = i;
        for (unsigned byte = 0; byte < added.adds.size(); ++byte) added.adds[byte] = addedBy(item, byte);
    }
}

ReviewScore ReviewScoring::of(std::string_view scores) const {
    if (scores.size() < items_) {
        // Items added to a checklist since are blank; such a version would be another one, but bytes are
        // bytes.
        return of(std::string(scores) +
                  std::string(items_ - scores.size(), static_cast<char>(guidance::kBlank)));
    }
    ReviewScore result;
    for (std::size_t d = 0; d <= kDimensions; ++d) {
        std::uint64_t sum = 0;
        for (const auto& item : byDimension_[d])
            sum += item.adds[static_cast<std::uint8_t>(scores[item.place])];
        if (sum >> kMissing != 0) return {};
        const auto part = [&](unsigned from, unsigned bits) {
            return static_cast<int>(sum >> from & ((1ULL << bits) - 1));
        };
        const int points = part(0, kPossible);
        const int possible = part(kPossible, kAnswered - kPossible);
        result.points += points;
        result.possible += possible;
        if (d == kDimensions) continue;
        result.dimensionPoints[d] = points;
        result.dimensionPossible[d] = possible;
        result.dimensionItems[d] = part(kAnswered, kMissing - kAnswered);
    }
    result.isComplete = result.possible > 0;
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
