#include "authoring/drafts.h"

#include <algorithm>

#include "authoring/draft.h"
#include "measures/level.h"
#include "platform/file_writer.h"
#include "platform/log.h"
#include "platform/temporary_files.h"
#include "values/errors.h"
#include "values/json.h"

namespace authoring {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

constexpr auto kReaders = Account::national | Account::work;

const Statement kInsertDraft("begin a draft of a guide", Account::national, R"(
    INSERT INTO guidance_draft (id, guide, content, edition, problem, begun_at, begun_by, changed_at, changed_by)
    VALUES (?, ?, ?, 1, '', ?, ?, ?, ?))");
const Statement kSelectOpen("select the open draft of a guide", Account::national, R"(
    SELECT id FROM guidance_draft WHERE guide = ? AND state IN ('draft', 'asked') FOR UPDATE)");
const Statement kSelectDrafts("select drafts of guides", Account::national, R"(
    SELECT id, guide, '', edition, state, problem, begun_by, CAST(changed_at AS CHAR), changed_by FROM guidance_draft
    WHERE state <> 'discarded' ORDER BY changed_at DESC LIMIT 50)");
const Statement kSelectDraft("select a draft of a guide", Account::national, R"(
    SELECT id, guide, content, edition, state, problem, begun_by, CAST(changed_at AS CHAR), changed_by
    FROM guidance_draft WHERE id = ?)");
const Statement kSelectAsked("select a draft to be put in force", Account::work, R"(
    SELECT id, guide, content, edition, state, problem, begun_by, CAST(changed_at AS CHAR), changed_by
    FROM guidance_draft WHERE state = 'asked' ORDER BY changed_at LIMIT 1)");
const Statement kChange("change a draft of a guide", Account::national, R"(
    UPDATE guidance_draft SET content = ?, edition = edition + 1, problem = '', changed_at = ?, changed_by = ?
    WHERE id = ? AND edition = ? AND state = 'draft')");
const Statement kMove("move a draft of a guide on", Account::national, R"(
    UPDATE guidance_draft SET state = ?, problem = '', changed_at = ?, changed_by = ?
    WHERE id = ? AND edition = ? AND state = 'draft')");
const Statement kPublished("note that a draft is in force", Account::work, R"(
    UPDATE guidance_draft SET state = 'published', published_at = ? WHERE id = ? AND state = 'asked')");
const Statement kGivenBack(
    "give a draft back", Account::work,
    "UPDATE guidance_draft SET state = 'draft', problem = ? WHERE id = ? AND state = 'asked'");
const Statement kSelectNewestQuarter("select the newest quarter that anyone signed", Account::national,
                                     "SELECT MAX(quarter) FROM quarterly_return WHERE state = 'signed'");
const Statement kSelectCounts("select signed counts of every authority", Account::national, R"(
    SELECT one.authority_id, signed_count.intervention, signed_count.measure, signed_count.numerator,
           signed_count.denominator
    FROM quarterly_return AS one
    JOIN JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(60) CHARACTER SET ascii PATH '$')) AS wanted
    JOIN signed_count ON signed_count.return_id = one.id AND signed_count.intervention = wanted.id
    WHERE one.quarter = ? AND one.state = 'signed' AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed'))");
