#include "england/rollup.h"

#include <algorithm>
#include <cmath>

#include "england/people.h"
#include "statistics/quantile.h"
#include "statistics/rounding.h"
#include "values/errors.h"
#include "values/json.h"

namespace england {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;
using values::Proportion;
using values::Quarter;

// Of each authority and quarter the newest version that is signed.
const Statement kSelectQuarters("select quarters that anyone signed", Account::national, R"(
    SELECT DISTINCT quarter FROM quarterly_return WHERE state = 'signed' ORDER BY quarter DESC LIMIT 40)");
const Statement kSelectRegions("select regions", Account::national,
                               "SELECT code, name FROM region ORDER BY name");
const Statement kCountReturns("count signed returns of a quarter", Account::national, R"(
    SELECT COUNT(DISTINCT quarterly_return.authority_id),
           (SELECT COUNT(*) FROM authority WHERE (valid_from IS NULL OR valid_from <= ?) AND (valid_to IS NULL OR valid_to >= ?))
    FROM quarterly_return WHERE quarter = ? AND state = 'signed')");
const Statement kSelectLevels("select signed levels of a quarter", Account::national, R"(
    SELECT signed_level.recommendation, signed_level.level, authority.name, region.name, authority.type
    FROM quarterly_return AS one JOIN signed_level ON signed_level.return_id = one.id
    JOIN authority ON authority.id = one.authority_id JOIN region ON region.code = authority.region_code
    WHERE one.quarter = ? AND one.state = 'signed' AND (? IS NULL OR signed_level.recommendation = ?) AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed'))");
const Statement kSelectShares("select signed counts of a measure", Account::national, R"(
    SELECT authority.name, region.name, authority.type, SUM(signed_count.numerator), SUM(signed_count.denominator)
    FROM quarterly_return AS one
    JOIN JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(60) CHARACTER SET ascii PATH '$')) AS wanted
    JOIN signed_count ON signed_count.return_id = one.id AND signed_count.intervention = wanted.id
        AND signed_count.measure = ?
    JOIN authority ON authority.id = one.authority_id JOIN region ON region.code = authority.region_code
    WHERE one.quarter BETWEEN ? AND ? AND one.state = 'signed' AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed')
    GROUP BY authority.id, authority.name, region.name, authority.type HAVING SUM(signed_count.denominator) > 0
    ORDER BY authority.name)");
const Statement kSelectCategories("select signed counts of a breakdown", Account::national, R"(
    SELECT signed_group.category, SUM(signed_group.numerator), SUM(signed_group.denominator)
    FROM quarterly_return AS one
    JOIN JSON_TABLE(?, '$[*]' COLUMNS (id VARCHAR(60) CHARACTER SET ascii PATH '$')) AS wanted
    JOIN signed_group ON signed_group.return_id = one.id AND signed_group.measure = ? AND signed_group.breakdown = ?
        AND signed_group.intervention = wanted.id
    WHERE one.quarter BETWEEN ? AND ? AND one.state = 'signed' AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed')
    GROUP BY signed_group.category HAVING SUM(signed_group.denominator) > 0 ORDER BY signed_group.category)");
const Statement kSelectNeighbours("select statistical neighbours by name", Account::national, R"(
    SELECT edition, neighbour.name FROM statistical_neighbour
    JOIN authority ON authority.id = statistical_neighbour.authority_id
    JOIN authority AS neighbour ON neighbour.id = statistical_neighbour.neighbour_id
    WHERE authority.name = ? AND edition = (
        SELECT edition FROM statistical_neighbour ORDER BY loaded_at DESC, edition DESC LIMIT 1)
    ORDER BY statistical_neighbour.place)");
const Statement kSelectGroups(
    "select groups of authorities", Account::national,
    "SELECT id, title, members, made_by FROM authority_group ORDER BY title, id LIMIT 200");
const Statement kInsertGroup("make a group of authorities", Account::national, R"(
    INSERT INTO authority_group (id, title, members, made_at, made_by) VALUES (?, ?, ?, ?, ?))");
const Statement kDeleteGroup("remove a group of authorities", Account::national,
                             "DELETE FROM authority_group WHERE id = ?");

constexpr std::size_t kFewestForDeciles = 20;

