// Disclosure control: the worked examples, and what an attacker with patience could find.

#include "statistics/disclosure.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "statistics/rounding.h"

using statistics::CountCell;
using statistics::CountSum;
using statistics::Disclosure;
using statistics::DisclosurePolicy;
using statistics::protect;
using Mark = Disclosure::Mark;

namespace {

/// One row of parts and their total, as it would be published: `12 c 25 0 c, 49`.
std::string published(const std::vector<std::int64_t>& parts, std::int64_t totalBase) {
    std::vector<CountCell> cells;
    CountSum sum;
    std::int64_t total = 0;
    for (const auto value : parts) {
        sum.parts.push_back(cells.size());
        cells.push_back({value, 1, 0, std::to_string(cells.size()), false});
        total += value;
    }
    sum.total = cells.size();
    cells.push_back({total, totalBase, 1, "total", false});
    const auto made = protect(cells, {sum});
    EXPECT_TRUE(made.isSafe());
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i)
        text += (i == 0              ? ""
                 : i == parts.size() ? ", "
                                     : " ") +
                (made.marks[i] == Mark::shown ? std::to_string(made.published[i]) : std::string("c"));
    return text;
}

/// A table of rows and columns with every margin: cells row by row, then row totals, column totals and the
/// grand total.
struct Table {
    std::vector<CountCell> cells;
    std::vector<CountSum> sums;
};
Table tableOf(const std::vector<std::vector<std::int64_t>>& values, std::int64_t cellBase,
              std::int64_t rowBase, std::int64_t columnBase) {
    Table table;
    const auto rows = values.size();
    const auto columns = values[0].size();
    const auto add = [&](std::int64_t value, std::int64_t base, int level, const std::string& code) {
        table.cells.push_back({value, base, level, code, false});
        return table.cells.size() - 1;
    };
    std::vector<std::vector<std::size_t>> places(rows);
    for (std::size_t r = 0; r < rows; ++r)
        for (std::size_t c = 0; c < columns; ++c)
            places[r].push_back(add(values[r][c], cellBase, 0,
                                    std::string(1, static_cast<char>('A' + r)) + std::to_string(c + 1)));
    std::vector<std::size_t> rowTotals;
    std::vector<std::size_t> columnTotals;
    for (std::size_t r = 0; r < rows; ++r) {
        std::int64_t sum = 0;
        for (const auto value : values[r]) sum += value;
        rowTotals.push_back(add(sum, rowBase, 1, "row" + std::to_string(r)));
        table.sums.push_back({rowTotals.back(), places[r]});
    }
    std::int64_t grand = 0;
    for (std::size_t c = 0; c < columns; ++c) {
        std::int64_t sum = 0;
        std::vector<std::size_t> parts;
        for (std::size_t r = 0; r < rows; ++r) {
            sum += values[r][c];
            parts.push_back(places[r][c]);
        }
        grand += sum;
        columnTotals.push_back(add(sum, columnBase, 2, "column" + std::to_string(c)));
        table.sums.push_back({columnTotals.back(), parts});
    }
    const auto all = add(grand, columnBase, 3, "all");
    table.sums.push_back({all, rowTotals});
    table.sums.push_back({all, columnTotals});
    return table;
}

std::set<std::string> hiddenOf(const Table& table, const Disclosure& made) {
    std::set<std::string> hidden;
    for (std::size_t i = 0; i < table.cells.size(); ++i)
        if (made.marks[i] != Mark::shown) hidden.insert(table.cells[i].code);
    return hidden;
}

struct Range {
    std::int64_t least;
    std::int64_t most;
    bool holds(std::int64_t value) const { return value >= least && value <= most; }
};

/// What its mark and its published number say of a count to a reader who knows every rule.
Range toldOf(const CountCell& cell, Mark mark, std::int64_t published) {
    constexpr std::int64_t kNoBound = 1000;  // more than any table of these tests adds up to
    const auto threshold = DisclosurePolicy().threshold;
    if (mark == Mark::withheld) return {0, kNoBound};
    if (mark == Mark::primary) return {1, threshold};
    if (mark == Mark::secondary) return {threshold + 1, kNoBound};
    if (published == 0) return {0, 0};
    return {std::max(threshold + 1, published - cell.base / 2), published + (cell.base + 1) / 2 - 1};
}

