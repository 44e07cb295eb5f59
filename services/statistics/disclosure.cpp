#include "statistics/disclosure.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <tuple>

#include "statistics/rounding.h"

namespace statistics {
namespace {

using Mark = Disclosure::Mark;

constexpr std::int64_t kUnbounded = std::numeric_limits<std::int64_t>::max() / 4;

struct Bounds {
    std::int64_t least;
    std::int64_t most;
};

bool isSmall(const CountCell& cell, const DisclosurePolicy& policy) {
    return cell.value >= 1 && cell.value <= policy.threshold;
}

/// What a well-informed attacker knows of each cell from its mark and its published number alone.
std::vector<Bounds> knownBounds(const std::vector<CountCell>& cells, const std::vector<Mark>& marks,
                                const DisclosurePolicy& policy) {
    std::vector<Bounds> bounds;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const auto& cell = cells[i];
        if (marks[i] == Mark::primary) bounds.push_back({1, policy.threshold});
        else if (marks[i] == Mark::secondary) bounds.push_back({policy.threshold + 1, kUnbounded});
        else if (const auto shown = roundedToBase(cell.value, cell.base); shown == 0)
            bounds.push_back({0, 0});
        else
            bounds.push_back(
                {std::max(policy.threshold + 1, shown - cell.base / 2), shown + (cell.base + 1) / 2 - 1});
    }
    return bounds;
}

/// Sums, with which of them each cell is in.
struct Relations {
    Relations(std::size_t cells, const std::vector<CountSum>& given) : sums(given), of(cells) {
        for (std::size_t s = 0; s < sums.size(); ++s) {
            of[sums[s].total].push_back(s);
            for (const auto part : sums[s].parts) of[part].push_back(s);
        }
    }
    const std::vector<CountSum>& sums;
    std::vector<std::vector<std::size_t>> of;
};

/// Narrows bounds by these sums, and by every other that this touches, until nothing changes; false where
/// they contradict each other.
bool propagate(std::vector<Bounds>& bounds, const Relations& relations, std::vector<std::size_t> queue) {
    std::vector<bool> isQueued(relations.sums.size());
    for (const auto sum : queue) isQueued[sum] = true;
    const auto narrow = [&](std::size_t cell, std::int64_t least, std::int64_t most) {
        auto& of = bounds[cell];
        if (least <= of.least && most >= of.most) return true;
        of = {std::max(least, of.least), std::min(most, of.most)};
        for (const auto sum : relations.of[cell])
            if (!isQueued[sum]) {
                isQueued[sum] = true;
                queue.push_back(sum);
            }
        return of.least <= of.most;
    };
    while (!queue.empty()) {
        const auto place = queue.back();
        queue.pop_back();
        isQueued[place] = false;
        const auto& sum = relations.sums[place];
        std::int64_t least = 0;
        std::int64_t most = 0;  // of those that are bounded
        std::size_t open = 0;   // without a bound from above
        for (const auto part : sum.parts) {
            least += bounds[part].least;
            if (bounds[part].most >= kUnbounded) ++open;
            else most += bounds[part].most;
        }
        if (!narrow(sum.total, least, open > 0 ? kUnbounded : most)) return false;
        const auto total = bounds[sum.total];
        for (const auto part : sum.parts) {
            const auto before = bounds[part];
            const bool isOpen = before.most >= kUnbounded;
            const bool areOthersOpen = open > (isOpen ? 1U : 0U);
            const auto from =
                areOthersOpen ? before.least : total.least - (most - (isOpen ? 0 : before.most));
            if (!narrow(part, from, std::min(before.most, total.most - (least - before.least)))) return false;
            const auto& after = bounds[part];
            least += after.least - before.least;
            if (isOpen && after.most < kUnbounded) {
                --open;
                most += after.most;
            } else if (!isOpen) {
                most += after.most - before.most;
            }
        }
    }
    return true;
}

/// Every sum: what a first look at them begins with.
std::vector<std::size_t> everySum(const Relations& relations) {
    std::vector<std::size_t> all;
    for (auto sum = relations.sums.size(); sum > 0; --sum) all.push_back(sum - 1);
    return all;
}

/// How many values of 1 to the threshold a hidden small count can still have. `bounds` are narrowed already.
std::int64_t possibleValues(std::size_t cell, const std::vector<Bounds>& bounds, const Relations& relations,
                            const DisclosurePolicy& policy) {
    std::int64_t possible = 0;
    for (auto value = std::max<std::int64_t>(1, bounds[cell].least);
         value <= std::min(policy.threshold, bounds[cell].most) && possible < policy.fewest; ++value) {
        auto tried = bounds;
        tried[cell] = {value, value};
        possible += propagate(tried, relations, relations.of[cell]) ? 1 : 0;
    }
    return possible;
}

class Protecting {
public:
    Protecting(const std::vector<CountCell>& cells, const std::vector<CountSum>& sums,
               const DisclosurePolicy& policy)
        : cells_(cells),
          sums_(sums),
          policy_(policy),
          relations_(cells.size(), sums),
          marks_(cells.size(), Mark::shown) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (isSmall(cells[i], policy)) marks_[i] = Mark::primary;
            else if (cells[i].wasHidden && cells[i].value > 0) marks_[i] = Mark::secondary;
        }
    }

    Disclosure run() {
        while (hideBesideASingleOne() || hideBesideAnUnsafeOne()) {
        }
        Disclosure made{marks_, {}, withheld_, unsafeCells(cells_, sums_, marks_, policy_)};
        for (std::size_t i = 0; i < cells_.size(); ++i)
            made.published.push_back(marks_[i] == Mark::shown ? roundedToBase(cells_[i].value, cells_[i].base)
                                                              : 0);
        return made;
    }

