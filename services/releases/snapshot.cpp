#include "releases/snapshot.h"

#include <fmt/format.h>

#include <algorithm>

#include "values/json.h"

namespace releases {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kSelectPlaces("select authorities of a quarter's end", Account::work, R"(
    SELECT LPAD(authority.id, 3, '0'), code.code, authority.name, region.code, region.name
    FROM authority JOIN region ON region.code = authority.region_code
    JOIN authority_code AS code ON code.authority_id = authority.id
    WHERE (authority.valid_from IS NULL OR authority.valid_from <= ?)
        AND (authority.valid_to IS NULL OR authority.valid_to >= ?)
        AND (code.valid_from IS NULL OR code.valid_from <= ?) AND (code.valid_to IS NULL OR code.valid_to >= ?)
    ORDER BY region.name, authority.name)");
const Statement kSelectNewest("select newest signed returns of a quarter", Account::work, R"(
    SELECT LPAD(one.authority_id, 3, '0'), one.id FROM quarterly_return AS one
    WHERE one.quarter = ? AND one.state = 'signed' AND NOT EXISTS (
        SELECT 1 FROM quarterly_return AS later WHERE later.authority_id = one.authority_id
            AND later.quarter = one.quarter AND later.version > one.version AND later.state = 'signed'))");
const Statement kSelectSuccession("select who took over from whom", Account::work, R"(
    SELECT LPAD(successor_id, 3, '0'), LPAD(predecessor_id, 3, '0') FROM authority_succession)");
const Statement kSelectNumbers("select signed counts of returns", Account::work, R"(
    SELECT wanted.place, signed_count.intervention, signed_count.measure, signed_count.numerator,
           signed_count.denominator, signed_count.value_sum
    FROM JSON_TABLE(?, '$[*]' COLUMNS (place INT PATH '$.place', id CHAR(32) CHARACTER SET ascii PATH '$.id')) AS wanted
    JOIN signed_count ON signed_count.return_id = UNHEX(wanted.id))");
const Statement kSelectGroups("select signed counts by respondent", Account::work, R"(
    SELECT wanted.place, signed_group.intervention, signed_group.measure, signed_group.category,
           signed_group.numerator, signed_group.denominator
    FROM JSON_TABLE(?, '$[*]' COLUMNS (place INT PATH '$.place', id CHAR(32) CHARACTER SET ascii PATH '$.id')) AS wanted
    JOIN signed_group ON signed_group.return_id = UNHEX(wanted.id) AND signed_group.measure LIKE 'outcome\_%'
        AND signed_group.breakdown = 'respondent')");
const Statement kSelectLevels("select signed levels of returns", Account::work, R"(
    SELECT wanted.place, signed_level.recommendation, signed_level.level
    FROM JSON_TABLE(?, '$[*]' COLUMNS (place INT PATH '$.place', id CHAR(32) CHARACTER SET ascii PATH '$.id')) AS wanted
    JOIN signed_level ON signed_level.return_id = UNHEX(wanted.id))");
const Statement kCountQuality("count corrections and late returns", Account::work, R"(
    SELECT COALESCE(SUM(one.version > 1), 0),
           COALESCE(SUM((SELECT MIN(first.signed_at) FROM quarterly_return AS first
               WHERE first.authority_id = one.authority_id AND first.quarter = one.quarter) > ?), 0)
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) CHARACTER SET ascii PATH '$.id')) AS wanted
    JOIN quarterly_return AS one ON one.id = UNHEX(wanted.id))");

struct SignedReturn;

std::string listOf(const Snapshot& snapshot) {
    auto list = nlohmann::json::array();
    for (std::size_t i = 0; i < snapshot.authorities.size(); ++i)
        if (!snapshot.authorities[i].returned.empty())
            list.push_back({{"place", i}, {"id", snapshot.authorities[i].returned}});
    return list.dump();
}

}  // namespace

Snapshot snapshotOf(Transaction& tx, values::Quarter quarter,
                    const std::map<std::string, std::string>& returnsByAuthority) {
    Snapshot snapshot(quarter);
    const auto day = quarter.last();
    for (auto rows = tx.query(kSelectPlaces, day, day, day, day); rows.next();) {
        AuthorityOf one{rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), ""};
        if (const auto found = returnsByAuthority.find(one.oldCode); found != returnsByAuthority.end())
            one.returned = found->second;
        snapshot.authorities.push_back(std::move(one));
    }
    for (auto rows = tx.query(kSelectSuccession); rows.next();)
        snapshot.predecessors[rows.text(0)].push_back(rows.text(1));
    const auto list = listOf(snapshot);
    const auto place = [](const platform::Rows& rows) { return static_cast<std::size_t>(rows.number(0)); };
    for (auto rows = tx.query(kSelectNumbers, list); rows.next();)
        snapshot.numbers[place(rows)][rows.text(1)][rows.text(2)] = {rows.number(3), rows.number(4),
                                                                     rows.decimal(5)};
    for (auto rows = tx.query(kSelectGroups, list); rows.next();)
        snapshot.byRespondent[place(rows)][rows.text(1)][rows.text(2)][rows.text(3)] = {rows.number(4),
                                                                                        rows.number(5), 0};
    for (auto rows = tx.query(kSelectLevels, list); rows.next();)
        snapshot.levels[place(rows)][rows.text(1)] = rows.text(2);
    return snapshot;
}

Snapshot snapshotNow(Transaction& tx, values::Quarter quarter) {
    std::map<std::string, std::string> returns;
    for (auto rows = tx.query(kSelectNewest, quarter); rows.next();)
        returns[rows.text(0)] = rows.id<SignedReturn>(1).text();
    return snapshotOf(tx, quarter, returns);
}

Quality qualityOf(Transaction& tx, const Snapshot& snapshot, int dueDays) {
    Quality quality;
    for (const auto& one : snapshot.authorities) {
        auto& [in, all] = quality.byRegion[one.regionName];
        ++all;
        ++quality.authorities;
        if (one.returned.empty()) {
            quality.missing.push_back(one.name);
            continue;
        }
        ++in;
        ++quality.returned;
    }
    auto rows = tx.query(kCountQuality, snapshot.quarter.last().plusDays(dueDays + 1), listOf(snapshot));
    rows.next();
    quality.corrections = static_cast<std::size_t>(rows.number(0));
    quality.late = static_cast<std::size_t>(rows.number(1));
    return quality;
}

std::vector<std::string> Quality::words() const {
    std::vector<std::string> words{
        fmt::format("{} of {} local authorities signed a return.", returned, authorities)};
    for (const auto& [region, counts] : byRegion)
        words.push_back(fmt::format("{}: {} of {}.", region, counts.first, counts.second));
    words.push_back(
        fmt::format("{} of the returns correct an earlier one; {} were first signed after the day "
                    "on which they were due.",
                    corrections, late));
    if (!missing.empty()) {
        std::string names;
        for (const auto& name : missing) names += (names.empty() ? "" : ", ") + name;
        words.push_back("Without a signed return: " + names + ".");
    }
    return words;
}

}  // namespace releases
