#include "measures/evaluate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "measures/level.h"
#include "measures/measure.h"
#include "measures/review.h"

using measures::EpisodeFacts;
using measures::Figures;
using measures::Parts;
using measures::ServiceFacts;
using measures::TimePoint;
using values::Date;
using values::Quarter;

namespace {

const Quarter kQuarter = *Quarter::parse("2025-26 Q1");

guidance::Catalogue catalogue() {
    guidance::Catalogue c;
    guidance::Intervention i;
    i.id = "i";
    i.expectedSessions = 12;
    i.minimumShare = 0.75;
    i.startWithinDays = 28;
    i.supervisionWithinDays = 30;
    i.checklist = "c";
    i.fidelityThreshold = 0.8;
    i.instruments = {"sdq"};
    c.interventions.emplace("i", i);
    c.checklists["c"][1] = {"c", 1, {{"a", "A", "adherence", 4, true}, {"b", "B", "quality", 2, false}}};
    c.instruments["sdq"] = {"sdq", "SDQ", 0, 40, true, 5.8, 0.82, std::nullopt, guidance::Basis::literature};
    return c;
}

Figures figuresOf(const ServiceFacts& facts, Quarter quarter = kQuarter) {
    static const auto c = catalogue();
    Figures figures;
    for (auto& cell : measures::evaluate(facts, *c.intervention("i"), c, quarter))
        figures.emplace(cell.measure, cell.parts);
    return figures;
}

EpisodeFacts episode(Date referred, std::optional<Date> started, std::optional<Date> ended, int held,
                     bool completed = false) {
    return {referred, referred, started, started, ended, completed, held};
}

std::string scores(int a, int b) { return {static_cast<char>(a), static_cast<char>(b)}; }

}  // namespace

TEST(Dose, CountsNoMoreThanExpected) {
    ServiceFacts facts;
    facts.episodes = {episode(Date(2025, 3, 1), Date(2025, 4, 2), Date(2025, 6, 30), 14)};
    EXPECT_EQ(figuresOf(facts)["dose"].proportion, (values::Proportion{12, 12}));
}

TEST(Dose, LeavesOutEpisodesThatNeverStarted) {
    ServiceFacts facts;
    facts.episodes = {episode(Date(2025, 3, 1), std::nullopt, Date(2025, 5, 1), 0)};
    EXPECT_EQ(figuresOf(facts)["dose"].proportion, (values::Proportion{0, 0}));
    EXPECT_EQ(figuresOf(facts)["ended"].proportion.numerator, 1);
}

TEST(Completers, NeedTheMinimumRoundedUp) {
    ServiceFacts facts;
    for (const int held : {8, 9})
        facts.episodes.push_back(episode(Date(2025, 3, 1), Date(2025, 4, 2), Date(2025, 5, 1), held));
    EXPECT_EQ(figuresOf(facts)["completers"].proportion, (values::Proportion{1, 2}));
}

TEST(StartTimeliness, CountsTheLastDayInTimeAndGivesTheMedian) {
    ServiceFacts facts;
    for (const int wait : {28, 29, 10, 40})
        facts.episodes.push_back(episode(Date(2025, 4, 1), Date(2025, 4, 1).plusDays(wait), std::nullopt, 0));
    const auto parts = figuresOf(facts)["start_timeliness"];
    EXPECT_EQ(parts.proportion, (values::Proportion{2, 4}));
    EXPECT_EQ(*parts.medianDays(), 28.5);
}

TEST(Cohort, FollowsTheQuarterOfReferralWhateverTheLaterDate) {
    ServiceFacts facts;
    facts.episodes = {episode(Date(2025, 6, 30), Date(2025, 9, 1), std::nullopt, 0),
                      episode(Date(2025, 3, 31), Date(2025, 4, 1), std::nullopt, 0)};
    const auto figures = figuresOf(facts);
    EXPECT_EQ(figures.at("started_of_referred").proportion, (values::Proportion{1, 1}));
    EXPECT_EQ(figures.at("started").proportion.numerator, 1);
}

TEST(Review, LeavesOutNotApplicableAndBlankOptionalItems) {
    const auto c = catalogue();
    const auto& checklist = *c.checklist("c", 1);
    EXPECT_DOUBLE_EQ(*measures::reviewScore(checklist, scores(3, 1)), 4.0 / 6);
    EXPECT_DOUBLE_EQ(*measures::reviewScore(checklist, scores(3, guidance::kNotApplicable)), 0.75);
    EXPECT_DOUBLE_EQ(*measures::reviewScore(checklist, scores(3, guidance::kBlank)), 0.75);
}

