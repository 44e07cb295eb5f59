#include "measures/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "measures/review.h"
#include "unit/measures/small_service.h"

using measures::Figure;
using measures::Parts;
using small::figuresOf;
using small::kQuarter;
using small::scores;
using small::Service;
using values::Date;
using values::Proportion;

TEST(Dose, CountsNoMoreThanExpected) {
    Service service;
    service.episodes = {{Date(2025, 3, 1), Date(2025, 4, 2), Date(2025, 6, 30), 14}};
    EXPECT_EQ(figuresOf(service)["dose"].parts.proportion, (Proportion{12, 12}));
}

TEST(Dose, LeavesOutEpisodesThatNeverStarted) {
    Service service;
    service.episodes = {{Date(2025, 3, 1), std::nullopt, Date(2025, 5, 1), 0}};
    EXPECT_EQ(figuresOf(service)["dose"].parts.proportion, (Proportion{0, 0}));
    EXPECT_EQ(figuresOf(service)["ended"].parts.proportion.numerator, 1);
}

TEST(Completers, NeedTheMinimumRoundedUp) {
    Service service;
    for (const int held : {8, 9})
        service.episodes.push_back({Date(2025, 3, 1), Date(2025, 4, 2), Date(2025, 5, 1), held});
    EXPECT_EQ(figuresOf(service)["completers"].parts.proportion, (Proportion{1, 2}));
}

TEST(StartTimeliness, CountsTheLastDayInTimeAndGivesTheMedian) {
    Service service;
    for (const int wait : {28, 29, 10, 40})
        service.episodes.push_back({Date(2025, 4, 1), Date(2025, 4, 1).plusDays(wait), std::nullopt, 0});
    const auto figure = figuresOf(service)["start_timeliness"];
    EXPECT_EQ(figure.parts.proportion, (Proportion{2, 4}));
    EXPECT_EQ(*figure.also.at("median_days").median(1), 28.5);
}

TEST(Cohort, FollowsTheQuarterOfReferralWhateverTheLaterDate) {
    Service service;
    service.episodes = {{Date(2025, 6, 30), Date(2025, 9, 1), std::nullopt, 0},
                        {Date(2025, 3, 31), Date(2025, 4, 1), std::nullopt, 0}};
    const auto figures = figuresOf(service);
    EXPECT_EQ(figures.at("started_of_referred").parts.proportion, (Proportion{1, 1}));
    EXPECT_EQ(figures.at("started").parts.proportion.numerator, 1);
}

TEST(Review, LeavesOutNotApplicableAndBlankOptionalItems) {
    const measures::ReviewScoring scoring(*small::catalogue().checklist("c", 1));
    for (const auto& [given, points, possible] :
         {std::tuple{scores(3, 1), 4, 6}, std::tuple{scores(3, guidance::kNotApplicable), 3, 4},
          std::tuple{scores(3, guidance::kBlank), 3, 4}}) {
        const auto score = scoring.of(given);
        EXPECT_TRUE(score.isComplete);
        EXPECT_EQ(score.points, points);
        EXPECT_EQ(score.possible, possible);
    }
}

TEST(Review, IsIncompleteWithoutARequiredItemOrAnyAnswer) {
    const measures::ReviewScoring scoring(*small::catalogue().checklist("c", 1));
    EXPECT_FALSE(scoring.of(scores(guidance::kBlank, 2)).isComplete);
    EXPECT_FALSE(scoring.of(scores(guidance::kNotApplicable, guidance::kBlank)).isComplete);
    EXPECT_FALSE(scoring.of("").isComplete);
}

TEST(Review, ScoresADimensionOfThreeItemsOrMore) {
    guidance::Checklist checklist{"c", 1, {}};
    for (const auto* dimension : {"adherence", "adherence", "adherence", "quality", "quality", "other"})
        checklist.items.push_back({"i", "I", dimension, 2, false});
    const auto score = measures::ReviewScoring(checklist).of(std::string{2, 1, 1, 2, 2, 0});
    EXPECT_DOUBLE_EQ(*score.dimension(0), 4.0 / 6);
    EXPECT_FALSE(score.dimension(2));
}

