#include "releases/cells.h"

#include <algorithm>
#include <set>

#include "statistics/rounding.h"

namespace releases {
namespace {

using statistics::CountCell;
using Mark = statistics::Disclosure::Mark;

/// The returns that a count of an area rests on: the same ones give the same count.
std::vector<std::string> restsOn(const Snapshot& snapshot, const AreaOf& area) {
    std::vector<std::string> returns;
    for (std::size_t i = 0; i < snapshot.authorities.size(); ++i) {
        const auto& one = snapshot.authorities[i];
        const bool isIn = area.level == AreaOf::Level::national ||
                          (area.level == AreaOf::Level::regional && one.regionCode == area.regionCode) ||
                          (area.level == AreaOf::Level::authority && area.authority == i);
        if (isIn && !one.returned.empty()) returns.push_back(one.returned);
    }
    std::ranges::sort(returns);
    return returns;
}

/// A mark as a release keeps it for the next one.
Mark markOf(char letter) {
    return letter == 'p' ? Mark::primary : letter == 's' ? Mark::secondary : Mark::withheld;
}

std::string nameOf(const Snapshot& snapshot, const AreaOf& area) {
    return area.level == AreaOf::Level::national   ? "England"
           : area.level == AreaOf::Level::regional ? area.regionName
                                                   : snapshot.authorities[area.authority].name;
}

}  // namespace

CellSet::CellSet(const Snapshot& snapshot, const std::vector<AreaOf>& areas, const RulePack& rules)
    : snapshot_(snapshot), areas_(areas), rules_(rules), under_(areas.size()) {
    for (std::size_t i = 0; i < areas.size(); ++i)
        for (std::size_t j = 0; j < areas.size(); ++j) {
            const bool isRegion =
                areas[i].level == AreaOf::Level::national && areas[j].level == AreaOf::Level::regional;
            const bool isAuthority =
                areas[i].level == AreaOf::Level::regional && areas[j].level == AreaOf::Level::authority &&
                snapshot.authorities[areas[j].authority].regionCode == areas[i].regionCode;
            if (isRegion || isAuthority) under_[i].push_back(j);
        }
}

std::int64_t CellSet::baseOf(std::size_t area) const {
    return areas_[area].level == AreaOf::Level::authority ? rules_.policy.localBase : rules_.policy.wideBase;
}

std::size_t CellSet::addCell(const std::string& code, std::int64_t value, std::size_t area, bool ofTotal,
                             Shown shown) {
    const auto level = areas_[area].level;
    CountCell cell;
    cell.value = value;
    cell.base = baseOf(area);
    cell.level = level == AreaOf::Level::national   ? 3
                 : level == AreaOf::Level::regional ? 2
                 : ofTotal                          ? 1
                                                    : 0;
    cell.code = code + ", " + nameOf(snapshot_, areas_[area]);
    // A table's region together, and England apart: `practice_guide_pathway|E12000001`.
    cell.group = code.substr(0, code.find(':')) + "|" + areas_[area].regionCode;
    cell.isUnpublished = shown == Shown::no;
    places_.emplace(cell.code, cells_.size());
    cells_.push_back(std::move(cell));
    areaOf_.push_back(area);
    return cells_.size() - 1;
}

Slice CellSet::add(const std::string& code, const std::vector<std::optional<std::int64_t>>& ofAuthorities,
                   bool ofTotal, Shown shown) {
    std::vector<std::optional<std::int64_t>> counts(areas_.size());
    // Authorities stand last, and England first: from the end, parts come before their totals.
    for (auto area = areas_.size(); area-- > 0;)
        if (areas_[area].level == AreaOf::Level::authority)
            counts[area] = ofAuthorities[areas_[area].authority];
        else
            for (const auto part : under_[area])
                if (counts[part]) counts[area] = counts[area].value_or(0) + *counts[part];
    Slice slice(areas_.size());
    for (std::size_t area = 0; area < areas_.size(); ++area)
        if (counts[area]) slice[area] = addCell(code, *counts[area], area, ofTotal, shown);
    for (std::size_t area = 0; area < areas_.size(); ++area) {
        statistics::CountSum sum;
        for (const auto part : under_[area])
            if (slice[part]) sum.parts.push_back(*slice[part]);
        if (sum.parts.empty()) continue;
        sum.total = *slice[area];
        sums_.push_back(std::move(sum));
    }
    return slice;
}

bool CellSet::holds(const Slice& slice, const std::vector<std::optional<std::int64_t>>& ofAuthorities) const {
    for (std::size_t area = 0; area < areas_.size(); ++area) {
        if (areas_[area].level != AreaOf::Level::authority) continue;
        const auto& count = ofAuthorities[areas_[area].authority];
        if (slice[area].has_value() != count.has_value() || (count && cells_[*slice[area]].value != *count))
            return false;
    }
    return true;
}

statistics::CountBounds CellSet::told(std::size_t cell) const {
    return statistics::toldBy(cells_[cell], made_.marks[cell], rules_.policy);
}

void CellSet::tie(const Slice& total, const std::vector<const Slice*>& parts) {
    for (std::size_t area = 0; area < areas_.size(); ++area) {
        if (!total[area]) continue;
        statistics::CountSum sum{*total[area], {}};
        for (const auto* part : parts)
            if ((*part)[area]) sum.parts.push_back(*(*part)[area]);
        sums_.push_back(std::move(sum));
    }
}

void CellSet::leave(const std::string& code, const Slice& total, const Slice& part, bool ofTotal,
                    bool hidesPart) {
    std::vector<std::optional<std::int64_t>> rest(snapshot_.authorities.size());
    for (std::size_t area = 0; area < areas_.size(); ++area) {
        if (areas_[area].level != AreaOf::Level::authority || !total[area] || !part[area]) continue;
        const auto left = cells_[*total[area]].value - cells_[*part[area]].value;
        if (left < 0) return;  // not a part after all: records may give one step without the one before
        rest[areas_[area].authority] = left;
    }
    const auto slice = add(code, rest, ofTotal, Shown::no);
    tie(total, {&part, &slice});
    if (!hidesPart || !rules_.hidesComplements) return;
    for (const auto& cell : slice)
        if (cell) cells_[*cell].isWatched = true;
    for (std::size_t area = 0; area < areas_.size(); ++area)
        if (slice[area] && rules_.policy.isSmall(cells_[*slice[area]].value))
            cells_[*part[area]].isToHide = true;
}

void CellSet::remember(const EarlierRelease& earlier, const CellSet& its) {
    if (own_ == 0) own_ = cells_.size();
    ++remembered_;
    std::map<std::string, std::size_t> areas;
    std::vector<std::vector<std::string>> basis;
    for (std::size_t area = 0; area < areas_.size(); ++area) {
        areas.emplace(nameOf(snapshot_, areas_[area]), area);
        basis.push_back(restsOn(snapshot_, areas_[area]));
    }
    std::vector<bool> isSame;  // of each earlier area
    for (const auto& area : its.areas_) {
        const auto found = areas.find(nameOf(earlier.snapshot, area));
        isSame.push_back(found != areas.end() && restsOn(earlier.snapshot, area) == basis[found->second]);
    }
    std::vector<std::size_t> place(its.cells_.size());
    std::vector<bool> isMerged(its.cells_.size());
    for (std::size_t i = 0; i < its.cells_.size(); ++i) {
        const auto& before = its.cells_[i];
        const auto mark = earlier.hidden.find(before.code);
        const bool wasHidden = mark != earlier.hidden.end();
        const auto [least, most] =
            statistics::toldBy(before, wasHidden ? markOf(mark->second) : Mark::shown, earlier.rules.policy);
        const auto found = places_.find(before.code);
        isMerged[i] = found != places_.end() && found->second < own_ && isSame[its.areaOf_[i]] &&
                      cells_[found->second].value == before.value;
        if (isMerged[i]) {
            auto& cell = cells_[found->second];
            cell.knownLeast = std::max(cell.knownLeast, least);
            cell.knownMost = std::min(cell.knownMost, most);
            cell.isToHide = cell.isToHide || wasHidden;
            cell.isWithheld = cell.isWithheld || (wasHidden && mark->second == 'w');
            place[i] = found->second;
            continue;
        }
        CountCell cell = before;
        cell.isWatched = cell.isWatched || !cell.isUnpublished;
        cell.isUnpublished = true;
        cell.code += " (earlier release " + std::to_string(remembered_) + ")";
        cell.knownLeast = least;
        cell.knownMost = most;
        place[i] = cells_.size();
        cells_.push_back(std::move(cell));
        areaOf_.push_back(0);
    }
    for (const auto& sum : its.sums_) {
        statistics::CountSum mapped{place[sum.total], {}};
        bool isNew = !isMerged[sum.total];
        for (const auto part : sum.parts) {
            mapped.parts.push_back(place[part]);
            isNew = isNew || !isMerged[part];
        }
        if (isNew) sums_.push_back(std::move(mapped));
    }
    // An authority that took over from others is their sum, wherever their counts add up to its own.
    for (std::size_t cell = 0; cell < own_; ++cell) {
        const auto& area = areas_[areaOf_[cell]];
        if (area.level != AreaOf::Level::authority) continue;
        const auto& successor = snapshot_.authorities[area.authority];
        const auto before = snapshot_.predecessors.find(successor.oldCode);
        if (before == snapshot_.predecessors.end()) continue;
        const auto stem = cells_[cell].code.substr(0, cells_[cell].code.size() - successor.name.size());
        statistics::CountSum sum{cell, {}};
        std::int64_t all = 0;
        for (const auto& one : earlier.snapshot.authorities) {
            if (std::ranges::find(before->second, one.oldCode) == before->second.end()) continue;
            const auto found = its.places_.find(stem + one.name);
            if (found == its.places_.end() || isMerged[found->second]) continue;
            sum.parts.push_back(place[found->second]);
            all += its.cells_[found->second].value;
        }
        if (!sum.parts.empty() && all == cells_[cell].value) sums_.push_back(std::move(sum));
    }
}

void CellSet::protect() {
    if (own_ == 0) own_ = cells_.size();
    made_ = statistics::protect(cells_, sums_, rules_.policy);
}

DisclosureReport CellSet::report() const {
    DisclosureReport report;
    for (std::size_t i = 0; i < own_; ++i) {
        if (cells_[i].isUnpublished) continue;
        ++report.counts;
        if (made_.marks[i] == Mark::primary) ++report.small;
        if (made_.marks[i] == Mark::secondary) ++report.beside;
        if (made_.marks[i] == Mark::withheld)
            ++(rules_.policy.isSmall(cells_[i].value) ? report.small : report.beside);
    }
    for (const auto cell : made_.unsafe) report.unsafe.push_back(cells_[cell].code);
    report.earlierReleases = remembered_;
    return report;
}

std::map<std::string, char> CellSet::hidden() const {
    std::map<std::string, char> hidden;
    for (std::size_t i = 0; i < own_; ++i)
        if (!cells_[i].isUnpublished && made_.marks[i] != Mark::shown)
            hidden.emplace(cells_[i].code, made_.marks[i] == Mark::primary     ? 'p'
                                           : made_.marks[i] == Mark::secondary ? 's'
                                                                               : 'w');
    return hidden;
}

}  // namespace releases
