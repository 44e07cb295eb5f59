#pragma once

#include <string>
#include <vector>

#include "adherence/evidence.h"

namespace adherence {

/// One thing that makes evidence strong or weak, by a stated rule.
struct Criterion {
    enum class Verdict { met, notMet, notApplicable };
    std::string name;  ///< amount, completeness, recency, independence, response
    Verdict verdict;
    std::string words;  ///< what was found, against what is asked
};

/// How strong the evidence behind a statement is. None: there is no record. Strong: every criterion that
/// applies is met. Moderate: one is not, and that is not the amount. Limited: more are not, or the amount.
struct Strength {
    enum class Grade { none, limited, moderate, strong };
    Grade grade = Grade::none;
    std::vector<Criterion> criteria;
};
std::string gradeName(Strength::Grade grade);
/// By the rule above; `hasRecords`: there is anything to go by.
Strength strengthOf(bool hasRecords, std::vector<Criterion> criteria);

/// The stated numbers of the criteria.
constexpr int kStaleAfterDays = 365;       ///< what is older says nothing of today
constexpr double kCompleteShare = 0.9;     ///< of the quarters in which services ran, with records
constexpr double kIndependentShare = 0.5;  ///< of reviews, by somebody else than who delivered
constexpr double kResponseShare = 0.6;     ///< of those who ended, with scores before and after

using Services = std::vector<const ServiceEvidence*>;

Criterion::Verdict verdictOf(bool isMet);
/// In how many of the quarters in which they ran services have single records.
Criterion completeness(const Services& services);
Criterion recency(const Services& services, values::Date known);
/// Of those who started and ended, how many have scores before and after.
Criterion response(const Services& services);
/// Of a recommendation, by all five criteria, the amount first.
Strength strengthOf(const RecommendationEvidence& one, const Evidence& evidence);

}  // namespace adherence
