// Claims of the rules about recommendations, and what is declared of them.
#include "unit/adherence/claims.h"

namespace claims {
namespace {

using guidance::Basis;
using in_memory::furtherStandard;
using in_memory::kLastDay;
using in_memory::kQuarter;
using in_memory::standard;
using values::Date;

const std::vector<std::string> kVisits{"offer-visits"};
const std::vector<std::string> kS1{"S1"};

/// Visits run by one service, and so many reviews of so many at fidelity; 80% of 10 are asked for.
void visits(EvidenceBuilder& evidence, std::int64_t numerator, std::int64_t denominator) {
    evidence.recommend("visits", {standard("fidelity")});
    evidence.service("S1").figure("fidelity", numerator, denominator);
}

/// A service that delivers, of which half of what is required is not known: partly delivered, and no rule of
/// a standard finds anything.
void visitsHalfKnown(EvidenceBuilder& evidence) {
    evidence.recommend("visits", {standard("fidelity"), standard("dose")});
    evidence.service("S1").figure("fidelity", 8, 10);
}

void visitsExplored(EvidenceBuilder& evidence) {
    evidence.recommend("visits");
    evidence.service("S1").stage("exploration");
}

/// Reviews at fidelity, of ten in each quarter.
void visitsByQuarter(EvidenceBuilder& evidence, const std::vector<std::int64_t>& atFidelity) {
    evidence.quarters(static_cast<int>(atFidelity.size())).recommend("visits", {standard("fidelity")});
    auto& service = evidence.service("S1");
    auto quarter = kQuarter;
    for (const auto one : atFidelity) {
        if (one > 0) service.figure("fidelity", one, 10, quarter);
        quarter = quarter.next();
    }
}

Claim deliveredAsIntended() {
    return {
        "delivered-as-intended",
        Kind::strength,
        "",
        {
            {"every required standard is just met",
             [](auto& evidence) { visits(evidence, 8, 10); },
             {{"Visits is delivered as intended: Reviews at fidelity 80% (8 of 10). The evidence is strong.",
               "", kVisits, kS1}}},
            {"two standards are met, a third is missed and not required",
             [](auto& evidence) {
                 evidence.recommend("visits",
                                    {standard("fidelity"), standard("dose"), furtherStandard("supervised")});
                 evidence.service("S1")
                     .figure("fidelity", 8, 10)
                     .figure("dose", 18, 20)
                     .figure("supervised", 7, 10);
             },
             {{"Visits is delivered as intended: Reviews at fidelity 80% (8 of 10) and Sessions attended 90% "
               "(18 "
               "of 20). The evidence is strong.",
               "", kVisits, kS1}},
             {"standard-missed-perhaps"}},
            {"two services deliver it together, and the evidence is stale",
             [](auto& evidence) {
                 evidence.recommend("visits", {standard("fidelity")});
                 evidence.service("S1").figure("fidelity", 5, 6).lastRecord(Date(2024, 7, 9));
                 evidence.service("S2").figure("fidelity", 3, 4);
             },
             {{"Visits is delivered as intended: Reviews at fidelity 80% (8 of 10). The evidence is "
               "moderate.",
               "",
               kVisits,
               {"S1", "S2"}}}},
            {"a service runs, and no standard is required",
             [](auto& evidence) {
                 evidence.recommend("visits", {furtherStandard("dose")});
                 evidence.service("S1");
             },
             {{"Visits is delivered as intended: a service is running, and no standard is required. The "
               "evidence is strong.",
               "", kVisits, kS1}}},
            {"one review fewer is at fidelity",
             [](auto& evidence) { visits(evidence, 7, 10); },
             {},
             {"standard-missed-perhaps"}},
            {"one review too few was made",
             [](auto& evidence) { visits(evidence, 9, 9); },
             {},
             {"too-little"}},
            {"half of what is required is not known", visitsHalfKnown, {}},
            {"nothing runs yet", visitsExplored, {}},
        }};
}

Claim notOffered() {
    const std::string open = "What is offered to those for whom these are recommended?";
    return {
        "not-offered",
        Kind::gap,
        "",
        {
            {"nothing runs, and nobody said why",
             [](auto& evidence) { evidence.recommend("visits"); },
             {{"Not offered, and no reason on record: “Offer visits”. No service that these name is running.",
               open, kVisits}}},
            {"three are not offered: one finding of those without a reason, after one with it",
             [](auto& evidence) {
                 evidence.recommend("visits").recommend("calls").recommend("letters");
                 evidence.declare("offer-calls", "not adopted", "Nobody is trained");
             },
             {{"“Offer calls” is not offered. The authority says: not adopted; Nobody is trained.",
               "Is the reason given for “Offer calls” still sound, and what is offered instead?",
               {"offer-calls"}},
              {"Not offered, and no reason on record: “Offer visits” and “Offer letters”. No service that "
               "these name "
               "is running.",
               open,
               {"offer-visits", "offer-letters"}}}},
            {"it is said not to apply, with a reason",
             [](auto& evidence) {
                 evidence.recommend("visits").declare("offer-visits", "not applicable", "No such families");
             },
             {{"“Offer visits” is not offered. The authority says: not applicable; No such families.",
               "Is the reason given for “Offer visits” still sound, and what is offered instead?", kVisits}}},
            {"it is not adopted, without a word",
             [](auto& evidence) { evidence.recommend("visits").declare("offer-visits", "not adopted"); },
             {{"Not offered, and no reason on record: “Offer visits”. No service that these name is running.",
               open, kVisits}}},
            {"it is partly there by declaration: words, but no reason for not offering it",
             [](auto& evidence) {
                 evidence.recommend("visits").declare("offer-visits", "partly", "Some words");
             },
             {{"Not offered, and no reason on record: “Offer visits”. No service that these name is running.",
               open, kVisits}}},
            {"its service stopped",
             [](auto& evidence) {
                 evidence.recommend("visits");
                 evidence.service("S1").stage("stopped");
             },
             {{"Not offered, and no reason on record: “Offer visits”. No service that these name is running.",
               open, kVisits}}},
            {"another intervention runs",
             [](auto& evidence) {
                 evidence.recommend("visits");
                 evidence.service("S1", "calls");
             },
             {{"Not offered, and no reason on record: “Offer visits”. No service that these name is running.",
               open, kVisits}}},
            {"a service is being explored", visitsExplored, {}},
            {"a service runs", visitsHalfKnown, {}},
        }};
}

Found missed(const std::string& figure, const std::string& threshold) {
    return {"Visits: Reviews at fidelity is " + figure + "; at least 80% is asked for, a threshold from " +
                threshold + ". The difference is more than chance explains.",
            "What keeps “Reviews at fidelity” of Visits below the standard, and since when? Ask what has "
            "been tried.",
            kVisits, kS1};
}

Case missedBy(Basis basis, const std::string& threshold) {
    return {"its threshold is from " + threshold,
            [basis](auto& evidence) {
                evidence.recommend("visits", {standard("fidelity", 0.8, basis)});
                evidence.service("S1").figure("fidelity", 12, 20);
            },
            {missed("60% (12 of 20)", threshold)}};
}

Claim standardMissed() {
    return {
        "standard-missed",
        Kind::gap,
        "",
        {
            // The upper end of the interval of 12 of 20 is 78.1%, of 13 of 20 it is 81.9%.
            {"the interval ends below the standard",
             [](auto& evidence) { visits(evidence, 12, 20); },
             {missed("60% (12 of 20)", "this product, not the guide")}},
            missedBy(Basis::guide, "the guide"),
            missedBy(Basis::programme, "the programme"),
            missedBy(Basis::literature, "the literature"),
            {"the standard is not required, and everything that is has been met",
             [](auto& evidence) {
                 evidence.recommend("visits", {standard("dose"), furtherStandard("fidelity")});
                 evidence.service("S1").figure("dose", 8, 10).figure("fidelity", 12, 20);
             },
             {missed("60% (12 of 20)", "this product, not the guide")},
             {"delivered-as-intended"}},
            {"the interval holds the standard",
             [](auto& evidence) { visits(evidence, 13, 20); },
             {},
             {"standard-missed-perhaps"}},
            {"there are too few records", [](auto& evidence) { visits(evidence, 0, 9); }, {}, {"too-little"}},
            {"there is no record of it",
             [](auto& evidence) {
                 evidence.recommend("visits", {standard("fidelity")});
                 evidence.service("S1");
             },
             {},
             {"too-little"}},
        }};
}

Claim standardMissedPerhaps() {
    return {
        "standard-missed-perhaps",
        Kind::gap,
        "",
        {
            {"the interval holds the standard",
             [](auto& evidence) { visits(evidence, 13, 20); },
             {{"Visits: Reviews at fidelity is 65% (13 of 20); at least 80% is asked for, a threshold from "
               "this "
               "product, not the guide. The interval includes the standard, so chance may explain it.",
               "What keeps “Reviews at fidelity” of Visits below the standard, and since when? Ask for the "
               "records "
               "of the weakest service.",
               kVisits, kS1}}},
            {"the interval ends below the standard",
             [](auto& evidence) { visits(evidence, 12, 20); },
             {},
             {"standard-missed"}},
            {"the standard is just met",
             [](auto& evidence) { visits(evidence, 16, 20); },
             {},
             {"delivered-as-intended"}},
            {"there are too few records", [](auto& evidence) { visits(evidence, 6, 9); }, {}, {"too-little"}},
        }};
}

Claim standardSurelyMet() {
    const auto half = [](std::int64_t atFidelity) {
        return [atFidelity](EvidenceBuilder& evidence) {
            evidence.recommend("visits", {standard("fidelity"), standard("dose")});
            evidence.service("S1").figure("fidelity", atFidelity, 20);
        };
    };
    return {"standard-surely-met",
            Kind::strength,
            "",
            {
                // The lower end of the interval of 20 of 20 is 83.9%, of 19 of 20 it is 76.4%.
                {"the interval begins above the standard, and another standard is not known",
                 half(20),
                 {{"Visits: Reviews at fidelity is 100% (20 of 20), above the standard by more than chance "
                   "explains.",
                   "", kVisits, kS1}}},
                {"the interval holds the standard", half(19), {}},
                {"all standards are met: that is said once",
                 [](auto& evidence) { visits(evidence, 20, 20); },
                 {},
                 {"delivered-as-intended"}},
            }};
}

Claim goodFidelityFewReviewed() {
    const auto reviewed = [](std::int64_t some, std::int64_t all) {
        return [some, all](EvidenceBuilder& evidence) {
            visits(evidence, 8, 10);
            evidence.service("S2").figure("review_coverage", some, all);
        };
    };
    return {"good-fidelity-few-reviewed",
            Kind::contradiction,
            "",
            {
                {"fewer than half of the practitioners were reviewed, over both services",
                 [](auto& evidence) {
                     evidence.recommend("visits", {standard("fidelity")});
                     evidence.service("S1").figure("fidelity", 8, 10).figure("review_coverage", 1, 1);
                     evidence.service("S2").figure("review_coverage", 3, 8);
                 },
                 {{"Visits: fidelity is 80% (8 of 10), but only 44% (4 of 9) of the practitioners who "
                   "delivered were "
                   "reviewed, counted quarter by quarter.",
                   "How are sessions of Visits chosen for review, and what is known of the practitioners who "
                   "were not "
                   "reviewed?",
                   kVisits,
                   {"S1", "S2"}}},
                 {"delivered-as-intended"}},
                {"half of them were", reviewed(4, 8), {}, {"delivered-as-intended"}},
                {"nobody delivered", reviewed(0, 0), {}, {"delivered-as-intended"}},
                {"fidelity is missed",
                 [](auto& evidence) {
                     evidence.recommend("visits", {standard("fidelity")});
                     evidence.service("S1").figure("fidelity", 7, 10).figure("review_coverage", 1, 9);
                 },
                 {},
                 {"standard-missed-perhaps"}},
                {"another standard is met",
                 [](auto& evidence) {
                     evidence.recommend("visits", {standard("dose")});
                     evidence.service("S1").figure("dose", 8, 10).figure("review_coverage", 1, 9);
                 },
                 {},
                 {"delivered-as-intended"}},
            }};
}

Claim declaredInPlace() {
    return {"declared-in-place",
            Kind::contradiction,
            "",
            {
                {"a service is only being explored",
                 [](auto& evidence) {
                     visitsExplored(evidence);
                     evidence.declare("offer-visits", "in place");
                 },
                 {{"“Offer visits” was declared in place on 1 May 2025; the records say planned.",
                   "On what did leaders rest their declaration about “Offer visits”?", kVisits}}},
                {"it is partly delivered",
                 [](auto& evidence) {
                     visitsHalfKnown(evidence);
                     evidence.declare("offer-visits", "in place");
                 },
                 {{"Visits was declared in place on 1 May 2025; the records say partly delivered.",
                   "On what did leaders rest their declaration about Visits?", kVisits, kS1}}},
                {"the records bear it out",
                 [](auto& evidence) {
                     visits(evidence, 8, 10);
                     evidence.declare("offer-visits", "in place");
                 },
                 {},
                 {"delivered-as-intended"}},
                {"it is declared partly in place",
                 [](auto& evidence) {
                     visitsHalfKnown(evidence);
                     evidence.declare("offer-visits", "partly");
                 },
                 {}},
                {"another recommendation is declared",
                 [](auto& evidence) {
                     visitsHalfKnown(evidence);
                     evidence.declare("offer-calls", "in place");
                 },
                 {}},
            }};
}

Claim declaredAbsent() {
    const auto declared = [](const char* status) {
        return [status](EvidenceBuilder& evidence) {
            visitsHalfKnown(evidence);
            evidence.declare("offer-visits", status, "Nobody is trained");
        };
    };
    const std::string enquiry = "Do leaders know that services for Visits are running?";
    return {"declared-absent",
            Kind::contradiction,
            "",
            {
                {"a service runs of what is not adopted",
                 declared("not adopted"),
                 {{"Visits was declared not adopted on 1 May 2025; services that it names are running.",
                   enquiry, kVisits, kS1}}},
                {"a service runs of what does not apply",
                 declared("not applicable"),
                 {{"Visits was declared not applicable on 1 May 2025; services that it names are running.",
                   enquiry, kVisits, kS1}}},
                {"it is planned, and runs already", declared("planned"), {}},
                {"nothing runs",
                 [](auto& evidence) {
                     evidence.recommend("visits").declare("offer-visits", "not adopted", "Nobody is trained");
                 },
                 {},
                 {"not-offered"}},
                {"a service is only being explored",
                 [](auto& evidence) {
                     visitsExplored(evidence);
                     evidence.declare("offer-visits", "not adopted", "Nobody is trained");
                 },
                 {}},
            }};
}

Claim planOverdue() {
    const auto planned = [](Date by) {
        return [by](EvidenceBuilder& evidence) {
            visitsExplored(evidence);
            evidence.declare("offer-visits", "planned", "", by);
        };
    };
    return {"plan-overdue",
            Kind::gap,
            "",
            {
                {"the day has passed, and nothing runs yet",
                 planned(kLastDay.plusDays(-1)),
                 {{"“Offer visits” was planned by 29 June 2025; no service that it names is running.",
                   "What holds the plan for “Offer visits” back?", kVisits}}},
                {"the day lies behind the period, of which alone it is known what ran",
                 planned(kLastDay.plusDays(1)),
                 {}},
                {"it is the day", planned(kLastDay), {}},
                {"a service runs",
                 [](auto& evidence) {
                     visitsHalfKnown(evidence);
                     evidence.declare("offer-visits", "planned", "", kLastDay.plusDays(-1));
                 },
                 {}},
                {"no day was given",
                 [](auto& evidence) {
                     visitsExplored(evidence);
                     evidence.declare("offer-visits", "planned");
                 },
                 {}},
            }};
}

Claim levelRisen() {
    return {"level-risen",
            Kind::strength,
            "",
            {
                {"the last quarter is as intended, the first was not",
                 [](auto& evidence) {
                     visitsByQuarter(evidence, {7, 9});
                 },
                 {{"Visits went from partly delivered in 2025-26 Q1 to delivered as intended in 2025-26 Q2.",
                   "", kVisits, kS1}},
                 {"delivered-as-intended"}},
                {"the quarters at both ends say nothing",
                 [](auto& evidence) {
                     visitsByQuarter(evidence, {0, 7, 9, 0});
                 },
                 {{"Visits went from partly delivered in 2025-26 Q2 to delivered as intended in 2025-26 Q3.",
                   "", kVisits, kS1}},
                 {"delivered-as-intended"}},
                {"it fell",
                 [](auto& evidence) {
                     visitsByQuarter(evidence, {9, 7});
                 },
                 {},
                 {"level-fallen", "delivered-as-intended"}},
                {"it rose and fell again",
                 [](auto& evidence) {
                     visitsByQuarter(evidence, {7, 10, 7});
                 },
                 {},
                 {"delivered-as-intended"}},
                {"one quarter alone can be judged",
                 [](auto& evidence) {
                     visitsByQuarter(evidence, {0, 9});
                 },
                 {},
                 {"delivered-as-intended"}},
            }};
}

Claim levelFallen() {
    return {"level-fallen",
            Kind::gap,
            "",
            {
                {"the first quarter was as intended, the last is not",
                 [](auto& evidence) {
                     visitsByQuarter(evidence, {9, 7});
                 },
                 {{"Visits went from delivered as intended in 2025-26 Q1 to partly delivered in 2025-26 Q2.",
                   "What changed for Visits, and when was it noticed?", kVisits, kS1}},
                 {"delivered-as-intended"}},
                {"it rose",
                 [](auto& evidence) {
                     visitsByQuarter(evidence, {7, 9});
                 },
                 {},
                 {"delivered-as-intended", "level-risen"}},
                {"it fell and rose again",
                 [](auto& evidence) {
                     visitsByQuarter(evidence, {9, 7, 9});
                 },
                 {},
                 {"delivered-as-intended"}},
                {"afterwards nothing can be judged",
                 [](auto& evidence) {
                     visitsByQuarter(evidence, {9, 0});
                 },
                 {},
                 {"delivered-as-intended"}},
            }};
}

}  // namespace

std::vector<Claim> ofRecommendations() {
    return {deliveredAsIntended(), notOffered(),
            standardMissed(),      standardMissedPerhaps(),
            standardSurelyMet(),   goodFidelityFewReviewed(),
            declaredInPlace(),     declaredAbsent(),
            planOverdue(),         levelRisen(),
            levelFallen()};
}

}  // namespace claims
