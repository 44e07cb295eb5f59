#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "delivery/facts_reader.h"
#include "measures/evaluate.h"
#include "measures/raters.h"
#include "measures/review.h"
#include "results/cells.h"
#include "statistics/interval.h"

namespace authority {
namespace {

using nlohmann::json;
using platform::Response;
using platform::Transaction;
using results::FiguresByQuarter;

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

json facts(const delivery::Service& service, const guidance::Intervention* intervention) {
    json list = json::array();
    const auto add = [&](const std::string& name, const std::string& value) {
        list.push_back({{"name", name}, {"value", value}});
    };
    add("Your reference", service.reference);
    add("Stage", stageText(service.stage));
    add("Dates", datesText(service));
    if (!service.provider.empty()) add("Provider", service.provider);
    if (intervention != nullptr) {
        add("Expected sessions",
            fmt::format("{}; a completer attends at least {} (basis: {})", intervention->expectedSessions,
                        intervention->completerSessions(), basisText(intervention->doseBasis)));
        add("Start within", fmt::format("{} days of referral", intervention->startWithinDays));
        add("Reviews at fidelity from",
            fmt::format("{}%", std::lround(intervention->fidelityThreshold * 100)));
    }
    return list;
}

json funnelTable(const measures::Facts& facts, values::Quarter quarter) {
    json rows = json::array();
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

/// The measures of the results, or of the adherence profile, each with a link to what it counts.
json figuresTable(const measures::Figures& figures, const delivery::Edition& edition,
                  const guidance::Intervention& intervention, const std::string& address,
                  values::Quarter quarter, bool isProfile) {
    json rows = json::array();
    for (const auto* compiled : edition.plan.measuresOf(intervention)) {
        const auto& measure = *compiled->measure;
        if (measure.shown != (isProfile ? guidance::Shown::profile : guidance::Shown::results)) continue;
        static const measures::Figure kNothing;
        const auto found = figures.find(compiled->name);
        const auto& figure = found == figures.end() ? kNothing : found->second;
        const auto& parts = figure.parts;
        std::string counts = "–";
        if (measure.isShare()) counts = countText(parts.proportion);
        else if (measure.aggregate != guidance::Aggregate::count)
            counts = std::to_string(parts.proportion.denominator);
        for (const auto& also : measure.also)
            if (isProfile && figure.also.contains(also.name))
                counts += "; " + also.title + ": " + numberText(figure.also.at(also.name), also);
        auto line = row(
            edition.catalogue.measureTitle(compiled->name),
            {figureText(measure, parts), counts, measure.isShare() ? intervalText(parts.proportion) : "–"});
        line["href"] = address + "/measures/" + compiled->name + "?quarter=" + quarter.slug();
        rows.push_back(std::move(line));
    }
    return table(isProfile ? "profile-table" : "figures-table",
                 isProfile ? "Adherence profile" : "All figures of the quarter",
                 {"Measure", "Figure", "Counts", "95% interval"}, rows);
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

json profileTable(const measures::Figures& own, const measures::Figures& all,
                  const delivery::Edition& edition, const guidance::Intervention& intervention,
                  const std::string& address, values::Quarter quarter) {
    auto made = figuresTable(own, edition, intervention, address, quarter, true);
    const auto together = figuresTable(all, edition, intervention, address, quarter, true);
    made["headers"] = json::array({{{"text", "Measure"}}});
    for (const auto* head : {"This service", "Counts", "All services of this kind"})
        made["headers"].push_back({{"text", head}, {"isNumber", true}});
    for (std::size_t i = 0; i < made["rows"].size(); ++i)
        made["rows"][i]["cells"][2] = together["rows"][i]["cells"][0];
    return made;
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

json itemsTable(const measures::Facts& facts, const guidance::Checklist& checklist, values::Quarter quarter) {
    json rows = json::array();
    for (const auto& item : measures::itemProfile(checklist, facts, quarter))
        rows.push_back(row(item.item->text, {shareText(item.points), countText(item.points),
                                             std::to_string(item.answered), item.item->dimension}));
    return table("items", "Fidelity by item", {"Item", "Points scored", "Counts", "Reviews", "Dimension"},
                 rows);
}

/// The measure in every quarter, newest last: for the chart and its table alike.
struct Trend {
    json values = json::array();
    json rows = json::array();
    std::string text;
};

/// What was done about a service or a measure, by the quarter in which it began or was closed.
std::map<values::Quarter, std::vector<std::string>> actionsBy(const std::vector<intake::RecordView>& actions,
                                                              const delivery::Service& service,
                                                              const std::string& measure,
                                                              const guidance::Catalogue& catalogue) {
    std::map<values::Quarter, std::vector<std::string>> found;
    for (const auto& action : actions) {
        const auto about = entrance::valueOf(action.values, "about");
        bool isOurs = about == service.reference || about == measure;
        for (const auto& guide : catalogue.guides)
            for (const auto& one : guide.recommendations)
                isOurs = isOurs ||
                         (one.id == about && std::ranges::find(one.interventions, service.intervention) !=
                                                 one.interventions.end());
        if (!isOurs) continue;
        if (const auto day = values::Date::fromIso(entrance::valueOf(action.values, "raised_on")))
            found[values::Quarter::containing(*day)].push_back("begun: " + action.values.at("title"));
        if (const auto day = values::Date::fromIso(entrance::valueOf(action.values, "closed_on")))
            found[values::Quarter::containing(*day)].push_back("done: " + action.values.at("title"));
    }
    return found;
}

Trend trendOf(const FiguresByQuarter& figures, const std::string& measure, const std::string& title,
              const std::map<values::Quarter, std::vector<std::string>>& actions) {
    Trend trend;
    std::optional<std::string> last;
    std::optional<std::string> first;
    for (const auto& [quarter, byName] : figures) {
        const auto found = byName.find(measure);
        if (found == byName.end()) continue;
        const auto& counts = found->second.parts.proportion;
        const auto share = counts.value();
        const auto interval = statistics::wilson(counts);
        const auto percent = [](double value) { return std::round(value * 1000) / 10; };
        trend.values.push_back({{"quarter", quarter.name()},
                                {"few", isTooFew(counts)},
                                {"action", actions.contains(quarter) ? json("▼") : json()},
                                {"value", share ? json(percent(*share)) : json()},
                                {"lower", interval ? json(percent(interval->lower)) : json()},
                                {"upper", interval ? json(percent(interval->upper)) : json()}});
        trend.rows.push_back(
            row(quarter.name(),
                {shareText(counts), countText(counts), intervalText(counts),
                 actions.contains(quarter) ? fmt::format("{}", fmt::join(actions.at(quarter), "; ")) : "–"}));
        if (!share || isTooFew(counts)) continue;
        last = shareText(counts) + " in " + quarter.name();
        if (!first) first = last;
    }
    if (!last) trend.text = title + ": every quarter has too few to judge.";
    else if (first == last) trend.text = title + ": " + *last + ", the only quarter with enough to judge.";
    else trend.text = title + ": " + *first + ", " + *last + ".";
    trend.text += " Bars show the 95% interval; hollow points rest on fewer than " +
                  std::to_string(kFewestForShare) + ".";
    if (!actions.empty())
        trend.text +=
            " A triangle marks a quarter in which an action began or was done; the table says which.";
    return trend;
}

/// What can be done with a service.
json linksOf(const Visit& visit, const delivery::Service& service, bool isIntervention,
             values::Quarter quarter) {
    json links = json::array();
    const auto add = [&](const std::string& href, const char* text) {
        links.push_back({{"href", href}, {"text", text}});
    };
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

}  // namespace

Response Door::services(Visit& visit) {
    json view{{"title", "Services"}, {"services", json::array()}, {"authority", visit.authorityName}};
    database_.read([&](Transaction& tx) {
        const auto guidance = catalogues_.inForce(tx);
        const bool showsArchived = visit.request.query.contains("archived");
        std::size_t archived = 0;
        for (const auto& service : delivery::Services::of(tx, visit.authority())) {
            archived += service.isArchived ? 1 : 0;
            if (service.isArchived != showsArchived) continue;
            const bool isEvidenced = guidance->latest.intervention(service.intervention) != nullptr;
            view["services"].push_back(
                {{"href", "/services/" + service.id.text()},
                 {"name", service.name},
                 {"what", guidance->latest.nameOf(service.intervention) +
                              (isEvidenced ? "" : " (in use, not evidenced)")},
                 {"stage", stageText(service.stage)},
                 {"dates",
                  datesText(service) + (service.countsOnly ? ". Counts alone, no single records" : "")}});
        }
        view["shared"] = json::array();
        for (const auto& one : delivery::Services::sharedWith(tx, visit.authority()))
            view["shared"].push_back({{"name", one.name},
                                      {"what", guidance->latest.nameOf(one.intervention)},
                                      {"stage", stageText(one.stage)},
                                      {"leader", one.leader},
                                      {"share", std::to_string(one.share)}});
        view["hasShared"] = !view["shared"].empty();
        if (showsArchived) view["others"] = {{"href", "/services"}, {"text", "Services in use"}};
        else if (archived > 0)
            view["others"] = {{"href", "/services?archived=1"}, {"text", "Archived services"}};
        if (visit.may(identity::Permission::manageRegister))
            view["new"] = {{"href", "/records/services/new"}, {"text", "Add a service"}};
    });
    view["hasServices"] = !view["services"].empty();
    return render(visit, "services", std::move(view));
}

Response Door::service(Visit& visit) {
    const auto id = visit.request.partId<delivery::Service>("service");
    json view;
    database_.read([&](Transaction& tx) {
        const auto service = delivery::Services::byId(tx, visit.authority(), id);
        const auto guidance = catalogues_.inForce(tx);
        const auto quarters = quartersOf(tx, visit, clock_.today());
        const auto& edition = guidance->on(quarters.chosen);
        const auto& catalogue = edition.catalogue;
        const auto* intervention = catalogue.intervention(service.intervention);
        view = {{"title", service.name},
                {"name", service.name},
                {"what", catalogue.nameOf(service.intervention)},
                {"facts", facts(service, intervention)},
                {"isIntervention", intervention != nullptr},
                {"path", visit.request.path},
                {"links", linksOf(visit, service, intervention != nullptr, quarters.chosen)},
                {"countsOnly",
                 service.countsOnly
                     ? json{{"text",
                             "Counts alone are kept of this service, entered by quarter. What needs single "
                             "records, such as dose and fidelity, reads too little to judge."}}
                     : json()},
                {"quarter", quarters.chosen.name() + ", " + quarters.chosen.months()},
                {"back", {{"href", "/services"}, {"text", "Back to services"}}}};
        if (intervention == nullptr) {
            const auto approach = catalogue.approaches.find(service.intervention);
            view["unevidenced"] = {
                {"text",
                 "In use, not evidenced: no guide recommends this approach, and it counts "
                 "towards nothing. " +
                     (approach == catalogue.approaches.end() ? "" : approach->second.evidence)}};
            return;
        }
        const auto records = delivery::FactsReader(guidance->latest).withReferences().of(tx, service);
        const auto cells = results::Cells::ofService(tx, service.authority, service.id);
        std::vector<Option> measureOptions;
        for (const auto* compiled : edition.plan.measuresOf(*intervention))
            if (compiled->measure->isShare())
                measureOptions.push_back({compiled->name, catalogue.measureTitle(compiled->name)});
        values::Reader query(visit.request.query);
        auto measure = query.optionalText("measure").value_or("fidelity");
        if (std::ranges::find(measureOptions, measure, &Option::value) == measureOptions.end())
            measure = "fidelity";
        const auto title = catalogue.measureTitle(measure);
        delivery::RecordQuestion question;
        question.most = 2000;
        const auto actions =
            keeper_.list(tx, visit.authority(), keeper_.type(delivery::RecordKind::action), question);
        const auto trend = trendOf(cells, measure, title, actionsBy(actions, service, measure, catalogue));
        const auto ofQuarter = cells.find(quarters.chosen);
        const auto figures =
            ofQuarter != cells.end()
                ? ofQuarter->second
                : measures::Evaluator(edition.plan, records, *intervention).of(quarters.chosen);
        view["quarterChoice"] = quarterChoice(quarters.first, quarters.last, quarters.chosen);
        view["measureChoice"] = choice("measure", "Measure in the chart", measureOptions, measure);
        view["show"] = secondaryButton("Show");
        view["chartTitle"] = title + " by quarter";
        view["chartText"] = trend.text;
        view["chartValues"] = trend.values.dump();
        view["trendTable"] = table("trend-table", title,
                                   {"Quarter", "Figure", "Counts", "95% interval", "Actions"}, trend.rows);
        view["funnelTable"] = funnelTable(records, quarters.chosen);
        const auto address = "/services/" + service.id.text();
        view["figuresTable"] = figuresTable(figures, edition, *intervention, address, quarters.chosen, false);
        view["profileTable"] = profileTable(figures, pooled(tx, service, quarters.chosen), edition,
                                            *intervention, address, quarters.chosen);
        view["agreement"] =
            agreementText(measures::raterAgreement(records, {quarters.first, quarters.chosen}));
        const auto* checklist = catalogue.latestChecklist(intervention->checklist);
        if (checklist != nullptr) {
            view["itemsTable"] = itemsTable(records, *checklist, quarters.chosen);
            view["itemsNote"] =
                fmt::format("Complete reviews with version {} of the checklist, dated in the quarter.",
                            checklist->version);
        }
    });
    return render(visit, "service", std::move(view));
}

}  // namespace authority
