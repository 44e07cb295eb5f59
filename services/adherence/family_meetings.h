#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "adherence/question.h"

namespace adherence {

/// Family group decision making over a period: each step counted over one cohort, the families whose letter
/// before proceedings, offer or decision not to offer is dated in it.
struct FamilyMeetings {
    std::int64_t families = 0;
    std::int64_t letters = 0;
    std::int64_t offered = 0;
    std::int64_t notOffered = 0;
    std::int64_t notOfferedWithReason = 0;
    std::int64_t accepted = 0;
    std::int64_t declined = 0;
    std::int64_t held = 0;
    std::int64_t withPlan = 0;
    std::int64_t reviewed = 0;
    std::int64_t applications = 0;
    std::int64_t heldBeforeApplication = 0;      ///< of those with an application and an acceptance
    std::int64_t acceptedBeforeApplication = 0;  ///< an application, and an acceptance
    std::vector<int> daysToOffer;                ///< from the letter, where both days are known; in order
    std::vector<int> daysToMeeting;              ///< likewise
    std::map<std::string, std::int64_t> models;  ///< of meetings held: the model that was used
};

/// For a worker. Reads as the transaction stands, in the past or now.
FamilyMeetings familyMeetingsOf(platform::Transaction& tx, identity::AuthorityId authority, Period period);

}  // namespace adherence
