// One measure of a recommendation over England: where it stands, its course, and what may stand beside it.
#include <fmt/format.h>

#include <algorithm>

#include "context/official_figures.h"
#include "england/people.h"
#include "measures/level.h"
#include "national/door.h"
#include "national/england_pages.h"
#include "national/parts.h"
#include "presentation/charts.h"

namespace national {

using england::Grouping;
using england::Rollup;
using england::ShareTable;
using england::ShownShare;
using entrance::row;
using entrance::table;
using entrance::Visit;
using platform::Response;
using platform::Transaction;
using platform::View;
using values::Quarter;

namespace {

/// What may stand beside a measure: chosen above it, shown below it once it is chosen.
struct Beside {
    entrance::Field choice;
    std::optional<entrance::Table> shown;
    std::string words;

    View view() const { return {{"shown", shown}, {"words", words}}; }
};

struct MeasurePage {
    std::string recommendation;
    std::string title;
    std::string explanation;
    std::string path;
    std::vector<entrance::Field> choices;
    std::string coverage;
    entrance::Table shares;
    std::string spread;
    std::vector<Beside> beside;
    std::vector<presentation::Chart> charts;
    entrance::Table course;
    entrance::Link back;

    View view() const {
        auto fields = choices;
        for (const auto& one : beside) fields.push_back(one.choice);
        return {{"recommendation", recommendation},
                {"title", title},
                {"explanation", explanation},
                {"path", path},
                {"choices", fields},
                {"show", entrance::secondaryButton("Show")},
                {"coverage", coverage},
                {"sharesTable", shares},
                {"spread", spread},
                {"beside", beside},
                {"charts", charts},
                {"courseTable", course},
                {"back", back}};
    }
};

/// What the address asks of which measure.
struct Question {
    Asked asked;
    const guidance::Catalogue& catalogue;
    const guidance::Recommendation& recommendation;
    const guidance::Measure& measure;
    std::string name;  ///< of the measure, with its instrument where it has one
    std::string title;
    bool isYear;    ///< four quarters up to the one that was asked for
    bool isRanked;  ///< by share, not by name
    const values::Fields& query;

