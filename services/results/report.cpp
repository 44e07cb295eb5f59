#include "results/report.h"

#include <algorithm>

#include "delivery/facts_reader.h"
#include "measures/evaluate.h"
#include "values/json.h"

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

using measures::Making;

ordered_json numberOf(const measures::Parts& parts, const Making& making) {
    if (making.aggregate == guidance::Aggregate::count) return parts.proportion.numerator;
    return orNull(parts.number(making.aggregate, making.step));
}

ordered_json partsOf(const measures::Parts& parts, const Making& making) {
    switch (making.aggregate) {
        case guidance::Aggregate::count:
            return {{"value", parts.proportion.numerator}};
        case guidance::Aggregate::ratio:
        case guidance::Aggregate::presence:
            return proportionOf(parts.proportion);
        default:
            return {{"n", parts.proportion.denominator}, {"value", numberOf(parts, making)}};
    }
}

ordered_json figureOf(const measures::CompiledMeasure& measure, const measures::Figures& figures,
                      bool hasGroups) {
    static const measures::Figure kNothing;
    const auto found = figures.find(measure.name);
    const auto& figure = found == figures.end() ? kNothing : found->second;
    auto out = partsOf(figure.parts, measure.own);
    for (const auto& also : measure.also) {
        const auto parts = figure.also.find(also.name);
        out[also.name] = numberOf(parts == figure.also.end() ? measures::Parts{} : parts->second, also);
    }
    if (hasGroups)
        for (const auto& breakdown : measure.breakdowns) {
            auto& groups = out["by"][breakdown.name] = ordered_json::object();
            const auto byGroup = figure.groups.find(breakdown.name);
            if (byGroup == figure.groups.end()) continue;
            for (const auto& [group, parts] : byGroup->second) groups[group] = partsOf(parts, measure.own);
        }
    return out;
}

/// Figures of the quarter straight from the records.
std::vector<measures::Figures> afresh(platform::Transaction& tx, const Report& report,
                                      const std::vector<Service>& services) {
    const auto facts = delivery::FactsReader(report.guidance->latest).of(tx, services);
    std::vector<measures::Figures> figures;
    for (std::size_t i = 0; i < services.size(); ++i)
        figures.push_back(
            measures::Evaluator(report.edition->plan, facts[i],
                                *report.edition->catalogue.intervention(services[i].intervention))
                .of(report.quarter));
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
    judged.result =
        measures::level(recommendation, report.edition->catalogue, figures, !judged.planned.empty());
    return judged;
}

}  // namespace

Report reportOf(platform::Transaction& tx, delivery::Catalogues& catalogues, identity::AuthorityId authority,
                values::Quarter quarter, const std::optional<Supposition>& supposed) {
    Report report(quarter);
    report.guidance = catalogues.inForce(tx);
    if (supposed) report.edition = report.guidance->supposing(quarter, supposed->guide, supposed->version);
    else report.edition = {report.guidance, &report.guidance->on(quarter)};
    const auto& catalogue = report.edition->catalogue;
    for (auto& service : delivery::Services::of(tx, authority))
        if (service.isLive(quarter)) report.live.push_back(std::move(service));

    std::map<values::Id<Service>, measures::Figures> kept;
    if (!supposed) kept = Cells::of(tx, authority, quarter);
    // A service without kept figures has no records near this quarter, but some measures count just that.
    std::vector<Service> missing;
    for (const auto& service : report.live)
        if (service.isRunning() && catalogue.intervention(service.intervention) && !kept.contains(service.id))
            missing.push_back(service);
    auto fresh = afresh(tx, report, missing);
    for (std::size_t i = 0; i < missing.size(); ++i) kept.emplace(missing[i].id, std::move(fresh[i]));

    for (const auto& service : report.live) {
        if (!service.isRunning()) continue;
        if (catalogue.intervention(service.intervention) == nullptr) report.unevidenced.push_back(&service);
        else report.services.push_back({service, std::move(kept.at(service.id))});
    }
    for (const auto& guide : catalogue.guides)
        for (const auto& recommendation : guide.recommendations)
            report.recommendations.push_back(judge(guide, recommendation, report));
    return report;
}

std::string Report::json(bool hasGroups) const {
    ordered_json out{{"quarter", quarter.name()},
                     {"services", ordered_json::array()},
                     {"recommendations", ordered_json::array()},
                     {"unevidenced_approaches", ordered_json::array()}};
    for (const auto& [service, figures] : services) {
        ordered_json figuresOut = ordered_json::object();
        for (const auto* measure :
             edition->plan.measuresOf(*edition->catalogue.intervention(service.intervention)))
            if (measure->measure->shown == guidance::Shown::results)
                figuresOut[measure->name] = figureOf(*measure, figures, hasGroups);
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
            one.update(proportionOf(standard.figure.parts.proportion));
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
