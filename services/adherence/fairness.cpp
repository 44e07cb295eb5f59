#include "adherence/fairness.h"

#include <algorithm>
#include <set>

#include "statistics/quantile.h"

namespace adherence {
namespace {

using values::Proportion;

Spread spreadOf(std::string measure, std::string units, const std::vector<Proportion>& all, int fewest) {
    Spread spread{std::move(measure), std::move(units), 0, {}, 0};
    std::vector<double> values;
    for (const auto& one : all) {
        if (one.denominator >= fewest) values.push_back(*one.value());
        else if (one.denominator > 0) ++spread.left;
    }
    spread.count = values.size();
    if (values.size() < kFewestInSpread) return spread;
    for (const double at : {0.0, 0.25, 0.5, 0.75, 1.0})
        spread.quartiles.push_back(*statistics::quantile(values, at));
    return spread;
}

/// One hidden group could be got from the total: the smallest of the others is hidden with it.
void hideSecond(std::vector<EqualityRow>& rows) {
    if (std::ranges::count(rows, false, &EqualityRow::isShown) != 1) return;
    EqualityRow* smallest = nullptr;
    for (auto& row : rows)
        if (row.isShown && (smallest == nullptr || row.counts.denominator < smallest->counts.denominator))
            smallest = &row;
    if (smallest != nullptr) smallest->isShown = false;
}

std::vector<EqualityRow> groupsOf(const std::string& measure, const measures::Figure& figure,
                                  const std::string& characteristic) {
    std::vector<EqualityRow> rows;
    const auto found = figure.groups.find(characteristic);
    if (found == figure.groups.end()) return rows;
    for (const auto& [group, parts] : found->second)
        rows.push_back({measure, characteristic, group, parts.proportion,
                        parts.proportion.denominator >= kFewestInGroup});
    hideSecond(rows);
    return rows;
}

}  // namespace

std::vector<Spread> spreadsOf(const Evidence& evidence) {
    std::vector<Spread> all;
    for (const auto* measure : {"fidelity", "completers", "dose", "start_timeliness", "supervised"}) {
        std::vector<Proportion> ofServices;
        for (const auto& one : evidence.services)
            if (one->counts()) ofServices.push_back(one->counted(measure));
        all.push_back(spreadOf(measure, "services", ofServices, kFewestOfService));
    }
    std::vector<Proportion> practitioners;
    for (const auto& one : evidence.services)
        practitioners.insert(practitioners.end(), one->practitioners.begin(), one->practitioners.end());
    all.push_back(spreadOf("fidelity", "practitioners", practitioners, kFewestReviewsEach));
    return all;
}

std::vector<EqualityRow> equalityOf(const Evidence& evidence) {
    std::set<std::string> names{"started_of_referred", "completers"};
    for (const auto& one : evidence.services)
        for (const auto& [name, figure] : one->pooled)
            if (name.starts_with("outcome_improved:")) names.insert(name);
    std::vector<EqualityRow> all;
    for (const auto& name : names) {
        const auto figure = evidence.pooled(name, [](const ServiceEvidence&) { return true; });
        for (const auto* characteristic : {"age_band", "sex", "ethnic_group", "disabled"}) {
            const auto rows = groupsOf(name, figure, characteristic);
            all.insert(all.end(), rows.begin(), rows.end());
        }
    }
    return all;
}

}  // namespace adherence
