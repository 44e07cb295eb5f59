#pragma once

#include <map>
#include <string>
#include <vector>

#include "adherence/evidence.h"
#include "adherence/fairness.h"
#include "adherence/rules.h"
#include "adherence/strength.h"

namespace adherence {

constexpr int kFewestAuthorities = 5;     ///< for a figure of others that none can be told from
constexpr int kFewestFeedback = 10;       ///< pieces of it, to be heard; ratings, for a mean
constexpr int kFewestImproved = 10;       ///< pairs of scores, to speak of improvement
constexpr int kFewestBehindFigures = 10;  ///< records, for figures to carry an expectation

/// What the evidence shows by rule: a strength, a gap, a contradiction, or something that is not known.
struct Finding {
    const Rule* rule;     ///< by which it was found
    std::string text;     ///< what it is, in a sentence with its numbers
    std::string enquiry;  ///< a question that follows; empty for none
    std::vector<std::string> recommendations;
    std::vector<std::string> services;  ///< references
};

/// What can be said of one expectation.
struct ExpectationEvidence {
    const guidance::Expectation* expectation;
    Strength strength;
    std::vector<std::string> lines;  ///< what the records say, in sentences
    std::vector<const RecommendationEvidence*> recommendations;
    std::vector<std::pair<std::string, measures::Figure>> measures;  ///< over the services it is about
    std::vector<std::size_t> findings;                               ///< places in the list of findings
};

struct Judgement {
    std::map<std::string, Strength> strengths;  ///< by recommendation
    std::vector<Finding> findings;              ///< by kind, and within it what is surest first
    std::vector<ExpectationEvidence> expectations;
    std::vector<EqualityRow> equality;
    std::vector<Spread> spreads;
    Services unevidenced;
};

/// Pure: reads no clock and no database; the same evidence gives the same judgement. It grades no authority
/// and predicts no grade.
Judgement judge(const Evidence& evidence);

/// What the evidence says of each expectation, beside what was found.
std::vector<ExpectationEvidence> expectationsOf(const Evidence& evidence, const Judgement& judged);

}  // namespace adherence