/// The vectors of `domain/fidelity.md` §3 that a checklist without weights can hold.
TEST(Review, AgreesWithTheVector) {
    guidance::Checklist checklist{"c", 1, {}};
    for (int i = 0; i < 10; ++i) checklist.items.push_back({"i", "I", "adherence", 2, true});
    std::string given{2, 2, 1, 2, 0, 2, 0, 2, 2, 1};
    given[4] = static_cast<char>(guidance::kNotApplicable);
    const auto score = measures::ReviewScoring(checklist).of(given);
    EXPECT_EQ(score.points, 14);
    EXPECT_EQ(score.possible, 18);
}

TEST(Fidelity, CountsIncompleteReviewsApart) {
    Service service;
    service.practitioners.resize(1, {Date(2025, 1, 1), Date(2025, 1, 1), {}});
    service.reviews = {{0, Date(2025, 5, 1), scores(4, 2)},
                       {0, Date(2025, 5, 1), scores(1, 0)},
                       {0, Date(2025, 5, 1), scores(guidance::kBlank, 0)},
                       {0, Date(2025, 7, 1), scores(4, 2)}};
    const auto figure = figuresOf(service)["fidelity"];
    EXPECT_EQ(figure.parts.proportion, (Proportion{1, 2}));
    EXPECT_EQ(figure.also.at("incomplete").proportion.numerator, 1);
    EXPECT_DOUBLE_EQ(*figure.also.at("mean").mean(), (1.0 + 1.0 / 6) / 2);
}

TEST(Workforce, CountsOnlyThoseWhoHeldASessionInTheQuarter) {
    Service service;
    service.episodes = {{Date(2025, 1, 1), std::nullopt, std::nullopt, 0}};
    service.practitioners = {{Date(2025, 6, 30), Date(2025, 6, 30), {Date(2025, 6, 1)}},
                             {Date(2025, 7, 1), Date(2025, 6, 29), {Date(2025, 5, 31), Date(2025, 7, 1)}},
                             {Date(2020, 1, 1), Date(2030, 1, 1), {Date(2025, 6, 30)}},
                             {Date(2020, 1, 1), Date(2030, 1, 1), {Date(2025, 6, 30)}}};
    service.sessions = {{0, Date(2025, 4, 1)},
                        {1, Date(2025, 6, 30)},
                        {2, Date(2025, 7, 1)},
                        {3, Date(2025, 5, 1), "missed"}};
    const auto figures = figuresOf(service);
    EXPECT_EQ(figures.at("trained").parts.proportion, (Proportion{1, 2}));
    EXPECT_EQ(figures.at("accredited").parts.proportion, (Proportion{1, 2}));
    // 30 days before 30 June is one too many; a supervision to come does not count.
    EXPECT_EQ(figures.at("supervised").parts.proportion, (Proportion{1, 2}));
}

TEST(Outcome, PairsTheFirstBeforeWithTheLastAfter) {
    Service service;
    service.episodes.resize(3, {Date(2025, 1, 1), std::nullopt, std::nullopt, 0});
    service.scores = {{0, "before", Date(2025, 1, 2), 22}, {0, "before", Date(2025, 2, 2), 10},
                      {0, "after", Date(2025, 4, 2), 21},  {0, "after", Date(2025, 6, 2), 12},
                      {1, "before", Date(2025, 1, 2), 16}, {1, "after", Date(2025, 6, 2), 24},
                      {2, "after", Date(2025, 6, 2), 12}};
    const auto figure = figuresOf(service)["outcome_improved:sdq"];
    EXPECT_EQ(figure.parts.proportion, (Proportion{1, 2}));
    EXPECT_EQ(figure.also.at("worsened").proportion.numerator, 1);
    EXPECT_EQ(figure.also.at("unpaired").proportion.numerator, 1);
    EXPECT_DOUBLE_EQ(*figure.also.at("mean_change").mean(), -1.0);
    EXPECT_TRUE(figuresOf(service, kQuarter.next())["outcome_improved:sdq"].isNothing());
}

TEST(Outcome, NeedsMoreThanMeasurementError) {
    for (const auto& [after, improved] : {std::pair{12, 1}, std::pair{17, 0}}) {
        Service service;
        service.episodes.resize(1, {Date(2025, 1, 1), std::nullopt, std::nullopt, 0});
        service.scores = {{0, "before", Date(2025, 1, 2), 22},
                          {0, "after", Date(2025, 6, 2), static_cast<double>(after)}};
        EXPECT_EQ(figuresOf(service)["outcome_improved:sdq"].parts.proportion.numerator, improved);
    }
}