TEST(Review, IsIncompleteWithoutARequiredItemOrAnyAnswer) {
    const auto c = catalogue();
    const auto& checklist = *c.checklist("c", 1);
    EXPECT_FALSE(measures::reviewScore(checklist, scores(guidance::kBlank, 2)));
    EXPECT_FALSE(measures::reviewScore(checklist, scores(guidance::kNotApplicable, guidance::kBlank)));
}

TEST(Fidelity, CountsIncompleteReviewsApart) {
    ServiceFacts facts;
    facts.practitioners.resize(1);
    facts.reviews = {{0, Date(2025, 5, 1), "c", 1, scores(4, 2)},
                     {0, Date(2025, 5, 1), "c", 1, scores(1, 0)},
                     {0, Date(2025, 5, 1), "c", 1, scores(guidance::kBlank, 0)},
                     {0, Date(2025, 7, 1), "c", 1, scores(4, 2)}};
    const auto parts = figuresOf(facts)["fidelity"];
    EXPECT_EQ(parts.proportion, (values::Proportion{1, 2}));
    EXPECT_EQ(parts.excluded, 1);
    EXPECT_DOUBLE_EQ(*parts.mean(), (1.0 + 1.0 / 6) / 2);
}

TEST(Workforce, CountsOnlyThoseWhoHeldASessionInTheQuarter) {
    ServiceFacts facts;
    facts.practitioners = {{Date(2025, 6, 30), Date(2025, 6, 30), {Date(2025, 6, 1)}},
                           {Date(2025, 7, 1), Date(2025, 6, 29), {Date(2025, 5, 31), Date(2025, 7, 1)}},
                           {Date(2020, 1, 1), Date(2030, 1, 1), {Date(2025, 6, 30)}}};
    facts.sessions = {{0, Date(2025, 4, 1)}, {1, Date(2025, 6, 30)}, {2, Date(2025, 7, 1)}};
    const auto figures = figuresOf(facts);
    EXPECT_EQ(figures.at("trained").proportion, (values::Proportion{1, 2}));
    EXPECT_EQ(figures.at("accredited").proportion, (values::Proportion{1, 2}));
    // 30 days before 30 June is one too many; a supervision to come does not count.
    EXPECT_EQ(figures.at("supervised").proportion, (values::Proportion{1, 2}));
}

TEST(Outcome, PairsTheFirstBeforeWithTheLastAfter) {
    ServiceFacts facts;
    facts.episodes.resize(3, episode(Date(2025, 1, 1), std::nullopt, std::nullopt, 0));
    facts.scores = {{0, "sdq", "carer", TimePoint::before, Date(2025, 1, 2), 22},
                    {0, "sdq", "carer", TimePoint::before, Date(2025, 2, 2), 10},
                    {0, "sdq", "carer", TimePoint::after, Date(2025, 4, 2), 21},
                    {0, "sdq", "carer", TimePoint::after, Date(2025, 6, 2), 12},
                    {1, "sdq", "carer", TimePoint::before, Date(2025, 1, 2), 16},
                    {1, "sdq", "carer", TimePoint::after, Date(2025, 6, 2), 24},
                    {2, "sdq", "carer", TimePoint::after, Date(2025, 6, 2), 12}};
    const auto parts = figuresOf(facts)["outcome_improved:sdq"];
    EXPECT_EQ(parts.proportion, (values::Proportion{1, 2}));
    EXPECT_EQ(parts.opposite, 1);
    EXPECT_EQ(parts.excluded, 1);
    EXPECT_DOUBLE_EQ(*parts.mean(), -1.0);
    EXPECT_EQ(figuresOf(facts, kQuarter.next())["outcome_improved:sdq"].proportion.denominator, 0);
}

TEST(Outcome, NeedsMoreThanMeasurementError) {
    for (const auto& [after, improved] : {std::pair{12, 1}, std::pair{17, 0}}) {
        ServiceFacts facts;
        facts.episodes.resize(1, episode(Date(2025, 1, 1), std::nullopt, std::nullopt, 0));
        facts.scores = {{0, "sdq", "carer", TimePoint::before, Date(2025, 1, 2), 22},
                        {0, "sdq", "carer", TimePoint::after, Date(2025, 6, 2), static_cast<double>(after)}};
        EXPECT_EQ(figuresOf(facts)["outcome_improved:sdq"].proportion.numerator, improved);
    }
}