const Statement kSelectPlanned("select signed plans of every authority", Account::national, R"(
    SELECT one.authority_id, signed_level.recommendation, signed_level.level = 'planned'
    FROM quarterly_return AS one JOIN signed_level ON signed_level.return_id = one.id
    WHERE one.quarter = ? AND one.state = 'signed' AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed'))");

Draft draftOf(const platform::Rows& rows) {
    return {rows.id<Draft>(0), rows.text(1), rows.text(2), static_cast<int>(rows.number(3)),
            rows.text(4),      rows.text(5), rows.text(6), rows.text(7),
            rows.text(8)};
}

/// The whole catalogue with the draft in it. Throws Invalid with its problems, which name the draft as
/// `draft`.
guidance::LoadedCatalogue checked(Transaction& tx, delivery::Catalogues& catalogues, const Draft& draft) {
    // The catalogue's check reads files.
    const platform::TemporaryPlace file(".json");
    platform::writeFile(file.path(), exported(draft.content));
    try {
        return catalogues.check({file.path()}, delivery::Catalogues::keptText(tx));
    } catch (const values::Invalid& invalid) {
        auto problems = invalid.problems();
        for (auto& one : problems)
            if (one.where.file == file.path()) one.where.file = "draft";
        throw values::Invalid(std::move(problems));
    }
}

const guidance::Guide* newestOf(const guidance::Guidance& guidance, const std::string& guide) {
    const auto versions = guidance.versionsOf(guide);
    return versions.empty() ? nullptr : versions.back();
}

using Counts = std::map<std::int64_t, std::map<std::string, measures::Figures>>;

Counts countsOf(Transaction& tx, values::Quarter quarter, const std::vector<std::string>& interventions) {
    Counts counts;
    for (auto rows = tx.query(kSelectCounts, nlohmann::json(interventions).dump(), quarter); rows.next();)
        counts[rows.number(0)][rows.text(1)][rows.text(2)].parts.proportion = {rows.number(3),
                                                                               rows.number(4)};
    return counts;
}

std::string levelOf(const guidance::Recommendation& recommendation, const guidance::Catalogue& catalogue,
                    const std::map<std::string, measures::Figures>& counts, bool hasPlanned) {
    std::vector<const measures::Figures*> running;
    for (const auto& intervention : recommendation.interventions)
        if (const auto found = counts.find(intervention); found != counts.end())
            running.push_back(&found->second);
    return measures::levelName(measures::level(recommendation, catalogue, running, hasPlanned).level);
}

}  // namespace

values::Id<Draft> Drafts::begin(Transaction& tx, values::Ids& ids, const std::string& guide) {
    const auto content = nextVersionOf(delivery::Catalogues::keptText(tx), guide);
    auto open = tx.query(kSelectOpen, guide);
    if (open.next()) throw values::Conflict("A draft of this guide is open already: go on with that one.");
    const auto id = ids.next<Draft>();
    tx.run(kInsertDraft, id, guide, content, tx.now(), tx.actor().name, tx.now(), tx.actor().name);
    tx.audit("guide drafted", guide, id.text());
    return id;
}

std::vector<Draft> Drafts::all(Transaction& tx) {
    std::vector<Draft> all;
    for (auto rows = tx.query(kSelectDrafts); rows.next();) all.push_back(draftOf(rows));
    return all;
}

Draft Drafts::byId(Transaction& tx, values::Id<Draft> id) {
    auto rows = tx.query(kSelectDraft, id);
    if (!rows.next()) throw values::NotFound("no such draft");
    return draftOf(rows);
}

void Drafts::change(Transaction& tx, const Draft& draft, const std::string& content) {
    if (tx.run(kChange, content, tx.now(), tx.actor().name, draft.id, draft.edition) == 0)
        throw values::Conflict("Somebody else has changed this draft meanwhile. What they wrote is kept.");
    tx.audit("guide draft changed", draft.guide, "edition " + std::to_string(draft.edition + 1));
}

void Drafts::discard(Transaction& tx, const Draft& draft) {
    if (tx.run(kMove, "discarded", tx.now(), tx.actor().name, draft.id, draft.edition) == 0)
        throw values::Conflict("This draft is not open, or was changed meanwhile.");
    tx.audit("guide draft discarded", draft.guide, draft.id.text());
}

void Drafts::publish(Transaction& tx, delivery::Catalogues& catalogues, const Draft& draft,
                     values::Date today) {
    const auto form = formOf(draft.content);
    const auto from = values::Date::fromIso(form.effectiveFrom);
    if (!from) throw values::Conflict("Say from which day this version is in force.");
    if (*from <= today)
        throw values::Conflict(
            "Let it take effect on a day to come, so that nobody is judged by it before they could read it.");
    checked(tx, catalogues, draft);
    if (tx.run(kMove, "asked", tx.now(), tx.actor().name, draft.id, draft.edition) == 0)
        throw values::Conflict("This draft is not open, or was changed meanwhile.");
    tx.audit("guide version published", draft.guide, form.version + ", in force from " + form.effectiveFrom);
}

