#include "measures/explain.h"

#include <gtest/gtest.h>

#include "measures/raters.h"
#include "unit/measures/small_service.h"

using values::Date;

TEST(Explanation, AccountsForEveryRecordAndAddsUpToTheFigure) {
    std::mt19937 random(51);
    for (int round = 0; round < 10; ++round) {
        const auto facts = small::randomService(random, 30).facts();
        for (const auto* measure : small::plan().measuresOf(*small::catalogue().intervention("i"))) {
            const auto found = measures::explain(small::plan(), facts, *small::catalogue().intervention("i"),
                                                 *measure, small::kQuarter);
            std::int64_t excluded = 0;
            for (const auto& exclusion : found.exclusions) excluded += exclusion.records;
            EXPECT_EQ(found.counted + excluded, found.records) << measure->name;
            double numerator = 0;
            double denominator = 0;
            for (const auto& record : found.outcomes) {
                numerator += record.numerator;
                denominator += record.denominator;
                EXPECT_EQ(record.isCounted, record.failed.empty() || record.denominator != 0)
                    << record.failed;
            }
            if (!measure->measure->isShare()) continue;
            EXPECT_EQ(numerator, static_cast<double>(found.figure.parts.proportion.numerator))
                << measure->name;
            EXPECT_EQ(denominator, static_cast<double>(found.figure.parts.proportion.denominator))
                << measure->name;
        }
    }
}

TEST(Explanation, NamesTheFirstConditionThatARecordDidNotMeet) {
    small::Service service;
    service.episodes = {{Date(2025, 3, 1), Date(2025, 4, 2), Date(2025, 6, 30), 14},
                        {Date(2025, 3, 1), std::nullopt, Date(2025, 6, 30), 0},
                        {Date(2025, 3, 1), Date(2025, 4, 2), Date(2025, 7, 1), 14}};
    const auto facts = service.facts();
    const auto found = measures::explain(small::plan(), facts, *small::catalogue().intervention("i"),
                                         *small::plan().measure("dose"), small::kQuarter);
    EXPECT_EQ(found.counted, 1);
    ASSERT_EQ(found.exclusions.size(), 2U);
    EXPECT_EQ(found.exclusions[0].rule, "the date ended is in the quarter");
    EXPECT_EQ(found.exclusions[1].rule, "the episode started");
}

/// Of three that ended, one after the quarter and one without a start: each is said to be left where it is.
TEST(Conditions, SayWhichRulesTookRecordsOutAfterThoseThatPlaceThem) {
    small::Service service;
    service.episodes = {{Date(2025, 3, 1), Date(2025, 4, 2), Date(2025, 6, 30), 9},
                        {Date(2025, 3, 1), Date(2025, 4, 2), Date(2025, 4, 30), 8},
                        {Date(2025, 3, 1), std::nullopt, Date(2025, 6, 30), 0},
                        {Date(2025, 3, 1), Date(2025, 4, 2), Date(2025, 7, 1), 14}};
    const auto facts = service.facts();
    measures::Evaluator evaluator(small::plan(), facts, *small::catalogue().intervention("i"));
    auto found = measures::conditionsOf(small::plan(), facts, evaluator, *small::plan().measure("completers"),
                                        small::kQuarter);
    EXPECT_EQ(found.placed, 3);
    ASSERT_EQ(found.left.size(), 1U);
    EXPECT_EQ(found.left[0].rule, "the episode started");
    EXPECT_EQ(found.left[0].records, 1);
    EXPECT_EQ(found.counted, 2);
    ASSERT_EQ(found.uncounted.size(), 1U);
    EXPECT_EQ(found.uncounted[0].records, 1);
    EXPECT_EQ(found.reached, 1);

    found += measures::conditionsOf(small::plan(), facts, evaluator, *small::plan().measure("completers"),
                                    small::kQuarter.next());
    EXPECT_EQ(found.placed, 4);
    EXPECT_EQ(found.left.size(), 1U);
    EXPECT_EQ(found.counted, 3);
    EXPECT_EQ(found.reached, 2);
}

