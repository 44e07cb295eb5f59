#include "adherence/report.h"

#include <algorithm>
#include <array>

#include "adherence/comparison.h"
#include "adherence/judgement.h"
#include "statistics/quantile.h"
#include "values/json.h"

namespace adherence {
namespace {

using nlohmann::ordered_json;
using values::Proportion;

ordered_json countsOf(const Proportion& counts) {
    return {{"numerator", counts.numerator}, {"denominator", counts.denominator}};
}

ordered_json orNull(const std::optional<double>& value) {
    return value ? ordered_json(*value) : ordered_json();
}

/// A figure's parts as far as a report shows them: counts, and what a mean or a median comes to.
ordered_json figureOf(const guidance::Measure& measure, const measures::Parts& parts) {
    if (measure.aggregate == guidance::Aggregate::count) return {{"count", parts.proportion.numerator}};
    if (measure.isShare()) return countsOf(parts.proportion);
    return {{"records", parts.proportion.denominator},
            {"value", orNull(parts.number(measure.aggregate, measure.step))}};
}

ordered_json textOrNull(const std::optional<values::Date>& day) {
    return day ? ordered_json(day->iso()) : ordered_json();
}

class Writing {
public:
    explicit Writing(const Evidence& evidence)
        : evidence_(evidence),
          catalogue_(evidence.edition->catalogue),
          judged_(judge(evidence)),
          comparisons_(comparisonsOf(evidence)) {}

    Report run() {
        ordered_json out{{"format", 1}};
        const auto& question = evidence_.question;
        out["authority"] = {{"code", evidence_.authority->code},
                            {"name", evidence_.authority->name},
                            {"region", evidence_.authority->region}};
        out["period"] = {{"first", question.period.first.name()},
                         {"last", question.period.last.name()},
                         {"from", question.period.first.first().iso()},
                         {"to", question.period.last.last().iso()}};
        out["known"] = {{"on", question.known.day.iso()},
                        {"at", values::isoText(question.known.at)},
                        {"is_whole_day", question.known.isWholeDay}};
        out["catalogue"] = catalogueOf();
        out["framework"] = frameworkOf();
        out["services"] = servicesOf();
        out["unevidenced"] = unevidencedOf();
        out["recommendations"] = recommendationsOf();
        out["findings"] = findingsOf();
        out["expectations"] = expectationsOf();
        out["aims"] = aimsOf();
        out["meetings"] = meetingsOf();
        out["spread"] = spreadOf();
        out["equality"] = equalityOf();
        out["comparison"] = comparisonOf();
        out["context"] = contextOf();
        out["feedback"] = feedbackOf();
        out["actions"] = actionsOf();
        out["returns"] = returnsOf();
        Report report{out.dump(1), {}};
        for (const auto& one : evidence_.services)
            if (one->intervention != nullptr)
                report.details.emplace("service:" + one->service.reference, detailOf(*one).dump());
        std::map<std::string, ordered_json> behind;
        for (const auto& one : comparisons_) behind[one.intervention][one.measure] = chartsOf(one);
        for (const auto& [id, content] : behind) report.details.emplace("intervention:" + id, content.dump());
        return report;
    }

private:
    ordered_json catalogueOf() const {
        ordered_json guides = ordered_json::array();
        for (const auto& guide : catalogue_.guides)
            guides.push_back({{"id", guide.id}, {"title", guide.title}, {"version", guide.version}});
        return {{"fingerprint", evidence_.guidance->fingerprint}, {"guides", std::move(guides)}};
    }

    ordered_json frameworkOf() const {
        ordered_json areas = ordered_json::array();
        const auto* framework = catalogue_.frameworkOn(evidence_.question.known.day);
        for (const auto& area : catalogue_.areas)
            if (framework == nullptr ||
                std::ranges::find(framework->areas, area.id) != framework->areas.end())
                areas.push_back({{"id", area.id}, {"code", area.code}, {"name", area.name}});
        return {{"id", framework == nullptr ? "" : framework->id},
                {"name", framework == nullptr ? "" : framework->name},
                {"has_overall", framework != nullptr && framework->hasOverall},
                {"areas", std::move(areas)}};
    }

