#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace statistics {

/// How published counts are kept from giving single people away. Every number of it is printed with a
/// release. Source: domain/statistics.md §8.3 and §8.4.
struct DisclosurePolicy {
    std::int64_t threshold = 5;  ///< counts from 1 to this are hidden
    std::int64_t fewest = 3;  ///< so many values of 1 to the threshold must stay possible for a hidden count
    std::int64_t localBase = 5;  ///< counts of authorities are rounded to a multiple of this
    std::int64_t wideBase = 10;  ///< those of regions and England to a multiple of this
    bool hidesZeros = false;     ///< a count of 0 is as small as one of 1, where to be in no group says much

    std::int64_t leastSmall() const { return hidesZeros ? 0 : 1; }
    bool isSmall(std::int64_t count) const { return count >= leastSmall() && count <= threshold; }
};

/// More than any count: a bound that bounds nothing.
constexpr std::int64_t kUnboundedCount = std::numeric_limits<std::int64_t>::max() / 4;

/// A count of a table, total or part.
struct CountCell {
    std::int64_t value = 0;
    std::int64_t base = 1;  ///< published to a multiple of this; 1 is exact
    int level = 0;          ///< lower ones are hidden first: part, authority's total, region, England
    std::string code;       ///< breaks ties, so that the same table is always hidden alike
    /// Hidden whatever its size: an earlier release hid it, or what it leaves of its total is small.
    bool isToHide = false;
    /// Hidden, also where it is nothing: an earlier release withheld it.
    bool isWithheld = false;
    /// In no table, only worked out from others. Never shown, and nothing is known of it but its sums.
    bool isUnpublished = false;
    /// Of an unpublished one: it must not be worked out where it is small.
    bool isWatched = false;
    /// What earlier releases already say of it. What is known more closely than it would be rounded to is not
    /// hidden for the sake of others: that would hide nothing.
    std::int64_t knownLeast = 0;
    std::int64_t knownMost = kUnboundedCount;
    /// The last attack takes the cells of one group together: those of a table and a region.
    std::string group = {};

    bool isKnown() const { return knownMost < kUnboundedCount; }
};

/// What is known of a count: it lies between these, both included.
struct CountBounds {
    std::int64_t least = 0;
    std::int64_t most = kUnboundedCount;
};

/// One count that is the sum of others: they exclude each other and leave nothing out.
struct CountSum {
    std::size_t total = 0;
    std::vector<std::size_t> parts;
};

struct Disclosure {
    /// Hidden: a small one, one beside it that is not small, or one of a sum whose parts are all withheld,
    /// because hiding alone did not do: it may be anything.
    enum class Mark { shown, primary, secondary, withheld };
    std::vector<Mark> marks;              ///< of each cell; hidden ones look alike when they are published
    std::vector<std::int64_t> published;  ///< rounded; of a hidden one 0, which must not be shown
    /// Small counts of which an attacker who knows every rule can exclude all but fewer than `fewest` values.
    /// Empty, or the table must not be published.
    std::vector<std::size_t> unsafe;

    bool isSafe() const { return unsafe.empty(); }
};

/// What a cell tells a well-informed attacker by its mark and its published number alone.
CountBounds toldBy(const CountCell& cell, Disclosure::Mark mark, const DisclosurePolicy& policy);

/// Hides small counts, then as many others as keep them from being worked out. Pure: the same cells and sums,
/// in any order of the cells that keeps their codes apart, hide the same. `sums` are looked at in their
/// order.
Disclosure protect(const std::vector<CountCell>& cells, const std::vector<CountSum>& sums,
                   const DisclosurePolicy& policy = {});

/// Whether what is published gives away a small count: by trying each value that it could have (probing),
/// then by the bounds that all sums of its group allow together (`narrowedTogether`). The final check of a
/// release. `marks` as they are published. Gives the cells that are unsafe.
std::vector<std::size_t> unsafeCells(const std::vector<CountCell>& cells, const std::vector<CountSum>& sums,
                                     const std::vector<Disclosure::Mark>& marks,
                                     const DisclosurePolicy& policy = {});

}  // namespace statistics
