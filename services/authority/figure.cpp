#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "results/explanation.h"

namespace authority {
namespace {

using nlohmann::json;
using platform::Response;
using platform::Transaction;

constexpr std::size_t kRecordsOnAPage = 50;

/// The service and measure that the address names, explained in the quarter asked for.
results::FigureExplanation explained(Transaction& tx, delivery::Catalogues& catalogues, const Visit& visit,
                                     values::Quarter quarter) {
    const auto id = visit.request.partId<delivery::Service>("service");
    const auto service = delivery::Services::byId(tx, visit.authority(), id);
    return results::explain(tx, catalogues, service, quarter, visit.request.part("measure"));
}

json factsOf(const results::FigureExplanation& found) {
    const auto& measure = *found.measure->measure;
    const auto& figure = found.explanation.figure;
    json facts = json::array();
    const auto add = [&](const std::string& name, const std::string& value) {
        facts.push_back({{"name", name}, {"value", value}});
    };
    if (measure.isShare()) {
        add("Counts", countText(figure.parts.proportion) + " " + measure.unit);
        add("95% interval", intervalText(figure.parts.proportion));
    }
    for (const auto& also : measure.also)
        if (const auto parts = figure.also.find(also.name); parts != figure.also.end()) {
            add(also.title, numberText(parts->second, also));
            if (also.aggregate == guidance::Aggregate::pairedChange) addChange(facts, parts->second);
        }
    add("Definition", "Version " + measure.version + ", by " + measure.author + ", checked by " +
                          measure.checker +
                          (measure.reviewedOn ? ", reviewed on " + measure.reviewedOn->text() : "") +
                          (measure.nextReviewOn ? ", next review " + measure.nextReviewOn->text() : ""));
    return facts;
}

json groupsTables(const results::FigureExplanation& found) {
    json tables = json::array();
    for (const auto& breakdown : found.measure->breakdowns) {
        const auto groups = found.explanation.figure.groups.find(breakdown.name);
        if (groups == found.explanation.figure.groups.end()) continue;
        json rows = json::array();
        for (const auto& [group, parts] : groups->second)
            rows.push_back(
                row(group, {figureText(*found.measure->measure, parts),
                            found.measure->measure->isShare() ? countText(parts.proportion) : "–"}));
        std::string name = breakdown.name;
        std::ranges::replace(name, '_', ' ');
        tables.push_back(
            table("by-" + breakdown.name, "By " + name, {sentence(name), "Figure", "Counts"}, rows));
    }
    return tables;
}

std::string whatBecameOf(const measures::RecordOutcome& record, bool isShare) {
    if (!record.isCounted) return "Not counted";
    if (!isShare) return "Counted";
    return record.isInNumerator ? fmt::format("Counted: {:g} of {:g}", record.numerator, record.denominator)
                                : fmt::format("Counted, not in the numerator: 0 of {:g}", record.denominator);
}

/// Where a record of a population stands, by what its authority calls it; nothing for those without a page.
std::string recordPlace(measures::Population population, const std::string& reference) {
    const auto* kind = population == measures::Population::episodes        ? "episodes"
                       : population == measures::Population::sessions      ? "sessions"
                       : population == measures::Population::reviews       ? "fidelity_reviews"
                       : population == measures::Population::practitioners ? "practitioners"
                       : population == measures::Population::services      ? "services"
                                                                           : nullptr;
    return kind == nullptr ? "" : std::string("/records/") + kind + "/" + platform::segmentEncoded(reference);
}

json recordsTable(const results::FigureExplanation& found, std::size_t page) {
    const auto& outcomes = found.explanation.outcomes;
    json rows = json::array();
    for (auto i = (page - 1) * kRecordsOnAPage; i < std::min(outcomes.size(), page * kRecordsOnAPage); ++i) {
        auto line = row(outcomes[i].reference, {whatBecameOf(outcomes[i], found.measure->measure->isShare()),
                                                outcomes[i].failed.empty() ? "–" : outcomes[i].failed});
        line["href"] = recordPlace(found.explanation.population, outcomes[i].reference);
        rows.push_back(std::move(line));
    }
    return table("outcomes", "Each record", {"Reference", "What became of it", "First condition not met"},
                 rows);
}

json exclusionsTable(const measures::Explanation& explanation) {
    json rows = json::array();
    for (const auto& exclusion : explanation.exclusions)
        rows.push_back(row(sentence(exclusion.rule), {std::to_string(exclusion.records)}));
    return table("exclusions", "Not counted, by the first condition not met", {"Condition", "Records"}, rows);
}

}  // namespace

Response Door::figure(Visit& visit) {
    json view;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto found = explained(tx, catalogues_, visit, quarters.chosen);
        values::Reader query(visit.request.query);
        const auto asked = query.optionalWhole("page", 1, 100000);
        query.refuseProblems();
        const auto& explanation = found.explanation;
        const bool showsRecords = visit.may(identity::Permission::viewRecords);
        const auto pages =
            std::max<std::size_t>(1, (explanation.outcomes.size() + kRecordsOnAPage - 1) / kRecordsOnAPage);
        const auto page = std::min(pages, static_cast<std::size_t>(asked.value_or(1)));
        const auto& measure = *found.measure->measure;
        const auto address = visit.request.path + "?quarter=" + quarters.chosen.slug();
        const auto link = [&](std::size_t to) {
            return json{{"href", address + "&page=" + std::to_string(to) + "#records"}};
        };
        view = {
            {"title", found.edition->catalogue.measureTitle(found.measure->name)},
            {"service", found.service.name},
            {"quarter", quarters.chosen.name()},
            {"figure", sentence(figureText(measure, explanation.figure.parts))},
            {"explanation", measure.explanation},
            {"why", measure.why},
            {"facts", factsOf(found)},
            {"rules", explanation.rules},
            {"counts", explanation.counts},
            {"hasCounts", !explanation.counts.empty()},
            {"groupsTables", groupsTables(found)},
            {"countedText",
             fmt::format("{} of the service's {} {} count in this quarter.", explanation.counted,
                         explanation.records, measures::populationName(explanation.population))},
            {"exclusionsTable", exclusionsTable(explanation)},
            {"showsRecords", showsRecords},
            {"hasPages", showsRecords && pages > 1},
            {"certificateHref", visit.request.path + "/certificate.json?quarter=" + quarters.chosen.slug()},
            {"back",
             {{"href", "/services/" + found.service.id.text() + "?quarter=" + quarters.chosen.slug()},
              {"text", "Back to the service"}}}};
        if (showsRecords) view["recordsTable"] = recordsTable(found, page);
        tx.audit(showsRecords ? "records read" : "figure explained", found.service.reference,
                 found.measure->name + ", " + quarters.chosen.name() +
                     (showsRecords ? ", page " + std::to_string(page) : ""));
        if (page > 1) view["previous"] = link(page - 1);
        if (page < pages) view["next"] = link(page + 1);
    });
    return render(visit, "figure", std::move(view));
}

Response Door::certificate(Visit& visit) {
    std::string text;
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto found = explained(tx, catalogues_, visit, quarters.chosen);
        text = found.certificate(tx.now());
        tx.audit("certificate made", found.service.reference,
                 found.measure->name + ", " + quarters.chosen.name());
    });
    auto response = platform::jsonAnswer(text + "\n");
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"certificate.json\"");
    return response;
}

}  // namespace authority