    ordered_json servicesOf() const {
        ordered_json all = ordered_json::array();
        for (const auto& one : evidence_.services) {
            const auto& service = one->service;
            all.push_back({{"service", service.reference},
                           {"name", service.name},
                           {"intervention", service.intervention},
                           {"intervention_name", catalogue_.nameOf(service.intervention)},
                           {"provider", service.provider},
                           {"stage", service.stage},
                           {"is_counted", one->counts()},
                           {"counts_only", service.countsOnly},
                           {"quarters_live", one->quartersLive},
                           {"quarters_with_records", one->quartersWithRecords},
                           {"last_record", textOrNull(one->lastRecord)}});
        }
        return all;
    }

    ordered_json unevidencedOf() const {
        ordered_json all = ordered_json::array();
        for (const auto* one : judged_.unevidenced) {
            const auto approach = catalogue_.approaches.find(one->service.intervention);
            all.push_back(
                {{"service", one->service.reference},
                 {"name", one->service.name},
                 {"approach", catalogue_.nameOf(one->service.intervention)},
                 {"evidence", approach == catalogue_.approaches.end() ? "" : approach->second.evidence}});
        }
        return all;
    }

    static ordered_json strengthOf(const Strength& strength) {
        ordered_json criteria = ordered_json::array();
        for (const auto& one : strength.criteria) {
            static constexpr std::array kVerdicts{"met", "not met", "not applicable"};
            criteria.push_back({{"name", one.name},
                                {"verdict", kVerdicts.at(static_cast<std::size_t>(one.verdict))},
                                {"words", one.words}});
        }
        return {{"grade", gradeName(strength.grade)}, {"criteria", std::move(criteria)}};
    }

    ordered_json recommendationsOf() const {
        ordered_json all = ordered_json::array();
        for (const auto& one : evidence_.recommendations) {
            const auto& recommendation = *one.recommendation;
            ordered_json levels = ordered_json::array();
            for (const auto& [quarter, level] : one.levels)
                levels.push_back({{"quarter", quarter.name()}, {"level", measures::levelName(level)}});
            ordered_json standards = ordered_json::array();
            for (const auto& standard : one.result.standards) {
                auto entry = countsOf(standard.figure.parts.proportion);
                entry["measure"] = standard.standard->measure;
                entry["title"] = catalogue_.measureTitle(standard.standard->measure);
                entry["at_least"] = standard.standard->atLeast;
                entry["min_n"] = standard.standard->minimumN;
                entry["required"] = standard.standard->isRequired;
                entry["basis"] = guidance::basisName(standard.standard->basis);
                entry["reason"] = standard.standard->reason;
                entry["status"] = measures::statusName(standard.status);
                standards.push_back(std::move(entry));
            }
            ordered_json declared;
            if (one.declared)
                declared = {{"status", one.declared->status},
                            {"on", one.declared->on.iso()},
                            {"reason", one.declared->reason},
                            {"evidence", one.declared->evidence},
                            {"planned_by", textOrNull(one.declared->plannedBy)}};
            const auto references = [](const std::vector<const ServiceEvidence*>& services) {
                ordered_json list = ordered_json::array();
                for (const auto* service : services) list.push_back(service->service.reference);
                return list;
            };
            all.push_back({{"recommendation", recommendation.id},
                           {"title", recommendation.title},
                           {"guide", one.guide->title},
                           {"guide_version", one.guide->version},
                           {"guide_strength", recommendation.strength},
                           {"is_confirmed", recommendation.isConfirmed},
                           {"population", recommendation.population},
                           {"outcomes", recommendation.outcomes},
                           {"enablers", recommendation.enablers},
                           {"level", measures::levelName(one.result.level)},
                           {"reasons", reasonsOf(one)},
                           {"levels", std::move(levels)},
                           {"standards", std::move(standards)},
                           {"services", references(one.running)},
                           {"planned", references(one.planned)},
                           {"declared", std::move(declared)},
                           {"evidence", strengthOf(judged_.strengths.at(recommendation.id))}});
        }
        return all;
    }

