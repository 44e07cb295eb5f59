#include <fmt/format.h>

#include <algorithm>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "results/explanation.h"

namespace authority {
namespace {

using platform::Response;
using platform::Transaction;
using platform::View;

constexpr std::size_t kRecordsOnAPage = 50;

/// The pages of records before and after the one that is shown.
struct Pagination {
    std::optional<Link> previous;
    std::optional<Link> next;

    View view() const { return {{"previous", previous}, {"next", next}}; }
};

struct FigurePage {
    std::string title;
    std::string service;
    std::string quarter;
    std::string figure;
    std::string explanation;
    std::string why;
    std::vector<Fact> facts;
    std::vector<std::string> rules;
    std::vector<std::string> counts;
    std::vector<Table> groupsTables;
    std::string countedText;
    Table exclusionsTable;
    std::optional<Table> recordsTable;  ///< for those who may see records
    std::optional<Pagination> pagination;
    std::string certificateHref;
    Link back;

    View view() const {
        return {{"title", title},
                {"service", service},
                {"quarter", quarter},
                {"figure", figure},
                {"explanation", explanation},
                {"why", why},
                {"facts", facts},
                {"rules", rules},
                {"counts", counts},
                {"groupsTables", groupsTables},
                {"countedText", countedText},
                {"exclusionsTable", exclusionsTable},
                {"recordsTable", recordsTable},
                {"pagination", pagination},
                {"certificateHref", certificateHref},
                {"back", back}};
    }
};

/// The service and measure that the address names, explained in the quarter asked for.
results::FigureExplanation explained(Transaction& tx, delivery::Catalogues& catalogues, const Visit& visit,
                                     values::Quarter quarter) {
    const auto id = visit.request.partId<delivery::Service>("service");
    const auto service = delivery::Services::byId(tx, visit.authority(), id);
    return results::explain(tx, catalogues, service, quarter, visit.request.part("measure"));
}

std::string definitionText(const guidance::Measure& measure) {
    return "Version " + measure.version + ", by " + measure.author + ", checked by " + measure.checker +
           (measure.reviewedOn ? ", reviewed on " + measure.reviewedOn->text() : "") +
           (measure.nextReviewOn ? ", next review " + measure.nextReviewOn->text() : "");
}

std::vector<Fact> factsOf(const results::FigureExplanation& found) {
    const auto& measure = *found.measure->measure;
    const auto& figure = found.explanation.figure;
    std::vector<Fact> facts;
    if (measure.isShare())
        facts = {{"Counts", countText(figure.parts.proportion) + " " + measure.unit},
                 {"95% interval", intervalText(figure.parts.proportion)}};
    for (const auto& also : measure.also) {
        const auto parts = figure.also.find(also.name);
        if (parts == figure.also.end()) continue;
        facts.push_back({also.title, numberText(parts->second, also)});
        if (also.aggregate == guidance::Aggregate::pairedChange)
            std::ranges::move(changeFacts(parts->second), std::back_inserter(facts));
    }
    facts.push_back({"Definition", definitionText(measure)});
    return facts;
}

std::vector<Table> groupsTables(const results::FigureExplanation& found) {
    const auto& measure = *found.measure->measure;
    std::vector<Table> tables;
    for (const auto& breakdown : found.measure->breakdowns) {
        const auto groups = found.explanation.figure.groups.find(breakdown.name);
        if (groups == found.explanation.figure.groups.end()) continue;
        std::vector<Row> rows;
        for (const auto& [group, parts] : groups->second)
            rows.push_back(row(
                group, {figureText(measure, parts), measure.isShare() ? countText(parts.proportion) : "–"}));
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

Table recordsTable(const results::FigureExplanation& found, std::size_t page) {
    const auto& outcomes = found.explanation.outcomes;
    std::vector<Row> rows;
    for (auto i = (page - 1) * kRecordsOnAPage; i < std::min(outcomes.size(), page * kRecordsOnAPage); ++i) {
        auto line = row(outcomes[i].reference, {whatBecameOf(outcomes[i], found.measure->measure->isShare()),
                                                outcomes[i].failed.empty() ? "–" : outcomes[i].failed});
        line.href = recordPlace(found.explanation.population, outcomes[i].reference);
        rows.push_back(std::move(line));
    }
    return table("outcomes", "Each record", {"Reference", "What became of it", "First condition not met"},
                 rows);
}

Table exclusionsTable(const measures::Explanation& explanation) {
    std::vector<Row> rows;
    for (const auto& exclusion : explanation.exclusions)
        rows.push_back(row(sentence(exclusion.rule), {std::to_string(exclusion.records)}));
    return table("exclusions", "Not counted, by the first condition not met", {"Condition", "Records"}, rows);
}

std::size_t pagesOf(const results::FigureExplanation& found) {
    return std::max<std::size_t>(1,
                                 (found.explanation.outcomes.size() + kRecordsOnAPage - 1) / kRecordsOnAPage);
}

/// Nothing where there is one page alone. `address`: of the figure, with its quarter.
std::optional<Pagination> paginationOf(std::size_t page, std::size_t pages, const std::string& address) {
    if (pages < 2) return std::nullopt;
    const auto link = [&](std::size_t to, const char* text) {
        return Link{address + "&page=" + std::to_string(to) + "#records", text};
    };
    Pagination pagination;
    if (page > 1) pagination.previous = link(page - 1, "Previous page");
    if (page < pages) pagination.next = link(page + 1, "Next page");
    return pagination;
}

/// Without its records.
FigurePage pageOf(const results::FigureExplanation& found, const std::string& path) {
    const auto& measure = *found.measure->measure;
    const auto& explanation = found.explanation;
    const auto inQuarter = "?quarter=" + found.quarter.slug();
    FigurePage page;
    page.title = found.edition->catalogue.measureTitle(found.measure->name);
    page.service = found.service.name;
    page.quarter = found.quarter.name();
    page.figure = sentence(figureText(measure, explanation.figure.parts));
    page.explanation = measure.explanation;
    page.why = measure.why;
    page.facts = factsOf(found);
    page.rules = explanation.rules;
    page.counts = explanation.counts;
    page.groupsTables = groupsTables(found);
    page.countedText = fmt::format("{} of the service's {} {} count in this quarter.", explanation.counted,
                                   explanation.records, measures::populationName(explanation.population));
    page.exclusionsTable = exclusionsTable(explanation);
    page.certificateHref = path + "/certificate.json" + inQuarter;
    page.back = {"/services/" + found.service.id.text() + inQuarter, "Back to the service"};
    return page;
}

}  // namespace

Response Door::figure(Visit& visit) {
    FigurePage shown;
    const bool showsRecords = visit.may(identity::Permission::viewRecords);
    database_.inTransaction(entrance::Entrance::actorOf(visit), [&](Transaction& tx) {
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto found = explained(tx, catalogues_, visit, quarters.chosen);
        values::Reader query(visit.request.query);
        const auto asked = query.optionalWhole("page", 1, 100000);
        query.refuseProblems();
        const auto pages = pagesOf(found);
        const auto page = std::min(pages, static_cast<std::size_t>(asked.value_or(1)));
        shown = pageOf(found, visit.request.path);
        if (showsRecords) {
            shown.recordsTable = recordsTable(found, page);
            shown.pagination =
                paginationOf(page, pages, visit.request.path + "?quarter=" + quarters.chosen.slug());
        }
        tx.audit(showsRecords ? "records read" : "figure explained", found.service.reference,
                 found.measure->name + ", " + quarters.chosen.name() +
                     (showsRecords ? ", page " + std::to_string(page) : ""));
    });
    return render(visit, "figure", shown);
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
