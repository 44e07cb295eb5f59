// What evidence comes to over the period: without a database, from what was read.
#include <algorithm>
#include <array>

#include "adherence/evidence.h"

namespace adherence {
namespace {

using measures::Figures;
using values::Quarter;

/// Whether anything was referred, held, ended, reviewed: some measures count also where nothing was.
bool hasRecords(const Figures& figures) {
    static constexpr std::array kOfRecords{"referred", "started",  "ended",
                                           "dose",     "fidelity", "review_coverage"};
    return std::ranges::any_of(kOfRecords, [&](const char* name) { return figures.contains(name); });
}

/// The level of one quarter, over the services that were live in it.
measures::Level levelIn(Quarter quarter, const RecommendationEvidence& one,
                        const guidance::Catalogue& catalogue) {
    static const Figures kNothing;
    std::vector<const Figures*> figures;
    for (const auto* service : one.running) {
        if (!service->service.isLive(quarter)) continue;
        const auto known = service->byQuarter.find(quarter);
        figures.push_back(known == service->byQuarter.end() ? &kNothing : &known->second);
    }
    return measures::level(*one.recommendation, catalogue, figures, !one.planned.empty()).level;
}

RecommendationEvidence judged(const guidance::Guide& guide, const guidance::Recommendation& recommendation,
                              const Evidence& evidence) {
    RecommendationEvidence found{&guide, &recommendation, {}, {}, {}, {}, std::nullopt};
    std::vector<const Figures*> figures;
    for (const auto& one : evidence.services) {
        if (std::ranges::find(recommendation.interventions, one->service.intervention) ==
            recommendation.interventions.end())
            continue;
        if (one->counts()) {
            found.running.push_back(one.get());
            figures.push_back(&one->pooled);
        } else if (one->service.isPlanned()) {
            found.planned.push_back(one.get());
        }
    }
    const auto& catalogue = evidence.edition->catalogue;
    found.result = measures::level(recommendation, catalogue, figures, !found.planned.empty());
    const auto& period = evidence.question.period;
    for (auto quarter = period.first; quarter <= period.last; quarter = quarter.next())
        found.levels.emplace(quarter, levelIn(quarter, found, catalogue));
    if (const auto said = evidence.declared.find(recommendation.id); said != evidence.declared.end())
        found.declared = said->second;
    return found;
}

}  // namespace

void poolQuarters(ServiceEvidence& service, const Period& period) {
    for (auto quarter = period.first; quarter <= period.last; quarter = quarter.next()) {
        if (!service.service.isLive(quarter)) continue;
        ++service.quartersLive;
        const auto figures = service.byQuarter.find(quarter);
        if (figures == service.byQuarter.end()) continue;
        service.quartersWithRecords += hasRecords(figures->second) ? 1 : 0;
        for (const auto& [name, figure] : figures->second) service.pooled[name] += figure;
    }
}

std::vector<RecommendationEvidence> recommendationsOf(const Evidence& evidence) {
    std::vector<RecommendationEvidence> all;
    for (const auto& guide : evidence.edition->catalogue.guides)
        for (const auto& recommendation : guide.recommendations)
            all.push_back(judged(guide, recommendation, evidence));
    return all;
}

}  // namespace adherence