    /// In the words of the period, where the level's own speak of a quarter.
    static std::vector<std::string> reasonsOf(const RecommendationEvidence& one) {
        if (one.result.level == measures::Level::notOffered)
            return {"No service that this recommendation names ran in the period."};
        return one.result.reasons;
    }

    ordered_json findingsOf() const {
        ordered_json all = ordered_json::array();
        int number = 0;
        for (const auto& one : judged_.findings)
            all.push_back({{"number", ++number},
                           {"kind", kindName(one.rule->kind)},
                           {"rule", one.rule->id},
                           {"text", one.text},
                           {"enquiry", one.enquiry},
                           {"recommendations", one.recommendations},
                           {"services", one.services}});
        return all;
    }

    ordered_json expectationsOf() const {
        ordered_json all = ordered_json::array();
        for (const auto& one : judged_.expectations) {
            const auto& expectation = *one.expectation;
            ordered_json recommendations = ordered_json::array();
            for (const auto* known : one.recommendations)
                recommendations.push_back(known->recommendation->id);
            ordered_json measures = ordered_json::array();
            for (const auto& [name, figure] : one.measures) {
                const auto* measure = catalogue_.measure(name);
                auto entry = figureOf(*measure, figure.parts);
                entry["measure"] = name;
                entry["title"] = catalogue_.measureTitle(name);
                entry["unit"] = measure->unit;
                entry["min_n"] = measure->minimumN;
                measures.push_back(std::move(entry));
            }
            ordered_json findings = ordered_json::array();
            for (const auto place : one.findings) findings.push_back(place + 1);
            all.push_back({{"expectation", expectation.id},
                           {"code", expectation.code},
                           {"area", expectation.area},
                           {"statement", expectation.statement},
                           {"outcomes", expectation.outcomes},
                           {"enablers", expectation.enablers},
                           {"silent", expectation.silent},
                           {"evidence", strengthOf(one.strength)},
                           {"lines", one.lines},
                           {"recommendations", std::move(recommendations)},
                           {"measures", std::move(measures)},
                           {"findings", std::move(findings)}});
        }
        return all;
    }

    ordered_json aimsOf() const {
        ordered_json list = ordered_json::array();
        for (const auto& aim : evidence_.aims)
            list.push_back({{"id", aim.id},
                            {"kind", aim.kind},
                            {"name", aim.name},
                            {"number", aim.number ? ordered_json(*aim.number) : ordered_json()}});
        return {{"edition", evidence_.aimsEdition}, {"list", std::move(list)}};
    }

    ordered_json meetingsOf() const {
        const auto& one = evidence_.meetings;
        const auto middle = [](const std::vector<int>& days) {
            return orNull(statistics::quantile({days.begin(), days.end()}, 0.5));
        };
        ordered_json models = ordered_json::object();
        for (const auto& [model, count] : one.models) models[model] = count;
        return {
            {"families", one.families},
            {"letters", one.letters},
            {"offered", one.offered},
            {"not_offered", one.notOffered},
            {"not_offered_with_reason", one.notOfferedWithReason},
            {"accepted", one.accepted},
            {"declined", one.declined},
            {"held", one.held},
            {"with_plan", one.withPlan},
            {"reviewed", one.reviewed},
            {"applications", one.applications},
            {"accepted_before_application", one.acceptedBeforeApplication},
            {"held_before_application", one.heldBeforeApplication},
            {"days_to_offer", {{"families", one.daysToOffer.size()}, {"median", middle(one.daysToOffer)}}},
            {"days_to_meeting",
             {{"families", one.daysToMeeting.size()}, {"median", middle(one.daysToMeeting)}}},
            {"models", std::move(models)}};
    }

