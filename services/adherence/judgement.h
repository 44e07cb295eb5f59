#pragma once

#include <map>
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

/// The stated numbers of the rules.
constexpr int kStaleAfterDays = 365;        ///< what is older says nothing of today
constexpr double kCompleteShare = 0.9;      ///< of the quarters in which services ran, with records
constexpr double kIndependentShare = 0.5;   ///< of reviews, by somebody else than who delivered
constexpr double kResponseShare = 0.6;      ///< of those who ended, with scores before and after
constexpr int kFewestReviewsEach = 5;       ///< of a practitioner, to be shown in a spread
constexpr std::size_t kFewestInSpread = 5;  ///< practitioners or services, to show a spread
constexpr double kWideSpread = 0.3;         ///< between the lower and upper quarter
constexpr int kFewestInGroup = 10;          ///< of a group of children, for its figure to be shown
constexpr int kFewestAuthorities = 5;       ///< for a figure of others that none can be told from
constexpr int kFewestFeedback = 10;

/// What the evidence shows by rule: a strength, a gap, a contradiction, or something that is not known.
struct Finding {
    enum class Kind { contradiction, gap, strength, unknown };  ///< in the order of a report
    Kind kind;
    std::string rule;     ///< by which it was found: `standard-missed`
    std::string text;     ///< what it is, in a sentence with its numbers
    std::string enquiry;  ///< a question that follows; empty for none
    std::vector<std::string> recommendations;
    std::vector<std::string> services;  ///< references
};
std::string kindName(Finding::Kind kind);

/// What can be said of one expectation.
struct ExpectationEvidence {
    const guidance::Expectation* expectation;
    Strength strength;
    std::vector<std::string> lines;  ///< what the records say, in sentences
    std::vector<const RecommendationEvidence*> recommendations;
    std::vector<std::pair<std::string, measures::Figure>> measures;  ///< over the services it is about
    std::vector<std::size_t> findings;                               ///< places in the list of findings
};

/// A figure that differs between children of one characteristic.
struct EqualityRow {
    std::string measure;
    std::string characteristic;  ///< age_band, sex, ethnic_group, disabled
    std::string group;
    values::Proportion counts;
    bool isShown = false;  ///< enough to show, and no other group can be got from it
};

/// How a figure is spread over units: no unit is named.
struct Spread {
    std::string measure;
    std::string units;  ///< services or practitioners
    std::size_t count = 0;
    std::vector<double> quartiles;  ///< lowest, lower quarter, middle, upper quarter, highest; empty: too few
    std::size_t left = 0;           ///< units with too few records
};

struct Judgement {
    std::map<std::string, Strength> strengths;  ///< by recommendation
    std::vector<Finding> findings;              ///< by kind, and within it what is surest first
    std::vector<ExpectationEvidence> expectations;
    std::vector<EqualityRow> equality;
    std::vector<Spread> spreads;
    std::vector<const ServiceEvidence*> unevidenced;
};

/// Pure: reads no clock and no database; the same evidence gives the same judgement. It grades no authority
/// and predicts no grade.
Judgement judge(const Evidence& evidence);

}  // namespace adherence