/// Whether there is a 3 by 3 table whose counts and sums, in the order of `tableOf`, lie in these ranges. Its
/// counts flow from the sum of all through rows and columns back to it, and whole numbers can do so just
/// where no set of the places between them must take in more than it can let out (Hoffman's circulation
/// theorem).
bool isPossible(const std::vector<Range>& ranges) {
    constexpr unsigned kTop = 6;  // before it rows, 0 to 2, and columns, 3 to 5
    constexpr unsigned kBottom = 7;
    std::vector<std::pair<unsigned, unsigned>> ways;
    for (unsigned row = 0; row < 3; ++row)
        for (unsigned column = 3; column < 6; ++column) ways.emplace_back(row, column);
    for (unsigned row = 0; row < 3; ++row) ways.emplace_back(kTop, row);
    for (unsigned column = 3; column < 6; ++column) ways.emplace_back(column, kBottom);
    ways.emplace_back(kBottom, kTop);
    for (unsigned set = 0; set < 256; ++set) {
        std::int64_t in = 0;
        std::int64_t out = 0;
        for (std::size_t i = 0; i < ways.size(); ++i) {
            const bool isFrom = (set >> ways[i].first & 1U) != 0;
            const bool isTo = (set >> ways[i].second & 1U) != 0;
            if (isTo && !isFrom) in += ranges[i].least;
            if (isFrom && !isTo) out += ranges[i].most;
        }
        if (in > out) return false;
    }
    return true;
}

}  // namespace

/// A total without an upper bound says nothing of how large its parts are: two hidden sums that share a part
/// once made a bound of "nearly unbounded", whose sums overflowed.
TEST(Disclosure, LearnsNothingFromATotalWithoutABound) {
    std::vector<CountCell> cells;
    const auto add = [&](std::int64_t value, bool isUnpublished) {
        CountCell cell;
        cell.value = value;
        cell.code = std::to_string(cells.size());
        cell.isUnpublished = isUnpublished;
        cells.push_back(cell);
        return cells.size() - 1;
    };
    const auto top = add(40, true);
    const auto left = add(20, true);
    const auto right = add(20, true);
    std::vector<CountSum> sums{{top, {left, right}}};
    for (const auto of : {left, right}) {
        const auto small = add(3, false);
        const auto rest = add(17, true);
        sums.push_back({of, {small, rest}});
    }
    const auto made = protect(cells, sums);
    EXPECT_TRUE(made.isSafe());
}

/// What is in no table tells nothing by itself, and is still not to be worked out where it is small.
TEST(Disclosure, WatchesWhatASmallRemainderWouldGiveAway) {
    const auto hidden = [](bool isWatched) {
        std::vector<CountCell> cells(3);
        cells[0].value = 40;
        cells[0].level = 1;
        cells[1].value = 38;
        cells[2].value = 2;
        for (std::size_t i = 0; i < cells.size(); ++i) cells[i].code = std::to_string(i);
        cells[2].isUnpublished = true;
        cells[2].isWatched = isWatched;
        const auto made = protect(cells, {{0, {1, 2}}});
        EXPECT_TRUE(made.isSafe());
        return made.marks[1] != Mark::shown;
    };
    EXPECT_TRUE(hidden(true));
    EXPECT_FALSE(hidden(false));
}

/// 12 was public before: to hide it now would protect nobody, so another one is hidden.
TEST(Disclosure, HidesNothingThatIsKnownAlready) {
    std::vector<CountCell> cells(4);
    const std::vector<std::int64_t> values{12, 3, 25, 40};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].value = values[i];
        cells[i].code = std::to_string(i);
    }
    cells[0].knownLeast = cells[0].knownMost = 12;
    const auto made = protect(cells, {{3, {0, 1, 2}}});
    EXPECT_TRUE(made.isSafe());
    EXPECT_EQ(made.marks[0], Mark::shown);
    EXPECT_NE(made.marks[2], Mark::shown);
}

/// An earlier release that showed everything else makes a small count unsafe whatever this one hides.
TEST(Disclosure, SaysThatAnEarlierReleaseGivesASmallCountAway) {
    std::vector<CountCell> cells(3);
    const std::vector<std::int64_t> values{12, 3, 15};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].value = values[i];
        cells[i].code = std::to_string(i);
        if (i != 1) cells[i].knownLeast = cells[i].knownMost = values[i];
    }
    EXPECT_EQ(protect(cells, {{2, {0, 1}}}).unsafe, std::vector<std::size_t>{1});
}

