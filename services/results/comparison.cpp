#include "results/comparison.h"

#include <algorithm>
#include <set>

#include "values/errors.h"
#include "values/json.h"

namespace results {
namespace {

using delivery::Edition;
using guidance::Recommendation;
using guidance::Standard;
using platform::Account;
using platform::Statement;

const Statement kSelectDeclared("select declarations of an authority", Account::authority | Account::work, R"(
    SELECT recommendation, status, declared_on FROM declaration WHERE authority_id = ?
    ORDER BY recommendation, declared_on)");
const Statement kSelectOpenActions("select open actions of an authority", Account::authority | Account::work,
                                   R"(
    SELECT title FROM action WHERE authority_id = ? AND closed_on IS NULL ORDER BY title)");

std::string listed(const std::vector<std::string>& list) {
    std::string text;
    for (const auto& one : list) text += (text.empty() ? "" : ", ") + one;
    return text.empty() ? "none" : text;
}

std::string wordsOf(const Standard& standard) {
    return "at least " + measures::percent({std::llround(standard.atLeast * 10000), 10000}) + " of " +
           std::to_string(standard.minimumN) + " or more, " +
           (standard.isRequired ? "required" : "not required");
}

std::string wordsOf(const guidance::Intervention& one) {
    return std::to_string(one.expectedSessions) + " sessions expected, " +
           std::to_string(one.completerSessions()) + " for a completer, start within " +
           std::to_string(one.startWithinDays) + " days, supervision within " +
           std::to_string(one.supervisionWithinDays) + " days, fidelity from " +
           measures::percent({std::llround(one.fidelityThreshold * 10000), 10000}) +
           ", instruments: " + listed(one.instruments);
}

class Difference {
public:
    Difference(const Edition& before, const Edition& after)
        : before_(before.catalogue), after_(after.catalogue) {}

    std::vector<GuideChange> of(const std::string& guide) {
        const auto* was = before_.guide(guide);
        const auto* becomes = after_.guide(guide);
        if (was == nullptr || becomes == nullptr) return {};
        note("Title", was->title, becomes->title);
        for (const auto& id : idsOf(*was, *becomes)) {
            recommendation_ = id;
            const auto* named = find(*becomes, id) == nullptr ? find(*was, id) : find(*becomes, id);
            title_ = named->title;
            compare(find(*was, id), find(*becomes, id));
        }
        return std::move(changes_);
    }

private:
    static const Recommendation* find(const guidance::Guide& guide, const std::string& id) {
        const auto found = std::ranges::find(guide.recommendations, id, &Recommendation::id);
        return found == guide.recommendations.end() ? nullptr : &*found;
    }

    static std::vector<std::string> idsOf(const guidance::Guide& one, const guidance::Guide& two) {
        std::vector<std::string> ids;
        for (const auto* guide : {&one, &two})
            for (const auto& recommendation : guide->recommendations)
                if (std::ranges::find(ids, recommendation.id) == ids.end()) ids.push_back(recommendation.id);
        return ids;
    }

    void note(const std::string& where, const std::string& was, const std::string& becomes) {
        if (was != becomes) changes_.push_back({where, was, becomes, recommendation_});
    }

    void compare(const Recommendation* was, const Recommendation* becomes) {
        const auto& where = title_;
        if (was == nullptr || becomes == nullptr) {
            note(where, was == nullptr ? "" : was->title, becomes == nullptr ? "" : becomes->title);
            return;
        }
        note(where + ": wording", was->title, becomes->title);
        note(where + ": strength of evidence", was->strength, becomes->strength);
        note(where + ": for whom", was->population, becomes->population);
        note(where + ": interventions", listed(was->interventions), listed(becomes->interventions));
        std::set<std::string> names;
        for (const auto* one : {was, becomes})
            for (const auto& standard : one->standards) names.insert(standard.measure);
        for (const auto& name : names) {
            const auto text = [&](const Recommendation& one) {
                const auto found = std::ranges::find(one.standards, name, &Standard::measure);
                return found == one.standards.end() ? std::string() : wordsOf(*found);
            };
            note(where + ": " + after_.measureTitle(name), text(*was), text(*becomes));
            if (!text(*was).empty() && !text(*becomes).empty()) measure(name);
        }
        for (const auto& id : becomes->interventions) {
            const auto* old = before_.intervention(id);
            const auto* now = after_.intervention(id);
            if (old != nullptr && now != nullptr) note(now->name, wordsOf(*old), wordsOf(*now));
        }
    }

    void measure(const std::string& name) {
        const auto* old = before_.measure(name);
        const auto* now = after_.measure(name);
        if (old != nullptr && now != nullptr && old->definition != now->definition)
            note(after_.measureTitle(name) + ": definition",
                 "version " + old->version + ": " + old->explanation,
                 "version " + now->version + ": " + now->explanation);
    }

