// What a report says of one expectation: a line for each thing that speaks to it, and how strong the evidence
// is.

#include <gtest/gtest.h>

#include "unit/adherence/judged.h"

using adherence::Strength;
using in_memory::EvidenceBuilder;
using in_memory::judged;
using in_memory::kKnownOn;
using in_memory::kLastDay;
using in_memory::standard;
using Grade = Strength::Grade;

namespace {

using Words = std::vector<std::string>;
using Adds = std::function<void(EvidenceBuilder&)>;

/// The lines of an expectation that speaks of this, and names these recommendations.
Words linesOf(const char* speaks, const Words& recommendations, const Adds& adds) {
    const auto all = judged([&](EvidenceBuilder& evidence) {
        adds(evidence);
        evidence.expect({speaks}, recommendations);
    });
    return all->judgement.expectations.front().lines;
}
Words linesOf(const char* speaks, const Adds& adds) { return linesOf(speaks, {}, adds); }

Grade gradeOf(const Words& speaks, const Words& recommendations, const Adds& adds) {
    const auto all = judged([&](EvidenceBuilder& evidence) {
        adds(evidence);
        evidence.expect(speaks, recommendations);
    });
    return all->judgement.expectations.front().strength.grade;
}

/// Visits as intended, calls partly, letters not at all.
void threeRecommendations(EvidenceBuilder& evidence) {
    evidence.recommend("visits", {standard("fidelity")})
        .recommend("calls", {standard("fidelity")})
        .recommend("letters", {standard("fidelity")});
    evidence.service("S1", "visits").figure("fidelity", 8, 10);
    evidence.service("S2", "calls").figure("fidelity", 7, 10).lastRecord(kKnownOn.plusDays(-400));
}

void addFeedback(EvidenceBuilder& evidence, std::vector<adherence::FeedbackCount> given) {
    evidence.rest().feedback = std::move(given);
}

}  // namespace

TEST(Expectations, CountTheLevelsThatSpeakToThemTheBestFirst) {
    EXPECT_EQ(
        linesOf("levels", threeRecommendations),
        (Words{"Recommendations that speak to this: 1 delivered as intended, 1 partly delivered and 1 not "
               "offered."}));
    EXPECT_EQ(linesOf("returns", {"offer-visits", "offer-letters"}, threeRecommendations).front(),
              "Recommendations that speak to this: 1 delivered as intended and 1 not offered.");
    EXPECT_EQ(linesOf("levels", [](auto&) {}), (Words{"No recommendation in force speaks to this."}));
}

TEST(Expectations, CountWhatIsDeclared) {
    const auto declared = [](auto& evidence) {
        threeRecommendations(evidence);
        evidence.declare("offer-visits", "in place").declare("offer-calls", "partly");
    };
    EXPECT_EQ(linesOf("declarations", declared),
              (Words{"The authority declares: 1 in place and 1 partly; nothing about 1."}));
    EXPECT_EQ(linesOf("declarations", {"offer-visits"}, declared).back(),
              "The authority declares: 1 in place.");
    EXPECT_EQ(linesOf("declarations", {"offer-letters"}, declared).back(),
              "The authority has declared nothing about these.");
}

TEST(Expectations, CountActionsOfTheirRecommendationsAndServices) {
    const auto acted = [](auto& evidence) {
        threeRecommendations(evidence);
        evidence.openAction(kKnownOn, "offer-visits")
            .openAction(kKnownOn.plusDays(-1), "S1")
            .openAction(kKnownOn, "S2")
            .closedAction(kLastDay, true)
            .closedAction(kLastDay.plusDays(1), true);
    };
    EXPECT_EQ(linesOf("actions", acted), (Words{"Actions: 1 closed in the period, 2 open, 1 overdue."}));
    EXPECT_EQ(linesOf("actions", {"offer-visits"}, acted).back(),
              "Actions: 0 closed in the period, 1 open, 1 overdue.");
    EXPECT_EQ(linesOf("actions", {"offer-letters"}, acted).back(), "No action about these is on record.");
}

TEST(Expectations, GiveAMeanOfTenRatingsOfTheirServices) {
    const auto heard = [](auto& evidence) {
        threeRecommendations(evidence);
        addFeedback(evidence,
                    {{"S1", "carer", 12, 6, 27}, {"S1", "child", 5, 4, 13}, {"S2", "carer", 9, 9, 9}});
    };
    EXPECT_EQ(linesOf("feedback", heard), (Words{"26 pieces of feedback; mean rating 2.6 of 5 over 19."}));
    EXPECT_EQ(linesOf("feedback", {"offer-visits"}, heard).back(),
              "17 pieces of feedback; mean rating 4.0 of 5 over 10.");
    EXPECT_EQ(linesOf("feedback", {"offer-calls"}, heard).back(),
              "9 pieces of feedback; too few ratings to give a mean.");
    EXPECT_EQ(linesOf("feedback", {"offer-letters"}, heard).back(),
              "There is no feedback from children and families.");
}

