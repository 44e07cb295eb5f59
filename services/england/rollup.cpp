#include "england/rollup.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "statistics/quantile.h"

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

/// The cells of one area: those that meet the measure, those that do not, and all.
struct Triple {
    std::size_t met;
    std::size_t unmet;
    std::size_t all;
};

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

ShareTable protectedShares(const std::vector<UnitCounts>& units, Grouping grouping) {
    std::vector<statistics::CountCell> cells;
    std::vector<statistics::CountSum> sums;
    const auto add = [&](const Proportion& counts, std::int64_t base, int level, const std::string& code) {
        const Triple made{cells.size(), cells.size() + 1, cells.size() + 2};
        cells.push_back({counts.numerator, base, level, code + " met", false});
        cells.push_back({counts.denominator - counts.numerator, base, level, code + " unmet", false});
        cells.push_back({counts.denominator, base, level, code + " all", false});
        sums.push_back({made.all, {made.met, made.unmet}});
        return made;
    };
    const auto addUp = [&](const Triple& total, const std::vector<Triple>& parts) {
        statistics::CountSum met{total.met, {}};
        statistics::CountSum unmet{total.unmet, {}};
        statistics::CountSum all{total.all, {}};
        for (const auto& part : parts) {
            met.parts.push_back(part.met);
            unmet.parts.push_back(part.unmet);
            all.parts.push_back(part.all);
        }
        sums.push_back(met);
        sums.push_back(unmet);
        sums.push_back(all);
    };
    Proportion everything;
    std::vector<Triple> ofUnits;
    for (const auto& unit : units) {
        everything.numerator += unit.counts.numerator;
        everything.denominator += unit.counts.denominator;
        ofUnits.push_back(add(unit.counts, policy().localBase, 0, unit.authority));
    }
    const auto total = add(everything, policy().wideBase, 2, "England");
    // Regions and types are protected together, whichever is shown: what one hides the other must not give
    // away.
    std::map<std::string, Triple> ofGroups;
    std::map<std::string, std::size_t> counted;
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
            const auto made = add(of.first, policy().wideBase, 1, groupingName(hierarchy) + " " + group);
            addUp(made, of.second);
            all.push_back(made);
            if (hierarchy != grouping) continue;
            ofGroups.emplace(group, made);
            counted[group] = of.second.size();
        }
        addUp(total, all);
    }
    const auto made = statistics::protect(cells, sums, policy());
    const auto shown = [&](const std::string& name, std::size_t authorities, const Triple& of) {
        using Mark = statistics::Disclosure::Mark;
        ShownShare share{name, authorities, false, false, {made.published[of.met], made.published[of.all]}};
        for (const auto cell : {of.met, of.unmet, of.all})
            share.isHidden = share.isHidden || made.marks[cell] != Mark::shown ||
                             std::ranges::find(made.unsafe, cell) != made.unsafe.end();
        // Rounded apart, a part may seem larger than the whole.
        share.counts.numerator = std::min(share.counts.numerator, share.counts.denominator);
        share.isUnreliable = !share.isHidden && share.counts.denominator < kFewestCounted;
        return share;
    };
    ShareTable table{shown("England", units.size(), total), {}, {}, 0};
    std::vector<double> values;
    for (std::size_t i = 0; i < units.size(); ++i) {
        auto one = shown(units[i].authority, 1, ofUnits[i]);
        if (!one.isHidden && !one.isUnreliable) values.push_back(*one.counts.value());
        if (grouping == Grouping::authority) table.groups.push_back(std::move(one));
    }
    for (const auto& [group, of] : ofGroups) table.groups.push_back(shown(group, counted[group], of));
    table.spreadOver = values.size();
    constexpr std::size_t kFewestInSpread = 5;
    if (values.size() >= kFewestInSpread)
        for (const double at : {0.0, 0.25, 0.5, 0.75, 1.0})
            table.quartiles.push_back(*statistics::quantile(values, at));
    return table;
}

std::vector<Quarter> Rollup::quarters(Transaction& tx) {
    std::vector<Quarter> all;
    for (auto rows = tx.query(kSelectQuarters); rows.next();) all.push_back(rows.quarter(0));
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

ShareTable Rollup::share(Transaction& tx, Quarter first, Quarter last,
                         const std::vector<std::string>& interventions, const std::string& measure,
                         Grouping grouping) {
    std::vector<UnitCounts> units;
    for (auto rows = tx.query(kSelectShares, nlohmann::json(interventions).dump(), measure, first, last);
         rows.next();)
        units.push_back({rows.text(0), rows.text(1), rows.text(2), {rows.number(3), rows.number(4)}});
    return protectedShares(units, grouping);
}

}  // namespace england
