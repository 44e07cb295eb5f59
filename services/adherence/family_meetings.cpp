#include "adherence/family_meetings.h"

#include <algorithm>
#include <optional>

namespace adherence {
namespace {

using platform::Account;
using platform::Statement;

const Statement kSelectMeetings("select steps of family meetings", Account::work, R"(
    SELECT letter_on, is_offered, family_meeting.offered_on, COALESCE(not_offered_reason, '') <> '',
           COALESCE(response, ''), family_meeting.accepted_on, COALESCE(model, ''), held_on,
           COALESCE(has_plan, '') = 'yes', reviewed_on, application_on, episode.referred_on
    FROM episode JOIN family_meeting ON family_meeting.episode_id = episode.id
    WHERE family_meeting.authority_id = ? ORDER BY family_meeting.id)");

}  // namespace

FamilyMeetings familyMeetingsOf(platform::Transaction& tx, identity::AuthorityId authority, Period period) {
    FamilyMeetings all;
    for (auto rows = tx.query(kSelectMeetings, authority); rows.next();) {
        const auto letter = rows.optionalDate(0);
        const auto offeredOn = rows.optionalDate(2);
        const auto acceptedOn = rows.optionalDate(5);
        const auto heldOn = rows.optionalDate(7);
        const auto application = rows.optionalDate(10);
        // Where neither letter nor offer is dated, the day of referral places the family.
        const auto placed = letter ? letter : offeredOn ? offeredOn : rows.optionalDate(11);
        if (!placed || !period.contains(*placed)) continue;
        ++all.families;
        all.letters += letter ? 1 : 0;
        const bool isOffered = rows.text(1) == "yes";
        all.offered += isOffered ? 1 : 0;
        all.notOffered += rows.text(1) == "no" ? 1 : 0;
        all.notOfferedWithReason += rows.text(1) == "no" && rows.number(3) != 0 ? 1 : 0;
        const bool isAccepted = acceptedOn || rows.text(4) == "accepted";
        all.accepted += isAccepted ? 1 : 0;
        all.declined += rows.text(4) == "declined" ? 1 : 0;
        all.held += heldOn ? 1 : 0;
        all.withPlan += heldOn && rows.number(8) != 0 ? 1 : 0;
        all.reviewed += heldOn && !rows.isNull(9) ? 1 : 0;
        all.applications += application ? 1 : 0;
        if (application && isAccepted) {
            ++all.acceptedBeforeApplication;
            all.heldBeforeApplication += heldOn && *heldOn <= *application ? 1 : 0;
        }
        if (letter && offeredOn) all.daysToOffer.push_back(offeredOn->daysSince(*letter));
        if (letter && heldOn) all.daysToMeeting.push_back(heldOn->daysSince(*letter));
        if (heldOn) ++all.models[rows.text(6).empty() ? "not recorded" : rows.text(6)];
    }
    std::ranges::sort(all.daysToOffer);
    std::ranges::sort(all.daysToMeeting);
    return all;
}

}  // namespace adherence