    const guidance::Catalogue& before_;
    const guidance::Catalogue& after_;
    std::string recommendation_;
    std::string title_;
    std::vector<GuideChange> changes_;
};

const RecommendationResult* judgedIn(const Report& report, const std::string& recommendation) {
    const auto found = std::ranges::find_if(report.recommendations, [&](const auto& judged) {
        return judged.recommendation->id == recommendation;
    });
    return found == report.recommendations.end() ? nullptr : &*found;
}

/// The levels of a guide's recommendations under both versions; those of the newer one first.
std::vector<Impact::Level> levelsUnder(const Report& before, const Report& after, const std::string& guide) {
    std::vector<Impact::Level> levels;
    for (const auto& judged : after.recommendations) {
        if (judged.guide->id != guide) continue;
        const auto* was = judgedIn(before, judged.recommendation->id);
        levels.push_back({judged.recommendation->id, judged.recommendation->title,
                          was == nullptr ? "" : measures::levelName(was->result.level),
                          measures::levelName(judged.result.level), judged.result.reasons});
    }
    for (const auto& judged : before.recommendations)
        if (judged.guide->id == guide && judgedIn(after, judged.recommendation->id) == nullptr)
            levels.push_back({judged.recommendation->id,
                              judged.recommendation->title,
                              measures::levelName(judged.result.level),
                              "",
                              {}});
    return levels;
}

}  // namespace

std::vector<GuideChange> changesBetween(const Edition& before, const Edition& after,
                                        const std::string& guide) {
    return Difference(before, after).of(guide);
}

GuideComparison compareGuides(platform::Transaction& tx, delivery::Catalogues& catalogues,
                              identity::AuthorityId authority, values::Quarter quarter,
                              const std::string& guide, const std::string& from, const std::string& to) {
    const auto before = reportOf(tx, catalogues, authority, quarter, Supposition{guide, from});
    const auto after = reportOf(tx, catalogues, authority, quarter, Supposition{guide, to});
    const auto version = [&](const std::string& wanted) {
        const auto versions = before.guidance->guidance.versionsOf(guide);
        return *std::ranges::find(versions, wanted, &guidance::Guide::version);
    };
    GuideComparison comparison{version(from),
                               version(to),
                               changesBetween(*before.edition, *after.edition, guide),
                               {},
                               before.guidance};
    auto& impact = comparison.impact;
    impact.levels = levelsUnder(before, after, guide);

    std::set<std::string> touched;
    for (const auto& change : comparison.changes)
        if (!change.recommendation.empty()) touched.insert(change.recommendation);
    for (const auto& level : impact.levels)
        if (level.was != level.becomes) touched.insert(level.recommendation);
    for (const auto& id : touched) {
        std::set<std::string> seen;
        for (const auto* report : {&before, &after}) {
            const auto* judged = judgedIn(*report, id);
            if (judged == nullptr) continue;
            for (const auto* list : {&judged->running, &judged->planned})
                for (const auto* service : *list)
                    if (seen.insert(service->reference).second)
                        impact.items.push_back(
                            {"service", service->name, id,
                             "Check with the team that " + service->name + " can meet the new version."});
        }
        const auto* now = judgedIn(after, id);
        if (now == nullptr) continue;
        for (const auto& standard : now->result.standards)
            if (standard.standard->isRequired && standard.status != measures::Status::met)
                impact.items.push_back(
                    {"standard", after.edition->catalogue.measureTitle(standard.standard->measure), id,
                     "Plan how this standard will be met: it is " + measures::statusName(standard.status) +
                         " under the new version."});
    }
    std::string last;
    for (auto rows = tx.query(kSelectDeclared, authority); rows.next();) {
        const auto id = rows.text(0);
        if (!touched.contains(id)) continue;
        if (id == last) impact.items.pop_back();  // an older declaration on the same recommendation
        last = id;
        impact.items.push_back({"declaration", rows.text(1) + ", " + rows.date(2).text(), id,
                                "Declare again: what was declared was about the earlier version."});
    }
    for (auto rows = tx.query(kSelectOpenActions, authority); rows.next();)
        for (const auto& id : touched)
            if (rows.text(0).find(id) != std::string::npos)
                impact.items.push_back({"action", rows.text(0), id, "Look whether this action still fits."});
    return comparison;
}

std::string GuideComparison::json() const {
    using nlohmann::ordered_json;
    const auto orNull = [](const std::string& text) {
        return text.empty() ? ordered_json() : ordered_json(text);
    };
    ordered_json out{{"guide", from->id},
                     {"from", from->version},
                     {"to", to->version},
                     {"changes", ordered_json::array()},
                     {"levels", ordered_json::array()},
                     {"impact", ordered_json::array()}};
    for (const auto& change : changes)
        out["changes"].push_back(
            {{"where", change.where}, {"was", orNull(change.was)}, {"becomes", orNull(change.becomes)}});
    for (const auto& level : impact.levels)
        out["levels"].push_back({{"recommendation", level.recommendation},
                                 {"was", orNull(level.was)},
                                 {"becomes", orNull(level.becomes)},
                                 {"reasons", level.reasons}});
    for (const auto& item : impact.items)
        out["impact"].push_back({{"kind", item.kind},
                                 {"name", item.name},
                                 {"recommendation", item.recommendation},
                                 {"task", item.task}});
    return out.dump(1);
}

}  // namespace results
