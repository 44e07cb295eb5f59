#include "statistics/disclosure.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "statistics/rounding.h"
#include "statistics/solver.h"

namespace statistics {
namespace {

using Mark = Disclosure::Mark;

/// Whether the attack check is about it.
bool isSensitive(const CountCell& cell, const DisclosurePolicy& policy) {
    return policy.isSmall(cell.value) && (!cell.isUnpublished || cell.isWatched);
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

/// What a well-informed attacker works out from everything that is published: the bounds of each cell.
class Attacker {
public:
    Attacker(const std::vector<CountCell>& cells, const Relations& relations, const std::vector<Mark>& marks,
             const DisclosurePolicy& policy)
        : relations_(relations), policy_(policy), isQueued_(relations.sums.size()) {
        for (std::size_t i = 0; i < cells.size(); ++i) bounds_.push_back(toldBy(cells[i], marks[i], policy));
        std::vector<std::size_t> all;
        for (auto sum = relations_.sums.size(); sum > 0; --sum) all.push_back(sum - 1);
        propagate(std::move(all), nullptr);
    }

    const std::vector<CountBounds>& bounds() const { return bounds_; }

    /// How many values a hidden small count can still have, as far as it matters: no more than `fewest`.
    std::int64_t possibleValues(std::size_t cell) {
        std::int64_t possible = 0;
        const auto [least, most] = bounds_[cell];
        for (auto value = std::max(policy_.leastSmall(), least);
             value <= std::min(policy_.threshold, most) && possible < policy_.fewest; ++value) {
            std::vector<std::pair<std::size_t, CountBounds>> before{{cell, bounds_[cell]}};
            bounds_[cell] = {value, value};
            possible += propagate(relations_.of[cell], &before) ? 1 : 0;
            while (!before.empty()) {
                bounds_[before.back().first] = before.back().second;
                before.pop_back();
            }
        }
        return possible;
    }

private:
    /// Narrows bounds by these sums, and by every other that this touches, until nothing changes; false where
    /// they contradict each other. What each was before goes to `before`.
    bool propagate(std::vector<std::size_t> queue, std::vector<std::pair<std::size_t, CountBounds>>* before) {
        for (const auto sum : queue) isQueued_[sum] = 1;
        bool isPossible = true;
        const auto narrow = [&](std::size_t cell, std::int64_t least, std::int64_t most) {
            auto& of = bounds_[cell];
            if (least <= of.least && most >= of.most) return true;
            if (before != nullptr) before->emplace_back(cell, of);
            of = {std::max(least, of.least), std::min(most, of.most)};
            for (const auto sum : relations_.of[cell])
                if (isQueued_[sum] == 0) {
                    isQueued_[sum] = 1;
                    queue.push_back(sum);
                }
            return of.least <= of.most;
        };
        while (!queue.empty() && isPossible) {
            const auto place = queue.back();
            queue.pop_back();
            isQueued_[place] = 0;
            isPossible = narrowBy(relations_.sums[place], narrow);
        }
        for (const auto sum : queue) isQueued_[sum] = 0;
        return isPossible;
    }

    template <class Narrow>
    bool narrowBy(const CountSum& sum, const Narrow& narrow) {
        std::int64_t least = 0;
        std::int64_t most = 0;  // of those that are bounded
        std::size_t open = 0;   // without a bound from above
        for (const auto part : sum.parts) {
            least += bounds_[part].least;
            if (bounds_[part].most >= kUnboundedCount) ++open;
            else most += bounds_[part].most;
        }
        if (!narrow(sum.total, least, open > 0 ? kUnboundedCount : most)) return false;
        const auto total = bounds_[sum.total];
        for (const auto part : sum.parts) {
            const auto was = bounds_[part];
            const bool isOpen = was.most >= kUnboundedCount;
            const bool areOthersOpen = open > (isOpen ? 1U : 0U);
            const auto from = areOthersOpen ? was.least : total.least - (most - (isOpen ? 0 : was.most));
            const auto to = total.most >= kUnboundedCount
                                ? was.most
                                : std::min(was.most, total.most - (least - was.least));
            if (!narrow(part, from, to)) return false;
            const auto& after = bounds_[part];
            least += after.least - was.least;
            if (isOpen && after.most < kUnboundedCount) {
                --open;
                most += after.most;
            } else if (!isOpen) {
                most += after.most - was.most;
            }
        }
        return true;
    }

    const Relations& relations_;
    const DisclosurePolicy& policy_;
    std::vector<CountBounds> bounds_;
    std::vector<char> isQueued_;
};

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
            const auto& cell = cells[i];
            if (cell.isWithheld) marks_[i] = Mark::withheld;
            else if (isSensitive(cell, policy)) marks_[i] = Mark::primary;
            else if ((cell.isToHide && cell.value > 0) || cell.isUnpublished) marks_[i] = Mark::secondary;
        }
    }

