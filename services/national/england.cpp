// England's roll-up: all recommendations, and where one of them falls short.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "national/door.h"
#include "national/england_pages.h"
#include "national/parts.h"

namespace national {

using england::Grouping;
using england::LevelCounts;
using england::Rollup;
using entrance::row;
using entrance::table;
using entrance::Visit;
using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

const std::vector<std::string> kLevels{"delivered as intended", "partly delivered", "too little to judge",
                                       "planned", "not offered"};

std::vector<std::string> levelCells(const LevelCounts& counts) {
    std::vector<std::string> cells;
    for (const auto& level : kLevels) cells.push_back(std::to_string(counts.at(level)));
    return cells;
}

// all recommendations

/// What there is to see once somebody has signed.
struct LevelsOfAll {
    entrance::Field quarter;
    entrance::Field guide;
    std::string coverage;
    entrance::Table levels;

    View view() const {
        return {{"quarterChoice", quarter},
                {"guideChoice", guide},
                {"show", entrance::secondaryButton("Show")},
                {"coverage", coverage},
                {"levelsTable", levels}};
    }
};

struct EnglandPage {
    std::optional<LevelsOfAll> rollUp;

    View view() const { return {{"title", "England"}, {"rollUp", rollUp}}; }
};

entrance::Field guideChoice(const guidance::Catalogue& catalogue, const std::string& wanted) {
    std::vector<entrance::Option> guides{{"", "All guides"}};
    for (const auto& guide : catalogue.guides) guides.push_back({guide.id, guide.title});
    return entrance::choice("guide", "Guide", guides, wanted);
}

/// Of one guide, or of all where none is wanted.
entrance::Table levelsOfAll(const guidance::Catalogue& catalogue, const std::string& wanted,
                            const std::map<std::string, LevelCounts>& levels, const std::string& query) {
    std::vector<std::pair<const guidance::Recommendation*, LevelCounts>> lines;
    for (const auto& guide : catalogue.guides)
        for (const auto& one : guide.recommendations) {
            if (!wanted.empty() && guide.id != wanted) continue;
            const auto found = levels.find(one.id);
            lines.emplace_back(&one, found == levels.end() ? LevelCounts{"England", {}, 0} : found->second);
        }
    std::ranges::stable_sort(lines, {}, [](const auto& line) { return line.second.at(kLevels.front()); });
    std::vector<entrance::Row> rows;
    for (const auto& [recommendation, counts] : lines)
        rows.push_back({recommendation->title, levelCells(counts), "/england/" + recommendation->id + query});
    return table("levels", "Authorities by how they deliver each recommendation, least delivered first",
                 {"Recommendation", "As intended", "Partly", "Too little to judge", "Planned", "Not offered"},
                 rows);
}

// one recommendation

struct RecommendationPage {
    std::string title;
    std::string path;
    entrance::Field quarter;
    entrance::Field grouping;
    std::string coverage;
    entrance::Table levels;
    entrance::Table standards;
    std::vector<entrance::Link> links;  ///< to each standard by itself
    entrance::Link back;

    View view() const {
        return {{"title", title},
                {"path", path},
                {"quarterChoice", quarter},
                {"groupingChoice", grouping},
                {"show", entrance::secondaryButton("Show")},
                {"coverage", coverage},
                {"levelsTable", levels},
                {"standardsTable", standards},
                {"links", links},
                {"back", back}};
    }
};

entrance::Table levelsTable(const std::vector<LevelCounts>& groups) {
    std::vector<entrance::Row> rows;
    for (const auto& counts : groups) {
        auto cells = levelCells(counts);
        cells.insert(cells.begin(), std::to_string(counts.authorities));
        rows.push_back(row(counts.group, cells));
    }
    return table(
        "levels", "Authorities by level",
        {"Where", "Signed", "As intended", "Partly", "Too little to judge", "Planned", "Not offered"}, rows);
}

/// Places down, standards across. `shares`: of each standard.
entrance::Table standardsTable(const std::vector<std::string>& standards,
                               const std::vector<england::ShareTable>& shares) {
    std::set<std::string> groups;
    for (const auto& one : shares)
        for (const auto& group : one.groups) groups.insert(group.group);
    std::vector<entrance::Row> rows{row("England", {})};
    for (const auto& one : shares)
        rows.front().cells.push_back(one.england.authorities == 0 ? "–" : shareText(one.england));
    for (const auto& name : groups) {
        rows.push_back(row(name, {}));
        for (const auto& one : shares) {
            const auto* share = groupOf(one, name);
            rows.back().cells.push_back(share == nullptr ? "–" : shareText(*share));
        }
    }
    std::vector<std::string> headers{"Where"};
    headers.insert(headers.end(), standards.begin(), standards.end());
    return table("standards", "Its standards: whether it is dose, quality or something else", headers, rows);
}

/// Adds what the page says of its standards, by region or type.
void addStandards(Transaction& tx, RecommendationPage& page, const guidance::Catalogue& catalogue,
                  const guidance::Recommendation& recommendation, const Asked& asked, Grouping grouping) {
    std::vector<std::string> standards;
    std::vector<england::ShareTable> shares;
    for (const auto& standard : recommendation.standards) {
        const auto title = catalogue.measureTitle(standard.measure);
        standards.push_back(title + fmt::format(" (at least {:.0f}%{})", standard.atLeast * 100,
                                                standard.isRequired ? "" : ", not required"));
        shares.push_back(Rollup::share(tx, catalogue, asked.quarter, asked.quarter,
                                       recommendation.interventions, standard.measure, grouping));
        page.links.push_back({"/england/" + recommendation.id + "/measures/" +
                                  platform::segmentEncoded(standard.measure) + queryOf(asked),
                              title});
    }
    page.standards = standardsTable(standards, shares);
}

}  // namespace

Response Door::england(Visit& visit) {
    EnglandPage page;
    database_.read([&](Transaction& tx) {
        const auto asked = askedOf(tx, visit);
        if (!asked) return;
        const auto guidance = catalogues_.inForce(tx);  // keeps the edition
        const auto& catalogue = guidance->on(asked->quarter).catalogue;
        const auto wanted = entrance::valueOf(visit.request.query, "guide");
        page.rollUp = {quarterChoice(asked->quarters, asked->quarter), guideChoice(catalogue, wanted),
                       coverageText(tx, asked->quarter, clock_.today()),
                       levelsOfAll(catalogue, wanted, Rollup::levels(tx, asked->quarter), queryOf(*asked))};
    });
    return entrance_.render(visit, "national/england", page);
}

Response Door::recommendation(Visit& visit) {
    RecommendationPage page;
    database_.read([&](Transaction& tx) {
        const auto asked = requiredAsked(tx, visit);
        const auto guidance = catalogues_.inForce(tx);  // keeps what is found in it
        const auto& catalogue = guidance->on(asked.quarter).catalogue;
        const auto& found = recommendationOf(catalogue, visit.request.part("recommendation"));
        const auto grouping = asked.grouping == Grouping::authority ? Grouping::region : asked.grouping;
        page = {found.title,
                visit.request.path,
                quarterChoice(asked.quarters, asked.quarter),
                groupingChoice(asked, false),
                coverageText(tx, asked.quarter, clock_.today()),
                levelsTable(Rollup::levels(tx, asked.quarter, found.id, grouping)),
                {},
                {},
                {"/england?quarter=" + platform::urlEncoded(asked.quarter.name()), "Back to England"}};
        addStandards(tx, page, catalogue, found, asked, grouping);
    });
    return entrance_.render(visit, "national/recommendation", page);
}

}  // namespace national