    ordered_json spreadOf() const {
        ordered_json all = ordered_json::array();
        for (const auto& one : judged_.spreads)
            all.push_back({{"measure", one.measure},
                           {"title", catalogue_.measureTitle(one.measure)},
                           {"units", one.units},
                           {"count", one.count},
                           {"left", one.left},
                           {"quartiles", one.quartiles}});
        return all;
    }

    /// A group that is not shown is there without its counts.
    ordered_json equalityOf() const {
        ordered_json all = ordered_json::array();
        for (const auto& one : judged_.equality) {
            ordered_json entry{{"measure", one.measure},
                               {"title", catalogue_.measureTitle(one.measure)},
                               {"characteristic", one.characteristic},
                               {"group", one.group},
                               {"is_shown", one.isShown}};
            if (one.isShown) entry.update(countsOf(one.counts));
            all.push_back(std::move(entry));
        }
        return all;
    }

    ordered_json comparisonOf() const {
        ordered_json rows = ordered_json::array();
        for (const auto& one : comparisons_) {
            ordered_json entry{{"intervention", one.intervention},
                               {"intervention_name", catalogue_.nameOf(one.intervention)},
                               {"measure", one.measure},
                               {"title", catalogue_.measureTitle(one.measure)},
                               {"own", countsOf(one.own)},
                               {"england_authorities", one.englandUnits},
                               {"region_authorities", one.regionUnits},
                               {"neighbours", one.neighbours ? one.neighbours->present : 0},
                               {"position", one.position}};
            if (one.englandUnits >= kFewestAuthorities) entry["england"] = countsOf(one.england);
            if (one.regionUnits >= kFewestAuthorities) entry["region"] = countsOf(one.region);
            if (one.neighbours) entry["neighbours_median"] = one.neighbours->median;
            rows.push_back(std::move(entry));
        }
        return {{"neighbours_edition", evidence_.england.neighboursEdition},
                {"neighbours_known", evidence_.england.neighbours.size()},
                {"closeness", evidence_.england.closeness},
                {"rows", std::move(rows)}};
    }

    ordered_json contextOf() const {
        ordered_json all = ordered_json::array();
        for (const auto& one : evidence_.context)
            all.push_back({{"dataset", one.dataset},
                           {"source", one.source},
                           {"indicator", one.indicator},
                           {"unit", one.unit},
                           {"filters", one.filters},
                           {"period", one.period},
                           {"authority", one.authority},
                           {"region", one.region},
                           {"england", one.england},
                           {"note", one.note}});
        return all;
    }

    ordered_json feedbackOf() const {
        ordered_json all = ordered_json::array();
        for (const auto& one : evidence_.feedback)
            all.push_back(
                {{"service", one.service},
                 {"respondent", one.respondent},
                 {"pieces", one.pieces},
                 {"rated", one.rated},
                 {"mean", one.rated >= kFewestFeedback
                              ? ordered_json(static_cast<double>(one.sum) / static_cast<double>(one.rated))
                              : ordered_json()}});
        return all;
    }

    ordered_json actionsOf() const {
        ordered_json all = ordered_json::array();
        for (const auto& one : evidence_.actions) {
            const bool isOfPeriod = !one.closedOn || evidence_.question.period.contains(*one.closedOn);
            if (!isOfPeriod) continue;
            all.push_back({{"title", one.title},
                           {"about", one.about},
                           {"due_on", one.dueOn.iso()},
                           {"closed_on", textOrNull(one.closedOn)},
                           {"has_evidence", one.hasEvidence},
                           {"is_overdue", one.isOverdue(evidence_.question.known.day)}});
        }
        return all;
    }

    ordered_json returnsOf() const {
        ordered_json all = ordered_json::array();
        for (auto quarter = evidence_.question.period.first; quarter <= evidence_.question.period.last;
             quarter = quarter.next()) {
            ordered_json entry{{"quarter", quarter.name()}, {"is_signed", false}};
            for (const auto& one : evidence_.returns)
                if (one.quarter == quarter)
                    entry = {{"quarter", quarter.name()},      {"is_signed", true},
                             {"version", one.version},         {"signed_at", values::isoText(one.at)},
                             {"fingerprint", one.fingerprint}, {"changed", one.changed}};
            all.push_back(std::move(entry));
        }
        return all;
    }