    Disclosure run() {
        std::set<std::size_t> all;
        for (std::size_t sum = 0; sum < sums_.size(); ++sum) all.insert(sum);
        hideBesideSingleOnes(std::move(all));
        hideBesideUnsafeOnes(sensitiveCells());
        hideBesideThoseThatSumsNarrowTogether();
        Disclosure made{marks_, {}, unsafeCells(cells_, sums_, marks_, policy_)};
        for (std::size_t i = 0; i < cells_.size(); ++i)
            made.published.push_back(marks_[i] == Mark::shown ? roundedToBase(cells_[i].value, cells_[i].base)
                                                              : 0);
        return made;
    }

private:
    template <class Do>
    static void eachMember(const CountSum& sum, const Do& act) {
        for (const auto part : sum.parts) act(part);
        act(sum.total);
    }
    std::size_t hiddenIn(const CountSum& sum) const {
        std::size_t hidden = 0;
        eachMember(sum, [&](std::size_t cell) { hidden += marks_[cell] == Mark::shown ? 0 : 1; });
        return hidden;
    }
    /// Whether the sum has a single hidden cell that matters and what is shown of it is exact: then the
    /// hidden one follows from the others.
    bool givesOneAway(const CountSum& sum) const {
        std::size_t hidden = 0;
        bool isExact = true;
        bool matters = false;
        eachMember(sum, [&](std::size_t cell) {
            const bool isShown = marks_[cell] == Mark::shown;
            isExact = isExact && (!isShown || cells_[cell].base == 1);
            hidden += isShown ? 0 : 1;
            matters = matters || marks_[cell] == Mark::primary || (!isShown && !cells_[cell].isUnpublished);
        });
        return hidden == 1 && isExact && matters;
    }
    bool wouldGiveOneAway(const CountSum& sum) const {
        bool isExact = true;
        eachMember(sum, [&](std::size_t cell) {
            isExact = isExact && marks_[cell] == Mark::shown && cells_[cell].base == 1;
        });
        return isExact;
    }

    void mark(std::size_t cell, Mark as) {
        marks_[cell] = as;
        touched_.insert(relations_.of[cell].begin(), relations_.of[cell].end());
    }

    /// Hides one more cell of a sum: what brings the fewest other sums into need, then the lowest level, the
    /// smallest count, the first code. None where none is left.
    std::optional<std::size_t> hideOneOf(const CountSum& sum) {
        std::optional<std::size_t> best;
        std::tuple<std::size_t, int, std::int64_t, std::string_view> bestKey;
        eachMember(sum, [&](std::size_t cell) {
            if (marks_[cell] != Mark::shown || cells_[cell].value <= 0 || cells_[cell].isKnown()) return;
            std::size_t needs = 0;
            for (const auto other : relations_.of[cell])
                if (&sums_[other] != &sum && wouldGiveOneAway(sums_[other])) ++needs;
            const std::tuple key{needs, cells_[cell].level, cells_[cell].value,
                                 std::string_view(cells_[cell].code)};
            if (!best || key < bestKey) {
                best = cell;
                bestKey = key;
            }
        });
        if (best) mark(*best, Mark::secondary);
        return best;
    }

    /// In these sums, the first of them first, and in those that this brings into need.
    void hideBesideSingleOnes(std::set<std::size_t> sums) {
        while (!sums.empty()) {
            const auto sum = *sums.begin();
            sums.erase(sums.begin());
            if (!givesOneAway(sums_[sum])) continue;
            if (const auto hidden = hideOneOf(sums_[sum]))
                sums.insert(relations_.of[*hidden].begin(), relations_.of[*hidden].end());
        }
    }

    /// The smallest first. Hiding more never helps the attacker, so one that is safe stays so, and is asked
    /// of no more. In one round each that is unsafe gets one more hidden beside it, unless something near it
    /// was hidden in the round already: the attacker then thinks again before it is asked of anew.
    void hideBesideUnsafeOnes(std::vector<std::size_t> small) {
        while (!small.empty()) {
            Attacker attacker(cells_, relations_, marks_, policy_);
            touched_.clear();
            std::vector<std::size_t> next;
            for (const auto cell : small) {
                if (attacker.possibleValues(cell) >= policy_.fewest) continue;
                const bool isNear = std::ranges::any_of(
                    relations_.of[cell], [&](std::size_t sum) { return touched_.contains(sum); });
                if (isNear || hideBeside(cell) || withholdAround(cell)) next.push_back(cell);
            }
            small = std::move(next);
        }
    }

