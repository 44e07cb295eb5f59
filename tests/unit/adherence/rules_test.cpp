// The pure rules of reports: days that are over, periods, and how strong evidence is.

#include <gtest/gtest.h>

#include "adherence/judgement.h"
#include "values/errors.h"

using adherence::Criterion;
using adherence::KnownAs;
using adherence::Strength;
using adherence::strengthOf;
using Verdict = Criterion::Verdict;
using Grade = Strength::Grade;
using values::Date;
using values::Instant;

namespace {

Instant at(const char* text) { return values::instantFromDatabase(text).value(); }

Grade gradeOf(std::vector<std::pair<const char*, Verdict>> verdicts, bool hasRecords = true) {
    std::vector<Criterion> criteria;
    for (const auto& [name, verdict] : verdicts) criteria.push_back({name, verdict, ""});
    return strengthOf(hasRecords, criteria).grade;
}

}  // namespace

TEST(KnownAs, IsTheEndOfALondonDay) {
    // Summer time: the day ends an hour earlier by UTC.
    EXPECT_EQ(KnownAs::endOf(Date(2025, 6, 1), at("2025-06-02 09:00:00")).at, at("2025-06-01 22:59:59.999"));
    EXPECT_EQ(KnownAs::endOf(Date(2025, 1, 1), at("2025-06-02 09:00:00")).at, at("2025-01-01 23:59:59.999"));
    // The days on which the clocks change.
    EXPECT_EQ(KnownAs::endOf(Date(2025, 3, 29), at("2025-06-02 09:00:00")).at, at("2025-03-29 23:59:59.999"));
    EXPECT_EQ(KnownAs::endOf(Date(2025, 3, 30), at("2025-06-02 09:00:00")).at, at("2025-03-30 22:59:59.999"));
    EXPECT_EQ(KnownAs::endOf(Date(2025, 10, 25), at("2026-06-02 09:00:00")).at,
              at("2025-10-25 22:59:59.999"));
    EXPECT_EQ(KnownAs::endOf(Date(2025, 10, 26), at("2026-06-02 09:00:00")).at,
              at("2025-10-26 23:59:59.999"));
}

TEST(KnownAs, RefusesADayUntilEveryUnitOfItHasEnded) {
    EXPECT_THROW(KnownAs::endOf(Date(2025, 6, 2), at("2025-06-02 12:00:00")), values::Invalid);
    EXPECT_THROW(KnownAs::endOf(Date(2025, 6, 1), at("2025-06-01 23:05:00")), values::Invalid);
    EXPECT_TRUE(KnownAs::endOf(Date(2025, 6, 1), at("2025-06-01 23:15:00")).isWholeDay);
}

TEST(Periods, AreWholeQuartersInOrderAndNoLongerThanFiveYears) {
    EXPECT_EQ(adherence::periodOf("2024-25 Q2", "2025-26 Q1").quarters(), 4);
    EXPECT_THROW(adherence::periodOf("2025-26 Q2", "2025-26 Q1"), values::Invalid);
    EXPECT_THROW(adherence::periodOf("2020-21 Q1", "2025-26 Q1"), values::Invalid);
    EXPECT_EQ(adherence::periodOf("2020-21 Q2", "2025-26 Q1").quarters(), 20);
    try {
        adherence::periodOf("last year", "");
        ADD_FAILURE() << "taken";
    } catch (const values::Invalid& error) {
        EXPECT_EQ(error.problems().size(), 2U);
        EXPECT_EQ(error.problems()[0].where.column, "from");
        EXPECT_EQ(error.problems()[0].got, "last year");
    }
}

TEST(Strength, FollowsItsStatedRule) {
    EXPECT_EQ(gradeOf({{"amount", Verdict::met}, {"recency", Verdict::met}}), Grade::strong);
    EXPECT_EQ(gradeOf({{"amount", Verdict::met}, {"recency", Verdict::notMet}}), Grade::moderate);
    EXPECT_EQ(
        gradeOf({{"amount", Verdict::met}, {"recency", Verdict::notMet}, {"response", Verdict::notMet}}),
        Grade::limited);
    EXPECT_EQ(gradeOf({{"amount", Verdict::notMet}, {"recency", Verdict::met}}), Grade::limited);
    EXPECT_EQ(gradeOf({{"amount", Verdict::met}, {"response", Verdict::notApplicable}}), Grade::strong);
    EXPECT_EQ(gradeOf({{"amount", Verdict::met}}, false), Grade::none);
}

TEST(Strength, NeverRisesWhereACriterionIsMissed) {
    const char* names[] = {"amount", "completeness", "recency", "independence", "response"};
    constexpr int kAll = 243;  // three verdicts of five criteria
    for (int code = 0; code < kAll; ++code) {
        std::vector<std::pair<const char*, Verdict>> verdicts;
        for (int rest = code, i = 0; i < 5; ++i, rest /= 3)
            verdicts.emplace_back(names[i], static_cast<Verdict>(rest % 3));
        const auto grade = gradeOf(verdicts);
        for (auto& [name, verdict] : verdicts) {
            const auto kept = verdict;
            verdict = Verdict::notMet;
            EXPECT_LE(gradeOf(verdicts), grade) << code << " " << name;
            verdict = kept;
        }
    }
}
