#include "results/explanation.h"

#include <algorithm>

#include "delivery/facts_reader.h"
#include "platform/digest.h"
#include "values/errors.h"
#include "values/json.h"

namespace results {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// Decimals as text, so that no two programs write them differently.
json exact(double value) {
    if (value == static_cast<double>(static_cast<std::int64_t>(value)))
        return static_cast<std::int64_t>(value);
    return json(value).dump();
}

json partsJson(const measures::Parts& parts) {
    json out{{"numerator", parts.proportion.numerator}, {"denominator", parts.proportion.denominator}};
    const auto moments = [&](const char* name, const measures::Moments& given) {
        if (given == measures::Moments{}) return;
        out[std::string("sum_") + name] = exact(given.sum);
        out[std::string("sum_of_squares_") + name] = exact(given.squares);
    };
    moments("of_values", parts.value);
    moments("before", parts.before);
    moments("after", parts.after);
    if (!parts.classes.empty()) {
        out["classes"] = json::array();
        for (const auto& [place, count] : parts.classes) out["classes"].push_back({place, count});
    }
    return out;
}

json exclusionsJson(const measures::Explanation& explanation) {
    json out = json::array();
    for (const auto& exclusion : explanation.exclusions)
        out.push_back({{"rule", exclusion.rule}, {"records", exclusion.records}});
    return out;
}

json valueJson(const FigureExplanation& figure) {
    const auto& own = figure.measure->own;
    const auto value = figure.explanation.figure.parts.number(own.aggregate, own.step);
    return value ? exact(*value) : json();
}

/// Adds the hash over everything else: keys in order, no spaces, ASCII alone, which is what everyone who
/// checks it writes as well.
std::string certified(nlohmann::json content) {
    content["sha256"] = platform::sha256Hex(content.dump(-1, ' ', true));
    return content.dump(1, ' ', true);
}

nlohmann::json levelJson(const Report& report, const std::string& recommendation) {
    const auto found = std::ranges::find_if(report.recommendations, [&](const auto& judged) {
        return judged.recommendation->id == recommendation;
    });
    if (found == report.recommendations.end())
        throw values::NotFound("no guide in force in this quarter has the recommendation " + recommendation);
    auto standards = nlohmann::json::array();
    for (const auto& result : found->result.standards) {
        const auto& standard = *result.standard;
        auto services = nlohmann::json::array();
        for (const auto& one : report.services) {
            const auto figure = one.figures.find(standard.measure);
            const bool isRunning = std::ranges::any_of(
                found->running, [&](const auto* running) { return running->id == one.service.id; });
            if (isRunning && figure != one.figures.end())
                services.push_back(
                    {{"service", one.service.reference}, {"parts", partsJson(figure->second.parts)}});
        }
        standards.push_back({{"measure", standard.measure},
                             {"required", standard.isRequired},
                             {"at_least", exact(standard.atLeast)},
                             {"min_n", standard.minimumN},
                             {"status", measures::statusName(result.status)},
                             {"parts", partsJson(result.figure.parts)},
                             {"services", services}});
    }
    return {{"recommendation", recommendation},       {"guide", found->guide->id},
            {"guide_version", found->guide->version}, {"quarter", report.quarter.name()},
            {"running", found->running.size()},       {"level", measures::levelName(found->result.level)},
            {"reasons", found->result.reasons},       {"standards", standards}};
}

}  // namespace

FigureExplanation explain(platform::Transaction& tx, delivery::Catalogues& catalogues,
                          const delivery::Service& service, values::Quarter quarter,
                          const std::string& measure) {
    tx.showsChildren();  // every record by its reference
    auto guidance = catalogues.inForce(tx);
    const auto& edition = guidance->on(quarter);
    const auto* intervention = edition.catalogue.intervention(service.intervention);
    if (intervention == nullptr)
        throw values::NotFound("the service runs no intervention that a guide recommended in this quarter");
    const auto* compiled = edition.plan.measure(measure);
    if (compiled == nullptr || !measures::Plan::applies(*compiled, *intervention))
        throw values::NotFound("no such measure for this service: " + measure);
    const auto facts = delivery::FactsReader(guidance->latest).withReferences().of(tx, service);
    return {guidance, &edition, service,
            quarter,  compiled, measures::explain(edition.plan, facts, *intervention, *compiled, quarter)};
}

std::string FigureExplanation::json(std::size_t page, std::size_t perPage) const {
    const auto& found = explanation;
    const auto& definition = *measure->measure;
    ordered_json out{{"measure", measure->name},
                     {"title", edition->catalogue.measureTitle(measure->name)},
                     {"version", definition.version},
                     {"service", service.reference},
                     {"quarter", quarter.name()},
                     {"explanation", definition.explanation},
                     {"population", measures::populationName(found.population)},
                     {"rules", found.rules},
                     {"counts", found.counts},
                     {"value", valueJson(*this)},
                     {"parts", partsJson(found.figure.parts)},
                     {"records", found.records},
                     {"counted", found.counted},
                     {"exclusions", exclusionsJson(found)}};
    auto& records =
        out["page"] = {{"number", page},
                       {"of", std::max<std::size_t>(1, (found.outcomes.size() + perPage - 1) / perPage)},
                       {"records", ordered_json::array()}};
    for (auto i = (page - 1) * perPage; i < std::min(found.outcomes.size(), page * perPage); ++i) {
        const auto& record = found.outcomes[i];
        ordered_json one{{"reference", record.reference}, {"counted", record.isCounted}};
        if (record.isCounted) {
            one["numerator"] = exact(record.numerator);
            if (record.denominator != 0) one["denominator"] = exact(record.denominator);
        }
        if (!record.failed.empty()) one["failed"] = record.failed;
        records["records"].push_back(std::move(one));
    }
    return out.dump(1);
}

std::string FigureExplanation::certificate(values::Instant at) const {
    nlohmann::json also = nlohmann::json::object();
    for (const auto& [name, parts] : explanation.figure.also) also[name] = partsJson(parts);
    const auto& definition = *measure->measure;
    nlohmann::json content{{"figure",
                            {{"measure", measure->name},
                             {"service", service.reference},
                             {"authority", service.authority.code()},
                             {"quarter", quarter.name()},
                             {"aggregate", guidance::aggregateName(measure->own.aggregate)},
                             {"step", exact(measure->own.step)},
                             {"value", valueJson(*this)},
                             {"parts", partsJson(explanation.figure.parts)},
                             {"also", also}}},
                           {"definition",
                            {{"measure", definition.id},
                             {"version", definition.version},
                             {"sha256", platform::sha256Hex(definition.definition)},
                             {"in_words", explanation.rules},
                             {"counts_in_words", explanation.counts}}},
                           {"intervention", service.intervention},
                           {"catalogue_sha256", guidance->fingerprint},
                           {"data_as_of", values::databaseText(at)},
                           {"records",
                            {{"population", measures::populationName(explanation.population)},
                             {"all", explanation.records},
                             {"counted", explanation.counted},
                             {"excluded", exclusionsJson(explanation)}}}};
    return certified(std::move(content));
}

std::string explainLevel(const Report& report, const std::string& recommendation) {
    return ordered_json(levelJson(report, recommendation)).dump(1);
}

std::string levelCertificate(const Report& report, const std::string& recommendation, values::Instant at) {
    nlohmann::json content{{"level", levelJson(report, recommendation)},
                           {"catalogue_sha256", report.guidance->fingerprint},
                           {"data_as_of", values::databaseText(at)}};
    return certified(std::move(content));
}

}  // namespace results
