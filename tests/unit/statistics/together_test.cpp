// Sums taken together: what an attacker finds who solves everything that is published at once.

#include "statistics/solver.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "statistics/disclosure.h"

using statistics::CountCell;
using statistics::CountSum;
using statistics::Disclosure;
using statistics::protect;
using Mark = Disclosure::Mark;

namespace {

/// ScoredReviews of some programmes, those of them that were scored on one dimension, and the totals of both:
/// cells of all reviews, their total, scored ones, their total, then what is left, which is in no table.
struct ScoredReviews {
    std::vector<CountCell> cells;
    std::vector<CountSum> sums;
    std::size_t programmes = 0;

    explicit ScoredReviews(const std::vector<std::pair<std::int64_t, std::int64_t>>& counts)
        : programmes(counts.size()) {
        std::vector<std::int64_t> all;
        std::vector<std::int64_t> scored;
        std::vector<std::int64_t> left;
        for (const auto& [reviews, ofThem] : counts) {
            all.push_back(reviews);
            scored.push_back(ofThem);
            left.push_back(reviews - ofThem);
        }
        addRow(all, false);
        addRow(scored, false);
        addRow(left, true);
        const auto row = programmes + 1;
        for (std::size_t i = 0; i < row; ++i) sums.push_back({i, {row + i, 2 * row + i}});
    }

    std::size_t scoredPlace(std::size_t programme) const { return programmes + 1 + programme; }

private:
    void addRow(const std::vector<std::int64_t>& values, bool isUnpublished) {
        CountSum sum;
        std::int64_t total = 0;
        for (const auto value : values) {
            sum.parts.push_back(add(value, 0, isUnpublished));
            total += value;
        }
        sum.total = add(total, 1, isUnpublished);
        if (!isUnpublished) sums.push_back(sum);  // that what is left adds up as well follows from the others
    }
    std::size_t add(std::int64_t value, int level, bool isUnpublished) {
        CountCell cell;
        cell.value = value;
        cell.level = level;
        cell.code = std::to_string(100 + cells.size());
        cell.isUnpublished = isUnpublished;
        cells.push_back(cell);
        return cells.size() - 1;
    }
};

/// Tries every table that fits what is shown.
class Patient {
public:
    Patient(const ScoredReviews& reviews, const std::vector<Mark>& marks) : programmes_(reviews.programmes) {
        for (std::size_t i = 0; i < 2 * (programmes_ + 1); ++i) {
            const auto value = reviews.cells[i].value;
            told_.push_back(marks[i] == Mark::shown       ? Range{value, value}
                            : marks[i] == Mark::primary   ? Range{1, 5}
                            : marks[i] == Mark::secondary ? Range{6, kMost}
                                                          : Range{0, kMost});
        }
    }
    int possibleValues(std::size_t cell) {
        int possible = 0;
        const auto before = told_[cell];
        for (auto value = std::max<std::int64_t>(1, before.least);
             value <= std::min<std::int64_t>(5, before.most); ++value) {
            told_[cell] = {value, value};
            possible += isPossible(0, 0, 0, 0) ? 1 : 0;
        }
        told_[cell] = before;
        return possible;
    }

private:
    struct Range {
        std::int64_t least;
        std::int64_t most;
    };
    /// No count of these tests is larger, nor need one be: what makes a total large enough is hidden as well.
    static constexpr std::int64_t kMost = 40;

    /// From one programme on. For reviews that are given, any number of scored ones between two ends can be
    /// had.
    bool isPossible(std::size_t programme, std::int64_t all, std::int64_t least, std::int64_t most) const {
        const auto& total = told_[programmes_];
        const auto& ofScored = told_[2 * programmes_ + 1];
        if (all > upTo(total)) return false;
        if (programme == programmes_)
            return all >= total.least && std::max(least, ofScored.least) <= std::min(most, upTo(ofScored));
        const auto& scored = told_[programmes_ + 1 + programme];
        for (auto one = std::max(told_[programme].least, scored.least); one <= told_[programme].most; ++one)
            if (isPossible(programme + 1, all + one, least + scored.least, most + std::min(scored.most, one)))
                return true;
        return false;
    }
    /// A hidden total that is large has no bound.
    static std::int64_t upTo(const Range& range) { return range.most == kMost ? 1000 : range.most; }