TEST(Evaluate, GivesTheSameBytesInAnyOrderOfRecords) {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
        auto service = small::randomService(random, 30);
        const auto before = measures::textOf(figuresOf(service));
        std::ranges::shuffle(service.sessions, random);
        std::ranges::shuffle(service.reviews, random);
        std::ranges::shuffle(service.scores, random);
        EXPECT_EQ(measures::textOf(figuresOf(service)), before);
    }
}

TEST(Evaluate, IsNothingOutsideTheSpanOfItsRecords) {
    std::mt19937 random(8);
    for (int round = 0; round < 20; ++round) {
        const auto service = small::randomService(random, 10);
        const auto span = *measures::quarterSpan(service.facts());
        for (const auto quarter : {span.first.previous(), span.last.next(), span.last.next().next()})
            EXPECT_TRUE(figuresOf(service, quarter).empty());
    }
}

TEST(Evaluate, GivesTheSameWhetherQuartersAreAskedTogetherOrAlone) {
    std::mt19937 random(11);
    const auto service = small::randomService(random, 40);
    const auto facts = service.facts();
    measures::Evaluator together(small::plan(), facts, *small::catalogue().intervention("i"));
    const auto span = *measures::quarterSpan(facts);
    for (auto quarter = span.first; quarter <= span.last; quarter = quarter.next())
        EXPECT_EQ(together.of(quarter), figuresOf(service, quarter)) << quarter.name();
}

TEST(Breakdown, GroupsAddUpToTheFigure) {
    std::mt19937 random(12);
    for (int round = 0; round < 20; ++round)
        for (const auto& [name, figure] : figuresOf(small::randomService(random, 30)))
            for (const auto& [breakdown, groups] : figure.groups) {
                Parts sum;
                for (const auto& [group, parts] : groups) sum += parts;
                EXPECT_EQ(sum, figure.parts) << name << " by " << breakdown;
            }
}

TEST(Figures, AreReadBackAsTheyWereWritten) {
    std::mt19937 random(13);
    for (int round = 0; round < 20; ++round) {
        const auto figures = figuresOf(small::randomService(random, 25));
        EXPECT_EQ(measures::figuresOf(measures::textOf(figures)), figures);
    }
}

TEST(Parts, AddUpToThePooledFigure) {
    std::mt19937 random(9);
    for (int round = 0; round < 20; ++round) {
        const auto one = small::randomService(random, 12);
        const auto two = small::randomService(random, 20);
        auto both = one;
        const auto add = [](auto& to, const auto& from, const auto& shift) {
            for (auto record : from) {
                shift(record);
                to.push_back(record);
            }
        };
        const auto shiftEpisode = [&](auto& record) {
            record.episode += static_cast<std::uint32_t>(one.episodes.size());
        };
        const auto shiftPractitioner = [&](auto& record) {
            record.practitioner += static_cast<std::uint32_t>(one.practitioners.size());
        };
        add(both.episodes, two.episodes, [](auto&) {});
        add(both.practitioners, two.practitioners, [](auto&) {});
        add(both.scores, two.scores, shiftEpisode);
        add(both.reviews, two.reviews, shiftPractitioner);
        add(both.sessions, two.sessions, [&](auto& record) {
            shiftEpisode(record);
            shiftPractitioner(record);
        });
        auto sum = figuresOf(one);
        for (const auto& [name, figure] : figuresOf(two)) sum[name] += figure;
        for (const auto& [name, figure] : figuresOf(both)) {
            EXPECT_EQ(figure.parts.proportion, sum[name].parts.proportion) << name;
            EXPECT_EQ(figure.parts.classes, sum[name].parts.classes) << name;
            EXPECT_NEAR(figure.parts.value.sum, sum[name].parts.value.sum, 1e-9) << name;
        }
    }
}

TEST(Funnel, NeverGrowsFromStepToStep) {
    std::mt19937 random(10);
    for (int round = 0; round < 20; ++round) {
        const auto steps = measures::cohortFunnel(small::randomService(random, 40).facts(), kQuarter);
        ASSERT_EQ(steps.size(), 5U);
        for (std::size_t i = 1; i < 4; ++i) EXPECT_LE(steps[i].episodes, steps[i - 1].episodes);
    }
}

