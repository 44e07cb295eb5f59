#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "guidance/catalogue.h"
#include "releases/rules.h"
#include "values/quarter.h"

/// What England publishes: tables of a frozen snapshot of signed returns, made safe by rules that are data.
/// This file is pure: the same snapshot and rules give the same tables.
namespace releases {

/// One authority as it is named in open data, with the return that it is counted by.
struct AuthorityOf {
    std::string oldCode;  ///< three digits, which outlive changes of the other code
    std::string newCode;  ///< nine characters
    std::string name;
    std::string regionCode;
    std::string regionName;
    std::string returned;  ///< the signed return's id; empty where there is none
};

/// What one authority signed of one measure of one intervention.
struct SignedNumbers {
    std::int64_t numerator = 0;
    std::int64_t denominator = 0;
    double sum = 0;  ///< of a mean

    SignedNumbers& operator+=(const SignedNumbers& other) {
        numerator += other.numerator;
        denominator += other.denominator;
        sum += other.sum;
        return *this;
    }
};

/// Everything that a release is made of, frozen: the newest signed return of each authority of the quarter.
struct Snapshot {
    explicit Snapshot(values::Quarter of) : quarter(of) {}

    values::Quarter quarter;
    std::vector<AuthorityOf> authorities;  ///< by region's name, then their own
    /// By the authority's place above, intervention and measure.
    std::map<std::size_t, std::map<std::string, std::map<std::string, SignedNumbers>>> numbers;
    /// By place, intervention, measure and respondent.
    std::map<std::size_t, std::map<std::string, std::map<std::string, std::map<std::string, SignedNumbers>>>>
        byRespondent;
    std::map<std::size_t, std::map<std::string, std::string>> levels;  ///< by place and recommendation
    /// Of authorities that took over from others: the three digits of each predecessor.
    std::map<std::string, std::vector<std::string>> predecessors;
};

/// A way to slice a table; `items` in the order in which they are shown.
struct Filter {
    std::string name;
    std::string label;
    std::string hint;
    std::string chosen;  ///< the item that is shown first where there is no `Total`
    std::vector<std::string> items;
};

struct Indicator {
    std::string name;
    std::string label;
    std::string grouping;
    std::string unit;  ///< empty, or `%`
    int decimals = 0;
};

/// Where a row is about: `authority` is a place in the snapshot, for that level alone.
struct AreaOf {
    enum class Level { national, regional, authority };
    Level level = Level::national;
    std::string regionCode;
    std::string regionName;
    std::size_t authority = 0;
};

struct TableRow {
    std::size_t area;                 ///< place in `areas`
    std::vector<std::size_t> items;   ///< one of each filter
    std::vector<std::string> values;  ///< of each indicator: a plain number, or one of `c k u x z`
};

struct PublishedTable {
    std::string name;   ///< of its files
    std::string title;  ///< in one line
    std::string about;  ///< what it counts, in a sentence or two
    std::vector<Filter> filters;
    std::vector<Indicator> indicators;
    std::vector<TableRow> rows;
};

/// What disclosure control did, for the people who approve a release. Never published.
struct DisclosureReport {
    std::size_t counts = 0;
    std::size_t small = 0;   ///< hidden for their own sake
    std::size_t beside = 0;  ///< hidden for the sake of others
    /// Small counts that could be narrowed down too far, in words. A release that has any is not published.
    std::vector<std::string> unsafe;
    std::size_t earlierReleases = 0;  ///< looked at together with this one
};

struct BuiltTables {
    std::vector<AreaOf> areas;
    std::vector<PublishedTable> tables;
    DisclosureReport disclosure;
    /// What is hidden, by the code of its cell: `p` for its own sake, `s` for others', `w`
    /// withheld. For the next release.
    std::map<std::string, char> hidden;
};

/// A release of the same quarter that was public before, also where it was withdrawn: what it showed cannot
/// be unsaid.
struct EarlierRelease {
    Snapshot snapshot;
    RulePack rules;
    std::vector<std::string> tables;
    std::map<std::string, char> hidden;
    const guidance::Catalogue* catalogue;
};

/// A table that can be chosen.
struct TableKind {
    std::string name;
    std::string title;
    std::string about;
};
const std::vector<TableKind>& tableKinds();

/// Makes and protects the tables that are asked for, all of them together and together with what was public
/// before.
BuiltTables buildTables(const Snapshot& snapshot, const guidance::Catalogue& catalogue, const RulePack& rules,
                        const std::vector<std::string>& wanted,
                        const std::vector<EarlierRelease>& earlier = {});

}  // namespace releases
