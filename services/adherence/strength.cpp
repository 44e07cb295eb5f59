#include "adherence/strength.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adherence/words.h"

namespace adherence {

using values::Proportion;
using Verdict = Criterion::Verdict;

namespace {

Criterion amount(const RecommendationEvidence& one, const guidance::Catalogue& catalogue) {
    std::vector<std::string> few;
    std::size_t required = 0;
    for (const auto& standard : one.result.standards) {
        if (!standard.standard->isRequired) continue;
        ++required;
        const auto& counts = standard.figure.parts.proportion;
        if (counts.denominator < standard.standard->minimumN)
            few.push_back(fmt::format("{} rests on {} of {}",
                                      catalogue.measureTitle(standard.standard->measure), counts.denominator,
                                      standard.standard->minimumN));
    }
    if (required == 0) return {"amount", Verdict::notApplicable, "No standard is required."};
    return {"amount", verdictOf(few.empty()),
            few.empty() ? "Every required standard rests on enough records."
                        : "Too few records: " + listed(few) + "."};
}

Criterion independence(const Services& services) {
    Proportion reviews;
    bool isAsked = false;
    for (const auto* one : services) {
        isAsked = isAsked || one->intervention != nullptr;
        reviews += one->counted("independent_reviews");
    }
    if (!isAsked || reviews.denominator == 0)
        return {"independence", Verdict::notApplicable, "There is no complete review of a session."};
    return {"independence", verdictOf(*reviews.value() >= kIndependentShare - 1e-9),
            shareWordsBeside(reviews, 0.5) +
                " of the reviews were made by an observer or a supervisor; half is asked for."};
}

}  // namespace

std::string gradeName(Strength::Grade grade) {
    static constexpr std::array kNames{"none", "limited", "moderate", "strong"};
    return kNames.at(static_cast<std::size_t>(grade));
}

Strength strengthOf(bool hasRecords, std::vector<Criterion> criteria) {
    Strength strength{Strength::Grade::none, std::move(criteria)};
    if (!hasRecords) return strength;
    int missed = 0;
    bool isAmountMissed = false;
    for (const auto& one : strength.criteria) {
        missed += one.verdict == Verdict::notMet ? 1 : 0;
        isAmountMissed = isAmountMissed || (one.name == "amount" && one.verdict == Verdict::notMet);
    }
    strength.grade = isAmountMissed || missed > 1 ? Strength::Grade::limited
                     : missed == 1                ? Strength::Grade::moderate
                                                  : Strength::Grade::strong;
    return strength;
}

Verdict verdictOf(bool isMet) { return isMet ? Verdict::met : Verdict::notMet; }

Criterion completeness(const Services& services) {
    Proportion quarters;
    std::vector<std::string> countsOnly;
    for (const auto* one : services) {
        quarters.numerator += one->service.countsOnly ? 0 : one->quartersWithRecords;
        quarters.denominator += one->quartersLive;
        if (one->service.countsOnly) countsOnly.push_back(one->service.name);
    }
    auto words =
        fmt::format("{} of {} quarters in which services ran have single records; {:.0f}% is asked for.",
                    quarters.numerator, quarters.denominator, kCompleteShare * 100);
    if (!countsOnly.empty()) words += " Counts alone: " + listed(countsOnly) + ".";
    return {"completeness",
            quarters.denominator == 0 ? Verdict::notApplicable
                                      : verdictOf(*quarters.value() >= kCompleteShare - 1e-9),
            words};
}

Criterion recency(const Services& services, values::Date known) {
    std::optional<values::Date> last;
    for (const auto* one : services)
        if (one->lastRecord && (!last || *last < *one->lastRecord)) last = one->lastRecord;
    if (!last) return {"recency", Verdict::notApplicable, "There is no dated record."};
    const auto age = known.daysSince(*last);
    return {"recency", verdictOf(age <= kStaleAfterDays),
            fmt::format("The latest record is of {}; older than twelve months is stale.", last->text())};
}

Criterion response(const Services& services) {
    Proportion answered;
    bool isAsked = false;
    for (const auto* one : services) {
        if (one->intervention == nullptr || one->intervention->instruments.empty()) continue;
        isAsked = true;
        const auto ended = one->counted("completers").denominator;
        std::int64_t pairs = 0;
        for (const auto& instrument : one->intervention->instruments)
            pairs = std::max(pairs, one->counted("outcome_improved:" + instrument).denominator);
        answered += {std::min(pairs, ended), ended};
    }
    if (!isAsked) return {"response", Verdict::notApplicable, "No outcome is measured with an instrument."};
    if (answered.denominator == 0)
        return {"response", Verdict::notApplicable, "No started episode has ended."};
    return {"response", verdictOf(*answered.value() >= kResponseShare - 1e-9),
            shareWordsBeside(answered, 0.6) +
                " of those who ended have scores before and after; 60% is asked for."};
}

Strength strengthOf(const RecommendationEvidence& one, const Evidence& evidence) {
    const bool hasRecords = std::ranges::any_of(
        one.running, [](const auto* service) { return service->quartersWithRecords > 0; });
    return strengthOf(hasRecords, {amount(one, evidence.edition->catalogue), completeness(one.running),
                                   recency(one.running, evidence.question.known.day),
                                   independence(one.running), response(one.running)});
}

}  // namespace adherence
