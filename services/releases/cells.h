#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "releases/tables.h"

namespace releases {

/// The counts of one slice of a table, everywhere: by area a cell of the set, or none where nobody returned
/// it.
using Slice = std::vector<std::optional<std::size_t>>;

/// Every count of every table of a release, with all sums that tie them together: what is protected, and what
/// an attacker sees. Codes are words, so that a fault can be said.
class CellSet {
public:
    /// `areas`: England first, then regions, then authorities.
    CellSet(const Snapshot& snapshot, const std::vector<AreaOf>& areas, const RulePack& rules);

    enum class Shown { yes, no };

    /// One count of each authority (none: it did not return it), added up to regions and England. `ofTotal`:
    /// it sums over all programmes.
    Slice add(const std::string& code, const std::vector<std::optional<std::int64_t>>& ofAuthorities,
              bool ofTotal, Shown shown = Shown::yes);
    /// Whether a slice has these very counts.
    bool holds(const Slice& slice, const std::vector<std::optional<std::int64_t>>& ofAuthorities) const;
    /// Everywhere the total is the sum of the parts.
    void tie(const Slice& total, const std::vector<const Slice*>& parts);
    /// What a part leaves of its total: in no table, but it must not be worked out where it is small.
    /// `hidesPart`: then the part is hidden as well, where the rules say so.
    void leave(const std::string& code, const Slice& total, const Slice& part, bool ofTotal, bool hidesPart);

    /// What was public of the same counts before, with the sums of that time.
    void remember(const EarlierRelease& earlier, const CellSet& its);

    void protect();

    bool isHidden(std::size_t cell) const { return made_.marks[cell] != statistics::Disclosure::Mark::shown; }
    bool isTrueZero(std::size_t cell) const { return cells_[cell].value == 0; }
    /// Rounded; means nothing where it is hidden.
    std::int64_t published(std::size_t cell) const { return made_.published[cell]; }
    /// What everybody knows of it by itself.
    statistics::CountBounds told(std::size_t cell) const;
    DisclosureReport report() const;
    std::map<std::string, char> hidden() const;

private:
    std::size_t addCell(const std::string& code, std::int64_t value, std::size_t area, bool ofTotal,
                        Shown shown);
    std::int64_t baseOf(std::size_t area) const;

    const Snapshot& snapshot_;
    const std::vector<AreaOf>& areas_;
    const RulePack& rules_;
    std::vector<std::vector<std::size_t>> under_;  ///< by area: regions of England, authorities of a region
    std::vector<statistics::CountCell> cells_;
    std::vector<statistics::CountSum> sums_;
    std::vector<std::size_t> areaOf_;  ///< of each cell
    std::unordered_map<std::string, std::size_t> places_;
    statistics::Disclosure made_;
    std::size_t own_ = 0;  ///< the first so many cells are this release's
    std::size_t remembered_ = 0;
};

}  // namespace releases
