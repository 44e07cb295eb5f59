#pragma once

#include "adherence/judgement.h"

namespace adherence {

// The rules of reports, by family: each adds what it finds. Strengths of evidence, spreads and groups stand
// in the judgement already.
void findInRecommendations(const Evidence& evidence, Judgement& judged);
void findInServices(const Evidence& evidence, Judgement& judged);
void findInLeadership(const Evidence& evidence, Judgement& judged);
void findUnknown(const Evidence& evidence, Judgement& judged);

/// What the recommendation asks for, by the names of the interventions that run.
std::string subjectOf(const RecommendationEvidence& one, const guidance::Catalogue& catalogue);
/// References of services.
std::vector<std::string> referencesOf(const Services& services);

}  // namespace adherence
