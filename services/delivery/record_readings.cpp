#include <array>

#include "delivery/record_tables.h"

namespace delivery {
namespace {

using platform::Account;
using platform::Statement;

// The columns stand in the order of the kind's file type. Owners and keys are asked for as ranges: one, or
// all. A state that holds has no end: the server writes the last instant that it knows.
const Statement kReadServices("read services", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, kept.intervention, kept.name, provider.name,
           kept.stage, kept.started_on, kept.ended_on, kept.capacity_per_year, kept.eligibility, kept.referral_route,
           kept.cost_per_year, kept.is_structured, kept.kept_as, kept.archived_on
    FROM service FOR SYSTEM_TIME ALL AS kept LEFT JOIN provider ON provider.id = kept.provider_id
    WHERE kept.authority_id = ? AND '' >= ? AND '' <= ? AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, kept.name, kept.intervention, provider.name))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");
const Statement kReadStages("read stage changes", Account::authority, R"(
    SELECT CONCAT_WS('|', service.reference, kept.changed_on) AS record_key, kept.row_start, kept.row_end,
           service.reference, kept.changed_on, kept.stage, kept.note
    FROM service JOIN stage_change FOR SYSTEM_TIME ALL AS kept ON kept.service_id = service.id
    WHERE service.authority_id = ? AND service.reference >= ? AND service.reference <= ?
      AND CONCAT_WS('|', service.reference, kept.changed_on) COLLATE utf8mb4_bin BETWEEN ? AND ?
      AND CONCAT_WS('|', service.reference, kept.changed_on) COLLATE utf8mb4_bin > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', service.reference, kept.stage, kept.note))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY record_key, kept.row_end LIMIT ?)");
const Statement kReadPartners("read partners", Account::authority, R"(
    SELECT CONCAT_WS('|', service.reference, kept.partner_code) AS record_key, kept.row_start, kept.row_end,
           service.reference, kept.partner_code, kept.share
    FROM service JOIN service_partner FOR SYSTEM_TIME ALL AS kept ON kept.service_id = service.id
    WHERE service.authority_id = ? AND service.reference >= ? AND service.reference <= ?
      AND CONCAT_WS('|', service.reference, kept.partner_code) COLLATE utf8mb4_bin BETWEEN ? AND ?
      AND CONCAT_WS('|', service.reference, kept.partner_code) COLLATE utf8mb4_bin > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', service.reference, kept.partner_code))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY record_key, kept.row_end LIMIT ?)");
const Statement kReadSites("read sites", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, service.reference, kept.name, kept.area,
           kept.archived_on
    FROM site FOR SYSTEM_TIME ALL AS kept JOIN service ON service.id = kept.service_id
    WHERE kept.authority_id = ? AND service.reference >= ? AND service.reference <= ?
      AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, kept.name, kept.area))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");
const Statement kReadPractitioners("read practitioners", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, service.reference, kept.role, kept.trained_on,
           kept.accredited_until, kept.archived_on
    FROM practitioner FOR SYSTEM_TIME ALL AS kept JOIN service ON service.id = kept.service_id
    WHERE kept.authority_id = ? AND service.reference >= ? AND service.reference <= ?
      AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, kept.role))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");
const Statement kReadSupervisions("read supervisions", Account::authority, R"(
    SELECT CONCAT_WS('|', practitioner.reference, kept.held_on) AS record_key, kept.row_start, kept.row_end,
           practitioner.reference, kept.held_on
    FROM practitioner JOIN supervision FOR SYSTEM_TIME ALL AS kept ON kept.practitioner_id = practitioner.id
    WHERE practitioner.authority_id = ? AND practitioner.reference >= ? AND practitioner.reference <= ?
      AND CONCAT_WS('|', practitioner.reference, kept.held_on) COLLATE utf8mb4_bin BETWEEN ? AND ?
      AND CONCAT_WS('|', practitioner.reference, kept.held_on) COLLATE utf8mb4_bin > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(practitioner.reference)) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY record_key, kept.row_end LIMIT ?)");
const Statement kReadEpisodes("read episodes", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, service.reference, NULL, kept.age_band, kept.sex,
           kept.ethnic_group, kept.disabled, kept.need, kept.referred_on, kept.offered_on, kept.accepted_on,
           kept.started_on, kept.ended_on, kept.end_reason, kept.eligible_on, kept.group_name
    FROM episode FOR SYSTEM_TIME ALL AS kept JOIN service ON service.id = kept.service_id
    WHERE kept.authority_id = ? AND service.reference >= ? AND service.reference <= ?
      AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, kept.need, kept.group_name))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");
const Statement kReadMeetings("read family meetings", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, episode.reference, kept.letter_on, kept.is_offered,
           kept.offered_on, kept.not_offered_reason, kept.response, kept.accepted_on, kept.accepted_by, kept.model,
           kept.held_on, kept.has_plan, kept.reviewed_on, kept.application_on
    FROM family_meeting FOR SYSTEM_TIME ALL AS kept JOIN episode ON episode.id = kept.episode_id
    WHERE kept.authority_id = ? AND episode.reference >= ? AND episode.reference <= ?
      AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, episode.reference))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");
const Statement kReadSessions("read sessions", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, episode.reference, practitioner.reference,
           kept.held_on, kept.status, kept.minutes, kept.mode
    FROM session FOR SYSTEM_TIME ALL AS kept JOIN episode ON episode.id = kept.episode_id
    JOIN practitioner ON practitioner.id = kept.practitioner_id
    WHERE kept.authority_id = ? AND episode.reference >= ? AND episode.reference <= ?
      AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, practitioner.reference))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");