TEST(Expectations, SayWhatElseSpeaksToThem) {
    EXPECT_EQ(linesOf("meetings", [](auto&) {}),
              (Words{"No family group meeting is on record, offered or not."}));
    EXPECT_EQ(linesOf("meetings",
                      [](auto& evidence) {
                          auto& meetings = evidence.rest().meetings;
                          meetings.families = 4;
                          meetings.offered = 3;
                          meetings.accepted = 2;
                          meetings.held = 1;
                      }),
              (Words{"Family group meetings: offered to 3 of 4 families, accepted by 2, held for 1."}));
    EXPECT_EQ(linesOf("unevidenced", [](auto&) {}),
              (Words{"No approach without evidence is recorded as in use."}));
    EXPECT_EQ(linesOf("unevidenced", [](auto& evidence) { evidence.approach("S1"); }),
              (Words{"1 approach in use that no guide recommends."}));
    EXPECT_EQ(linesOf("partners",
                      [](auto& evidence) {
                          evidence.service("S1");
                          evidence.service("S2");
                          evidence.service("S3").stage("paused");
                          evidence.rest().partners = {{"S1", 2}, {"S3", 1}};
                      }),
              (Words{"1 of 2 running services are shared with partners."}));
    EXPECT_EQ(linesOf("stages",
                      [](auto& evidence) {
                          evidence.rest().stageChanges = {{"S1", 2}, {"S2", 1}};
                      }),
              (Words{"3 changes of stage in the period."}));
    EXPECT_EQ(linesOf("returns",
                      [](auto& evidence) {
                          evidence.quarters(3);
                          evidence.rest().returns.pop_back();
                      }),
              (Words{"Returns are signed off for 2 of 3 quarters."}));
    EXPECT_EQ(linesOf("quality", [](auto& evidence) { evidence.service("S1"); }),
              (Words{"No rule about the quality of data is broken."}));
    EXPECT_EQ(
        linesOf("quality", [](auto& evidence) { evidence.service("S1").figure("dq_no_provider", 2, 0); }),
        (Words{"Rules about the quality of data are broken 2 times."}));
    EXPECT_EQ(linesOf("spread", [](auto&) {}),
              (Words{"The section on consistency shows the spread between services and practitioners."}));
    EXPECT_EQ(linesOf("equality", [](auto&) {}),
              (Words{"The section on fairness shows these figures by group."}));
}

TEST(Expectations, AreAsStrongAsTheMiddleOneOfTheirRecommendationsThatRun) {
    const auto four = [](auto& evidence) {
        threeRecommendations(evidence);  // strong, moderate, none
        evidence.recommend("walks", {standard("fidelity")});
        evidence.service("S4", "walks").figure("fidelity", 1, 1);  // limited
    };
    EXPECT_EQ(gradeOf({}, {"offer-visits", "offer-calls", "offer-walks"}, four), Grade::moderate);
    EXPECT_EQ(gradeOf({}, {"offer-visits", "offer-calls"}, four), Grade::moderate);
    EXPECT_EQ(gradeOf({}, {"offer-visits", "offer-letters"}, four), Grade::strong);
    EXPECT_EQ(gradeOf({}, {"offer-letters"}, four), Grade::none);
}

TEST(Expectations, AreLimitedWhereStatementsAloneSpeakToThem) {
    const auto nothing = [](EvidenceBuilder& evidence) { addFeedback(evidence, {}); };
    const auto expectLimitedBy = [&](const char* speaks, const Adds& adds) {
        EXPECT_EQ(gradeOf({speaks}, {}, adds), Grade::limited) << speaks;
        EXPECT_EQ(gradeOf({speaks}, {}, nothing), Grade::none) << speaks;
        EXPECT_EQ(gradeOf({"stages"}, {}, adds), Grade::none) << speaks;
    };
    expectLimitedBy("actions", [](auto& evidence) { evidence.openAction(kKnownOn); });
    expectLimitedBy("feedback", [](auto&) {});
    expectLimitedBy("declarations", [](auto& evidence) { evidence.declare("principle", "in place"); });
    expectLimitedBy("meetings", [](auto& evidence) { evidence.rest().meetings.families = 1; });
    expectLimitedBy("quality", [](auto& evidence) { evidence.service("S1"); });
    expectLimitedBy("levels", [](auto& evidence) { evidence.service("S1"); });
    expectLimitedBy("partners", [](auto& evidence) { evidence.rest().partners = {{"S1", 1}}; });
}

TEST(Expectations, SayNothingWhereNothingSpeaksToThem) {
    const auto all = judged([](EvidenceBuilder& evidence) {
        threeRecommendations(evidence);
        evidence.expect({});
    });
    const auto& silent = all->judgement.expectations.front();
    EXPECT_TRUE(silent.lines.empty());
    EXPECT_TRUE(silent.findings.empty());
    EXPECT_EQ(silent.strength.grade, Grade::none);
}