/// The cells of one area: those that meet the measure, those that do not, and all.
struct Triple {
    std::size_t met;
    std::size_t unmet;
    std::size_t all;
};

/// Shares that are protected together.
class ShareCells {
public:
    Triple add(const Proportion& counts, std::int64_t base, int level, const std::string& code) {
        const auto cell = [&](std::int64_t value, const char* what) {
            statistics::CountCell one;
            one.value = value;
            one.base = base;
            one.level = level;
            one.code = code + what;
            cells_.push_back(std::move(one));
            return cells_.size() - 1;
        };
        const Triple made{cell(counts.numerator, " met"),
                          cell(counts.denominator - counts.numerator, " unmet"),
                          cell(counts.denominator, " all")};
        sums_.push_back({made.all, {made.met, made.unmet}});
        return made;
    }
    void addUp(const Triple& total, const std::vector<Triple>& parts) {
        for (const auto of : {&Triple::met, &Triple::unmet, &Triple::all}) {
            statistics::CountSum sum{total.*of, {}};
            for (const auto& part : parts) sum.parts.push_back(part.*of);
            sums_.push_back(std::move(sum));
        }
    }
    void protect() { made_ = statistics::protect(cells_, sums_, policy()); }

    ShownShare shown(const std::string& name, std::size_t authorities, const Triple& of) const {
        ShownShare share{name, authorities, false, false, {made_.published[of.met], made_.published[of.all]}};
        for (const auto cell : {of.met, of.unmet, of.all})
            share.isHidden = share.isHidden || made_.marks[cell] != statistics::Disclosure::Mark::shown ||
                             std::ranges::find(made_.unsafe, cell) != made_.unsafe.end();
        // Rounded apart, a part may seem larger than the whole.
        share.counts.numerator = std::min(share.counts.numerator, share.counts.denominator);
        share.isUnreliable = !share.isHidden && share.counts.denominator < kFewestCounted;
        return share;
    }

private:
    std::vector<statistics::CountCell> cells_;
    std::vector<statistics::CountSum> sums_;
    statistics::Disclosure made_;
};

/// How the authorities whose shares are shown are spread.
void addSpread(ShareTable& table, const std::vector<ShownShare>& authorities) {
    std::vector<double> values;
    for (const auto& one : authorities)
        if (!one.isHidden && !one.isUnreliable) values.push_back(*one.counts.value());
    table.quartiles.clear();
    table.deciles.clear();
    table.spreadOver = values.size();
    constexpr std::size_t kFewestInSpread = 5;
    if (values.size() >= kFewestInSpread)
        for (const double at : {0.0, 0.25, 0.5, 0.75, 1.0})
            table.quartiles.push_back(*statistics::quantile(values, at));
    if (values.size() >= kFewestForDeciles)
        for (int decile = 1; decile < 10; ++decile)
            table.deciles.push_back(*statistics::quantile(values, decile / 10.0));
}

/// Sums of units of one group, and of how many authorities.
struct UnitSums {
    Proportion counts;
    std::size_t authorities = 0;

    void add(const Proportion& more) {
        counts += more;
        ++authorities;
    }
};

/// Turns a share of the people behind a measure into the share of its units: whole per cent beside a rounded
/// number of people. The number of units would tell the number of people, as a multiple of it.
void turnIntoUnits(ShownShare& share, const UnitSums& of) {
    if (share.authorities != of.authorities) share.isHidden = true;  // there are some whom nothing counts
    const auto base = policy().wideBase;
    const Proportion rounded{statistics::roundedToBase(of.counts.numerator, base),
                             statistics::roundedToBase(of.counts.denominator, base)};
    const auto percent = statistics::roundedPercent(rounded, 0);
    if (!percent) share.isHidden = true;
    share.percentOfUnits = std::min<std::int64_t>(percent.value_or(0), 100);
    share.counts.numerator = std::llround(static_cast<double>(share.counts.denominator) *
                                          static_cast<double>(*share.percentOfUnits) / 100);
}

/// Hides what another measure of the same people hides.
void hideAlike(ShownShare& share, const ShownShare& other) {
    share.isHidden = share.isHidden || other.isHidden;
    share.isUnreliable = !share.isHidden && (share.isUnreliable || other.isUnreliable);
}

