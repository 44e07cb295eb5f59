// Claims of the rules about what leaders do: actions, family meetings, signed returns.
#include "unit/adherence/claims.h"

namespace claims {
namespace {

using in_memory::kKnownOn;
using in_memory::kLastDay;
using in_memory::kQuarter;

Claim actionsOverdue() {
    const std::string enquiry = "Who follows the actions that are overdue, and what stands in their way?";
    return {"actions-overdue",
            Kind::gap,
            "actions",
            {
                {"an action was due the day before",
                 [](auto& evidence) { evidence.openAction(kKnownOn.plusDays(-1)); },
                 {{"1 action is overdue on 10 July 2025.", enquiry}}},
                {"two were, and a third is not yet",
                 [](auto& evidence) {
                     evidence.openAction(kKnownOn.plusDays(-1))
                         .openAction(kKnownOn.plusDays(-400))
                         .openAction(kKnownOn);
                 },
                 {{"2 actions are overdue on 10 July 2025.", enquiry}}},
                {"it is due on the day", [](auto& evidence) { evidence.openAction(kKnownOn); }, {}},
                {"it was closed, though late",
                 [](auto& evidence) {
                     evidence.openAction(kKnownOn.plusDays(-9));
                     evidence.rest().actions.back().closedOn = kKnownOn.plusDays(-1);
                 },
                 {}},
            }};
}

Claim closedWithoutEvidence() {
    const std::string enquiry = "How do leaders know that actions which were closed changed practice?";
    return {"closed-without-evidence",
            Kind::contradiction,
            "actions",
            {
                {"one was closed, on nothing",
                 [](auto& evidence) { evidence.closedAction(kLastDay, false); },
                 {{"1 action was closed in the period; 0 on evidence.", enquiry}}},
                {"fewer than half were closed on evidence",
                 [](auto& evidence) {
                     evidence.closedAction(kLastDay, true)
                         .closedAction(kLastDay, false)
                         .closedAction(kLastDay, false);
                 },
                 {{"3 actions were closed in the period; 1 on evidence.", enquiry}}},
                {"half were",
                 [](auto& evidence) { evidence.closedAction(kLastDay, true).closedAction(kLastDay, false); },
                 {},
                 {"actions-closed"}},
                {"it was closed after the period",
                 [](auto& evidence) { evidence.closedAction(kLastDay.plusDays(1), false); },
                 {}},
                {"it was closed before the period",
                 [](auto& evidence) { evidence.closedAction(kQuarter.first().plusDays(-1), false); },
                 {}},
                {"it is open", [](auto& evidence) { evidence.openAction(kKnownOn); }, {}},
            }};
}

Claim actionsClosed() {
    return {"actions-closed",
            Kind::strength,
            "actions",
            {
                {"one was closed on the first day, on evidence",
                 [](auto& evidence) { evidence.closedAction(kQuarter.first(), true); },
                 {{"1 action was closed in the period, 1 of them on evidence.", ""}}},
                {"half were closed on evidence",
                 [](auto& evidence) { evidence.closedAction(kLastDay, true).closedAction(kLastDay, false); },
                 {{"2 actions were closed in the period, 1 of them on evidence.", ""}}},
                {"fewer than half were",
                 [](auto& evidence) {
                     evidence.closedAction(kLastDay, true)
                         .closedAction(kLastDay, false)
                         .closedAction(kLastDay, false);
                 },
                 {},
                 {"closed-without-evidence"}},
                {"it was closed the day after the period",
                 [](auto& evidence) { evidence.closedAction(kLastDay.plusDays(1), true); },
                 {}},
                {"it was closed the day before the period",
                 [](auto& evidence) { evidence.closedAction(kQuarter.first().plusDays(-1), true); },
                 {}},
            }};
}

/// Families to whom no meeting was offered; of these with a reason.
std::function<void(EvidenceBuilder&)> notOffered(std::int64_t families, std::int64_t withReason) {
    return [=](EvidenceBuilder& evidence) {
        auto& meetings = evidence.rest().meetings;
        meetings.families = meetings.notOffered = families;
        meetings.notOfferedWithReason = withReason;
    };
}

Claim meetingNotOffered() {
    const std::string enquiry = "Why were these families not offered a meeting?";
    return {
        "meeting-not-offered",
        Kind::gap,
        "meetings",
        {
            {"one of two has no reason",
             notOffered(2, 1),
             {{"1 family was not offered a family group meeting, without a reason on record.", enquiry}}},
            {"two have none",
             notOffered(2, 0),
             {{"2 families were not offered a family group meeting, without a reason on record.", enquiry}}},
            {"each has a reason", notOffered(2, 2), {}},
        }};
}

/// Meetings that were held and made a plan; of these, how many plans were reviewed.
std::function<void(EvidenceBuilder&)> plans(std::int64_t withPlan, std::int64_t reviewed) {
    return [=](EvidenceBuilder& evidence) {
        auto& meetings = evidence.rest().meetings;
        meetings.families = meetings.offered = meetings.accepted = 5;
        meetings.held = 4;
        meetings.withPlan = withPlan;
        meetings.reviewed = reviewed;
    };
}

Claim familyPlansNotReviewed() {
    const std::string enquiry = "What becomes of family plans after the meeting?";
    return {
        "family-plans-not-reviewed",
        Kind::gap,
        "meetings",
        {
            {"fewer than half were reviewed", plans(3, 1), {{"1 of 3 family plans were reviewed.", enquiry}}},
            {"none was", plans(1, 0), {{"0 of 1 family plans were reviewed.", enquiry}}},
            {"half were", plans(2, 1), {}},
            {"no meeting made a plan", plans(0, 0), {}},
        }};
}

Claim changedSinceSigned() {
    const auto found = [](const std::string& figures, const std::string& quarter) {
        return Found{figures + " signed for " + quarter +
                         " no longer agree with the records; the section on returns lists them.",
                     "Why did records of " + quarter + " change after the return was signed?"};
    };
    return {"changed-since-signed",
            Kind::contradiction,
            "returns",
            {
                {"one figure is another now",
                 [](auto& evidence) { evidence.rest().returns.front().changed = {"a figure"}; },
                 {found("1 figure", "2025-26 Q1")}},
                {"figures of two quarters are: each quarter is named",
                 [](auto& evidence) {
                     evidence.quarters(3);
                     evidence.rest().returns[0].changed = {"a figure"};
                     evidence.rest().returns[2].changed = {"a figure", "another"};
                 },
                 {found("1 figure", "2025-26 Q1"), found("2 figures", "2025-26 Q3")}},
                {"the records agree", [](auto& evidence) { evidence.quarters(2); }, {}},
            }};
}

Claim noSignedReturn() {
    return {"no-signed-return",
            Kind::unknown,
            "returns",
            {
                {"none is signed",
                 [](auto& evidence) { evidence.rest().returns.clear(); },
                 {{"No return was signed off for 2025-26 Q1. The figures here are from the records, and "
                   "nobody has "
                   "answered for them.",
                   "When will the returns for 2025-26 Q1 be signed off?"}}},
                {"of three quarters, the first and the last are not",
                 [](auto& evidence) {
                     auto& returns = evidence.quarters(3).rest().returns;
                     returns = {returns[1]};
                 },
                 {{"No return was signed off for 2025-26 Q1 and 2025-26 Q3. The figures here are from the "
                   "records, and "
                   "nobody has answered for them.",
                   "When will the returns for 2025-26 Q1 and 2025-26 Q3 be signed off?"}}},
                {"each quarter is signed", [](auto& evidence) { evidence.quarters(3); }, {}},
            }};
}

}  // namespace

std::vector<Claim> ofLeadership() {
    return {actionsOverdue(),         closedWithoutEvidence(), actionsClosed(), meetingNotOffered(),
            familyPlansNotReviewed(), changedSinceSigned(),    noSignedReturn()};
}

}  // namespace claims
