#include "measures/raters.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace measures {
namespace {

constexpr int kFewestItems = 10;

}  // namespace

RaterAgreement raterAgreement(const Facts& facts, QuarterSpan span) {
    const auto& table = facts.table(Population::reviews);
    const auto at = [&](std::string_view name, std::size_t row) {
        return table.columns[column(Population::reviews, name)][row];
    };
    std::map<std::tuple<std::string, double, double>, std::vector<std::size_t>> bySession;
    for (std::size_t row = 0; row < facts.reviewedSessions.size(); ++row) {
        const double day = at("reviewed_on", row);
        const bool isInside = day >= span.first.first().serial() && day <= span.last.last().serial();
        if (isInside && !facts.reviewedSessions[row].empty())
            bySession[{facts.reviewedSessions[row], at("checklist", row), at("checklist_version", row)}]
                .push_back(row);
    }
    RaterAgreement result;
    statistics::AgreementTable counts;
    std::vector<std::vector<double>> scores;
    for (auto& [session, rows] : bySession) {
        if (rows.size() < 2) continue;
        std::ranges::sort(rows, {}, [&](std::size_t row) { return table.references[row]; });
        ++result.sessions;
        const auto first = facts.scoresOf(rows[0]);
        const auto second = facts.scoresOf(rows[1]);
        for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i) {
            const auto a = static_cast<std::uint8_t>(first[i]);
            const auto b = static_cast<std::uint8_t>(second[i]);
            if (a > guidance::kMostItemPoints || b > guidance::kMostItemPoints) continue;
            const auto size = std::max<std::size_t>({counts.size(), a + 1U, b + 1U, 2U});
            counts.resize(size);
            for (auto& row : counts) row.resize(size);
            ++counts[a][b];
            ++result.items;
        }
        const double one = at("score", rows[0]);
        const double two = at("score", rows[1]);
        if (isKnown(one) && isKnown(two)) scores.push_back({one, two});
    }
    if (result.items >= kFewestItems) result.agreement = statistics::agreement(counts);
    result.scores = statistics::intraclassCorrelation(scores);
    return result;
}

}  // namespace measures