void hideAlike(ShareTable& table, const ShareTable& other) {
    hideAlike(table.england, other.england);
    for (auto& group : table.groups) {
        const auto same = std::ranges::find(other.groups, group.group, &ShownShare::group);
        if (same == other.groups.end()) group.isHidden = true;
        else hideAlike(group, *same);
    }
}

const std::string& groupOf(const UnitCounts& unit, Grouping grouping) {
    return grouping == Grouping::region ? unit.region
           : grouping == Grouping::type ? unit.type
                                        : unit.authority;
}

}  // namespace

std::optional<Grouping> groupingNamed(const std::string& name) {
    if (name == "region") return Grouping::region;
    if (name == "type") return Grouping::type;
    if (name == "authority") return Grouping::authority;
    return std::nullopt;
}

std::string groupingName(Grouping grouping) {
    return grouping == Grouping::region ? "region" : grouping == Grouping::type ? "type" : "authority";
}

const statistics::DisclosurePolicy& policy() {
    static const statistics::DisclosurePolicy one;
    return one;
}

std::map<Grouping, ShareTable> protectedTables(const std::vector<UnitCounts>& units) {
    ShareCells cells;
    Proportion everything;
    std::vector<Triple> ofUnits;
    for (const auto& unit : units) {
        everything.numerator += unit.counts.numerator;
        everything.denominator += unit.counts.denominator;
        ofUnits.push_back(cells.add(unit.counts, policy().localBase, 0, unit.authority));
    }
    const auto total = cells.add(everything, policy().wideBase, 2, "England");
    // Regions and types are protected together, whichever is shown: what one hides the other must not give
    // away.
    struct Group {
        std::string name;
        std::size_t members;
        Triple cells;
    };
    std::map<Grouping, std::vector<Group>> ofGroups;
    for (const auto hierarchy : {Grouping::region, Grouping::type}) {
        std::map<std::string, std::pair<Proportion, std::vector<Triple>>> groups;
        for (std::size_t i = 0; i < units.size(); ++i) {
            auto& [counts, members] = groups[groupOf(units[i], hierarchy)];
            counts.numerator += units[i].counts.numerator;
            counts.denominator += units[i].counts.denominator;
            members.push_back(ofUnits[i]);
        }
        std::vector<Triple> all;
        for (const auto& [group, of] : groups) {
            const auto made =
                cells.add(of.first, policy().wideBase, 1, groupingName(hierarchy) + " " + group);
            cells.addUp(made, of.second);
            all.push_back(made);
            ofGroups[hierarchy].push_back({group, of.second.size(), made});
        }
        cells.addUp(total, all);
    }
    cells.protect();
    ShareTable table{cells.shown("England", units.size(), total), {}, {}, 0, {}};
    std::vector<ShownShare> authorities;
    for (std::size_t i = 0; i < units.size(); ++i)
        authorities.push_back(cells.shown(units[i].authority, 1, ofUnits[i]));
    addSpread(table, authorities);
    std::map<Grouping, ShareTable> tables;
    for (const auto hierarchy : {Grouping::region, Grouping::type}) {
        tables[hierarchy] = table;
        for (const auto& one : ofGroups[hierarchy])
            tables[hierarchy].groups.push_back(cells.shown(one.name, one.members, one.cells));
    }
    table.groups = std::move(authorities);
    tables[Grouping::authority] = std::move(table);
    return tables;
}

ShareTable protectedShares(const std::vector<UnitCounts>& units, Grouping grouping) {
    return std::move(protectedTables(units).at(grouping));
}

std::map<Grouping, ShareTable> protectedTables(const std::vector<UnitCounts>& units,
                                               const std::vector<std::vector<UnitCounts>>& people) {
    auto tables = protectedTables(people.empty() ? units : people.front());
    std::vector<std::map<Grouping, ShareTable>> others;
    for (std::size_t i = 1; i < people.size(); ++i) others.push_back(protectedTables(people[i]));
    for (auto& [grouping, table] : tables) {
        for (const auto& other : others) hideAlike(table, other.at(grouping));
        UnitSums england;
        std::map<std::string, UnitSums> groups;
        for (const auto& unit : units) {
            england.add(unit.counts);
            groups[groupOf(unit, grouping)].add(unit.counts);
        }
        table.isOfUnits = true;
        turnIntoUnits(table.england, england);
        for (auto& group : table.groups) turnIntoUnits(group, groups[group.group]);
        if (!people.empty()) continue;
        table.england.isHidden = true;
        for (auto& group : table.groups) group.isHidden = true;
    }
    const auto authorities = tables.at(Grouping::authority).groups;
    for (auto& [grouping, table] : tables) addSpread(table, authorities);
    return tables;
}

