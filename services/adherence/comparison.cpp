#include "adherence/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "adherence/judgement.h"

namespace adherence {
namespace {

using values::Proportion;

std::string ordinal(int number) {
    const auto tail = number == 1 ? "st" : number == 2 ? "nd" : number == 3 ? "rd" : "th";
    return std::to_string(number) + tail;
}

/// Where a value lies among deciles: never a rank.
std::string positionOf(double value, const std::array<double, 9>& deciles) {
    const auto above = std::ranges::upper_bound(deciles, value) - deciles.begin();
    if (above == 0) return "below the 1st decile";
    if (above == 9) return "at or above the 9th decile";
    return "between the " + ordinal(static_cast<int>(above)) + " and " +
           ordinal(static_cast<int>(above + 1)) + " decile";
}

std::vector<double> valuesOf(const std::map<int, Proportion>& units) {
    std::vector<double> all;
    for (const auto& [authority, counts] : units)
        if (const auto value = counts.value()) all.push_back(*value);
    return all;
}

Comparison comparisonOf(const Evidence& evidence, const std::string& intervention, const std::string& measure,
                        const std::vector<SignedCount>& counts) {
    Comparison one{intervention, measure, {}, {}, 0, {}, 0, std::nullopt, "", {}, {}};
    one.own = evidence
                  .pooled(measure,
                          [&](const ServiceEvidence& service) {
                              return service.service.intervention == intervention;
                          })
                  .parts.proportion;
    std::map<int, Proportion> overPeriod;
    std::map<values::Quarter, std::map<int, Proportion>> byQuarter;
    for (const auto& count : counts) {
        byQuarter[count.quarter][count.authority] = count.counts;
        if (count.quarter < evidence.question.period.first) continue;
        overPeriod[count.authority].numerator += count.counts.numerator;
        overPeriod[count.authority].denominator += count.counts.denominator;
    }
    std::erase_if(overPeriod, [](const auto& unit) { return unit.second.denominator == 0; });
    const auto& regions = evidence.england.regions;
    const auto here = regions.find(evidence.question.authority.code());
    for (const auto& [authority, unit] : overPeriod) {
        ++one.englandUnits;
        one.england.numerator += unit.numerator;
        one.england.denominator += unit.denominator;
        const auto region = regions.find(authority);
        if (here != regions.end() && region != regions.end() && region->second == here->second) {
            ++one.regionUnits;
            one.region.numerator += unit.numerator;
            one.region.denominator += unit.denominator;
        }
        if (authority != evidence.question.authority.code()) one.units.push_back(unit);
    }
    std::ranges::sort(one.units, [](const auto& a, const auto& b) {
        return std::pair(a.denominator, a.numerator) < std::pair(b.denominator, b.numerator);
    });
    std::vector<std::optional<double>> neighbours;
    for (const int neighbour : evidence.england.neighbours) {
        const auto found = overPeriod.find(neighbour);
        neighbours.push_back(found == overPeriod.end() ? std::nullopt : found->second.value());
    }
    one.neighbours = statistics::neighbours(neighbours);
    if (const auto value = one.own.value())
        if (const auto deciles = statistics::deciles(valuesOf(overPeriod)))
            one.position = positionOf(*value, *deciles);
    for (const auto& [quarter, units] : byQuarter)
        if (const auto deciles = statistics::deciles(valuesOf(units))) {
            Proportion own;
            for (const auto& service : evidence.services) {
                if (service->service.intervention != intervention || !service->counts()) continue;
                const auto figures = service->byQuarter.find(quarter);
                if (figures == service->byQuarter.end()) continue;
                if (const auto found = figures->second.find(measure); found != figures->second.end()) {
                    own.numerator += found->second.parts.proportion.numerator;
                    own.denominator += found->second.parts.proportion.denominator;
                }
            }
            one.deciles.push_back({quarter, *deciles, own.value()});
        }
    return one;
}

}  // namespace

std::vector<Comparison> comparisonsOf(const Evidence& evidence) {
    std::vector<Comparison> all;
    std::set<std::string> interventions;
    for (const auto& one : evidence.services)
        if (one->counts()) interventions.insert(one->service.intervention);
    const auto& catalogue = evidence.edition->catalogue;
    for (const auto& id : interventions) {
        const auto found = evidence.england.counts.find(id);
        if (found == evidence.england.counts.end()) continue;
        for (const auto* measure : evidence.edition->plan.measuresOf(*catalogue.intervention(id))) {
            if (!measure->measure->isShare() || measure->measure->shown != guidance::Shown::results) continue;
            if (const auto counts = found->second.find(measure->name); counts != found->second.end())
                all.push_back(comparisonOf(evidence, id, measure->name, counts->second));
        }
    }
    return all;
}

}  // namespace adherence