    /// One service: its figures by quarter and by condition. Counts alone.
    ordered_json detailOf(const ServiceEvidence& one) const {
        ordered_json figures = ordered_json::object();
        for (const auto* measure : evidence_.edition->plan.measuresOf(*one.intervention)) {
            const auto& about = *measure->measure;
            if (about.shown != guidance::Shown::results && about.shown != guidance::Shown::profile) continue;
            static const measures::Figure kNothing;
            const auto found = one.pooled.find(measure->name);
            const auto& figure = found == one.pooled.end() ? kNothing : found->second;
            auto entry = figureOf(about, figure.parts);
            entry["title"] = catalogue_.measureTitle(measure->name);
            entry["explanation"] = about.explanation;
            entry["why"] = about.why;
            entry["unit"] = about.unit;
            entry["min_n"] = about.minimumN;
            entry["direction"] = about.direction == guidance::Direction::higher  ? "higher"
                                 : about.direction == guidance::Direction::lower ? "lower"
                                                                                 : "none";
            entry["is_share"] = about.isShare();
            entry["is_profile"] = about.shown == guidance::Shown::profile;
            ordered_json trend = ordered_json::array();
            for (const auto& [quarter, byName] : one.byQuarter) {
                const auto known = byName.find(measure->name);
                ordered_json point{{"quarter", quarter.name()}};
                point.update(
                    figureOf(about, known == byName.end() ? measures::Parts{} : known->second.parts));
                trend.push_back(std::move(point));
            }
            entry["trend"] = std::move(trend);
            if (const auto conditions = one.conditions.find(measure->name);
                conditions != one.conditions.end())
                entry["conditions"] = conditionsOf(conditions->second);
            figures[measure->name] = std::move(entry);
        }
        ordered_json steps = ordered_json::array();
        for (const auto& step : one.steps)
            steps.push_back({{"step", step.name}, {"episodes", step.episodes}});
        return {{"service", one.service.reference},
                {"name", one.service.name},
                {"intervention", one.service.intervention},
                {"intervention_name", catalogue_.nameOf(one.service.intervention)},
                {"threshold", one.intervention->fidelityThreshold},
                {"steps", std::move(steps)},
                {"figures", std::move(figures)}};
    }

    static ordered_json conditionsOf(const measures::Conditions& one) {
        const auto list = [](const std::vector<measures::Exclusion>& all) {
            ordered_json rows = ordered_json::array();
            for (const auto& exclusion : all)
                rows.push_back({{"rule", exclusion.rule}, {"records", exclusion.records}});
            return rows;
        };
        return {{"placed", one.placed},
                {"left", list(one.left)},
                {"counted", one.counted},
                {"uncounted", list(one.uncounted)},
                {"reached", one.reached}};
    }

    /// What the charts of a measure are drawn from: other authorities by number alone.
    static ordered_json chartsOf(const Comparison& one) {
        ordered_json units = ordered_json::array();
        if (one.englandUnits >= kFewestAuthorities)
            for (const auto& unit : one.units)
                if (unit.denominator >= kFewestInGroup) units.push_back({unit.numerator, unit.denominator});
        ordered_json deciles = ordered_json::array();
        for (const auto& entry : one.deciles)
            deciles.push_back(
                {{"quarter", entry.quarter.name()}, {"values", entry.values}, {"own", orNull(entry.own)}});
        return {{"own", countsOf(one.own)},
                {"england", countsOf(one.england)},
                {"authorities", one.englandUnits},
                {"units", std::move(units)},
                {"deciles", std::move(deciles)}};
    }

    const Evidence& evidence_;
    const guidance::Catalogue& catalogue_;
    Judgement judged_;
    std::vector<Comparison> comparisons_;
};

}  // namespace

Report reportOf(const Evidence& evidence) { return Writing(evidence).run(); }

}  // namespace adherence