std::vector<ShownShare> protectedCategories(const std::map<std::string, Proportion>& categories) {
    ShareCells cells;
    Proportion everything;
    std::vector<Triple> all;
    for (const auto& [category, counts] : categories) {
        everything += counts;
        all.push_back(cells.add(counts, policy().wideBase, 0, category));
    }
    cells.addUp(cells.add(everything, policy().wideBase, 1, "all"), all);
    cells.protect();
    std::vector<ShownShare> shown;
    for (const auto& [category, counts] : categories)
        shown.push_back(cells.shown(category, 0, all[shown.size()]));
    return shown;
}

std::vector<ShownShare> protectedCategories(const std::map<std::string, Proportion>& categories,
                                            const std::vector<std::map<std::string, Proportion>>& people) {
    auto shown = protectedCategories(people.empty() ? categories : people.front());
    for (std::size_t i = 1; i < people.size(); ++i) {
        const auto others = protectedCategories(people[i]);
        for (auto& one : shown) {
            const auto same = std::ranges::find(others, one.group, &ShownShare::group);
            if (same == others.end()) one.isHidden = true;
            else hideAlike(one, *same);
        }
    }
    for (auto& one : shown) {
        const auto units = categories.find(one.group);
        if (people.empty() || units == categories.end()) one.isHidden = true;
        turnIntoUnits(one, {units == categories.end() ? Proportion{} : units->second, one.authorities});
    }
    return shown;
}

GroupShare shareOfGroup(const ShareTable& byAuthority, const std::vector<std::string>& members) {
    GroupShare share{{}, 0, members.size(), byAuthority.isOfUnits};
    for (const auto& one : byAuthority.groups) {
        if (std::ranges::find(members, one.group) == members.end() || one.isHidden) continue;
        if (byAuthority.isOfUnits && one.isUnreliable) continue;  // its share is not shown
        share.counts += one.counts;
        ++share.shown;
    }
    return share;
}

std::vector<Quarter> Rollup::quarters(Transaction& tx) {
    std::vector<Quarter> all;
    for (auto rows = tx.query(kSelectQuarters); rows.next();) all.push_back(rows.quarter(0));
    return all;
}

std::vector<std::pair<std::string, std::string>> Rollup::regions(Transaction& tx) {
    std::vector<std::pair<std::string, std::string>> all;
    for (auto rows = tx.query(kSelectRegions); rows.next();) all.emplace_back(rows.text(0), rows.text(1));
    return all;
}

Coverage Rollup::coverage(Transaction& tx, Quarter quarter, values::Date today) {
    auto rows = tx.query(kCountReturns, today, today, quarter);
    rows.next();
    return {static_cast<std::size_t>(rows.number(0)), static_cast<std::size_t>(rows.number(1))};
}

std::map<std::string, LevelCounts> Rollup::levels(Transaction& tx, Quarter quarter) {
    std::map<std::string, LevelCounts> all;
    for (auto rows = tx.query(kSelectLevels, quarter, nullptr, nullptr); rows.next();) {
        auto& counts = all[rows.text(0)];
        counts.group = "England";
        ++counts.levels[rows.text(1)];
        ++counts.authorities;
    }
    return all;
}

std::vector<LevelCounts> Rollup::levels(Transaction& tx, Quarter quarter, const std::string& recommendation,
                                        Grouping grouping) {
    LevelCounts england{"England", {}, 0};
    std::map<std::string, LevelCounts> groups;
    for (auto rows = tx.query(kSelectLevels, quarter, recommendation, recommendation); rows.next();) {
        const UnitCounts unit{rows.text(2), rows.text(3), rows.text(4), {}};
        auto& group = groups[groupOf(unit, grouping)];
        group.group = groupOf(unit, grouping);
        for (auto* counts : {&england, &group}) {
            ++counts->levels[rows.text(1)];
            ++counts->authorities;
        }
    }
    std::vector<LevelCounts> all{england};
    for (auto& [name, counts] : groups) all.push_back(std::move(counts));
    return all;
}

