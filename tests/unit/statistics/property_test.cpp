// What holds for any numbers, not only for the vectors.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>

#include "statistics/agreement.h"
#include "statistics/change.h"
#include "statistics/control_chart.h"
#include "statistics/funnel.h"
#include "statistics/interval.h"
#include "statistics/quantile.h"
#include "statistics/rounding.h"

namespace {

values::Proportion share() {
    const auto n = *rc::gen::inRange<std::int64_t>(1, 100000);
    return {*rc::gen::inRange<std::int64_t>(0, n + 1), n};
}

std::vector<double> numbers(int least = 1) {
    auto whole = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-1000, 1000));
    while (static_cast<int>(whole.size()) < least) whole.push_back(*rc::gen::inRange(-1000, 1000));
    return {whole.begin(), whole.end()};
}

}  // namespace

RC_GTEST_PROP(Rounding, IsWithinHalfOfTheLastDecimal, ()) {
    const auto given = share();
    const auto decimals = *rc::gen::inRange(0, 4);
    const double scale = std::pow(10, decimals);
    const double exact =
        100.0 * static_cast<double>(given.numerator) / static_cast<double>(given.denominator);
    RC_ASSERT(std::abs(static_cast<double>(*statistics::roundedPercent(given, decimals)) / scale - exact) <=
              0.5 / scale + 1e-9);
}

RC_GTEST_PROP(Rounding, ToABaseIsAMultipleOfItNearby, ()) {
    const auto count = *rc::gen::inRange<std::int64_t>(0, 1000000);
    const auto base = *rc::gen::inRange<std::int64_t>(1, 50);
    const auto rounded = statistics::roundedToBase(count, base);
    RC_ASSERT(rounded % base == 0);
    RC_ASSERT(2 * std::abs(rounded - count) <= base);
}

RC_GTEST_PROP(Wilson, HoldsItsShareAndMirrorsItsComplement, ()) {
    const auto given = share();
    const auto interval = *statistics::wilson(given);
    RC_ASSERT(interval.lower <= *given.value() + 1e-12 && interval.upper >= *given.value() - 1e-12);
    const auto other = *statistics::wilson({given.denominator - given.numerator, given.denominator});
    RC_ASSERT(std::abs(interval.lower - (1 - other.upper)) < 1e-9);
}

RC_GTEST_PROP(Events, AreHeldByBothIntervals, ()) {
    const auto events = *rc::gen::inRange<std::int64_t>(0, 100000);
    for (const auto& interval : {statistics::byar(events), statistics::exactPoisson(events)})
        RC_ASSERT(interval.lower <= static_cast<double>(events) &&
                  static_cast<double>(events) <= interval.upper);
}

RC_GTEST_PROP(Quantile, LiesBetweenTheEndsAndNeverFalls, ()) {
    const auto values = numbers();
    double last = *statistics::quantile(values, 0);
    for (int p = 1; p <= 10; ++p) {
        const double found = *statistics::quantile(values, p / 10.0);
        RC_ASSERT(found >= last - 1e-9);
        last = found;
    }
    RC_ASSERT(last == *std::max_element(values.begin(), values.end()));
}

RC_GTEST_PROP(Xmr, MovesWithItsValues, ()) {
    const auto values = numbers(3);
    auto moved = values;
    for (auto& value : moved) value += 5;
    const auto chart = *statistics::xmr(values);
    const auto other = *statistics::xmr(moved);
    RC_ASSERT(std::abs(other.mean - chart.mean - 5) < 1e-9);
    RC_ASSERT(std::abs(other.points[0].upper - chart.points[0].upper - 5) < 1e-9);
}

RC_GTEST_PROP(PairedChange, TurnsRoundWithBeforeAndAfter, ()) {
    const auto before = numbers(3);
    statistics::PairSums one;
    statistics::PairSums two;
    for (const double b : before) {
        const double a = b + *rc::gen::inRange(-20, 20);
        one.add(b, a);
        two.add(a, b);
    }
    const auto there = *statistics::pairedChange(one);
    const auto back = *statistics::pairedChange(two);
    RC_ASSERT(std::abs(there.mean + back.mean) < 1e-9);
    RC_ASSERT(there.interval->lower <= there.mean && there.mean <= there.interval->upper);
    if (there.effect) RC_ASSERT(std::abs(*there.effect + *back.effect) < 1e-9);
}

RC_GTEST_PROP(Agreement, IsTheSameWhoeverIsFirst, ()) {
    statistics::AgreementTable table(3, std::vector<std::int64_t>(3));
    statistics::AgreementTable turned(3, std::vector<std::int64_t>(3));
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 3; ++j)
            table[i][j] = turned[j][i] = *rc::gen::inRange<std::int64_t>(1, 50);
    const auto one = *statistics::agreement(table);
    const auto two = *statistics::agreement(turned);
    RC_ASSERT(std::abs(one.kappa->value - two.kappa->value) < 1e-9);
    RC_ASSERT(std::abs(one.ac1->error - two.ac1->error) < 1e-9);
    RC_ASSERT(one.kappa->value <= 1 && one.ac1->value <= 1);
}

RC_GTEST_PROP(Funnel, NarrowsAsUnitsGrow, ()) {
    const double target = *rc::gen::inRange(1, 100) / 100.0;
    const auto n = *rc::gen::inRange<std::int64_t>(1, 5000);
    const auto wide = statistics::funnelLimits(target, n);
    const auto narrow = statistics::funnelLimits(target, n * 2);
    RC_ASSERT(wide.lower <= narrow.lower && narrow.upper <= wide.upper);
}
