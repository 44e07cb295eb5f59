// England's roll-up: from all recommendations to one standard in one region.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "context/official_figures.h"
#include "delivery/authorities.h"
#include "england/rollup.h"
#include "entrance/view.h"
#include "measures/level.h"
#include "national/door.h"
#include "presentation/charts.h"

namespace national {

using england::Grouping;
using england::Rollup;
using entrance::row;
using entrance::table;
using entrance::Visit;
using nlohmann::json;
using platform::Response;
using platform::Transaction;
using values::Quarter;

namespace {

const std::vector<std::string> kLevels{"delivered as intended", "partly delivered", "too little to judge",
                                       "planned", "not offered"};

/// What the address asks for, with what it chooses from.
struct Asked {
    std::vector<Quarter> quarters;
    Quarter quarter;
    Grouping grouping;
};

std::optional<Asked> askedOf(Transaction& tx, const Visit& visit) {
    auto quarters = Rollup::quarters(tx);
    if (quarters.empty()) return std::nullopt;
    auto quarter =
        Quarter::parse(entrance::valueOf(visit.request.query, "quarter")).value_or(quarters.front());
    if (std::ranges::find(quarters, quarter) == quarters.end()) quarter = quarters.front();
    const auto grouping =
        england::groupingNamed(entrance::valueOf(visit.request.query, "by")).value_or(Grouping::region);
    return Asked{std::move(quarters), quarter, grouping};
}

json quarterChoice(const Asked& asked) {
    std::vector<entrance::Option> options;
    for (const auto quarter : asked.quarters)
        options.push_back({quarter.name(), quarter.name() + ", " + quarter.months()});
    return entrance::choice("quarter", "Quarter", options, asked.quarter.name());
}

json groupingChoice(const Asked& asked, bool hasAuthorities) {
    std::vector<entrance::Option> options{{"region", "Region"}, {"type", "Type of authority"}};
    if (hasAuthorities) options.push_back({"authority", "Authority, by name"});
    return entrance::choice("by", "By", options, england::groupingName(asked.grouping));
}

std::string coverageText(const england::Coverage& coverage, Quarter quarter) {
    return fmt::format(
        "{} of {} authorities have signed their return for {}. Nothing is estimated for the others.",
        coverage.signedReturns, coverage.authorities, quarter.name());
}

std::string shareText(const england::ShownShare& share) {
    if (share.isHidden) return "hidden (c)";
    if (share.isUnreliable) return "not reliable (u)";
    return measures::percent(share.counts);
}

std::string countText(const england::ShownShare& share) {
    return share.isHidden ? "–" : fmt::format("{} of {}", share.counts.numerator, share.counts.denominator);
}

std::string levelShare(const england::LevelCounts& counts, const std::string& level) {
    return std::to_string(counts.at(level));
}

std::string queryOf(const Asked& asked) {
    return "?quarter=" + platform::urlEncoded(asked.quarter.name()) +
           "&by=" + england::groupingName(asked.grouping);
}

const guidance::Recommendation* recommendationOf(const guidance::Catalogue& catalogue,
                                                 const std::string& id) {
    for (const auto& guide : catalogue.guides)
        for (const auto& one : guide.recommendations)
            if (one.id == id) return &one;
    return nullptr;
}

std::string spreadText(const england::ShareTable& shares) {
    if (shares.quartiles.empty()) return "Too few authorities to show how it is spread.";
    return fmt::format(
        "Of {} authorities with enough to show: half lie between {:.0f}% and {:.0f}%, the middle at {:.0f}%. "
        "Those whose "
        "counts are hidden are left out, and are often those near all or nothing.",
        shares.spreadOver, shares.quartiles[1] * 100, shares.quartiles[3] * 100, shares.quartiles[2] * 100);
}

std::string breakdownText(const std::string& name) {
    auto text = name;
    std::ranges::replace(text, '_', ' ');
    return text;
}

/// England by the categories of one breakdown, where one is chosen.
template <class Of>
void addBreakdown(json& view, const guidance::Measure& measure, const std::string& chosen, const Of& of) {
    if (measure.breakdowns.empty()) return;
    std::vector<entrance::Option> options{{"", "None"}};
    for (const auto& one : measure.breakdowns) options.push_back({one, breakdownText(one)});
    view["breakdownChoice"] = entrance::choice("breakdown", "England by", options, chosen);
    if (std::ranges::find(measure.breakdowns, chosen) == measure.breakdowns.end()) return;
    json rows = json::array();
    for (const auto& one : of(chosen))
        rows.push_back(row(one.group.empty() ? "Not recorded" : entrance::sentence(one.group),
                           {shareText(one), countText(one)}));
    view["breakdownTable"] = table("breakdown", "England by " + breakdownText(chosen),
                                   {"Group", "Share", "Counts, rounded"}, rows);
}

/// A published figure beside the measure, at England and its regions. It is part of no level.
void addOfficial(json& view, Transaction& tx, const std::string& chosen, values::Instant now,
                 const england::ShareTable& byRegion) {
    std::vector<entrance::Option> options{{"", "None"}};
    for (const auto& one : context::OfficialFigures::choices(tx, now))
        options.push_back({one.key, one.label + ", " + one.title});
    if (options.size() == 1) return;
    view["officialChoice"] = entrance::choice("official", "Official figure beside it", options, chosen);
    const auto series = context::OfficialFigures::series(tx, chosen, now);
    if (!series) return;
    const auto published = [&](const std::string& code) {
        const auto found = series->byPlace.find(code);
        return found == series->byPlace.end() ? std::string("–") : found->second;
    };
    json rows = json::array({row("England", {shareText(byRegion.england), published("E92000001")})});
    for (const auto& [code, name] : Rollup::regions(tx)) {
        const auto own = std::ranges::find(byRegion.groups, name, &england::ShownShare::group);
        rows.push_back(
            row(name, {own == byRegion.groups.end() ? "not signed (x)" : shareText(*own), published(code)}));
    }
    view["officialTable"] =
        table("official", series->label + (series->unit.empty() ? "" : " (" + series->unit + ")"),
              {"Where", "This measure", "Official figure"}, rows);
    view["officialText"] = series->title + (series->filters.empty() ? "" : ", " + series->filters) + ". " +
                           series->period + ". Source: " + series->source + ", loaded " +
                           entrance::instantText(series->loadedAt) +
                           ". It stands beside delivery, and is part of no level.";
}

/// One authority beside those that are most like it, where one is chosen.
void addNeighbours(json& view, Transaction& tx, const england::ShareTable& byAuthority,
                   const std::string& chosen) {
    std::vector<entrance::Option> options{{"", "None"}};
    for (const auto& one : byAuthority.groups) options.push_back({one.group, one.group});
    view["nearChoice"] = entrance::choice("near", "Beside its statistical neighbours", options, chosen);
    const auto own = std::ranges::find(byAuthority.groups, chosen, &england::ShownShare::group);
    if (own == byAuthority.groups.end()) return;
    const auto neighbours = england::neighboursOf(tx, chosen);
    if (neighbours.names.empty()) {
        view["neighboursText"] = "No model of statistical neighbours that knows " + chosen + " is loaded.";
        return;
    }
    json rows = json::array({row(chosen, {shareText(*own), countText(*own)})});
    for (const auto& name : neighbours.names) {
        const auto found = std::ranges::find(byAuthority.groups, name, &england::ShownShare::group);
        rows.push_back(found == byAuthority.groups.end() ? row(name, {"not signed (x)", "–"})
                                                         : row(name, {shareText(*found), countText(*found)}));
    }
    view["neighboursTable"] =
        table("neighbours", chosen + " and its statistical neighbours, the most like it first",
              {"Authority", "Share", "Counts, rounded"}, rows);
    view["neighboursText"] =
        "Model " + neighbours.edition + ". Likeness is of circumstances, not of practice.";
}

}  // namespace

Response Door::england(Visit& visit) {
    json view{{"title", "England"}};
    database_.read([&](Transaction& tx) {
        const auto asked = askedOf(tx, visit);
        view["isEmpty"] = !asked.has_value();
        if (!asked) return;
        const auto guidance = catalogues_.inForce(tx);  // keeps the edition
        const auto& edition = guidance->on(asked->quarter);
        const auto levels = Rollup::levels(tx, asked->quarter);
        struct Line {
            const guidance::Recommendation* recommendation;
            england::LevelCounts counts;
        };
        std::vector<Line> lines;
        const auto wanted = entrance::valueOf(visit.request.query, "guide");
        std::vector<entrance::Option> guides{{"", "All guides"}};
        for (const auto& guide : edition.catalogue.guides) guides.push_back({guide.id, guide.title});
        view["guideChoice"] = entrance::choice("guide", "Guide", guides, wanted);
        for (const auto& guide : edition.catalogue.guides)
            for (const auto& one : guide.recommendations) {
                if (!wanted.empty() && guide.id != wanted) continue;
                const auto found = levels.find(one.id);
                lines.push_back(
                    {&one, found == levels.end() ? england::LevelCounts{"England", {}, 0} : found->second});
            }
        std::ranges::stable_sort(lines, {},
                                 [](const Line& line) { return line.counts.at("delivered as intended"); });
        json rows = json::array();
        for (const auto& [recommendation, counts] : lines) {
            std::vector<std::string> cells;
            for (const auto& level : kLevels) cells.push_back(levelShare(counts, level));
            auto entry = row(recommendation->title, cells);
            entry["href"] = "/england/" + recommendation->id + queryOf(*asked);
            rows.push_back(std::move(entry));
        }
        view["quarterChoice"] = quarterChoice(*asked);
        view["show"] = entrance::secondaryButton("Show");
        view["coverage"] = coverageText(Rollup::coverage(tx, asked->quarter, clock_.today()), asked->quarter);
        view["levelsTable"] = table(
            "levels", "Authorities by how they deliver each recommendation, least delivered first",
            {"Recommendation", "As intended", "Partly", "Too little to judge", "Planned", "Not offered"},
            rows);
    });
    return entrance_.render(visit, "national/england", std::move(view));
}

Response Door::recommendation(Visit& visit) {
    const auto id = visit.request.part("recommendation");
    json view;
    database_.read([&](Transaction& tx) {
        const auto asked = askedOf(tx, visit);
        if (!asked) throw values::NotFound("no such recommendation");
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto& catalogue = guidance->on(asked->quarter).catalogue;
        const auto* found = recommendationOf(catalogue, id);
        if (found == nullptr) throw values::NotFound("no such recommendation");
        view = {
            {"title", found->title},
            {"path", visit.request.path},
            {"quarterChoice", quarterChoice(*asked)},
            {"groupingChoice", groupingChoice(*asked, false)},
            {"show", entrance::secondaryButton("Show")},
            {"coverage", coverageText(Rollup::coverage(tx, asked->quarter, clock_.today()), asked->quarter)},
            {"back",
             {{"href", "/england?quarter=" + platform::urlEncoded(asked->quarter.name())},
              {"text", "Back to England"}}}};
        const auto grouping = asked->grouping == Grouping::authority ? Grouping::region : asked->grouping;
        json levels = json::array();
        for (const auto& counts : Rollup::levels(tx, asked->quarter, id, grouping)) {
            std::vector<std::string> cells{std::to_string(counts.authorities)};
            for (const auto& level : kLevels) cells.push_back(levelShare(counts, level));
            levels.push_back(row(counts.group, cells));
        }
        view["levelsTable"] = table(
            "levels", "Authorities by level",
            {"Where", "Signed", "As intended", "Partly", "Too little to judge", "Planned", "Not offered"},
            levels);
        std::vector<std::string> headers{"Where"};
        std::vector<england::ShareTable> shares;
        json links = json::array();
        for (const auto& standard : found->standards) {
            headers.push_back(catalogue.measureTitle(standard.measure) +
                              fmt::format(" (at least {:.0f}%{})", standard.atLeast * 100,
                                          standard.isRequired ? "" : ", not required"));
            shares.push_back(Rollup::share(tx, asked->quarter, asked->quarter, found->interventions,
                                           standard.measure, grouping));
            links.push_back({{"href", "/england/" + id + "/measures/" +
                                          platform::segmentEncoded(standard.measure) + queryOf(*asked)},
                             {"text", catalogue.measureTitle(standard.measure)}});
        }
        std::vector<std::string> groups;
        for (const auto& one : shares)
            for (const auto& group : one.groups)
                if (std::ranges::find(groups, group.group) == groups.end()) groups.push_back(group.group);
        std::ranges::sort(groups);
        json rows = json::array();
        const auto line = [&](const std::string& name, const auto& of) {
            std::vector<std::string> cells;
            for (const auto& one : shares) {
                const auto* share = of(one);
                cells.push_back(share == nullptr ? "–" : shareText(*share));
            }
            rows.push_back(row(name, cells));
        };
        line("England", [](const england::ShareTable& one) {
            return one.england.authorities == 0 ? nullptr : &one.england;
        });
        for (const auto& name : groups)
            line(name, [&](const england::ShareTable& one) -> const england::ShownShare* {
                const auto group = std::ranges::find(one.groups, name, &england::ShownShare::group);
                return group == one.groups.end() ? nullptr : &*group;
            });
        view["hasStandards"] = !found->standards.empty();
        view["standardsTable"] =
            table("standards", "Its standards: whether it is dose, quality or something else", headers, rows);
        view["links"] = links;
    });
    return entrance_.render(visit, "national/recommendation", std::move(view));
}

Response Door::measure(Visit& visit) {
    const auto id = visit.request.part("recommendation");
    const auto name = visit.request.part("measure");
    const auto said = [&](const char* field) { return entrance::valueOf(visit.request.query, field); };
    json view;
    database_.read([&](Transaction& tx) {
        const auto asked = askedOf(tx, visit);
        if (!asked) throw values::NotFound("no such recommendation");
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto& catalogue = guidance->on(asked->quarter).catalogue;
        const auto* found = recommendationOf(catalogue, id);
        if (found == nullptr) throw values::NotFound("no such recommendation");
        const auto* measure = catalogue.measure(name);
        if (measure == nullptr || !measure->isShare()) throw values::NotFound("no such measure");
        const auto title = catalogue.measureTitle(name);
        const bool isYear = said("run") == "year";
        auto first = asked->quarter;
        for (int i = 0; isYear && i < 3; ++i) first = first.previous();
        const auto& interventions = found->interventions;
        const auto tables = Rollup::shares(tx, first, asked->quarter, interventions, name);
        const auto& shares = tables.at(asked->grouping);
        const auto& byAuthority = tables.at(Grouping::authority);
        const auto& byRegion = tables.at(Grouping::region);
        json rows = json::array();
        const auto add = [&](const england::ShownShare& one) {
            rows.push_back(row(one.group, {std::to_string(one.authorities), shareText(one), countText(one)}));
        };
        add(shares.england);
        auto groups = shares.groups;
        const bool isRanked = said("order") == "share";
        if (isRanked)  // those without a share last
            std::ranges::stable_sort(groups, std::ranges::greater(), [](const england::ShownShare& one) {
                return one.isHidden || one.isUnreliable ? -1 : one.counts.value().value_or(-1);
            });
        for (const auto& one : groups) add(one);
        for (const auto& group : england::AuthorityGroups::all(tx)) {
            const auto share = england::shareOfGroup(byAuthority, group.members);
            const bool isEnough = share.counts.denominator >= england::kFewestCounted;
            rows.push_back(row("Group: " + group.title,
                               {fmt::format("{} of {}", share.shown, share.members),
                                isEnough ? measures::percent(share.counts) : "not reliable (u)",
                                fmt::format("{} of {}", share.counts.numerator, share.counts.denominator)}));
        }
        std::vector<values::Proportion> units;
        for (const auto& one : byAuthority.groups)
            if (!one.isHidden && !one.isUnreliable) units.push_back(one.counts);
        json course = json::array();
        std::vector<presentation::DecilesOfQuarter> deciles;
        auto oldestFirst = asked->quarters;
        std::ranges::reverse(oldestFirst);
        for (const auto quarter : oldestFirst) {
            const auto then = Rollup::share(tx, quarter, quarter, interventions, name, Grouping::region);
            course.push_back(row(
                quarter.name(),
                {std::to_string(then.england.authorities), shareText(then.england), countText(then.england),
                 then.quartiles.empty() ? "–" : fmt::format("{:.0f}%", then.quartiles[2] * 100)}));
            if (!then.deciles.empty()) deciles.push_back({quarter.name(), then.deciles});
        }
        view = {
            {"title", title},
            {"recommendation", found->title},
            {"explanation", measure->explanation},
            {"path", visit.request.path},
            {"quarterChoice", quarterChoice(*asked)},
            {"runChoice",
             entrance::choice("run", "Over", {{"", "This quarter"}, {"year", "Four quarters up to it"}},
                              said("run"))},
            {"groupingChoice", groupingChoice(*asked, true)},
            {"orderChoice", entrance::choice("order", "In the order of", {{"", "Names"}, {"share", "Shares"}},
                                             said("order"))},
            {"show", entrance::secondaryButton("Show")},
            {"spread", spreadText(shares)},
            {"coverage", coverageText(Rollup::coverage(tx, asked->quarter, clock_.today()), asked->quarter)},
            {"charts",
             {presentation::englandFunnelChart(units, title),
              presentation::englandDecilesChart(deciles, title)}},
            {"back", {{"href", "/england/" + id + queryOf(*asked)}, {"text", "Back to the recommendation"}}}};
        view["sharesTable"] = table(
            "shares",
            isRanked ? "Where it stands, highest share first: an order, not a judgement" : "Where it stands",
            {"Where", "Authorities", "Share", "Counts, rounded"}, rows);
        view["courseTable"] =
            table("course", "England quarter by quarter",
                  {"Quarter", "Authorities", "Share", "Counts, rounded", "Middle authority"}, course);
        addBreakdown(view, *measure, said("breakdown"), [&](const std::string& breakdown) {
            return Rollup::breakdown(tx, first, asked->quarter, interventions, name, breakdown);
        });
        addNeighbours(view, tx, byAuthority, said("near"));
        addOfficial(view, tx, said("official"), clock_.now(), byRegion);
    });
    return entrance_.render(visit, "national/measure", std::move(view));
}

Response Door::groups(Visit& visit) {
    json view{{"title", "Groups of authorities"}};
    database_.read([&](Transaction& tx) {
        view["groups"] = json::array();
        for (const auto& one : england::AuthorityGroups::all(tx)) {
            std::string members;
            for (const auto& name : one.members) members += (members.empty() ? "" : ", ") + name;
            view["groups"].push_back({{"text", one.title},
                                      {"members", members},
                                      {"by", one.madeBy},
                                      {"remove", {{"path", "/groups/" + one.id.text() + "/remove"}}}});
        }
        std::vector<entrance::Box> boxes;
        for (const auto& [code, name] : delivery::Authorities::names(tx, clock_.today()))
            boxes.push_back({"member." + name, name, "",
                             entrance::valueOf(visit.request.form, "member." + name) == "yes"});
        view["members"] = entrance::checkboxes("members", "Authorities", boxes, visit.problems);
    });
    view["hasGroups"] = !view["groups"].empty();
    view["name"] =
        entrance::input({"name", "Name of the group", entrance::valueOf(visit.request.form, "name"), "text",
                         "Every analyst sees it"},
                        visit.problems);
    view["make"] = entrance::button("Make the group");
    view["back"] = {{"href", "/england"}, {"text", "Back to England"}};
    if (!visit.problems.empty()) view["summaryOfErrors"] = entrance::errorSummary(visit.problems);
    return entrance_.render(visit, "national/groups", std::move(view));
}

Response Door::makeGroup(Visit& visit) {
    values::Reader form(visit.request.form);
    const auto name = form.text("name", "a name");
    form.refuseProblems();
    return once(visit, [&](Transaction& tx) {
        std::vector<std::string> members;
        for (const auto& [code, one] : delivery::Authorities::names(tx, clock_.today()))
            if (entrance::valueOf(visit.request.form, "member." + one) == "yes") members.push_back(one);
        england::AuthorityGroups::make(tx, ids_, name, members);
        return std::string("/groups");
    });
}

Response Door::removeGroup(Visit& visit) {
    return once(visit, [&](Transaction& tx) {
        england::AuthorityGroups::remove(tx, visit.request.partId<england::AuthorityGroup>("group"));
        return std::string("/groups");
    });
}

}  // namespace national