private:
    std::vector<std::size_t> membersOf(const CountSum& sum) const {
        auto members = sum.parts;
        members.push_back(sum.total);
        return members;
    }
    std::size_t hiddenIn(const CountSum& sum) const {
        std::size_t hidden = 0;
        for (const auto cell : membersOf(sum)) hidden += marks_[cell] == Mark::shown ? 0 : 1;
        return hidden;
    }
    /// Whether what is shown of the sum is exact, so that a single hidden one follows from the others.
    bool isExact(const CountSum& sum) const {
        return std::ranges::all_of(membersOf(sum), [&](std::size_t cell) {
            return marks_[cell] != Mark::shown || cells_[cell].base == 1;
        });
    }

    /// Hides one more cell of a sum: what brings the fewest other sums into need, then the lowest level, the
    /// smallest count, the first code. False where none is left.
    bool hideOneOf(const CountSum& sum) {
        std::optional<std::size_t> best;
        std::tuple<std::size_t, int, std::int64_t, std::string> bestKey;
        for (const auto cell : membersOf(sum)) {
            if (marks_[cell] != Mark::shown || cells_[cell].value <= 0) continue;
            std::size_t needs = 0;
            for (const auto other : relations_.of[cell])
                if (&sums_[other] != &sum && isExact(sums_[other]) && hiddenIn(sums_[other]) == 0) ++needs;
            const std::tuple key{needs, cells_[cell].level, cells_[cell].value, cells_[cell].code};
            if (!best || key < bestKey) {
                best = cell;
                bestKey = key;
            }
        }
        if (!best) return false;
        marks_[*best] = Mark::secondary;
        return true;
    }

    bool hideBesideASingleOne() {
        for (const auto& sum : sums_)
            if (hiddenIn(sum) == 1 && isExact(sum) && hideOneOf(sum)) return true;
        return false;
    }

    bool hideBesideAnUnsafeOne() {
        auto bounds = knownBounds(cells_, marks_, policy_);
        propagate(bounds, relations_, everySum(relations_));
        std::optional<std::size_t> worst;
        for (std::size_t i = 0; i < cells_.size(); ++i) {
            if (marks_[i] != Mark::primary || std::ranges::find(withheld_, i) != withheld_.end()) continue;
            if (possibleValues(i, bounds, relations_, policy_) >= policy_.fewest) continue;
            if (!worst || std::tuple(cells_[i].value, cells_[i].code) <
                              std::tuple(cells_[*worst].value, cells_[*worst].code))
                worst = i;
        }
        if (!worst) return false;
        std::vector<std::size_t> order = relations_.of[*worst];
        std::ranges::stable_sort(order, {}, [&](std::size_t sum) { return hiddenIn(sums_[sum]); });
        for (const auto sum : order)
            if (hideOneOf(sums_[sum])) return true;
        withheld_.push_back(*worst);
        return true;
    }

    const std::vector<CountCell>& cells_;
    const std::vector<CountSum>& sums_;
    const DisclosurePolicy& policy_;
    Relations relations_;
    std::vector<Mark> marks_;
    std::vector<std::size_t> withheld_;
};

}  // namespace

Disclosure protect(const std::vector<CountCell>& cells, const std::vector<CountSum>& sums,
                   const DisclosurePolicy& policy) {
    return Protecting(cells, sums, policy).run();
}

std::vector<std::size_t> unsafeCells(const std::vector<CountCell>& cells, const std::vector<CountSum>& sums,
                                     const std::vector<Disclosure::Mark>& marks,
                                     const DisclosurePolicy& policy) {
    const Relations relations(cells.size(), sums);
    auto bounds = knownBounds(cells, marks, policy);
    propagate(bounds, relations, everySum(relations));
    std::vector<std::size_t> unsafe;
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (marks[i] == Mark::primary && possibleValues(i, bounds, relations, policy) < policy.fewest)
            unsafe.push_back(i);
    return unsafe;
}

}  // namespace statistics