/// One of each of three, of five together, of which another sum leaves no more than four: that they are small
/// gives them away, and there is nothing else to hide. So the parts are withheld: they may be anything.
TEST(Disclosure, WithholdsWhatHidingAloneDoesNotProtect) {
    std::vector<CountCell> cells(6);
    const std::vector<std::int64_t> values{2, 1, 1, 4, 1, 5};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].value = values[i];
        cells[i].code = std::to_string(i);
    }
    const auto made = protect(cells, {{3, {0, 1, 2}}, {5, {3, 4}}});
    EXPECT_TRUE(made.isSafe());
    for (const auto mark : made.marks) EXPECT_NE(mark, Mark::shown);
    EXPECT_NE(std::ranges::find(made.marks, Mark::withheld), made.marks.end());
}

/// Where nought is as telling as one, it is hidden and stays possible.
TEST(Disclosure, HidesNoughtWhereTheRulesSaySo) {
    DisclosurePolicy policy;
    policy.hidesZeros = true;
    std::vector<CountCell> cells(4);
    const std::vector<std::int64_t> values{12, 0, 25, 37};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].value = values[i];
        cells[i].code = std::to_string(i);
    }
    const auto made = protect(cells, {{3, {0, 1, 2}}}, policy);
    EXPECT_TRUE(made.isSafe());
    EXPECT_EQ(made.marks[1], Mark::primary);
    EXPECT_EQ(made.marks[0], Mark::secondary);
}

/// The examples of domain/statistics.md §8.4.
TEST(Disclosure, HidesAsTheWorkedExamplesDo) {
    EXPECT_EQ(published({12, 3, 25, 0, 9}, 1), "12 c 25 0 c, 49");
    EXPECT_EQ(published({1, 1, 14, 20}, 1), "c c c 20, 36");
    EXPECT_EQ(published({5, 5, 30}, 1), "c c c, 40");
    EXPECT_EQ(published({12, 3, 25, 0, 9}, 10), "12 c 25 0 9, 50");
    EXPECT_EQ(published({18, 22, 5}, 10), "c 22 c, 50");
    EXPECT_EQ(published({20, 23, 1}, 10), "c 23 c, 40");
    EXPECT_EQ(published({3, 0, 0}, 1), "c 0 0, c");
}

TEST(Disclosure, ClosesARectangleWhereEveryMarginIsExact) {
    const std::vector<std::vector<std::int64_t>> values{{12, 3, 20}, {7, 15, 9}, {30, 8, 6}};
    const auto exact = tableOf(values, 1, 1, 1);
    EXPECT_EQ(hiddenOf(exact, protect(exact.cells, exact.sums)),
              (std::set<std::string>{"A1", "A2", "B1", "B2"}));
    const auto wide = tableOf(values, 1, 1, 10);
    EXPECT_EQ(hiddenOf(wide, protect(wide.cells, wide.sums)), (std::set<std::string>{"A1", "A2"}));
    const auto rounded = tableOf(values, 5, 5, 10);
    EXPECT_EQ(hiddenOf(rounded, protect(rounded.cells, rounded.sums)), (std::set<std::string>{"A2"}));
}

TEST(Disclosure, KeepsHiddenWhatAnEarlierReleaseHid) {
    std::vector<CountCell> cells{{12, 5, 0, "a", true}, {30, 5, 0, "b", false}, {42, 10, 1, "total", false}};
    EXPECT_EQ(protect(cells, {{2, {0, 1}}}).marks[0], Mark::secondary);
    cells[0].value = 0;  // a true nothing is no secret of a number
    EXPECT_EQ(protect(cells, {{2, {0, 1}}}).marks[0], Mark::shown);
}

/// What was withheld before may be anything to a reader, and stays so: also where it is nothing, or large.
TEST(Disclosure, KeepsWithheldWhatAnEarlierReleaseWithheld) {
    for (const std::int64_t value : {0, 3, 12}) {
        std::vector<CountCell> cells(3);
        cells[0].value = value;
        cells[0].isWithheld = true;
        cells[1].value = 30;
        cells[2].value = value + 30;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            cells[i].code = std::to_string(i);
            cells[i].base = 10;
        }
        EXPECT_EQ(protect(cells, {{2, {0, 1}}}).marks[0], Mark::withheld) << value;
    }
}