const Statement kReadReviews("read reviews", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, kept.session_reference, service.reference,
           practitioner.reference, kept.reviewer, kept.reviewed_on, kept.checklist_version, kept.rated_by, kept.checklist,
           kept.scores
    FROM review FOR SYSTEM_TIME ALL AS kept JOIN service ON service.id = kept.service_id
    JOIN practitioner ON practitioner.id = kept.practitioner_id
    WHERE kept.authority_id = ? AND service.reference >= ? AND service.reference <= ?
      AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, kept.session_reference, practitioner.reference))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");
const Statement kReadScores("read outcome scores", Account::authority, R"(
    SELECT CONCAT_WS('|', episode.reference, kept.instrument, kept.respondent, kept.time_point, kept.scored_on) AS record_key,
           kept.row_start, kept.row_end, episode.reference, kept.instrument, kept.respondent, kept.time_point,
           kept.scored_on, CAST(kept.value AS CHAR)
    FROM episode JOIN outcome_score FOR SYSTEM_TIME ALL AS kept ON kept.episode_id = episode.id
    WHERE episode.authority_id = ? AND episode.reference >= ? AND episode.reference <= ?
      AND CONCAT_WS('|', episode.reference, kept.instrument, kept.respondent, kept.time_point, kept.scored_on)
          COLLATE utf8mb4_bin BETWEEN ? AND ?
      AND CONCAT_WS('|', episode.reference, kept.instrument, kept.respondent, kept.time_point, kept.scored_on)
          COLLATE utf8mb4_bin > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', episode.reference, kept.instrument, kept.respondent))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY record_key, kept.row_end LIMIT ?)");
const Statement kReadAdaptations("read adaptations", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, service.reference, kept.description,
           kept.adapted_on, kept.until_on, kept.phase, kept.modified, kept.nature, kept.level,
           IF(kept.is_planned, 'yes', 'no'), kept.decided_by, kept.goal, kept.reason,
           CASE kept.is_fidelity_consistent WHEN 1 THEN 'consistent' WHEN 0 THEN 'inconsistent' ELSE 'not known' END,
           kept.is_approved
    FROM adaptation FOR SYSTEM_TIME ALL AS kept JOIN service ON service.id = kept.service_id
    WHERE kept.authority_id = ? AND service.reference >= ? AND service.reference <= ?
      AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, kept.description, kept.reason))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");
const Statement kReadFeedback("read feedback", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, service.reference, episode.reference,
           kept.given_on, kept.respondent, kept.rating, kept.words
    FROM feedback FOR SYSTEM_TIME ALL AS kept JOIN service ON service.id = kept.service_id
    LEFT JOIN episode ON episode.id = kept.episode_id
    WHERE kept.authority_id = ? AND service.reference >= ? AND service.reference <= ?
      AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, kept.words))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");
const Statement kReadDeclarations("read declarations", Account::authority, R"(
    SELECT CONCAT_WS('|', kept.recommendation, kept.declared_on) AS record_key, kept.row_start, kept.row_end,
           kept.recommendation, kept.declared_on, kept.status, kept.planned_by, kept.reason, kept.evidence, kept.notes
    FROM declaration FOR SYSTEM_TIME ALL AS kept
    WHERE kept.authority_id = ? AND CONVERT(kept.recommendation USING utf8mb4) COLLATE utf8mb4_bin BETWEEN ? AND ?
      AND CONVERT(CONCAT_WS('|', kept.recommendation, kept.declared_on) USING utf8mb4) COLLATE utf8mb4_bin BETWEEN ? AND ?
      AND CONVERT(CONCAT_WS('|', kept.recommendation, kept.declared_on) USING utf8mb4) COLLATE utf8mb4_bin > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.recommendation, kept.status, kept.evidence, kept.notes))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY record_key, kept.row_end LIMIT ?)");
const Statement kReadActions("read actions", Account::authority, R"(
    SELECT kept.reference, kept.row_start, kept.row_end, kept.reference, kept.title, kept.about_kind, kept.about,
           kept.raised_on, kept.owner, kept.due_on, kept.closed_on, kept.closing_evidence
    FROM action FOR SYSTEM_TIME ALL AS kept
    WHERE kept.authority_id = ? AND COALESCE(kept.about, '') COLLATE utf8mb4_bin BETWEEN ? AND ?
      AND kept.reference >= ? AND kept.reference <= ? AND kept.reference > ?
      AND (? = '' OR LOCATE(LOWER(?), LOWER(CONCAT_WS(' ', kept.reference, kept.title, kept.owner))) > 0)
      AND (? OR kept.row_end > '2038-01-01')
    ORDER BY kept.reference, kept.row_end LIMIT ?)");

}  // namespace

const Statement& readingOf(RecordKind kind) {
    static const std::array<const Statement*, kRecordKinds> readings{
        {&kReadServices, &kReadStages, &kReadPartners, &kReadSites, &kReadPractitioners, &kReadSupervisions,
         &kReadEpisodes, &kReadMeetings, &kReadSessions, &kReadReviews, &kReadScores, &kReadAdaptations,
         &kReadFeedback, &kReadDeclarations, &kReadActions}};
    return *readings[static_cast<std::size_t>(kind)];
}

}  // namespace delivery
