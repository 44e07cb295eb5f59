#include "adherence/judgement.h"

#include <algorithm>
#include <array>

#include "adherence/findings.h"

namespace adherence {

std::string kindName(Rule::Kind kind) {
    static constexpr std::array kNames{"contradiction", "gap", "strength", "not known"};
    return kNames.at(static_cast<std::size_t>(kind));
}

Judgement judge(const Evidence& evidence) {
    Judgement judged;
    for (const auto& one : evidence.services)
        if (one->intervention == nullptr && one->service.isRunning()) judged.unevidenced.push_back(one.get());
    for (const auto& one : evidence.recommendations)
        judged.strengths.emplace(one.recommendation->id, strengthOf(one, evidence));
    judged.spreads = spreadsOf(evidence);
    judged.equality = equalityOf(evidence);
    findInRecommendations(evidence, judged);
    findInServices(evidence, judged);
    findInLeadership(evidence, judged);
    findUnknown(evidence, judged);
    std::ranges::stable_sort(judged.findings, {},
                             [](const Finding& one) { return std::pair(one.rule->kind, one.rule->place); });
    judged.expectations = expectationsOf(evidence, judged);
    return judged;
}

}  // namespace adherence
