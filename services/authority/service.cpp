#include <fmt/format.h>

#include <algorithm>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/trend.h"
#include "authority/view.h"
#include "delivery/facts_reader.h"
#include "measures/evaluate.h"
#include "measures/raters.h"
#include "measures/review.h"
#include "results/cells.h"

namespace authority {
namespace {

using platform::Response;
using platform::Transaction;
using platform::View;
using results::FiguresByQuarter;

struct ServiceRow {
    std::string href;
    std::string name;
    std::string what;
    std::string stage;
    std::string dates;

    View view() const {
        return {{"href", href}, {"name", name}, {"what", what}, {"stage", stage}, {"dates", dates}};
    }
};

/// A service that another authority leads.
struct SharedRow {
    std::string name;
    std::string what;
    std::string stage;
    std::string leader;
    std::string share;  ///< per cent of the places

    View view() const {
        return {{"name", name}, {"what", what}, {"stage", stage}, {"leader", leader}, {"share", share}};
    }
};

struct ServicesPage {
    std::string authority;
    std::vector<Link> links;
    std::vector<ServiceRow> services;
    std::vector<SharedRow> shared;

    View view() const {
        return {{"title", "Services"},
                {"authority", authority},
                {"links", links},
                {"services", services},
                {"shared", shared}};
    }
};

/// What a service of an intervention shows besides its facts.
struct ServiceFigures {
    Field quarterChoice;
    Field measureChoice;
    std::string measure;
    Trend trend;
    std::string quarter;
    Table funnelTable;
    Table figuresTable;
    Table profileTable;
    std::string agreement;
    std::optional<Table> itemsTable;
    std::string itemsNote;

    View view() const {
        return {{"quarterChoice", quarterChoice},
                {"measureChoice", measureChoice},
                {"show", secondaryButton("Show")},
                {"chartTitle", measure + " by quarter"},
                {"chartText", trend.text},
                {"chartValues", View(trend.points).json()},
                {"trendTable", table("trend-table", measure,
                                     {"Quarter", "Figure", "Counts", "95% interval", "Actions"}, trend.rows)},
                {"quarter", quarter},
                {"funnelTable", funnelTable},
                {"figuresTable", figuresTable},
                {"profileTable", profileTable},
                {"agreement", agreement},
                {"itemsTable", itemsTable},
                {"itemsNote", itemsNote}};
    }
};

struct ServicePage {
    std::string name;
    std::string what;
    std::string path;
    std::vector<Fact> facts;
    std::optional<Text> unevidenced;
    std::optional<Text> countsOnly;
    std::vector<Link> links;
    std::optional<ServiceFigures> figures;  ///< nothing for an approach that no guide recommends

    View view() const {
        return {{"title", name},
                {"name", name},
                {"what", what},
                {"path", path},
                {"facts", facts},
                {"unevidenced", unevidenced},
                {"countsOnly", countsOnly},
                {"links", links},
                {"figures", figures},
                {"back", Link{"/services", "Back to services"}}};
    }
};

std::string stageText(const std::string& stage) {
    static const std::map<std::string, std::string> words{{"exploration", "Being explored"},
                                                          {"installation", "Being installed"},
                                                          {"initial", "Running: initial implementation"},
                                                          {"full", "Running: full implementation"},
                                                          {"paused", "Paused"},
                                                          {"stopped", "Stopped"}};
    const auto found = words.find(stage);
    return found == words.end() ? stage : found->second;
}

std::string datesText(const delivery::Service& service) {
    return "From " + service.startedOn.text() + (service.endedOn ? " to " + service.endedOn->text() : "");
}

std::vector<Fact> factsOf(const delivery::Service& service, const guidance::Intervention* intervention) {
    std::vector<Fact> facts{{"Your reference", service.reference},
                            {"Stage", stageText(service.stage)},
                            {"Dates", datesText(service)}};
    if (!service.provider.empty()) facts.push_back({"Provider", service.provider});
    if (intervention == nullptr) return facts;
    facts.push_back(
        {"Expected sessions",
         fmt::format("{}; a completer attends at least {} (basis: {})", intervention->expectedSessions,
                     intervention->completerSessions(), basisText(intervention->doseBasis))});
    facts.push_back({"Start within", fmt::format("{} days of referral", intervention->startWithinDays)});
    facts.push_back({"Reviews at fidelity from", wholePercent(intervention->fidelityThreshold)});
    return facts;
}

Table funnelTable(const measures::Facts& facts, values::Quarter quarter) {
    std::vector<Row> rows;
    const auto steps = measures::cohortFunnel(facts, quarter);
    const measures::FunnelStep* before = nullptr;
    for (const auto& step : steps) {
        const auto share =
            before == nullptr ? std::string("–") : shareText({step.episodes, before->episodes});
        rows.push_back(row(step.name, {std::to_string(step.episodes), share}));
        before = &step;
    }
    return table("funnel", "From referral to completion", {"Step", "Episodes", "Of the step before"}, rows);
}

/// What a figure was made from; a profile's also with what else its measure says.
std::string countsOf(const guidance::Measure& measure, const measures::Figure& figure, bool isProfile) {
    std::string counts = "–";
    if (measure.isShare()) counts = countText(figure.parts.proportion);
    else if (measure.aggregate != guidance::Aggregate::count)
        counts = std::to_string(figure.parts.proportion.denominator);
    for (const auto& also : measure.also)
        if (isProfile && figure.also.contains(also.name))
            counts += "; " + also.title + ": " + numberText(figure.also.at(also.name), also);
    return counts;
}

const measures::Figure& figureOf(const measures::Figures& figures, const std::string& measure) {
    static const measures::Figure kNothing;
    const auto found = figures.find(measure);
    return found == figures.end() ? kNothing : found->second;
}

/// A service in a quarter, as its tables of figures need it.
struct ServiceQuarter {
    const delivery::Service& service;
    const delivery::Edition& edition;
    const guidance::Intervention& intervention;
    values::Quarter quarter;