Review Drafts::review(Transaction& tx, delivery::Catalogues& catalogues, const Draft& draft) {
    Review review;
    guidance::LoadedCatalogue loaded;
    try {
        loaded = checked(tx, catalogues, draft);
    } catch (const values::Invalid& invalid) {
        review.problems = invalid.problems();
        return review;
    }
    const auto kept = catalogues.inForce(tx);
    const auto* was = newestOf(kept->guidance, draft.guide);
    const auto form = formOf(draft.content);
    const delivery::CatalogueInForce with("", loaded.guidance);
    auto newest = tx.query(kSelectNewestQuarter);
    if (newest.next() && !newest.isNull(0)) review.quarter = newest.quarter(0);
    const auto quarter = review.quarter.value_or(values::Quarter::containing(values::londonDate(tx.now())));
    const auto after = with.supposing(quarter, draft.guide, form.version);
    if (was == nullptr) return review;
    const auto before = kept->supposing(quarter, draft.guide, was->version);
    review.changes = results::changesBetween(*before, *after, draft.guide);
    if (!review.quarter) return review;

    const guidance::Guide* guideBefore = before->catalogue.guide(draft.guide);
    const guidance::Guide* guideAfter = after->catalogue.guide(draft.guide);
    std::vector<std::string> interventions;
    for (const auto* guide : {guideBefore, guideAfter})
        for (const auto& one : guide->recommendations)
            interventions.insert(interventions.end(), one.interventions.begin(), one.interventions.end());
    std::ranges::sort(interventions);
    interventions.erase(std::unique(interventions.begin(), interventions.end()), interventions.end());
    const auto counts = countsOf(tx, *review.quarter, interventions);
    std::map<std::int64_t, std::map<std::string, bool>> planned;
    for (auto rows = tx.query(kSelectPlanned, *review.quarter); rows.next();)
        planned[rows.number(0)][rows.text(1)] = rows.number(2) != 0;
    const auto shift = [&](const guidance::Recommendation& one, const guidance::Catalogue& catalogue,
                           std::map<std::string, std::size_t>& into) {
        static const std::map<std::string, measures::Figures> kNothing;
        for (const auto& [authority, plans] : planned) {
            const auto of = counts.find(authority);
            const auto plan = plans.find(one.id);
            ++into[levelOf(one, catalogue, of == counts.end() ? kNothing : of->second,
                           plan != plans.end() && plan->second)];
        }
    };
    const auto byId = [](const guidance::Guide& guide, const std::string& id) {
        const auto found = std::ranges::find(guide.recommendations, id, &guidance::Recommendation::id);
        return found == guide.recommendations.end() ? nullptr : &*found;
    };
    for (const auto& one : guideAfter->recommendations) {
        LevelShift moved{one.title, {}, {}};
        shift(one, after->catalogue, moved.after);
        if (const auto* old = byId(*guideBefore, one.id)) shift(*old, before->catalogue, moved.before);
        review.shifts.push_back(std::move(moved));
    }
    for (const auto& one : guideBefore->recommendations)
        if (byId(*guideAfter, one.id) == nullptr) {
            LevelShift gone{one.title, {}, {}};
            shift(one, before->catalogue, gone.before);
            review.shifts.push_back(std::move(gone));
        }
    return review;
}

bool Drafts::work(platform::Database& database, delivery::Catalogues& catalogues, values::Ids& ids) {
    std::optional<Draft> asked;
    database.read([&](Transaction& tx) {
        asked.reset();
        if (auto rows = tx.query(kSelectAsked); rows.next()) asked = draftOf(rows);
    });
    if (!asked) return false;
    std::string problem;
    try {
        database.inTransaction({asked->changedBy, std::nullopt, "worker"}, [&](Transaction& tx) {
            catalogues.load(tx, checked(tx, catalogues, *asked), ids);
            tx.run(kPublished, tx.now(), asked->id);
            tx.audit("guide version in force", asked->guide, asked->id.text());
        });
        return true;
    } catch (const values::Unavailable&) {
        throw;  // the database is away: the draft waits
    } catch (const values::Invalid& invalid) {
        problem = invalid.problems().front().wanted;
    } catch (const values::Conflict& conflict) {
        problem = conflict.what();
    }
    platform::logEvent(platform::LogLevel::warning, "authoring.given_back",
                       {{"draft", asked->id.text()}, {"what", problem}});
    database.derive([&](Transaction& tx) { tx.run(kGivenBack, problem, asked->id); });
    return true;
}

}  // namespace authoring