/// Sessions rated twice on the days about a quarter: those of its first and its last day are in it.
TEST(Raters, CountReviewsOfThePeriodAlone) {
    small::Service service;
    service.practitioners.resize(1, {Date(2025, 1, 1), Date(2025, 1, 1), {}});
    for (const auto day : {Date(2025, 3, 31), Date(2025, 4, 1), Date(2025, 6, 30), Date(2025, 7, 1)})
        for (int rater = 0; rater < 2; ++rater) service.reviews.push_back({0, day, small::scores(3, 2)});
    auto facts = service.facts();
    for (std::size_t review = 0; review < service.reviews.size(); ++review) {
        facts.reviewedSessions.push_back("S" + std::to_string(review / 2));
        facts.table(small::Population::reviews).references.push_back("R" + std::to_string(review));
    }
    const auto sessionsIn = [&](values::Quarter first, values::Quarter last) {
        return measures::raterAgreement(facts, {first, last}).sessions;
    };
    EXPECT_EQ(sessionsIn(small::kQuarter, small::kQuarter), 2);
    EXPECT_EQ(sessionsIn(small::kQuarter.previous(), small::kQuarter), 3);
    EXPECT_EQ(sessionsIn(small::kQuarter, small::kQuarter.next()), 3);
}

TEST(Raters, AgreeOrNotOverSessionsWithTwoReviews) {
    small::Service service;
    service.practitioners.resize(1, {Date(2025, 1, 1), Date(2025, 1, 1), {}});
    for (int session = 0; session < 6; ++session)
        for (const int rater : {0, 1})
            service.reviews.push_back({0, Date(2025, 5, 1), small::scores(3, session == 0 ? rater : 2)});
    auto facts = service.facts();
    for (std::size_t review = 0; review < 12; ++review) {
        facts.reviewedSessions.push_back("S" + std::to_string(review / 2));
        facts.table(small::Population::reviews).references.push_back("R" + std::to_string(review));
    }
    const auto found = measures::raterAgreement(facts, {small::kQuarter, small::kQuarter});
    EXPECT_EQ(found.sessions, 6);
    EXPECT_EQ(found.items, 12);
    ASSERT_TRUE(found.agreement);
    EXPECT_DOUBLE_EQ(found.agreement->observed, 11.0 / 12);
    EXPECT_EQ(measures::raterAgreement(facts, {small::kQuarter.next(), small::kQuarter.next()}).sessions, 0);
}

TEST(Explanation, LeavesOutARecordWhoseValueIsBlank) {
    const auto catalogue =
        small::catalogueWith(nlohmann::json::parse(R"({"measures": [{"id": "wait", "version": "1",
        "title": "Wait", "explanation": "E.", "why": "W.", "unit": "episodes", "direction": "lower", "author": "A",
        "checker": "C", "reviewed_on": "2026-01-01", "next_review_on": "2027-01-01", "population": "episodes",
        "aggregate": "mean", "value": {"days_from": {"field": "referred_on"}, "to": {"field": "started_on"}}}]})"));
    const measures::Plan plan(catalogue);
    small::Service service;
    service.episodes = {{Date(2025, 3, 1), Date(2025, 3, 11), std::nullopt, 0},
                        {Date(2025, 3, 1), std::nullopt, std::nullopt, 0}};
    const auto facts = service.facts();
    const auto found =
        measures::explain(plan, facts, *catalogue.intervention("i"), *plan.measure("wait"), small::kQuarter);
    EXPECT_EQ(found.counted, 1);
    ASSERT_EQ(found.exclusions.size(), 1U);
    EXPECT_EQ(found.exclusions[0].rule, "its value is known");
    EXPECT_EQ(found.figure.parts.mean(), 10);
}
