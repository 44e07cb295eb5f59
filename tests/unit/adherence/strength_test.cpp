// How strong evidence is by each criterion, on both sides of what is asked; and what spreads and groups show.

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/adherence/judged.h"

using adherence::Criterion;
using adherence::Strength;
using in_memory::EvidenceBuilder;
using in_memory::judged;
using in_memory::kKnownOn;
using in_memory::kQuarter;
using values::Proportion;
using Verdict = Criterion::Verdict;

namespace {

/// One criterion of the evidence for visits.
Criterion criterion(const std::string& name, const std::function<void(EvidenceBuilder&)>& adds) {
    const auto all = judged([&](EvidenceBuilder& evidence) {
        evidence.recommend("visits", {in_memory::standard("fidelity"), in_memory::standard("dose"),
                                      in_memory::furtherStandard("supervised")});
        adds(evidence);
    });
    const auto& criteria = all->judgement.strengths.at("offer-visits").criteria;
    return *std::ranges::find(criteria, name, &Criterion::name);
}

void expectCriterion(const Criterion& found, Verdict verdict, const std::string& words) {
    EXPECT_EQ(found.verdict, verdict) << words;
    EXPECT_EQ(found.words, words);
}

/// Records in the first quarters of ten.
void recordsIn(EvidenceBuilder& evidence, int quarters) {
    auto& service = evidence.quarters(10).service("S1").withoutRecords();
    auto quarter = kQuarter;
    for (int i = 0; i < quarters; ++i, quarter = quarter.next()) service.figure("referred", 1, 0, quarter);
}

/// Shown and hidden groups of one measure, as `White 20 shown`.
std::vector<std::string> groupsOf(const std::vector<std::pair<std::string, int>>& sizes) {
    const auto all = judged([&](EvidenceBuilder& evidence) {
        auto& service = evidence.service("S1");
        for (const auto& [group, size] : sizes) service.group("completers", "ethnic_group", group, 1, size);
    });
    std::vector<std::string> rows;
    for (const auto& one : all->judgement.equality)
        rows.push_back(one.group + " " + std::to_string(one.counts.denominator) +
                       (one.isShown ? " shown" : " hidden"));
    return rows;
}

using Words = std::vector<std::string>;

}  // namespace

TEST(Criteria, AskForEnoughRecordsBehindEveryRequiredStandard) {
    expectCriterion(criterion("amount",
                              [](auto& evidence) {
                                  evidence.service("S1").figure("fidelity", 0, 10).figure("dose", 0, 10);
                              }),
                    Verdict::met, "Every required standard rests on enough records.");
    expectCriterion(criterion("amount",
                              [](auto& evidence) {
                                  evidence.service("S1").figure("fidelity", 9, 9).figure("dose", 0, 10);
                              }),
                    Verdict::notMet, "Too few records: Reviews at fidelity rests on 9 of 10.");
}

TEST(Criteria, AskForRecordsOfNineQuartersInTen) {
    expectCriterion(criterion("completeness", [](auto& evidence) { recordsIn(evidence, 9); }), Verdict::met,
                    "9 of 10 quarters in which services ran have single records; 90% is asked for.");
    expectCriterion(criterion("completeness", [](auto& evidence) { recordsIn(evidence, 8); }),
                    Verdict::notMet,
                    "8 of 10 quarters in which services ran have single records; 90% is asked for.");
    expectCriterion(
        criterion("completeness",
                  [](auto& evidence) {
                      evidence.service("S1");
                      evidence.service("S2").countsOnly();
                  }),
        Verdict::notMet,
        "1 of 2 quarters in which services ran have single records; 90% is asked for. Counts alone: "
        "Service S2.");
    EXPECT_EQ(criterion("completeness", [](auto&) {}).verdict, Verdict::notApplicable);
}

TEST(Criteria, AskForARecordOfTheLastTwelveMonths) {
    const auto last = [](int days) {
        return [days](EvidenceBuilder& evidence) {
            evidence.service("S1").lastRecord(kKnownOn.plusDays(-days));
            evidence.service("S2").lastRecord(kKnownOn.plusDays(-900));
        };
    };
    expectCriterion(criterion("recency", last(365)), Verdict::met,
                    "The latest record is of 10 July 2024; older than twelve months is stale.");
    expectCriterion(criterion("recency", last(366)), Verdict::notMet,
                    "The latest record is of 9 July 2024; older than twelve months is stale.");
    expectCriterion(criterion("recency", [](auto& evidence) { evidence.service("S1"); }),
                    Verdict::notApplicable, "There is no dated record.");
}