/// By rounding every count: what a published number leaves open is just what rounds to it, and is not small.
TEST(Disclosure, KnowsOfAShownCountJustWhatRoundingLeavesOpen) {
    const DisclosurePolicy policy;
    for (const std::int64_t base : {1, 5, 10, 20})
        for (std::int64_t value = policy.threshold + 1; value < 100; ++value) {
            CountCell cell;
            cell.value = value;
            cell.base = base;
            const auto isLikeIt = [&](std::int64_t other) {
                return other > policy.threshold &&
                       statistics::roundedToBase(other, base) == statistics::roundedToBase(value, base);
            };
            const auto told = statistics::toldBy(cell, Mark::shown, policy);
            for (std::int64_t other = 0; other < 200; ++other)
                EXPECT_EQ(other >= told.least && other <= told.most, isLikeIt(other))
                    << other << " for " << value << " to " << base;
        }
}

TEST(Disclosure, KnowsOfAHiddenCountWhetherItIsSmall) {
    CountCell cell;
    cell.value = 3;
    const auto told = [&](Mark mark) {
        const auto bounds = statistics::toldBy(cell, mark, {});
        return std::pair(bounds.least, bounds.most);
    };
    const auto unbounded = statistics::kUnboundedCount;
    EXPECT_EQ(told(Mark::primary), (std::pair<std::int64_t, std::int64_t>(1, 5)));
    EXPECT_EQ(told(Mark::secondary), std::pair(std::int64_t{6}, unbounded));
    EXPECT_EQ(told(Mark::withheld), std::pair(std::int64_t{0}, unbounded));
    cell.value = 0;
    EXPECT_EQ(told(Mark::shown), (std::pair<std::int64_t, std::int64_t>(0, 0)));
    cell.isUnpublished = true;
    EXPECT_EQ(told(Mark::secondary), std::pair(std::int64_t{0}, unbounded));
}

TEST(Disclosure, FailsATableThatGivesACountAway) {
    const std::vector<CountCell> cells{
        {12, 1, 0, "a", false}, {3, 1, 0, "b", false}, {15, 1, 1, "total", false}};
    EXPECT_EQ(statistics::unsafeCells(cells, {{2, {0, 1}}}, {Mark::shown, Mark::primary, Mark::shown}),
              (std::vector<std::size_t>{1}));
    EXPECT_TRUE(
        statistics::unsafeCells(cells, {{2, {0, 1}}}, {Mark::secondary, Mark::primary, Mark::shown}).empty());
}

/// Against an attacker who knows every rule and tries every table, the true one among them.
RC_GTEST_PROP(Disclosure, LeavesThreeValuesOfEveryHiddenCount, ()) {
    const auto small = *rc::gen::container<std::vector<int>>(9, rc::gen::inRange(0, 13));
    std::vector<std::vector<std::int64_t>> values;
    for (std::size_t r = 0; r < 3; ++r) values.push_back({small[3 * r], small[3 * r + 1], small[3 * r + 2]});
    const auto base = *rc::gen::element<std::int64_t>(1, 5);
    const auto table = tableOf(values, base, base, *rc::gen::element<std::int64_t>(1, 10));
    const auto made = protect(table.cells, table.sums);
    RC_ASSERT(made.isSafe());
    std::vector<Range> told;
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
        told.push_back(toldOf(table.cells[i], made.marks[i], made.published[i]));
        RC_ASSERT(told[i].holds(table.cells[i].value));
    }
    const DisclosurePolicy policy;
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
        if (!policy.isSmall(table.cells[i].value)) continue;
        std::int64_t possible = 0;
        for (std::int64_t value = 1; value <= policy.threshold; ++value) {
            auto tried = told;
            tried[i] = {value, value};
            possible += told[i].holds(value) && isPossible(tried) ? 1 : 0;
        }
        RC_ASSERT(possible >= policy.fewest);
    }
}

RC_GTEST_PROP(Disclosure, NeverShowsASmallCountNorHidesANothing, ()) {
    const auto small = *rc::gen::container<std::vector<int>>(9, rc::gen::inRange(0, 40));
    std::vector<std::vector<std::int64_t>> values;
    for (std::size_t r = 0; r < 3; ++r) values.push_back({small[3 * r], small[3 * r + 1], small[3 * r + 2]});
    const auto table = tableOf(values, 5, 5, 10);
    const auto made = protect(table.cells, table.sums);
    for (std::size_t i = 0; i < table.cells.size(); ++i) {
        const auto value = table.cells[i].value;
        const auto mark = made.marks[i];
        if (value >= 1 && value <= 5) RC_ASSERT(mark == Mark::primary || mark == Mark::withheld);
        if (value == 0) RC_ASSERT(mark == Mark::withheld || (mark == Mark::shown && made.published[i] == 0));
        if (made.marks[i] == Mark::shown && value > 0)
            RC_ASSERT(made.published[i] > 0);  // never like a true nothing
    }
}
