#include <algorithm>
#include <nlohmann/json.hpp>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "results/comparison.h"

namespace authority {
namespace {

using nlohmann::json;
using platform::Response;
using platform::Transaction;
using Versions = std::vector<const guidance::Guide*>;

std::string stateOf(const guidance::Guide& guide, const delivery::CatalogueInForce& inForce,
                    values::Date today) {
    if (guide.validity.from && *guide.validity.from > today) return "To come";
    const auto now = inForce.guidance.on(today);
    const auto* current = now.guide(guide.id);
    return current != nullptr && current->version == guide.version ? "In force" : "No longer in force";
}

json versionsTable(const Versions& versions, const delivery::CatalogueInForce& inForce, values::Date today) {
    json rows = json::array();
    for (const auto* one : versions)
        rows.push_back(
            row(one->version, {stateOf(*one, inForce, today),
                               one->validity.from ? one->validity.from->text() : "From the beginning",
                               one->changes.empty() ? "–" : one->changes}));
    return table("versions", "Versions", {"Version", "State", "Takes effect", "What it says it changed"},
                 rows);
}

json changesTable(const results::GuideComparison& compared) {
    json rows = json::array();
    for (const auto& change : compared.changes)
        rows.push_back(row(change.where, {change.was.empty() ? "–" : change.was,
                                          change.becomes.empty() ? "–" : change.becomes}));
    return table("changes-table", "Changes", {"Where", "Was", "Becomes"}, rows);
}

json levelsTable(const results::Impact& impact) {
    json rows = json::array();
    for (const auto& level : impact.levels) {
        const auto why = level.reasons.empty() ? "–" : level.reasons.front();
        rows.push_back(row(level.title,
                           {level.was.empty() ? "New recommendation" : sentence(level.was),
                            level.becomes.empty() ? "No longer recommended" : sentence(level.becomes), why}));
    }
    return table("levels-table", "Levels of your services", {"Recommendation", "Now", "Then", "Why"}, rows);
}

json impactTable(const results::Impact& impact) {
    json rows = json::array();
    for (const auto& item : impact.items) {
        const auto level =
            std::ranges::find(impact.levels, item.recommendation, &results::Impact::Level::recommendation);
        rows.push_back(
            row(item.name, {sentence(item.kind),
                            level == impact.levels.end() ? item.recommendation : level->title, item.task}));
    }
    return table("impact-table", "To reassess", {"What", "Kind", "Recommendation", "Task"}, rows);
}

/// `1 of 4 levels would be another one.`
std::string levelsText(const results::Impact& impact) {
    const auto changed =
        std::ranges::count_if(impact.levels, [](const auto& level) { return level.was != level.becomes; });
    return std::to_string(changed) + " of " + std::to_string(impact.levels.size()) +
           (impact.levels.size() == 1 ? " level" : " levels") +
           " would be another one. Figures of the same records are computed under both versions.";
}

}  // namespace

Response Door::guide(Visit& visit) {
    json view;
    database_.read([&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto id = visit.request.part("guide");
        const auto versions = inForce->guidance.versionsOf(id);
        if (versions.empty()) throw values::NotFound("no such guide");
        const auto today = clock_.today();
        const auto quarters = quartersOf(tx, visit, today);
        view = {
            {"title", versions.back()->title},
            {"path", visit.request.path},
            {"versionsTable", versionsTable(versions, *inForce, today)},
            {"hasSeveral", versions.size() > 1},
            {"back", {{"href", "/?quarter=" + quarters.chosen.slug()}, {"text", "Back to the guidance"}}}};
        if (versions.size() < 2) return;
        values::Reader query(visit.request.query);
        const auto from = query.optionalText("from").value_or(versions[versions.size() - 2]->version);
        const auto to = query.optionalText("to").value_or(versions.back()->version);
        std::vector<Option> options;
        for (const auto* one : versions) options.push_back({one->version, one->version});
        const auto compared =
            results::compareGuides(tx, catalogues_, visit.authority(), quarters.chosen, id, from, to);
        view["fromChoice"] = choice("from", "From version", options, from);
        view["toChoice"] = choice("to", "To version", options, to);
        view["quarterChoice"] = quarterChoice(quarters.first, quarters.last, quarters.chosen);
        view["show"] = secondaryButton("Compare");
        view["from"] = from;
        view["to"] = to;
        view["quarter"] = quarters.chosen.name();
        view["aboutChanges"] = compared.to->changes;
        view["hasChanges"] = !compared.changes.empty();
        view["changesTable"] = changesTable(compared);
        view["levelsText"] = levelsText(compared.impact);
        view["levelsTable"] = levelsTable(compared.impact);
        view["hasImpact"] = !compared.impact.items.empty();
        view["impactTable"] = impactTable(compared.impact);
    });
    return render(visit, "guide", std::move(view));
}

}  // namespace authority