namespace {

ServiceFacts randomFacts(std::mt19937& random, int episodes) {
    const auto whole = [&](int least, int most) {
        return std::uniform_int_distribution<int>(least, most)(random);
    };
    ServiceFacts facts;
    for (int p = 0; p < 4; ++p)
        facts.practitioners.push_back({Date(2025, 1, 1).plusDays(whole(0, 300)),
                                       Date(2025, 1, 1).plusDays(whole(0, 300)),
                                       {Date(2025, 4, 1).plusDays(whole(0, 90))}});
    for (int e = 0; e < episodes; ++e) {
        const auto referred = Date(2025, 2, 1).plusDays(whole(0, 150));
        const auto started = whole(0, 3) != 0 ? std::optional(referred.plusDays(whole(0, 50))) : std::nullopt;
        facts.episodes.push_back(episode(
            referred, started,
            started && whole(0, 1) == 1 ? std::optional(started->plusDays(whole(0, 90))) : std::nullopt,
            whole(0, 15), whole(0, 1) == 1));
        facts.sessions.push_back(
            {static_cast<std::uint32_t>(whole(0, 3)), Date(2025, 3, 1).plusDays(whole(0, 150))});
        facts.reviews.push_back({static_cast<std::uint32_t>(whole(0, 3)),
                                 Date(2025, 3, 1).plusDays(whole(0, 150)), "c", 1,
                                 scores(whole(0, 4), whole(0, 2))});
        for (const auto point : {TimePoint::before, TimePoint::after})
            if (whole(0, 4) != 0)
                facts.scores.push_back({static_cast<std::uint32_t>(e), "sdq", "carer", point,
                                        Date(2025, 3, 1).plusDays(whole(0, 150)),
                                        static_cast<double>(whole(0, 40))});
    }
    return facts;
}

}  // namespace

TEST(Evaluate, GivesTheSameCountsInAnyOrderOfRecords) {
    std::mt19937 random(7);
    for (int round = 0; round < 50; ++round) {
        auto facts = randomFacts(random, 30);
        const auto before = figuresOf(facts);
        std::ranges::shuffle(facts.sessions, random);
        std::ranges::shuffle(facts.reviews, random);
        std::ranges::shuffle(facts.scores, random);
        for (const auto& [name, parts] : figuresOf(facts)) {
            EXPECT_EQ(parts.proportion, before.at(name).proportion) << name;
            EXPECT_EQ(parts.opposite, before.at(name).opposite) << name;
            EXPECT_NEAR(parts.sum, before.at(name).sum, 1e-9) << name;
        }
    }
}

TEST(Evaluate, IsZeroOutsideTheSpanOfItsRecords) {
    std::mt19937 random(8);
    for (int round = 0; round < 20; ++round) {
        const auto facts = randomFacts(random, 10);
        const auto span = *measures::quarterSpan(facts);
        for (const auto quarter : {span.first.previous(), span.last.next(), span.last.next().next()})
            for (const auto& [name, parts] : figuresOf(facts, quarter)) EXPECT_EQ(parts, Parts{}) << name;
    }
}

TEST(Parts, AddUpToThePooledFigure) {
    std::mt19937 random(9);
    for (int round = 0; round < 20; ++round) {
        const auto a = figuresOf(randomFacts(random, 12));
        const auto b = figuresOf(randomFacts(random, 20));
        for (const auto& [name, parts] : a) {
            auto sum = parts;
            sum += b.at(name);
            EXPECT_EQ(sum.proportion.denominator,
                      parts.proportion.denominator + b.at(name).proportion.denominator);
            EXPECT_EQ(sum.days.size() >= parts.days.size(), true);
        }
    }
}

TEST(Funnel, NeverGrowsFromStepToStep) {
    std::mt19937 random(10);
    for (int round = 0; round < 20; ++round) {
        const auto steps = measures::cohortFunnel(randomFacts(random, 40), kQuarter);
        ASSERT_EQ(steps.size(), 5U);
        for (std::size_t i = 1; i < 4; ++i) EXPECT_LE(steps[i].episodes, steps[i - 1].episodes);
    }
}

TEST(Measures, HaveAKnownNameEach) {
    for (const auto& measure : measures::allMeasures())
        EXPECT_EQ(measures::findMeasure(measure.id), &measure);
    EXPECT_TRUE(measures::isRatioMeasure("outcome_improved:sdq"));
    EXPECT_FALSE(measures::isRatioMeasure("outcome_improved"));
    EXPECT_FALSE(measures::isRatioMeasure("dose:sdq"));
    EXPECT_FALSE(measures::isRatioMeasure("referred"));
    EXPECT_FALSE(measures::isRatioMeasure("happiness"));
}
