#include <algorithm>

#include "authority/door.h"
#include "authority/quarters.h"
#include "authority/view.h"
#include "results/comparison.h"

namespace authority {
namespace {

using platform::Response;
using platform::Transaction;
using platform::View;
using Versions = std::vector<const guidance::Guide*>;

/// Two versions side by side, and what the second would mean here.
struct ComparedVersions {
    std::string from;
    std::string to;
    Field fromChoice;
    Field toChoice;
    Field quarterChoice;
    std::string quarter;
    std::string aboutChanges;  ///< in the guide's own words
    std::optional<Table> changesTable;
    std::string levelsText;
    Table levelsTable;
    std::optional<Table> impactTable;

    View view() const {
        return {{"fromChoice", fromChoice},
                {"toChoice", toChoice},
                {"quarterChoice", quarterChoice},
                {"show", secondaryButton("Compare")},
                {"from", from},
                {"to", to},
                {"quarter", quarter},
                {"aboutChanges", aboutChanges},
                {"changesTable", changesTable},
                {"levelsText", levelsText},
                {"levelsTable", levelsTable},
                {"impactTable", impactTable}};
    }
};

struct GuidePage {
    std::string title;
    std::string path;
    Table versionsTable;
    std::optional<ComparedVersions> compared;  ///< nothing where only one version is known
    Link back;

    View view() const {
        return {{"title", title},
                {"path", path},
                {"versionsTable", versionsTable},
                {"compared", compared},
                {"back", back}};
    }
};

std::string stateOf(const guidance::Guide& guide, const delivery::CatalogueInForce& inForce,
                    values::Date today) {
    if (guide.validity.from && *guide.validity.from > today) return "To come";
    const auto now = inForce.guidance.on(today);
    const auto* current = now.guide(guide.id);
    return current != nullptr && current->version == guide.version ? "In force" : "No longer in force";
}

Table versionsTable(const Versions& versions, const delivery::CatalogueInForce& inForce, values::Date today) {
    std::vector<Row> rows;
    for (const auto* one : versions)
        rows.push_back(
            row(one->version, {stateOf(*one, inForce, today),
                               one->validity.from ? one->validity.from->text() : "From the beginning",
                               one->changes.empty() ? "–" : one->changes}));
    return table("versions", "Versions", {"Version", "State", "Takes effect", "What it says it changed"},
                 rows);
}

std::optional<Table> changesTable(const results::GuideComparison& compared) {
    if (compared.changes.empty()) return std::nullopt;
    std::vector<Row> rows;
    for (const auto& change : compared.changes)
        rows.push_back(row(change.where, {change.was.empty() ? "–" : change.was,
                                          change.becomes.empty() ? "–" : change.becomes}));
    return table("changes-table", "Changes", {"Where", "Was", "Becomes"}, rows);
}

Table levelsTable(const results::Impact& impact) {
    std::vector<Row> rows;
    for (const auto& level : impact.levels) {
        const auto why = level.reasons.empty() ? "–" : level.reasons.front();
        rows.push_back(row(level.title,
                           {level.was.empty() ? "New recommendation" : sentence(level.was),
                            level.becomes.empty() ? "No longer recommended" : sentence(level.becomes), why}));
    }
    return table("levels-table", "Levels of your services", {"Recommendation", "Now", "Then", "Why"}, rows);
}

std::optional<Table> impactTable(const results::Impact& impact) {
    if (impact.items.empty()) return std::nullopt;
    std::vector<Row> rows;
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

ComparedVersions comparedVersions(const results::GuideComparison& compared, const Versions& versions,
                                  const Quarters& quarters) {
    std::vector<Option> options;
    for (const auto* one : versions) options.push_back({one->version, one->version});
    const auto& from = compared.from->version;
    const auto& to = compared.to->version;
    ComparedVersions shown;
    shown.from = from;
    shown.to = to;
    shown.fromChoice = choice("from", "From version", options, from);
    shown.toChoice = choice("to", "To version", options, to);
    shown.quarterChoice = quarterChoice(quarters);
    shown.quarter = quarters.chosen.name();
    shown.aboutChanges = compared.to->changes;
    shown.changesTable = changesTable(compared);
    shown.levelsText = levelsText(compared.impact);
    shown.levelsTable = levelsTable(compared.impact);
    shown.impactTable = impactTable(compared.impact);
    return shown;
}

}  // namespace

Response Door::guide(Visit& visit) {
    GuidePage page;
    database_.read([&](Transaction& tx) {
        const auto inForce = catalogues_.inForce(tx);
        const auto id = visit.request.part("guide");
        const auto versions = inForce->guidance.versionsOf(id);
        if (versions.empty()) throw values::NotFound("no such guide");
        const auto today = clock_.today();
        const auto quarters = quartersOf(tx, visit, today);
        page.title = versions.back()->title;
        page.path = visit.request.path;
        page.versionsTable = versionsTable(versions, *inForce, today);
        page.back = {"/?quarter=" + quarters.chosen.slug(), "Back to the guidance"};
        if (versions.size() < 2) return;
        values::Reader query(visit.request.query);
        const auto from = query.optionalText("from").value_or(versions[versions.size() - 2]->version);
        const auto to = query.optionalText("to").value_or(versions.back()->version);
        page.compared = comparedVersions(
            results::compareGuides(tx, catalogues_, visit.authority(), quarters.chosen, id, from, to),
            versions, quarters);
    });
    return render(visit, "guide", page);
}

}  // namespace authority