TEST(Funnel, FollowsThoseReferredInTheQuarterToEachStep) {
    Service service;
    service.episodes = {{Date(2025, 4, 1), Date(2025, 4, 20), Date(2025, 6, 1), 0, "completed"},
                        {Date(2025, 6, 30), Date(2025, 8, 1), Date(2025, 9, 1), 0, "withdrew"},
                        {Date(2025, 5, 1), std::nullopt, std::nullopt, 0},
                        {Date(2025, 3, 31), Date(2025, 4, 20), Date(2025, 6, 1), 0, "completed"},
                        {Date(2025, 7, 1), Date(2025, 7, 20), std::nullopt, 0}};
    std::string steps;
    for (const auto& step : measures::cohortFunnel(service.facts(), kQuarter))
        steps += std::string(step.name) + " " + std::to_string(step.episodes) + ", ";
    EXPECT_EQ(steps, "Referred 3, Offered 3, Accepted 2, Started 2, Completed 1, ");
}

TEST(Owners, HaveThePartsOfWhatIsTheirs) {
    Service service;
    service.practitioners.resize(3, {Date(2025, 1, 1), Date(2025, 1, 1), {}});
    service.reviews = {{0, Date(2025, 4, 1), scores(4, 2)},
                       {0, Date(2025, 6, 30), scores(1, 0)},
                       {1, Date(2025, 5, 1), scores(4, 2)},
                       {1, Date(2025, 7, 1), scores(4, 2)},
                       {measures::kNobody, Date(2025, 5, 1), scores(4, 2)}};
    const auto facts = service.facts();
    measures::Evaluator evaluator(small::plan(), facts, *small::catalogue().intervention("i"));
    const auto parts =
        evaluator.byOwner(*small::plan().measure("fidelity"), kQuarter, measures::Population::practitioners);
    ASSERT_EQ(parts.size(), 2U) << "neither who was not reviewed, nor nobody";
    EXPECT_EQ(parts.at(0).proportion, (Proportion{1, 2}));
    EXPECT_EQ(parts.at(1).proportion, (Proportion{1, 1}));
}

/// Over complete reviews of the quarter: what was scored, of what it could have been.
TEST(Items, AreProfiledOverTheReviewsThatAnswerThem) {
    Service service;
    service.practitioners.resize(1, {Date(2025, 1, 1), Date(2025, 1, 1), {}});
    service.reviews = {{0, Date(2025, 4, 1), scores(4, 2)},
                       {0, Date(2025, 6, 30), scores(2, guidance::kNotApplicable)},
                       {0, Date(2025, 5, 1), scores(3, guidance::kBlank)},
                       {0, Date(2025, 5, 1), scores(guidance::kBlank, 1)},
                       {0, Date(2025, 3, 31), scores(1, 1)},
                       {0, Date(2025, 7, 1), scores(1, 1)}};
    const auto profile =
        measures::itemProfile(*small::catalogue().checklist("c", 1), service.facts(), kQuarter);
    ASSERT_EQ(profile.size(), 2U);
    EXPECT_EQ(profile[0].points, (Proportion{9, 12}));
    EXPECT_EQ(profile[0].answered, 3);
    EXPECT_EQ(profile[0].notApplicable, 0);
    EXPECT_EQ(profile[1].points, (Proportion{2, 2}));
    EXPECT_EQ(profile[1].answered, 1);
    EXPECT_EQ(profile[1].notApplicable, 1);
}

TEST(Span, GoesFromTheQuarterOfTheFirstDateToThatOfTheLast) {
    Service service;
    EXPECT_FALSE(measures::quarterSpan(service.facts()));
    service.episodes = {{Date(2025, 3, 31), std::nullopt, std::nullopt, 0}};
    service.practitioners.resize(1, {Date(2020, 1, 1), Date(2030, 1, 1), {}});
    service.reviews = {{0, Date(2025, 7, 1), scores(4, 2)}};
    const auto span = measures::quarterSpan(service.facts());
    EXPECT_EQ(span->first.name(), "2024-25 Q4");
    EXPECT_EQ(span->last.name(), "2025-26 Q2");
}
