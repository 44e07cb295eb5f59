#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "delivery/facts_reader.h"
#include "measures/evaluate.h"
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

json figuresTable(const measures::Figures& figures, const delivery::Edition& edition,
                  const guidance::Intervention& intervention) {
    json rows = json::array();
    for (const auto* compiled : edition.plan.measuresOf(intervention)) {
        const auto& measure = *compiled->measure;
        const auto found = figures.find(compiled->name);
        const auto& parts = found == figures.end() ? measures::Parts{} : found->second.parts;
        rows.push_back(row(edition.catalogue.measureTitle(compiled->name),
                           {figureText(measure, parts), measure.isShare() ? countText(parts.proportion) : "–",
                            measure.isShare() ? intervalText(parts.proportion) : "–"}));
    }
    return table("figures", "All figures of the quarter", {"Measure", "Figure", "Counts", "95% interval"},
                 rows);
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

Trend trendOf(const FiguresByQuarter& figures, const std::string& measure, const std::string& title) {
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
                                {"value", share ? json(percent(*share)) : json()},
                                {"lower", interval ? json(percent(interval->lower)) : json()},
                                {"upper", interval ? json(percent(interval->upper)) : json()}});
        trend.rows.push_back(
            row(quarter.name(), {shareText(counts), countText(counts), intervalText(counts)}));
        if (!share || isTooFew(counts)) continue;
        last = shareText(counts) + " in " + quarter.name();
        if (!first) first = last;
    }
    if (!last) trend.text = title + ": every quarter has too few to judge.";
    else if (first == last) trend.text = title + ": " + *last + ", the only quarter with enough to judge.";
    else trend.text = title + ": " + *first + ", " + *last + ".";
    trend.text += " Bars show the 95% interval; hollow points rest on fewer than " +
                  std::to_string(kFewestForShare) + ".";
    return trend;
}

}  // namespace

Response Door::services(Visit& visit) {
    json view{{"title", "Services"}, {"services", json::array()}, {"authority", visit.authorityName}};
    rooms_.database.read([&](Transaction& tx) {
        const auto guidance = rooms_.catalogues.inForce(tx);
        for (const auto& service : delivery::Services::of(tx, visit.person->authority)) {
            const bool isEvidenced = guidance->latest.intervention(service.intervention) != nullptr;
            view["services"].push_back({{"href", "/services/" + service.id.text()},
                                        {"name", service.name},
                                        {"what", guidance->latest.nameOf(service.intervention) +
                                                     (isEvidenced ? "" : " (in use, not evidenced)")},
                                        {"stage", stageText(service.stage)},
                                        {"dates", datesText(service)}});
        }
    });
    view["hasServices"] = !view["services"].empty();
    return render(visit, "services", std::move(view));
}

Response Door::service(Visit& visit) {
    const auto id = values::Id<delivery::Service>::parse(visit.request.part("service"));
    if (!id) throw values::NotFound("no such service");
    json view;
    rooms_.database.read([&](Transaction& tx) {
        const auto service = delivery::Services::byId(tx, visit.person->authority, *id);
        const auto guidance = rooms_.catalogues.inForce(tx);
        const auto quarters = quartersOf(tx, visit, rooms_.clock.today());
        const auto& edition = guidance->on(quarters.chosen);
        const auto& catalogue = edition.catalogue;
        const auto* intervention = catalogue.intervention(service.intervention);
        view = {{"title", service.name},
                {"name", service.name},
                {"what", catalogue.nameOf(service.intervention)},
                {"facts", facts(service, intervention)},
                {"isIntervention", intervention != nullptr},
                {"path", visit.request.path},
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
        const auto records = delivery::FactsReader(guidance->latest).of(tx, service);
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
        const auto trend = trendOf(cells, measure, title);
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
        view["trendTable"] =
            table("trend-table", title, {"Quarter", "Figure", "Counts", "95% interval"}, trend.rows);
        view["funnelTable"] = funnelTable(records, quarters.chosen);
        view["figuresTable"] = figuresTable(figures, edition, *intervention);
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