    std::string said(const char* field) const { return entrance::valueOf(query, field); }
    Quarter first() const {
        auto first = asked.quarter;
        for (int i = 0; isYear && i < 3; ++i) first = first.previous();
        return first;
    }
};

/// Throws NotFound. `catalogue` must outlive the question.
Question questionOf(const Visit& visit, const guidance::Catalogue& catalogue, Asked asked) {
    const auto& query = visit.request.query;
    const auto name = visit.request.part("measure");
    const auto& recommendation = recommendationOf(catalogue, visit.request.part("recommendation"));
    const auto* measure = catalogue.measure(name);
    if (measure == nullptr || !measure->isShare()) throw values::NotFound("no such measure");
    return {std::move(asked),
            catalogue,
            recommendation,
            *measure,
            name,
            catalogue.measureTitle(name),
            entrance::valueOf(query, "run") == "year",
            entrance::valueOf(query, "order") == "share",
            query};
}

std::vector<entrance::Field> choicesOf(const Question& question) {
    return {quarterChoice(question.asked.quarters, question.asked.quarter),
            entrance::choice("run", "Over", {{"", "This quarter"}, {"year", "Four quarters up to it"}},
                             question.said("run")),
            groupingChoice(question.asked, true),
            entrance::choice("order", "In the order of", {{"", "Names"}, {"share", "Shares"}},
                             question.said("order"))};
}

entrance::Row shareRow(const ShownShare& one) {
    return row(one.group, {std::to_string(one.authorities), shareText(one), countText(one)});
}

entrance::Row groupRow(const england::AuthorityGroup& group, const ShareTable& byAuthority) {
    const auto share = england::shareOfGroup(byAuthority, group.members);
    const bool isEnough = share.counts.denominator >= england::kFewestCounted;
    return row("Group: " + group.title,
               {fmt::format("{} of {}", share.shown, share.members),
                isEnough ? measures::percent(share.counts) : "not reliable (u)",
                share.isOfUnits ? fmt::format("of {}", share.counts.denominator)
                                : fmt::format("{} of {}", share.counts.numerator, share.counts.denominator)});
}

/// The highest share first; those without one last.
void rank(std::vector<ShownShare>& groups) {
    std::ranges::stable_sort(groups, std::ranges::greater(), [](const ShownShare& one) {
        return one.isHidden || one.isUnreliable ? -1 : one.counts.value().value_or(-1);
    });
}

/// England, its groups, then those that analysts made up.
entrance::Table sharesTable(Transaction& tx, const ShareTable& shares, const ShareTable& byAuthority,
                            bool isRanked) {
    auto groups = shares.groups;
    if (isRanked) rank(groups);
    std::vector<entrance::Row> rows{shareRow(shares.england)};
    for (const auto& one : groups) rows.push_back(shareRow(one));
    for (const auto& group : england::AuthorityGroups::all(tx)) rows.push_back(groupRow(group, byAuthority));
    return table(
        "shares",
        isRanked ? "Where it stands, highest share first: an order, not a judgement" : "Where it stands",
        {"Where", "Authorities", "Share", "Counts, rounded"}, rows);
}

std::string spreadText(const ShareTable& shares) {
    if (shares.quartiles.empty()) return "Too few authorities to show how it is spread.";
    return fmt::format(
        "Of {} authorities with enough to show: half lie between {:.0f}% and {:.0f}%, the middle at {:.0f}%. "
        "Those whose counts are hidden are left out, and are often those near all or nothing.",
        shares.spreadOver, shares.quartiles[1] * 100, shares.quartiles[3] * 100, shares.quartiles[2] * 100);
}

/// England by the categories of one breakdown.
std::optional<Beside> breakdownOf(Transaction& tx, const Question& question) {
    const auto& names = question.measure.breakdowns;
    if (names.empty()) return std::nullopt;
    const auto wordsOf = [](std::string name) {
        std::ranges::replace(name, '_', ' ');
        return name;
    };
    const auto chosen = question.said("breakdown");
    std::vector<entrance::Option> options{{"", "None"}};
    for (const auto& one : names) options.push_back({one, wordsOf(one)});
    Beside beside{entrance::choice("breakdown", "England by", options, chosen), {}, ""};
    if (std::ranges::find(names, chosen) == names.end()) return beside;
    std::vector<entrance::Row> rows;
    for (const auto& one : Rollup::breakdown(tx, question.catalogue, question.first(), question.asked.quarter,
                                             question.recommendation.interventions, question.name, chosen))
        rows.push_back(row(one.group.empty() ? "Not recorded" : entrance::sentence(one.group),
                           {shareText(one), countText(one)}));
    beside.shown =
        table("breakdown", "England by " + wordsOf(chosen), {"Group", "Share", "Counts, rounded"}, rows);
    return beside;
}

/// One authority and those that are most like it.
Beside neighboursOf(Transaction& tx, const ShareTable& byAuthority, const std::string& chosen) {
    std::vector<entrance::Option> options{{"", "None"}};
    for (const auto& one : byAuthority.groups) options.push_back({one.group, one.group});
    Beside beside{entrance::choice("near", "Beside its statistical neighbours", options, chosen), {}, ""};
    const auto* own = groupOf(byAuthority, chosen);
    if (own == nullptr) return beside;
    const auto neighbours = england::neighboursOf(tx, chosen);
    if (neighbours.names.empty()) {
        beside.words = "No model of statistical neighbours that knows " + chosen + " is loaded.";
        return beside;
    }
    std::vector<entrance::Row> rows{row(chosen, {shareText(*own), countText(*own)})};
    for (const auto& name : neighbours.names) {
        const auto* found = groupOf(byAuthority, name);
        rows.push_back(found == nullptr ? row(name, {"not signed (x)", "–"})
                                        : row(name, {shareText(*found), countText(*found)}));
    }
    beside.shown = table("neighbours", chosen + " and its statistical neighbours, the most like it first",
                         {"Authority", "Share", "Counts, rounded"}, rows);
    beside.words = "Model " + neighbours.edition + ". Likeness is of circumstances, not of practice.";
    return beside;
}

std::string wordsOf(const context::OfficialSeries& series) {
    return series.title + (series.filters.empty() ? "" : ", " + series.filters) + ". " + series.period +
           ". Source: " + series.source + ", loaded " + entrance::instantText(series.loadedAt) +
           ". It stands beside delivery, and is part of no level.";
}

/// A published figure beside the measure, at England and its regions; nothing where none is loaded.
std::optional<Beside> officialOf(Transaction& tx, const ShareTable& byRegion, const std::string& chosen,
                                 values::Instant now) {
    std::vector<entrance::Option> options{{"", "None"}};
    for (const auto& one : context::OfficialFigures::choices(tx, now))
        options.push_back({one.key, one.label + ", " + one.title});
    if (options.size() == 1) return std::nullopt;
    Beside beside{entrance::choice("official", "Official figure beside it", options, chosen), {}, ""};
    const auto series = context::OfficialFigures::series(tx, chosen, now);
    if (!series) return beside;
    const auto published = [&](const std::string& code) {
        const auto found = series->byPlace.find(code);
        return found == series->byPlace.end() ? std::string("–") : found->second;
    };
    std::vector<entrance::Row> rows{row("England", {shareText(byRegion.england), published("E92000001")})};
    for (const auto& [code, name] : Rollup::regions(tx)) {
        const auto* own = groupOf(byRegion, name);
        rows.push_back(row(name, {own == nullptr ? "not signed (x)" : shareText(*own), published(code)}));
    }
    beside.shown = table("official", series->label + (series->unit.empty() ? "" : " (" + series->unit + ")"),
                         {"Where", "This measure", "Official figure"}, rows);
    beside.words = wordsOf(*series);
    return beside;
}

/// Adds England quarter by quarter, as a table and as deciles, beside this quarter's funnel.
void addCourse(Transaction& tx, MeasurePage& page, const Question& question, const ShareTable& byAuthority) {
    std::vector<values::Proportion> units;
    for (const auto& one : byAuthority.groups)
        if (!one.isHidden && !one.isUnreliable) units.push_back(one.counts);
    std::vector<entrance::Row> course;
    std::vector<presentation::DecilesOfQuarter> deciles;
    auto oldestFirst = question.asked.quarters;
    std::ranges::reverse(oldestFirst);
    for (const auto quarter : oldestFirst) {
        const auto then =
            Rollup::share(tx, question.catalogue, quarter, quarter, question.recommendation.interventions,
                          question.name, Grouping::region);
        course.push_back(
            row(quarter.name(),
                {std::to_string(then.england.authorities), shareText(then.england), countText(then.england),
                 then.quartiles.empty() ? "–" : fmt::format("{:.0f}%", then.quartiles[2] * 100)}));
        if (!then.deciles.empty()) deciles.push_back({quarter.name(), then.deciles});
    }
    page.charts = {presentation::englandFunnelChart(units, question.title),
                   presentation::englandDecilesChart(deciles, question.title)};
    page.course = table("course", "England quarter by quarter",
                        {"Quarter", "Authorities", "Share", "Counts, rounded", "Middle authority"}, course);
}

/// What stands beside the share of a measure that sums units, such as sessions; empty for any other.
std::string wordsOnUnits(const Question& question, const ShareTable& shares) {
    if (!shares.isOfUnits) return "";
    const auto behind = england::recordsBehind(question.catalogue, question.name);
    if (behind.empty())
        return " Nothing counts the people behind it, so it is hidden here: " + question.measure.unit +
               " could give them away.";
    return " The share is of " + question.measure.unit + ". Beside it stands how many " +
           question.catalogue.measure(behind.front())->unit +
           " it is of; where these are few it is hidden, however many " + question.measure.unit +
           " there are.";
}

MeasurePage pageOf(Transaction& tx, const Question& question, values::Instant now) {
    const auto tables = Rollup::shares(tx, question.catalogue, question.first(), question.asked.quarter,
                                       question.recommendation.interventions, question.name);
    const auto& shares = tables.at(question.asked.grouping);
    const auto& byAuthority = tables.at(Grouping::authority);
    MeasurePage page;
    page.recommendation = question.recommendation.title;
    page.title = question.title;
    page.explanation = question.measure.explanation + wordsOnUnits(question, byAuthority);
    page.choices = choicesOf(question);
    page.shares = sharesTable(tx, shares, byAuthority, question.isRanked);
    page.spread = spreadText(shares);
    if (auto breakdown = breakdownOf(tx, question)) page.beside.push_back(std::move(*breakdown));
    page.beside.push_back(neighboursOf(tx, byAuthority, question.said("near")));
    if (auto official = officialOf(tx, tables.at(Grouping::region), question.said("official"), now))
        page.beside.push_back(std::move(*official));
    addCourse(tx, page, question, byAuthority);
    page.back = {"/england/" + question.recommendation.id + queryOf(question.asked),
                 "Back to the recommendation"};
    return page;
}

}  // namespace

Response Door::measure(Visit& visit) {
    MeasurePage page;
    database_.read([&](Transaction& tx) {
        auto asked = requiredAsked(tx, visit);
        const auto quarter = asked.quarter;
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto& catalogue = guidance->on(quarter).catalogue;
        page = pageOf(tx, questionOf(visit, catalogue, std::move(asked)), clock_.now());
        page.path = visit.request.path;
        page.coverage = coverageText(tx, quarter, clock_.today());
    });
    return entrance_.render(visit, "national/measure", page);
}

}  // namespace national
