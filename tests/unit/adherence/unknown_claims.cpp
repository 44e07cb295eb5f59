// Claims of the rules about what is not known.
#include "unit/adherence/claims.h"

namespace claims {
namespace {

using in_memory::kQuarter;
using in_memory::standard;

const std::vector<std::string> kOnlyS1{"S1"};

Claim tooLittle() {
    return {"too-little",
            Kind::unknown,
            "",
            {
                {"the only standard rests on one review too few",
                 [](auto& evidence) {
                     evidence.recommend("visits", {standard("fidelity")});
                     evidence.service("S1").figure("fidelity", 9, 9);
                 },
                 {{"Visits cannot be judged: Too few records: Reviews at fidelity rests on 9 of 10.",
                   "How do leaders know how Visits is delivered?",
                   {"offer-visits"},
                   kOnlyS1}}},
                {"two of three standards are not known",
                 [](auto& evidence) {
                     evidence.recommend("visits",
                                        {standard("fidelity"), standard("dose"), standard("supervised")});
                     evidence.service("S1").figure("fidelity", 8, 10).figure("dose", 5, 5);
                 },
                 {{"Visits cannot be judged: Too few records: Sessions attended rests on 5 of 10 and "
                   "Supervised in time "
                   "rests on 0 of 10.",
                   "How do leaders know how Visits is delivered?",
                   {"offer-visits"},
                   kOnlyS1}}},
                {"half of two standards are not known",
                 [](auto& evidence) {
                     evidence.recommend("visits", {standard("fidelity"), standard("dose")});
                     evidence.service("S1").figure("fidelity", 8, 10).figure("dose", 5, 5);
                 },
                 {}},
                {"what is not known is not required",
                 [](auto& evidence) {
                     evidence.recommend("visits", {standard("fidelity"), in_memory::furtherStandard("dose"),
                                                   in_memory::furtherStandard("supervised")});
                     evidence.service("S1").figure("fidelity", 8, 10);
                 },
                 {},
                 {"delivered-as-intended"}},
                {"nothing runs",
                 [](auto& evidence) { evidence.recommend("visits", {standard("fidelity")}); },
                 {},
                 {"not-offered"}},
            }};
}

Claim countsOnly() {
    return {"counts-only",
            Kind::unknown,
            "",
            {
                {"a service gives counts alone",
                 [](auto& evidence) { evidence.service("S1").countsOnly(); },
                 {{"Service S1 gives counts alone: dose, fidelity and results are not known.",
                   "When will Service S1 send single records?",
                   {},
                   kOnlyS1}}},
                {"it has not even given these",
                 [](auto& evidence) { evidence.service("S1").countsOnly().withoutRecords(); },
                 {{"Service S1 gives counts alone: dose, fidelity and results are not known.",
                   "When will Service S1 send single records?",
                   {},
                   kOnlyS1}}},
                {"it sends single records", [](auto& evidence) { evidence.service("S1"); }, {}},
                {"it is being installed",
                 [](auto& evidence) { evidence.service("S1").countsOnly().stage("installation"); },
                 {}},
                {"it is of an approach that no guide recommends",
                 [](auto& evidence) { evidence.approach("S1").countsOnly(); },
                 {},
                 {"in-use-not-evidenced"}},
            }};
}

Claim noRecords() {
    const std::vector<Found> found{
        {"Service S1 runs, and has no record in the period.", "Is Service S1 really running?", {}, kOnlyS1}};
    return {
        "no-records",
        Kind::unknown,
        "",
        {
            {"a service runs, and there is nothing of it",
             [](auto& evidence) { evidence.service("S1").withoutRecords(); }, found},
            {"its staff are trained, which is no record of its work",
             [](auto& evidence) { evidence.service("S1").withoutRecords().figure("trained", 3, 3); }, found},
            {"its records are of the quarter before",
             [](auto& evidence) {
                 evidence.service("S1").withoutRecords().figure("referred", 1, 0, kQuarter.previous());
             },
             found},
            {"one review was made",
             [](auto& evidence) { evidence.service("S1").withoutRecords().figure("fidelity", 0, 1); },
             {}},
            {"it gives counts alone",
             [](auto& evidence) { evidence.service("S1").withoutRecords().countsOnly(); },
             {},
             {"counts-only"}},
            {"it is paused",
             [](auto& evidence) { evidence.service("S1").withoutRecords().stage("paused"); },
             {}},
            {"it begins after the period",
             [](auto& evidence) {
                 evidence.service("S1").withoutRecords().startedOn(kQuarter.next().first());
             },
             {}},
        }};
}

Claim characteristicsNotKnown() {
    const auto unknown = [](std::int64_t records, const char* stage = "full") {
        return [=](EvidenceBuilder& evidence) {
            evidence.service("S1").stage(stage).figure("dq_characteristics_not_known", records, 0);
        };
    };
    const std::string rest =
        " sex, ethnic group or disability not known: fairness cannot be judged for them.";
    const std::string enquiry = "Why are characteristics not known, and for whom above all?";
    return {"characteristics-not-known",
            Kind::unknown,
            "equality",
            {
                {"one is not known", unknown(1), {{"1 child or family has" + rest, enquiry}}},
                {"two services have some",
                 [](auto& evidence) {
                     evidence.service("S1").figure("dq_characteristics_not_known", 1, 0);
                     evidence.service("S2").figure("dq_characteristics_not_known", 2, 0);
                 },
                 {{"3 children or families have" + rest, enquiry}}},
                {"everything is known", unknown(0), {}},
                {"the service is paused", unknown(1, "paused"), {}},
            }};
}

/// So many pieces from each kind of respondent.
std::function<void(EvidenceBuilder&)> heard(std::vector<std::int64_t> pieces) {
    return [pieces](EvidenceBuilder& evidence) {
        evidence.rest().feedback.clear();
        for (const auto one : pieces) evidence.rest().feedback.push_back({"S1", "somebody", one, 0, 0});
    };
}

Claim littleFeedback() {
    const auto found = [](const std::string& words) {
        return Found{
            "There " + words +
                " from children and families in the period: what they think of the help is hardly known.",
            "How do children and families shape these services?"};
    };
    return {"little-feedback",
            Kind::unknown,
            "feedback",
            {
                {"there is none", heard({}), {found("is no feedback")}},
                {"there is one piece", heard({1}), {found("is one piece of feedback")}},
                {"there are nine, of children and of parents",
                 heard({4, 5}),
                 {found("are 9 pieces of feedback")}},
                {"there are ten", heard({4, 6}), {}},
            }};
}

Claim noComparison() {
    const std::vector<Found> found{
        {"No signed return of any authority holds these interventions in the period, so there is nothing to "
         "compare with.",
         ""}};
    return {"no-comparison",
            Kind::unknown,
            "",
            {
                {"nobody signed anything about these interventions",
                 [](auto& evidence) { evidence.rest().england.counts.clear(); }, found},
                {"one authority did, before the period",
                 [](auto& evidence) {
                     evidence.rest().england.counts["visits"]["dose"] = {{301, kQuarter.previous(), {9, 10}}};
                 },
                 found},
                {"one authority did in the last quarter of the period",
                 [](auto& evidence) {
                     evidence.quarters(2);
                     evidence.rest().england.counts["visits"]["dose"] = {{301, kQuarter.next(), {0, 1}}};
                 },
                 {}},
            }};
}

Claim noNeighbours() {
    return {"no-neighbours",
            Kind::unknown,
            "",
            {
                {"no model is loaded",
                 [](auto& evidence) { evidence.rest().england.neighbours.clear(); },
                 {{"No model of statistical neighbours is loaded.", ""}}},
                {"one is, whose neighbours signed nothing",
                 [](auto& evidence) { evidence.rest().england.neighbours = {302}; },
                 {}},
            }};
}

}  // namespace

std::vector<Claim> ofTheUnknown() {
    return {tooLittle(),      countsOnly(),   noRecords(),   characteristicsNotKnown(),
            littleFeedback(), noComparison(), noNeighbours()};
}

}  // namespace claims
