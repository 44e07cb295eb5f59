// Claims of the rules about services, practitioners and groups of children.
#include "unit/adherence/claims.h"

namespace claims {
namespace {

using values::Proportion;

/// Services with a figure each.
void servicesWith(EvidenceBuilder& evidence, const char* measure, const std::vector<Proportion>& figures) {
    int number = 0;
    for (const auto& one : figures)
        evidence.service("S" + std::to_string(++number)).figure(measure, one.numerator, one.denominator);
}

Claim inUseNotEvidenced() {
    return {"in-use-not-evidenced",
            Kind::gap,
            "unevidenced",
            {
                {"an approach that no guide recommends is in use",
                 [](auto& evidence) { evidence.approach("S1"); },
                 {{"Service S1 is in use; no guide recommends Talks. That is no proof that it does not help: "
                   "no good study "
                   "of its effect is known.",
                   "What is Service S1 expected to change, and how would the authority know?",
                   {},
                   {"S1"}}}},
                {"two are: each is named",
                 [](auto& evidence) {
                     evidence.approach("S1");
                     evidence.approach("S2", "walks").stage("initial");
                 },
                 {{"Service S1 is in use; no guide recommends Talks. That is no proof that it does not help: "
                   "no good study "
                   "of its effect is known.",
                   "What is Service S1 expected to change, and how would the authority know?",
                   {},
                   {"S1"}},
                  {"Service S2 is in use; no guide recommends Walks. That is no proof that it does not help: "
                   "no good study "
                   "of its effect is known.",
                   "What is Service S2 expected to change, and how would the authority know?",
                   {},
                   {"S2"}}}},
                {"it is being installed",
                 [](auto& evidence) { evidence.approach("S1").stage("installation"); },
                 {}},
                {"it stopped", [](auto& evidence) { evidence.approach("S1").stage("stopped"); }, {}},
                {"an intervention is in use", [](auto& evidence) { evidence.service("S1"); }, {}},
            }};
}

Claim uneven() {
    const auto dose = [](std::vector<Proportion> figures) {
        return [figures](EvidenceBuilder& evidence) { servicesWith(evidence, "dose", figures); };
    };
    const auto practitioners = [](std::vector<Proportion> reviews) {
        return [reviews](EvidenceBuilder& evidence) { evidence.service("S1").practitioners(reviews); };
    };
    const auto found = [](const std::string& text, const std::string& units) {
        return Found{text, "Which " + units + " are at the lower end, and what do they need?"};
    };
    const auto widelyIn = [&](const char* measure, const std::string& title) {
        return Case{
            "services differ in " + std::string(measure),
            [measure](auto& evidence) {
                servicesWith(evidence, measure, {{0, 10}, {1, 10}, {5, 10}, {9, 10}, {10, 10}});
            },
            {found(title +
                       " differs widely between services: from 10% at the lower quarter to 90% at the upper "
                       "quarter of 5.",
                   "services")}};
    };
    return {
        "uneven",
        Kind::gap,
        "spread",
        {
            {"the middle half of five services is 30 points wide",
             dose({{9, 10}, {1, 10}, {4, 10}, {5, 10}, {7, 10}}),
             {found("Sessions attended differs widely between services: from 40% at the lower quarter to 70% "
                    "at the "
                    "upper quarter of 5.",
                    "services")}},
            {"it is 31 points wide, beside a sixth service of nine records",
             dose({{90, 100}, {10, 100}, {40, 100}, {50, 100}, {71, 100}, {0, 9}}),
             {found("Sessions attended differs widely between services: from 40% at the lower quarter to 71% "
                    "at the "
                    "upper quarter of 5.",
                    "services")}},
            {"five practitioners with five reviews each differ so",
             practitioners({{1, 5}, {1, 5}, {3, 5}, {3, 5}, {5, 5}}),
             {found("Reviews at fidelity differs widely between practitioners: from 20% at the lower quarter "
                    "to 60% at "
                    "the upper quarter of 5.",
                    "practitioners")}},
            widelyIn("fidelity", "Reviews at fidelity"),
            widelyIn("completers", "Completed"),
            widelyIn("start_timeliness", "Started in time"),
            widelyIn("supervised", "Supervised in time"),
            {"it is 29 points wide", dose({{90, 100}, {10, 100}, {40, 100}, {50, 100}, {69, 100}}), {}},
            {"only the ends lie far apart", dose({{10, 10}, {0, 10}, {5, 10}, {5, 10}, {5, 10}}), {}},
            {"there are four services", dose({{0, 10}, {0, 10}, {10, 10}, {10, 10}}), {}},
            {"the fifth service has nine records", dose({{0, 10}, {0, 10}, {10, 10}, {10, 10}, {9, 9}}), {}},
            {"the fifth service is paused",
             [](auto& evidence) {
                 servicesWith(evidence, "dose", {{0, 10}, {0, 10}, {10, 10}, {10, 10}});
                 evidence.service("S5").stage("paused").figure("dose", 10, 10);
             },
             {}},
            {"the fifth practitioner has four reviews",
             practitioners({{1, 5}, {1, 5}, {5, 5}, {5, 5}, {4, 4}}),
             {}},
            {"nobody compares services by who is trained",
             [](auto& evidence) {
                 servicesWith(evidence, "trained", {{0, 10}, {0, 10}, {5, 10}, {10, 10}, {10, 10}});
             },
             {}},
        }};
}

Claim resultsWithoutReturn() {
    /// Of twenty who ended, `pairs` have a second score, and `improved` of these improved.
    const auto scored = [](std::int64_t improved, std::int64_t pairs, const char* stage = "full") {
        return [=](EvidenceBuilder& evidence) {
            evidence.service("S1")
                .stage(stage)
                .figure("completers", 15, 20)
                .figure("outcome_improved:sdq", improved, pairs);
        };
    };
    return {"results-without-return",
            Kind::contradiction,
            "",
            {
                {"half improved, of eleven who came back of twenty",
                 scored(6, 11),
                 {{"Service S1: 55% (6 of 11) reliably improved on the SDQ, but 55% (11 of 20) of those who "
                   "ended have "
                   "scores before and after; 60% is asked for.",
                   "What is known of those without a second score at Service S1?",
                   {},
                   {"S1"}}}},
                {"exactly half of ten improved",
                 scored(5, 10),
                 {{"Service S1: 50% (5 of 10) reliably improved on the SDQ, but 50% (10 of 20) of those who "
                   "ended have "
                   "scores before and after; 60% is asked for.",
                   "What is known of those without a second score at Service S1?",
                   {},
                   {"S1"}}}},
                {"enough came back", scored(6, 12), {}},
                {"fewer than half improved", scored(5, 11), {}},
                {"fewer than ten came back", scored(9, 9), {}},
                {"the service is paused", scored(6, 11, "paused"), {}},
                {"nobody has ended",
                 [](auto& evidence) { evidence.service("S1").figure("outcome_improved:sdq", 6, 11); },
                 {}},
            }};
}

Claim unevenGroup() {
    /// So many started of those referred, by sex.
    const auto bySex = [](Proportion female, Proportion male) {
        return [=](EvidenceBuilder& evidence) {
            evidence.service("S1")
                .group("started_of_referred", "sex", "female", female.numerator, female.denominator)
                .group("started_of_referred", "sex", "male", male.numerator, male.denominator);
        };
    };
    /// One group beside two that are too small to show.
    const auto besideSmall = [](Proportion white, Proportion asian, Proportion black) {
        return [=](EvidenceBuilder& evidence) {
            evidence.service("S1")
                .group("completers", "ethnic_group", "White", white.numerator, white.denominator)
                .group("completers", "ethnic_group", "Asian", asian.numerator, asian.denominator)
                .group("completers", "ethnic_group", "Black", black.numerator, black.denominator);
        };
    };
    const auto apart = [](const char* characteristic, const char* group) {
        return [=](EvidenceBuilder& evidence) {
            evidence.service("S1")
                .group("outcome_improved:sdq", characteristic, group, 9, 20)
                .group("outcome_improved:sdq", characteristic, "any other", 40, 50);
        };
    };
    const auto found = [](const std::string& figure, const std::string& group, const std::string& others) {
        return Found{
            figure + " for " + group + ", and " + others + " for all others: more than chance explains.",
            "What stands in the way of children and families of " + group + "?"};
    };
    const auto improved = [&](const std::string& group) {
        return found("Reliably improved, the SDQ is 45% (9 of 20)", group, "80%");
    };
    return {
        "uneven-group",
        Kind::gap,
        "equality",
        {
            // The interval of 40 of 50 begins at 67.0%; that of 9 of 20 ends at 65.8%, of 10 of 20 at 70.1%.
            {"the intervals lie apart",
             bySex({9, 20}, {40, 50}),
             {found("Started is 45% (9 of 20)", "sex female", "80%")}},
            {"it is a matter of age", apart("age_band", "0-4"), {improved("age 0-4")}},
            {"it is a matter of disability", apart("disabled", "yes"), {improved("disability: yes")}},
            {"all others are ten, in groups that are not shown themselves",
             besideSmall({2, 20}, {5, 5}, {5, 5}),
             {found("Completed is 10% (2 of 20)", "ethnic group White", "100%")}},
            {"all others are nine", besideSmall({2, 20}, {4, 4}, {5, 5}), {}},
            {"the intervals overlap", bySex({10, 20}, {40, 50}), {}},
            {"it is the only group", besideSmall({2, 20}, {0, 0}, {0, 0}), {}},
            {"the group is too small to show", bySex({0, 9}, {40, 50}), {}},
            {"it is those of whom it is not known: fairness cannot be judged for them",
             apart("sex", "not known"),
             {}},
            {"nor where it is written otherwise", apart("ethnic_group", "Not known"), {}},
            {"need is not a characteristic", apart("need", "behaviour"), {}},
        }};
}

}  // namespace

std::vector<Claim> ofServices() {
    return {inUseNotEvidenced(), uneven(), resultsWithoutReturn(), unevenGroup()};
}

}  // namespace claims
