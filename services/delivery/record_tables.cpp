#include "delivery/record_tables.h"

#include <array>

namespace delivery {
namespace {

using platform::Account;
using platform::BulkStatement;
using platform::Statement;

// Existing records of a list of references or owners, with the columns that a put may change.
const Statement kSelectServicesToPut("select services for put", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.reference, kept.intervention, kept.name, kept.provider_id, kept.stage,
           kept.started_on, kept.ended_on, kept.capacity_per_year, kept.eligibility, kept.referral_route,
           kept.cost_per_year, kept.is_structured, kept.kept_as, kept.archived_on
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN service AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectPractitioners("select practitioners for put", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.service_id, kept.reference, kept.role, kept.trained_on, kept.accredited_until,
           kept.archived_on
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN practitioner AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectSupervisions("select supervisions for put", kKeepers, R"(
    SELECT CONCAT_WS('|', LOWER(HEX(kept.practitioner_id)), kept.held_on), NULL, kept.practitioner_id, kept.held_on
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN supervision AS kept ON kept.practitioner_id = UNHEX(wanted.owner)
    WHERE kept.authority_id = ?)");
const Statement kSelectEpisodes("select episodes for put", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.service_id, kept.reference, kept.child_id, kept.age_band, kept.sex,
           kept.ethnic_group, kept.disabled, kept.need, kept.referred_on, kept.offered_on, kept.accepted_on,
           kept.started_on, kept.ended_on, kept.end_reason, kept.eligible_on, kept.group_name
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN episode AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectSessions("select sessions for put", kKeepers, R"(
    SELECT kept.reference, NULL, kept.episode_id, kept.practitioner_id, kept.reference, kept.held_on, kept.status,
           kept.minutes, kept.mode
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN session AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectReviews("select reviews for put", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.service_id, kept.session_reference, kept.practitioner_id, kept.reference,
           kept.reviewer, kept.reviewed_on, kept.checklist, kept.checklist_version, kept.scores,
           kept.rated_by
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN review AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectScores("select outcome scores for put", kKeepers, R"(
    SELECT CONCAT_WS('|', LOWER(HEX(kept.episode_id)), kept.instrument, kept.respondent, kept.time_point, kept.scored_on),
           NULL, kept.episode_id, kept.instrument, kept.respondent, kept.time_point, kept.scored_on,
           CAST(kept.value AS CHAR)
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN outcome_score AS kept ON kept.episode_id = UNHEX(wanted.owner)
    WHERE kept.authority_id = ?)");

const BulkStatement kPutServices("put services", kKeepers, R"(
    INSERT INTO service (id, authority_id, reference, intervention, name, provider_id, stage, started_on, ended_on,
                         capacity_per_year, eligibility, referral_route, cost_per_year, is_structured, kept_as,
                         archived_on))",
                                 16, R"(
    ON DUPLICATE KEY UPDATE intervention = VALUES(intervention), name = VALUES(name),
        provider_id = VALUES(provider_id), stage = VALUES(stage), started_on = VALUES(started_on),
        ended_on = VALUES(ended_on), capacity_per_year = VALUES(capacity_per_year), eligibility = VALUES(eligibility),
        referral_route = VALUES(referral_route), cost_per_year = VALUES(cost_per_year),
        is_structured = VALUES(is_structured), kept_as = VALUES(kept_as), archived_on = VALUES(archived_on))");
const BulkStatement kPutPractitioners("put practitioners", kKeepers, R"(
    INSERT INTO practitioner (id, authority_id, service_id, reference, role, trained_on, accredited_until,
                              archived_on))",
                                      8, R"(
    ON DUPLICATE KEY UPDATE service_id = VALUES(service_id), role = VALUES(role), trained_on = VALUES(trained_on),
        accredited_until = VALUES(accredited_until), archived_on = VALUES(archived_on))");
const BulkStatement kPutSupervisions("put supervisions", kKeepers,
                                     "INSERT INTO supervision (authority_id, practitioner_id, held_on)", 3,
                                     "ON DUPLICATE KEY UPDATE held_on = VALUES(held_on)");
const BulkStatement kPutEpisodes("put episodes", kKeepers, R"(
    INSERT INTO episode (id, authority_id, service_id, reference, child_id, age_band, sex, ethnic_group,
                         disabled, need, referred_on, offered_on, accepted_on, started_on, ended_on, end_reason,
                         eligible_on, group_name))",
                                 18, R"(
    ON DUPLICATE KEY UPDATE service_id = VALUES(service_id), child_id = VALUES(child_id),
        age_band = VALUES(age_band), sex = VALUES(sex), ethnic_group = VALUES(ethnic_group),
        disabled = VALUES(disabled), need = VALUES(need), referred_on = VALUES(referred_on),
        offered_on = VALUES(offered_on), accepted_on = VALUES(accepted_on), started_on = VALUES(started_on),
        ended_on = VALUES(ended_on), end_reason = VALUES(end_reason), eligible_on = VALUES(eligible_on),
        group_name = VALUES(group_name))");
const BulkStatement kPutSessions("put sessions", kKeepers, R"(
    INSERT INTO session (authority_id, episode_id, practitioner_id, reference, held_on, status, minutes, mode))",
                                 8,
                                 R"(
    ON DUPLICATE KEY UPDATE episode_id = VALUES(episode_id), practitioner_id = VALUES(practitioner_id),
        held_on = VALUES(held_on), status = VALUES(status), minutes = VALUES(minutes), mode = VALUES(mode))");
const BulkStatement kPutReviews("put reviews", kKeepers, R"(
    INSERT INTO review (id, authority_id, service_id, session_reference, practitioner_id, reference, reviewer,
                        reviewed_on, checklist, checklist_version, scores, rated_by))",
                                12, R"(
    ON DUPLICATE KEY UPDATE service_id = VALUES(service_id), session_reference = VALUES(session_reference),
        practitioner_id = VALUES(practitioner_id), reviewer = VALUES(reviewer), reviewed_on = VALUES(reviewed_on),
        checklist = VALUES(checklist), checklist_version = VALUES(checklist_version), scores = VALUES(scores),
        rated_by = VALUES(rated_by))");
const BulkStatement kPutScores("put outcome scores", kKeepers, R"(
    INSERT INTO outcome_score (authority_id, episode_id, instrument, respondent, time_point, scored_on, value))",
                               7, "ON DUPLICATE KEY UPDATE value = VALUES(value)");

const Statement kAnyService("any service", kKeepers, "SELECT 1 FROM service WHERE authority_id = ? LIMIT 1");
const Statement kAnyPractitioner("any practitioner", kKeepers,
                                 "SELECT 1 FROM practitioner WHERE authority_id = ? LIMIT 1");
const Statement kAnyEpisode("any episode", kKeepers, "SELECT 1 FROM episode WHERE authority_id = ? LIMIT 1");
const Statement kAnySession("any session", kKeepers, "SELECT 1 FROM session WHERE authority_id = ? LIMIT 1");
const Statement kAnyReview("any review", kKeepers, "SELECT 1 FROM review WHERE authority_id = ? LIMIT 1");

const Statement kFindServices("find services", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN service AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kFindPractitioners("find practitioners", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN practitioner AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kFindEpisodes("find episodes", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN episode AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kFindSessions("find sessions", kKeepers, R"(
    SELECT kept.reference, kept.reference, episode.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN session AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference
    JOIN episode ON episode.id = kept.episode_id)");

const Statement kSelectStages("select stage changes for put", kKeepers, R"(
    SELECT CONCAT_WS('|', LOWER(HEX(kept.service_id)), kept.changed_on), NULL, kept.service_id, kept.changed_on, kept.stage,
           kept.note
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN stage_change AS kept ON kept.service_id = UNHEX(wanted.owner)
    WHERE kept.authority_id = ?)");
const BulkStatement kPutStages("put stage changes", kKeepers,
                               "INSERT INTO stage_change (authority_id, service_id, changed_on, stage, note)",
                               5, "ON DUPLICATE KEY UPDATE stage = VALUES(stage), note = VALUES(note)");
const Statement kSelectPartners("select partners for put", kKeepers, R"(
    SELECT CONCAT_WS('|', LOWER(HEX(kept.service_id)), kept.partner_code), NULL, kept.service_id, kept.partner_code,
           kept.share
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN service_partner AS kept ON kept.service_id = UNHEX(wanted.owner)
    WHERE kept.authority_id = ?)");
const BulkStatement kPutPartners(
    "put partners", kKeepers, "INSERT INTO service_partner (authority_id, service_id, partner_code, share)",
    4, "ON DUPLICATE KEY UPDATE share = VALUES(share)");
const Statement kSelectSites("select sites for put", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.service_id, kept.reference, kept.name, kept.area, kept.archived_on
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN site AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const BulkStatement kPutSites(
    "put sites", kKeepers,
    "INSERT INTO site (id, authority_id, service_id, reference, name, area, archived_on)", 7, R"(
    ON DUPLICATE KEY UPDATE service_id = VALUES(service_id), name = VALUES(name), area = VALUES(area),
        archived_on = VALUES(archived_on))");
const Statement kSelectMeetings("select family meetings for put", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.episode_id, kept.reference, kept.letter_on, kept.is_offered, kept.offered_on,
           kept.not_offered_reason, kept.response, kept.accepted_on, kept.accepted_by, kept.model, kept.held_on,
           kept.has_plan, kept.reviewed_on, kept.application_on
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN family_meeting AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const BulkStatement kPutMeetings("put family meetings", kKeepers, R"(
    INSERT INTO family_meeting (id, authority_id, episode_id, reference, letter_on, is_offered, offered_on,
                                not_offered_reason, response, accepted_on, accepted_by, model, held_on, has_plan,
                                reviewed_on, application_on))",
                                 16, R"(
    ON DUPLICATE KEY UPDATE episode_id = VALUES(episode_id), letter_on = VALUES(letter_on),
        is_offered = VALUES(is_offered), offered_on = VALUES(offered_on),
        not_offered_reason = VALUES(not_offered_reason), response = VALUES(response),
        accepted_on = VALUES(accepted_on), accepted_by = VALUES(accepted_by), model = VALUES(model),
        held_on = VALUES(held_on), has_plan = VALUES(has_plan), reviewed_on = VALUES(reviewed_on),
        application_on = VALUES(application_on))");
const Statement kSelectAdaptations("select adaptations for put", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.service_id, kept.reference, kept.adapted_on, kept.until_on, kept.phase,
           kept.modified, kept.decided_by, kept.reason, kept.is_planned, kept.is_fidelity_consistent,
           kept.description, kept.nature, kept.level, kept.goal, kept.is_approved
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN adaptation AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const BulkStatement kPutAdaptations("put adaptations", kKeepers, R"(
    INSERT INTO adaptation (id, authority_id, service_id, reference, adapted_on, until_on, phase, modified, decided_by,
                            reason, is_planned, is_fidelity_consistent, description, nature, level, goal, is_approved))",
                                    17, R"(
    ON DUPLICATE KEY UPDATE service_id = VALUES(service_id), adapted_on = VALUES(adapted_on),
        until_on = VALUES(until_on), phase = VALUES(phase), modified = VALUES(modified),
        decided_by = VALUES(decided_by), reason = VALUES(reason), is_planned = VALUES(is_planned),
        is_fidelity_consistent = VALUES(is_fidelity_consistent), description = VALUES(description),
        nature = VALUES(nature), level = VALUES(level), goal = VALUES(goal), is_approved = VALUES(is_approved))");
const Statement kSelectFeedback("select feedback for put", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.service_id, kept.reference, kept.episode_id, kept.given_on, kept.respondent,
           kept.rating, kept.words
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN feedback AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const BulkStatement kPutFeedback("put feedback", kKeepers, R"(
    INSERT INTO feedback (id, authority_id, service_id, reference, episode_id, given_on, respondent, rating, words))",
                                 9, R"(
    ON DUPLICATE KEY UPDATE service_id = VALUES(service_id), episode_id = VALUES(episode_id),
        given_on = VALUES(given_on), respondent = VALUES(respondent), rating = VALUES(rating), words = VALUES(words))");
const Statement kSelectDeclarations("select declarations for put", kKeepers, R"(
    SELECT CONCAT_WS('|', kept.recommendation, kept.declared_on), kept.id, kept.recommendation, kept.declared_on,
           kept.status, kept.planned_by, kept.reason, kept.evidence, kept.notes
    FROM JSON_TABLE(?, '$[*]' COLUMNS (recommendation VARCHAR(60) CHARACTER SET ascii PATH '$')) AS wanted
    STRAIGHT_JOIN declaration AS kept ON kept.authority_id = ? AND kept.recommendation = wanted.recommendation)");
const BulkStatement kPutDeclarations("put declarations", kKeepers, R"(
    INSERT INTO declaration (id, authority_id, recommendation, declared_on, status, planned_by, reason, evidence, notes))",
                                     9, R"(
    ON DUPLICATE KEY UPDATE status = VALUES(status), planned_by = VALUES(planned_by), reason = VALUES(reason),
        evidence = VALUES(evidence), notes = VALUES(notes))");
const Statement kSelectActions("select actions for put", kKeepers, R"(
    SELECT kept.reference, kept.id, kept.reference, kept.title, kept.about_kind, kept.about, kept.raised_on, kept.owner,
           kept.due_on, kept.closed_on, kept.closing_evidence
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN action AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const BulkStatement kPutActions("put actions", kKeepers, R"(
    INSERT INTO action (id, authority_id, reference, title, about_kind, about, raised_on, owner, due_on, closed_on,
                        closing_evidence))",
                                11, R"(
    ON DUPLICATE KEY UPDATE title = VALUES(title), about_kind = VALUES(about_kind), about = VALUES(about),
        raised_on = VALUES(raised_on), owner = VALUES(owner), due_on = VALUES(due_on), closed_on = VALUES(closed_on),
        closing_evidence = VALUES(closing_evidence))");

}  // namespace

const RecordTable& tableOf(RecordKind kind) {
    static const std::array<RecordTable, kRecordKinds> tables{{
        {kSelectServicesToPut, kPutServices, &kAnyService, &kFindServices, true},
        {kSelectStages, kPutStages, nullptr, nullptr, false},
        {kSelectPartners, kPutPartners, nullptr, nullptr, false},
        {kSelectSites, kPutSites, nullptr, nullptr, true},
        {kSelectPractitioners, kPutPractitioners, &kAnyPractitioner, &kFindPractitioners, true},
        {kSelectSupervisions, kPutSupervisions, nullptr, nullptr, false},
        {kSelectEpisodes, kPutEpisodes, &kAnyEpisode, &kFindEpisodes, true},
        {kSelectMeetings, kPutMeetings, nullptr, nullptr, true},
        {kSelectSessions, kPutSessions, &kAnySession, &kFindSessions, false},
        {kSelectReviews, kPutReviews, &kAnyReview, nullptr, true},
        {kSelectScores, kPutScores, nullptr, nullptr, false},
        {kSelectAdaptations, kPutAdaptations, nullptr, nullptr, true},
        {kSelectFeedback, kPutFeedback, nullptr, nullptr, true},
        {kSelectDeclarations, kPutDeclarations, nullptr, nullptr, true},
        {kSelectActions, kPutActions, nullptr, nullptr, true},
    }};
    return tables[static_cast<std::size_t>(kind)];
}

}  // namespace delivery