    /// Each sum by itself may leave enough, and two of them together too little: then one more is hidden, and
    /// all is attacked again, until nothing is narrowed or nothing is left to hide. Those that were safe stay
    /// so.
    void hideBesideThoseThatSumsNarrowTogether() {
        auto left = sensitiveCells();
        while (!left.empty()) {
            const Attacker attacker(cells_, relations_, marks_, policy_);
            left = narrowedTogether(cells_, sums_, attacker.bounds(), left, policy_);
            touched_.clear();
            bool hasHidden = false;
            for (const auto cell : left) {
                const bool isNear = std::ranges::any_of(
                    relations_.of[cell], [&](std::size_t sum) { return touched_.contains(sum); });
                if (!isNear) hasHidden = hideBeside(cell) || withholdAround(cell) || hasHidden;
            }
            if (!hasHidden) return;
        }
    }

    /// The smallest first.
    std::vector<std::size_t> sensitiveCells() const {
        std::vector<std::size_t> small;
        for (std::size_t i = 0; i < cells_.size(); ++i)
            if (isSensitive(cells_[i], policy_)) small.push_back(i);
        std::ranges::sort(small, {}, [&](std::size_t i) {
            return std::tuple(cells_[i].value, std::string_view(cells_[i].code));
        });
        return small;
    }

    bool hideBeside(std::size_t cell) {
        auto order = relations_.of[cell];
        std::ranges::stable_sort(order, {}, [&](std::size_t sum) { return hiddenIn(sums_[sum]); });
        for (const auto sum : order)
            if (const auto hidden = hideOneOf(sums_[sum])) {
                const auto& touched = relations_.of[*hidden];
                hideBesideSingleOnes({touched.begin(), touched.end()});
                return true;
            }
        return false;
    }

    bool withhold(std::size_t cell) {
        if (marks_[cell] == Mark::withheld || cells_[cell].isUnpublished || cells_[cell].isKnown())
            return false;
        mark(cell, Mark::withheld);
        return true;
    }

    /// Nothing beside it is left to hide, but the attacker still knows that what is hidden is small or is
    /// not, and that what is shown as nothing is nothing. Of the nearest sum that still says so the parts are
    /// withheld, or then the total: each may be anything.
    bool withholdAround(std::size_t cell) {
        std::vector<std::size_t> reached{cell};
        std::set<std::size_t> seen{cell};
        for (std::size_t i = 0; i < reached.size(); ++i)
            for (const auto place : relations_.of[reached[i]]) {
                const auto& sum = sums_[place];
                bool hasChanged = false;
                for (const auto part : sum.parts) hasChanged = withhold(part) || hasChanged;
                if (hasChanged || withhold(sum.total)) return true;
                eachMember(sum, [&](std::size_t member) {
                    if (seen.insert(member).second) reached.push_back(member);
                });
            }
        return false;
    }

    const std::vector<CountCell>& cells_;
    const std::vector<CountSum>& sums_;
    const DisclosurePolicy& policy_;
    Relations relations_;
    std::vector<Mark> marks_;
    std::set<std::size_t> touched_;  ///< sums in which something was hidden in this round
};

}  // namespace

CountBounds toldBy(const CountCell& cell, Mark mark, const DisclosurePolicy& policy) {
    const auto shown = roundedToBase(cell.value, cell.base);
    const auto above = policy.threshold + 1;
    CountBounds bounds{above, kUnboundedCount};
    if (cell.isUnpublished || mark == Mark::withheld) bounds = {0, kUnboundedCount};
    else if (mark == Mark::primary) bounds = {policy.leastSmall(), policy.threshold};
    else if (mark == Mark::shown && cell.value == 0) bounds = {0, 0};
    else if (mark == Mark::shown && shown == 0) bounds = {above, (cell.base + 1) / 2 - 1};
    else if (mark == Mark::shown)
        bounds = {std::max(above, shown - cell.base / 2), shown + (cell.base + 1) / 2 - 1};
    return {std::max(bounds.least, cell.knownLeast), std::min(bounds.most, cell.knownMost)};
}

Disclosure protect(const std::vector<CountCell>& cells, const std::vector<CountSum>& sums,
                   const DisclosurePolicy& policy) {
    return Protecting(cells, sums, policy).run();
}

std::vector<std::size_t> unsafeCells(const std::vector<CountCell>& cells, const std::vector<CountSum>& sums,
                                     const std::vector<Disclosure::Mark>& marks,
                                     const DisclosurePolicy& policy) {
    const Relations relations(cells.size(), sums);
    Attacker attacker(cells, relations, marks, policy);
    std::vector<std::size_t> unsafe;
    std::vector<std::size_t> rest;  // that sums taken one by one do not narrow
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (isSensitive(cells[i], policy))
            (attacker.possibleValues(i) < policy.fewest ? unsafe : rest).push_back(i);
    const auto together = narrowedTogether(cells, sums, attacker.bounds(), rest, policy);
    unsafe.insert(unsafe.end(), together.begin(), together.end());
    std::ranges::sort(unsafe);
    return unsafe;
}

}  // namespace statistics
