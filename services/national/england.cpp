// England's roll-up: from all recommendations to one standard in one region.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "context/official_figures.h"
#include "england/rollup.h"
#include "entrance/view.h"
#include "measures/level.h"
#include "national/door.h"

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
        "Of {} authorities with enough to show: half lie between {:.0f}% and {:.0f}%, the middle at {:.0f}%.",
        shares.spreadOver, shares.quartiles[1] * 100, shares.quartiles[3] * 100, shares.quartiles[2] * 100);
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
        for (const auto& guide : edition.catalogue.guides)
            for (const auto& one : guide.recommendations) {
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
        const auto shares =
            Rollup::share(tx, asked->quarter, asked->quarter, found->interventions, name, asked->grouping);
        json rows = json::array();
        const auto add = [&](const england::ShownShare& one) {
            rows.push_back(row(one.group, {std::to_string(one.authorities), shareText(one), countText(one)}));
        };
        add(shares.england);
        for (const auto& one : shares.groups) add(one);
        json course = json::array();
        auto oldestFirst = asked->quarters;
        std::ranges::reverse(oldestFirst);
        for (const auto quarter : oldestFirst) {
            const auto then =
                Rollup::share(tx, quarter, quarter, found->interventions, name, Grouping::region);
            course.push_back(row(
                quarter.name(),
                {std::to_string(then.england.authorities), shareText(then.england), countText(then.england),
                 then.quartiles.empty() ? "–" : fmt::format("{:.0f}%", then.quartiles[2] * 100)}));
        }
        view = {
            {"title", catalogue.measureTitle(name)},
            {"recommendation", found->title},
            {"explanation", measure->explanation},
            {"path", visit.request.path},
            {"quarterChoice", quarterChoice(*asked)},
            {"groupingChoice", groupingChoice(*asked, true)},
            {"show", entrance::secondaryButton("Show")},
            {"spread", spreadText(shares)},
            {"coverage", coverageText(Rollup::coverage(tx, asked->quarter, clock_.today()), asked->quarter)},
            {"back", {{"href", "/england/" + id + queryOf(*asked)}, {"text", "Back to the recommendation"}}}};
        view["sharesTable"] =
            table("shares", "Where it stands", {"Where", "Authorities", "Share", "Counts, rounded"}, rows);
        view["courseTable"] =
            table("course", "England quarter by quarter",
                  {"Quarter", "Authorities", "Share", "Counts, rounded", "Middle authority"}, course);
    });
    return entrance_.render(visit, "national/measure", std::move(view));
}

Response Door::context(Visit& visit) {
    json view{{"title", "Official figures"}, {"datasets", json::array()}};
    database_.read([&](Transaction& tx) {
        json rows = json::array();
        for (const auto& one : context::OfficialFigures::known(tx, clock_.now()))
            rows.push_back(row(
                one.title, {one.source, std::to_string(one.figures), entrance::instantText(one.loadedAt)}));
        view["hasDatasets"] = !rows.empty();
        view["datasetsTable"] = table("datasets", "Published files that are loaded",
                                      {"File", "Source", "Figures", "Loaded"}, rows);
    });
    return entrance_.render(visit, "national/context", std::move(view));
}

}  // namespace national