std::map<Grouping, ShareTable> Rollup::shares(Transaction& tx, const guidance::Catalogue& catalogue,
                                              Quarter first, Quarter last,
                                              const std::vector<std::string>& interventions,
                                              const std::string& measure) {
    const auto countsOf = [&](const std::string& name) {
        std::vector<UnitCounts> units;
        for (auto rows = tx.query(kSelectShares, nlohmann::json(interventions).dump(), name, first, last);
             rows.next();)
            units.push_back({rows.text(0), rows.text(1), rows.text(2), {rows.number(3), rows.number(4)}});
        return units;
    };
    const auto behind = recordsBehind(catalogue, measure);
    if (behind == std::vector{measure}) return protectedTables(countsOf(measure));
    std::vector<std::vector<UnitCounts>> people;
    for (const auto& one : behind) people.push_back(countsOf(one));
    return protectedTables(countsOf(measure), people);
}

ShareTable Rollup::share(Transaction& tx, const guidance::Catalogue& catalogue, Quarter first, Quarter last,
                         const std::vector<std::string>& interventions, const std::string& measure,
                         Grouping grouping) {
    return std::move(shares(tx, catalogue, first, last, interventions, measure).at(grouping));
}

std::vector<ShownShare> Rollup::breakdown(Transaction& tx, const guidance::Catalogue& catalogue,
                                          Quarter first, Quarter last,
                                          const std::vector<std::string>& interventions,
                                          const std::string& measure, const std::string& breakdown) {
    const auto countsOf = [&](const std::string& name) {
        std::map<std::string, Proportion> categories;
        for (auto rows = tx.query(kSelectCategories, nlohmann::json(interventions).dump(), name, breakdown,
                                  first, last);
             rows.next();)
            categories[rows.text(0)] = {rows.number(1), rows.number(2)};
        return categories;
    };
    const auto behind = recordsBehind(catalogue, measure);
    if (behind == std::vector{measure}) return protectedCategories(countsOf(measure));
    std::vector<std::map<std::string, Proportion>> people;
    for (const auto& one : behind)
        if (std::ranges::find(catalogue.measure(one)->breakdowns, breakdown) !=
            catalogue.measure(one)->breakdowns.end())
            people.push_back(countsOf(one));
    return protectedCategories(countsOf(measure), people);
}

Neighbours neighboursOf(Transaction& tx, const std::string& authority) {
    Neighbours neighbours;
    for (auto rows = tx.query(kSelectNeighbours, authority); rows.next();) {
        neighbours.edition = rows.text(0);
        neighbours.names.push_back(rows.text(1));
    }
    return neighbours;
}

std::vector<AuthorityGroup> AuthorityGroups::all(Transaction& tx) {
    std::vector<AuthorityGroup> all;
    for (auto rows = tx.query(kSelectGroups); rows.next();)
        all.push_back(
            {rows.id<AuthorityGroup>(0), rows.text(1), values::parseJson(rows.text(2)), rows.text(3)});
    return all;
}

void AuthorityGroups::make(Transaction& tx, values::Ids& ids, const std::string& title,
                           const std::vector<std::string>& members) {
    if (members.size() < kFewestInGroup)
        throw values::Invalid({{{"", 0, "members"},
                                std::to_string(members.size()) + " chosen",
                                "Choose at least " + std::to_string(kFewestInGroup) + " authorities."}});
    tx.run(kInsertGroup, ids.next<AuthorityGroup>(), title, nlohmann::json(members).dump(), tx.now(),
           tx.actor().name);
    tx.audit("group of authorities made", title, nlohmann::json(members).dump());
}

void AuthorityGroups::remove(Transaction& tx, values::Id<AuthorityGroup> id) {
    if (tx.run(kDeleteGroup, id) == 0) throw values::NotFound("no such group");
    tx.audit("group of authorities removed", id.text());
}

}  // namespace england