    std::vector<const measures::CompiledMeasure*> measuresShown(guidance::Shown where) const {
        std::vector<const measures::CompiledMeasure*> shown;
        for (const auto* compiled : edition.plan.measuresOf(intervention))
            if (compiled->measure->shown == where) shown.push_back(compiled);
        return shown;
    }
    /// Its title leads to what it counts.
    Row row(const measures::CompiledMeasure& compiled, const std::vector<std::string>& cells) const {
        return {
            edition.catalogue.measureTitle(compiled.name), cells,
            "/services/" + service.id.text() + "/measures/" + compiled.name + "?quarter=" + quarter.slug()};
    }
};

Table figuresTable(const ServiceQuarter& asked, const measures::Figures& figures) {
    std::vector<Row> rows;
    for (const auto* compiled : asked.measuresShown(guidance::Shown::results)) {
        const auto& measure = *compiled->measure;
        const auto& figure = figureOf(figures, compiled->name);
        rows.push_back(
            asked.row(*compiled, {figureText(measure, figure.parts), countsOf(measure, figure, false),
                                  measure.isShare() ? intervalText(figure.parts.proportion) : "–"}));
    }
    return table("figures-table", "All figures of the quarter",
                 {"Measure", "Figure", "Counts", "95% interval"}, rows);
}

/// `all`: of the authority's services of the same intervention together.
Table profileTable(const ServiceQuarter& asked, const measures::Figures& own, const measures::Figures& all) {
    std::vector<Row> rows;
    for (const auto* compiled : asked.measuresShown(guidance::Shown::profile)) {
        const auto& measure = *compiled->measure;
        const auto& figure = figureOf(own, compiled->name);
        rows.push_back(
            asked.row(*compiled, {figureText(measure, figure.parts), countsOf(measure, figure, true),
                                  figureText(measure, figureOf(all, compiled->name).parts)}));
    }
    return table("profile-table", "Adherence profile",
                 {"Measure", "This service", "Counts", "All services of this kind"}, rows);
}

/// The same intervention in all of the authority's services: sums of their parts.
measures::Figures pooled(Transaction& tx, const delivery::Service& service, values::Quarter quarter) {
    measures::Figures sum;
    const auto cells = results::Cells::of(tx, service.authority, quarter);
    for (const auto& other : delivery::Services::of(tx, service.authority)) {
        if (other.intervention != service.intervention || !other.isLive(quarter)) continue;
        const auto found = cells.find(other.id);
        if (found == cells.end()) continue;
        for (const auto& [name, figure] : found->second) sum[name] += figure;
    }
    return sum;
}

std::string agreementText(const measures::RaterAgreement& raters) {
    if (raters.sessions == 0)
        return "No session has two reviews with the same checklist, so agreement between raters cannot be "
               "known.";
    const auto sessions = fmt::format("{} {} two reviews", raters.sessions,
                                      raters.sessions == 1 ? "session has" : "sessions have");
    if (!raters.agreement) return sessions + ": too few items to say how far raters agree.";
    auto text = fmt::format("{}, with {} items rated by both: the raters agree on {:.0f}% of them", sessions,
                            raters.items, raters.agreement->observed * 100);
    if (raters.agreement->ac1)
        text += fmt::format("; Gwet's AC1 {:.2f} ({:.2f} to {:.2f})", raters.agreement->ac1->value,
                            raters.agreement->ac1->interval.lower, raters.agreement->ac1->interval.upper);
    text += raters.agreement->kappa ? fmt::format("; Cohen's kappa {:.2f}", raters.agreement->kappa->value)
                                    : std::string("; Cohen's kappa cannot be computed");
    if (raters.scores)
        text += fmt::format("; intraclass correlation of whole scores {:.2f}", raters.scores->agreement);
    return text + ".";
}

Table itemsTable(const measures::Facts& facts, const guidance::Checklist& checklist,
                 values::Quarter quarter) {
    std::vector<Row> rows;
    for (const auto& item : measures::itemProfile(checklist, facts, quarter))
        rows.push_back(row(item.item->text, {shareText(item.points), countText(item.points),
                                             std::to_string(item.answered), item.item->dimension}));
    return table("items", "Fidelity by item", {"Item", "Points scored", "Counts", "Reviews", "Dimension"},
                 rows);
}

/// What can be done with a service.
std::vector<Link> linksOf(const Visit& visit, const delivery::Service& service, bool isIntervention,
                          values::Quarter quarter) {
    std::vector<Link> links;
    const auto add = [&](const std::string& href, const char* text) { links.push_back({href, text}); };
    const auto address = "/services/" + service.id.text();
    const auto reference = platform::urlEncoded(service.reference);
    if (visit.may(identity::Permission::viewRecords))
        add("/records/services/" + platform::segmentEncoded(service.reference), "The service’s record");
    if (service.countsOnly) {
        if (visit.may(identity::Permission::fillReturns))
            add(address + "/counts/" + quarter.slug(), "Enter counts");
        return links;
    }
    if (visit.may(identity::Permission::recordDelivery)) {
        add(address + "/attendance", "Record attendance");
        add("/records/episodes/new?service_ref=" + reference, "Add an episode");
        if (isIntervention) add(address + "/reviews/new", "Review a session");
    }
    if (visit.may(identity::Permission::viewRecords)) {
        add("/records/episodes?owner=" + reference, "Episodes");
        add("/records/practitioners?owner=" + reference, "Practitioners");
        add("/records/fidelity_reviews?owner=" + reference, "Reviews");
    }
    if (visit.may(identity::Permission::manageRegister))
        add("/records/actions/new?about_kind=service&about=" + reference, "Raise an action");
    return links;
}

ServiceRow serviceRow(const delivery::Service& service, const guidance::Catalogue& catalogue) {
    const bool isEvidenced = catalogue.intervention(service.intervention) != nullptr;
    return {"/services/" + service.id.text(), service.name,
            catalogue.nameOf(service.intervention) + (isEvidenced ? "" : " (in use, not evidenced)"),
            stageText(service.stage),
            datesText(service) + (service.countsOnly ? ". Counts alone, no single records" : "")};
}

/// What is known of an approach that no guide recommends.
Text unevidencedText(const std::string& approach, const guidance::Catalogue& catalogue) {
    const auto found = catalogue.approaches.find(approach);
    return {"In use, not evidenced: no guide recommends this approach, and it counts towards nothing. " +
            (found == catalogue.approaches.end() ? "" : found->second.evidence)};
}

std::vector<Option> sharesOf(const ServiceQuarter& asked) {
    std::vector<Option> options;
    for (const auto* compiled : asked.edition.plan.measuresOf(asked.intervention))
        if (compiled->measure->isShare())
            options.push_back({compiled->name, asked.edition.catalogue.measureTitle(compiled->name)});
    return options;
}

/// The measure that the chart shows: the one asked for, where there is such a one.
std::string chartedMeasure(const Visit& visit, const std::vector<Option>& options) {
    const auto asked = entrance::valueOf(visit.request.query, "measure");
    return std::ranges::find(options, asked, &Option::value) == options.end() ? "fidelity" : asked;
}

/// Tables of one quarter. `cells`: of every quarter; one that is not kept yet is evaluated.
void showQuarter(ServiceFigures& page, Transaction& tx, const ServiceQuarter& asked,
                 const measures::Facts& records, const FiguresByQuarter& cells) {
    const auto kept = cells.find(asked.quarter);
    const auto figures =
        kept != cells.end()
            ? kept->second
            : measures::Evaluator(asked.edition.plan, records, asked.intervention).of(asked.quarter);
    page.quarter = asked.quarter.name() + ", " + asked.quarter.months();
    page.funnelTable = funnelTable(records, asked.quarter);
    page.figuresTable = figuresTable(asked, figures);
    page.profileTable = profileTable(asked, figures, pooled(tx, asked.service, asked.quarter));
    const auto* checklist = asked.edition.catalogue.latestChecklist(asked.intervention.checklist);
    if (checklist == nullptr) return;
    page.itemsTable = itemsTable(records, *checklist, asked.quarter);
    page.itemsNote = fmt::format("Complete reviews with version {} of the checklist, dated in the quarter.",
                                 checklist->version);
}

ServiceFigures figuresOf(Transaction& tx, const Visit& visit, const intake::Keeper& keeper,
                         const ServiceQuarter& asked, const guidance::Catalogue& latest,
                         const Quarters& quarters) {
    const auto records = delivery::FactsReader(latest).withReferences().of(tx, asked.service);
    const auto cells = results::Cells::ofService(tx, asked.service.authority, asked.service.id);
    const auto options = sharesOf(asked);
    const auto measure = chartedMeasure(visit, options);
    delivery::RecordQuestion question;
    question.most = 2000;
    const auto actions =
        keeper.list(tx, visit.authority(), keeper.type(delivery::RecordKind::action), question);
    ServiceFigures page;
    page.quarterChoice = quarterChoice(quarters);
    page.measureChoice = choice("measure", "Measure in the chart", options, measure);
    page.measure = asked.edition.catalogue.measureTitle(measure);
    page.trend = trendOf(cells, measure, page.measure,
                         actionsBy(actions, asked.service, measure, asked.edition.catalogue));
    page.agreement = agreementText(measures::raterAgreement(records, {quarters.first, quarters.chosen}));
    showQuarter(page, tx, asked, records, cells);
    return page;
}

}  // namespace

Response Door::services(Visit& visit) {
    ServicesPage page;
    page.authority = visit.authorityName;
    const bool showsArchived = visit.request.query.contains("archived");
    if (visit.may(identity::Permission::manageRegister))
        page.links.push_back({"/records/services/new", "Add a service"});
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);
        const auto& catalogue = guidance->latest;
        bool hasArchived = false;
        for (const auto& service : delivery::Services::of(tx, visit.authority())) {
            hasArchived = hasArchived || service.isArchived;
            if (service.isArchived == showsArchived) page.services.push_back(serviceRow(service, catalogue));
        }
        if (showsArchived) page.links.push_back({"/services", "Services in use"});
        else if (hasArchived) page.links.push_back({"/services?archived=1", "Archived services"});
        for (const auto& one : delivery::Services::sharedWith(tx, visit.authority()))
            page.shared.push_back({one.name, catalogue.nameOf(one.intervention), stageText(one.stage),
                                   one.leader, std::to_string(one.share)});
    });
    return render(visit, "services", page);
}

Response Door::service(Visit& visit) {
    const auto id = visit.request.partId<delivery::Service>("service");
    ServicePage page;
    database_.read([&](Transaction& tx) {
        const auto service = delivery::Services::byId(tx, visit.authority(), id);
        const auto guidance = catalogues_.inForce(tx);
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto& edition = guidance->on(quarters.chosen);
        const auto* intervention = edition.catalogue.intervention(service.intervention);
        page.name = service.name;
        page.what = edition.catalogue.nameOf(service.intervention);
        page.path = visit.request.path;
        page.facts = factsOf(service, intervention);
        page.links = linksOf(visit, service, intervention != nullptr, quarters.chosen);
        if (service.countsOnly)
            page.countsOnly = Text{
                "Counts alone are kept of this service, entered by quarter. What needs single records, such "
                "as dose and fidelity, reads too little to judge."};
        if (intervention == nullptr)
            page.unevidenced = unevidencedText(service.intervention, edition.catalogue);
        else
            page.figures = figuresOf(tx, visit, keeper_, {service, edition, *intervention, quarters.chosen},
                                     guidance->latest, quarters);
    });
    return render(visit, "service", page);
}

}  // namespace authority