TEST(Criteria, AskThatHalfOfTheReviewsBeIndependent) {
    const auto reviews = [](std::int64_t independent, std::int64_t all) {
        return [=](EvidenceBuilder& evidence) {
            evidence.service("S1").figure("independent_reviews", independent, all);
            evidence.service("S2").figure("independent_reviews", 0, 1);
        };
    };
    expectCriterion(
        criterion("independence", reviews(5, 9)), Verdict::met,
        "50% (5 of 10) of the reviews were made by an observer or a supervisor; half is asked for.");
    expectCriterion(
        criterion("independence", reviews(5, 10)), Verdict::notMet,
        "45% (5 of 11) of the reviews were made by an observer or a supervisor; half is asked for.");
    expectCriterion(criterion("independence", [](auto& evidence) { evidence.service("S1"); }),
                    Verdict::notApplicable, "There is no complete review of a session.");
}

TEST(Criteria, AskForSecondScoresOfThreeInFiveWhoEnded) {
    const auto scored = [](std::int64_t pairs) {
        return [pairs](EvidenceBuilder& evidence) {
            evidence.service("S1").figure("completers", 1, 5).figure("outcome_improved:sdq", 0, 9);
            evidence.service("S2").figure("completers", 1, 15).figure("outcome_improved:sdq", 0, pairs);
        };
    };
    // Of five who ended no more than five come back, however many pairs there are.
    expectCriterion(criterion("response", scored(7)), Verdict::met,
                    "60% (12 of 20) of those who ended have scores before and after; 60% is asked for.");
    expectCriterion(criterion("response", scored(6)), Verdict::notMet,
                    "55% (11 of 20) of those who ended have scores before and after; 60% is asked for.");
    expectCriterion(
        criterion("response",
                  [](auto& evidence) { evidence.service("S1").figure("outcome_improved:sdq", 0, 9); }),
        Verdict::notApplicable, "No started episode has ended.");
    expectCriterion(criterion("response", [](auto&) {}), Verdict::notApplicable,
                    "No outcome is measured with an instrument.");
}

/// Who answered with two instruments came back once.
TEST(Criteria, CountWhoCameBackByTheInstrumentWithTheMostPairs) {
    expectCriterion(criterion("response",
                              [](auto& evidence) {
                                  evidence.service("S1")
                                      .figure("completers", 1, 10)
                                      .figure("outcome_improved:sdq", 0, 4)
                                      .figure("outcome_improved:stress", 0, 5);
                              }),
                    Verdict::notMet,
                    "50% (5 of 10) of those who ended have scores before and after; 60% is asked for.");
}

TEST(Criteria, SayNothingOfARecommendationThatHasNoRecords) {
    const auto strengthOf = [](const std::function<void(EvidenceBuilder&)>& adds) {
        return judged([&](EvidenceBuilder& evidence) {
                   evidence.recommend("visits");
                   adds(evidence);
               })
            ->judgement.strengths.at("offer-visits")
            .grade;
    };
    EXPECT_EQ(strengthOf([](auto&) {}), Strength::Grade::none);
    EXPECT_EQ(strengthOf([](auto& evidence) { evidence.service("S1").withoutRecords(); }),
              Strength::Grade::none);
    EXPECT_EQ(strengthOf([](auto& evidence) { evidence.service("S1"); }), Strength::Grade::strong);
}

TEST(Groups, AreHiddenBelowTenAndSoIsTheSmallestOfTheOthers) {
    EXPECT_EQ(groupsOf({{"Asian", 10}, {"White", 20}}), (Words{"Asian 10 shown", "White 20 shown"}));
    EXPECT_EQ(groupsOf({{"Asian", 9}, {"Black", 30}, {"White", 20}}),
              (Words{"Asian 9 hidden", "Black 30 shown", "White 20 hidden"}));
    EXPECT_EQ(groupsOf({{"Asian", 9}, {"Black", 8}, {"White", 20}}),
              (Words{"Asian 9 hidden", "Black 8 hidden", "White 20 shown"}));
    EXPECT_EQ(groupsOf({{"Asian", 9}}), (Words{"Asian 9 hidden"}));
}

TEST(Spreads, ShowFiveQuartilesOfUnitsWithEnoughRecordsAndCountTheOthers) {
    const auto all = judged([](EvidenceBuilder& evidence) {
        for (const std::int64_t met : {1, 2, 3, 4, 5})
            evidence.service("S" + std::to_string(met)).figure("dose", met, 10).figure("completers", met, 9);
        evidence.service("S6").figure("dose", 9, 9).practitioners({{1, 5}, {4, 4}, {0, 0}});
    });
    const auto spread = [&](const char* measure, const char* units) {
        return *std::ranges::find_if(all->judgement.spreads, [&](const auto& one) {
            return one.measure == std::string(measure) && one.units == units;
        });
    };
    EXPECT_EQ(spread("dose", "services").quartiles, (std::vector<double>{0.1, 0.2, 0.3, 0.4, 0.5}));
    EXPECT_EQ(spread("dose", "services").count, 5U);
    EXPECT_EQ(spread("dose", "services").left, 1U);
    EXPECT_TRUE(spread("completers", "services").quartiles.empty());
    EXPECT_EQ(spread("completers", "services").left, 5U);
    EXPECT_EQ(spread("fidelity", "practitioners").count, 1U);
    EXPECT_EQ(spread("fidelity", "practitioners").left, 1U);
}
