#include "results/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "measures/evaluate.h"
#include "measures/measure.h"

namespace results {
namespace {

using delivery::Service;
using nlohmann::ordered_json;

ordered_json orNull(const std::optional<double>& value) {
    return value ? ordered_json(*value) : ordered_json();
}

ordered_json proportionOf(const values::Proportion& proportion) {
    return {{"numerator", proportion.numerator},
            {"denominator", proportion.denominator},
            {"value", orNull(proportion.value())}};
}

ordered_json figureOf(const std::string& name, const measures::Parts& parts) {
    const auto& measure = *measures::findMeasure(name);
    if (measure.kind == measures::Kind::count) return {{"value", parts.proportion.numerator}};
    auto figure = proportionOf(parts.proportion);
    if (measure.median) figure[measure.median] = orNull(parts.medianDays());
    if (measure.opposite) figure[measure.opposite] = parts.opposite;
    if (measure.excluded) figure[measure.excluded] = parts.excluded;
    if (measure.mean) figure[measure.mean] = orNull(parts.mean());
    return figure;
}

/// Figures of a service without records in the quarter: every measure, all zero.
measures::Figures noFigures(const guidance::Intervention& intervention, const guidance::Catalogue& catalogue,
                            values::Quarter quarter) {
    measures::Figures figures;
    for (auto& cell : measures::evaluate({}, intervention, catalogue, quarter))
        figures.emplace(std::move(cell.measure), std::move(cell.parts));
    return figures;
}

RecommendationResult judge(const guidance::Guide& guide, const guidance::Recommendation& recommendation,
                           const Report& report) {
    RecommendationResult judged{&guide, &recommendation, {}, {}, {}};
    const auto isNamed = [&](const Service& service) {
        return std::ranges::find(recommendation.interventions, service.intervention) !=
               recommendation.interventions.end();
    };
    std::vector<const measures::Figures*> figures;
    for (const auto& one : report.services) {
        if (!isNamed(one.service)) continue;
        judged.running.push_back(&one.service);
        figures.push_back(&one.figures);
    }
    for (const auto& service : report.live)
        if (isNamed(service) && service.isPlanned()) judged.planned.push_back(&service);
    judged.result = measures::level(recommendation, figures, !judged.planned.empty());
    return judged;
}

}  // namespace

Report reportOf(platform::Transaction& tx, delivery::Catalogues& catalogues, identity::AuthorityId authority,
                values::Quarter quarter) {
    Report report(quarter);
    report.guidance = catalogues.inForce(tx);
    const auto& catalogue = report.guidance->catalogue;
    auto cells = Cells::of(tx, authority, quarter);
    for (auto& service : delivery::Services::of(tx, authority))
        if (service.isLive(quarter)) report.live.push_back(std::move(service));
    for (const auto& service : report.live) {
        if (!service.isRunning()) continue;
        const auto* intervention = catalogue.intervention(service.intervention);
        if (intervention == nullptr) {
            report.unevidenced.push_back(&service);
            continue;
        }
        const auto found = cells.find(service.id);
        report.services.push_back({service, found == cells.end()
                                                ? noFigures(*intervention, catalogue, quarter)
                                                : std::move(found->second)});
    }
    for (const auto& guide : catalogue.guides)
        for (const auto& recommendation : guide.recommendations)
            report.recommendations.push_back(judge(guide, recommendation, report));
    return report;
}

std::string Report::json() const {
    ordered_json out{{"quarter", quarter.name()},
                     {"services", ordered_json::array()},
                     {"recommendations", ordered_json::array()},
                     {"unevidenced_approaches", ordered_json::array()}};
    for (const auto& [service, figures] : services) {
        ordered_json figuresOut = ordered_json::object();
        for (const auto& [name, parts] : figures) figuresOut[name] = figureOf(name, parts);
        out["services"].push_back({{"service", service.reference},
                                   {"intervention", service.intervention},
                                   {"measures", std::move(figuresOut)}});
    }
    for (const auto& judged : recommendations) {
        ordered_json standards = ordered_json::array();
        for (const auto& standard : judged.result.standards) {
            ordered_json one{{"measure", standard.standard->measure},
                             {"required", standard.standard->isRequired},
                             {"status", measures::statusName(standard.status)}};
            one.update(proportionOf(standard.parts.proportion));
            standards.push_back(std::move(one));
        }
        out["recommendations"].push_back({{"recommendation", judged.recommendation->id},
                                          {"level", measures::levelName(judged.result.level)},
                                          {"standards", std::move(standards)}});
    }
    for (const auto* service : unevidenced) out["unevidenced_approaches"].push_back(service->reference);
    return out.dump(1);
}

}  // namespace results