    std::size_t programmes_;
    std::vector<Range> told_;
};

/// Four programmes; most reviews are scored.
std::vector<std::pair<std::int64_t, std::int64_t>> someReviews() {
    std::vector<std::pair<std::int64_t, std::int64_t>> counts;
    for (int i = 0; i < 4; ++i) {
        const auto all = *rc::gen::element<std::int64_t>(0, 1, 2, 3, 4, 5, 6, 7, 9);
        const auto left = *rc::gen::element<std::int64_t>(0, 0, 0, 0, 1, 9);
        counts.emplace_back(all, all - std::min(all, left));
    }
    return counts;
}

}  // namespace

/// Of a city's reviews, four hidden numbers come to 17, and 16 of these are scored, all of them in three
/// programmes: so the fourth has one. Each sum by itself leaves it anything from one to five.
TEST(Together, TwoSumsTellWhatEachByItselfDoesNot) {
    const ScoredReviews reviews({{1, 0}, {5, 5}, {5, 5}, {6, 6}});
    std::vector<Mark> marks(reviews.cells.size(), Mark::shown);
    for (const std::size_t hidden : {0U, 1U, 2U}) marks[hidden] = Mark::primary;
    marks[3] = Mark::secondary;
    for (const std::size_t hidden : {1U, 2U}) marks[reviews.scoredPlace(hidden)] = Mark::primary;
    marks[reviews.scoredPlace(3)] = Mark::secondary;
    for (std::size_t left = 10; left < marks.size(); ++left) marks[left] = Mark::secondary;
    const auto unsafe = statistics::unsafeCells(reviews.cells, reviews.sums, marks);
    ASSERT_FALSE(unsafe.empty());
    EXPECT_EQ(unsafe.front(), 0U);
    const auto made = protect(reviews.cells, reviews.sums);
    EXPECT_TRUE(made.isSafe());
    EXPECT_TRUE(statistics::unsafeCells(reviews.cells, reviews.sums, made.marks).empty());
}

/// What is called safe keeps three values of every hidden small count for who tries every table.
RC_GTEST_PROP(Together, LeaveThreeValuesToWhoTriesEverything, ()) {
    const ScoredReviews reviews(someReviews());
    const auto made = protect(reviews.cells, reviews.sums);
    RC_PRE(made.isSafe());
    Patient patient(reviews, made.marks);
    for (std::size_t cell = 0; cell < 10; ++cell)
        if (reviews.cells[cell].value >= 1 && reviews.cells[cell].value <= 5)
            RC_ASSERT(patient.possibleValues(cell) >= 3);
}

/// And whatever is hidden: each count that the solver calls safe the patient one cannot narrow by more than
/// whole numbers alone would, and each that it calls unsafe he finds.
RC_GTEST_PROP(Together, AgreeWithWhoTriesEverything, ()) {
    const ScoredReviews reviews(someReviews());
    std::vector<Mark> marks;
    for (std::size_t i = 0; i < reviews.cells.size(); ++i) {
        const auto value = reviews.cells[i].value;
        const bool isHidden = *rc::gen::arbitrary<bool>();
        marks.push_back(i >= 10                   ? Mark::secondary
                        : value >= 1 && value < 6 ? Mark::primary
                        : value > 0 && isHidden   ? Mark::secondary
                                                  : Mark::shown);
    }
    const auto unsafe = statistics::unsafeCells(reviews.cells, reviews.sums, marks);
    Patient patient(reviews, marks);
    for (std::size_t cell = 0; cell < 10; ++cell) {
        if (marks[cell] != Mark::primary) continue;
        const bool isUnsafe = std::ranges::find(unsafe, cell) != unsafe.end();
        RC_ASSERT(isUnsafe == (patient.possibleValues(cell) < 3));
    }
}
