#include "delivery/subjects.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "delivery/touched.h"
#include "platform/file_writer.h"
#include "platform/secret_file.h"
#include "values/errors.h"
#include "values/json.h"

namespace delivery {
namespace {

using nlohmann::ordered_json;
using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kFindChild("find a child by pseudonym", Account::retention, R"(
    SELECT id, authority_id FROM child WHERE authority_id = ? AND JSON_CONTAINS(?, JSON_QUOTE(pseudonym)))");
const Statement kFindChildById("find a child by id", Account::retention,
                               "SELECT id, authority_id FROM child WHERE id = ?");
const Statement kEpisodes("a child's episodes", Account::retention, R"(
    SELECT JSON_OBJECT('reference', episode.reference, 'service', service.reference, 'age_band', age_band, 'sex', sex,
        'ethnic_group', ethnic_group, 'disabled', disabled, 'need', need, 'referred_on', referred_on,
        'offered_on', offered_on, 'accepted_on', accepted_on, 'started_on', episode.started_on,
        'ended_on', episode.ended_on, 'end_reason', end_reason, 'eligible_on', eligible_on, 'group_name', group_name,
        'known_from', episode.row_start, 'known_until', IF(episode.row_end > '2038-01-01', NULL, episode.row_end))
    FROM episode FOR SYSTEM_TIME ALL JOIN service ON service.id = episode.service_id
    WHERE child_id = ? ORDER BY episode.reference, episode.row_start)");
const Statement kSessions("a child's sessions", Account::retention, R"(
    SELECT JSON_OBJECT('reference', session.reference, 'episode', episode.reference,
        'practitioner', practitioner.reference, 'held_on', held_on,
        'status', status, 'minutes', minutes, 'mode', mode,
        'known_from', session.row_start, 'known_until', IF(session.row_end > '2038-01-01', NULL, session.row_end))
    FROM episode JOIN session FOR SYSTEM_TIME ALL ON session.episode_id = episode.id
    JOIN practitioner ON practitioner.id = session.practitioner_id
    WHERE child_id = ? ORDER BY session.reference, session.row_start)");
const Statement kReviews("reviews of a child's sessions", Account::retention, R"(
    SELECT JSON_OBJECT('reference', review.reference, 'session', session_reference, 'reviewer', reviewer,
        'reviewed_on', reviewed_on, 'checklist', checklist, 'version', checklist_version, 'scores', HEX(scores),
        'rated_by', rated_by, 'practitioner', practitioner.reference,
        'known_from', review.row_start, 'known_until', IF(review.row_end > '2038-01-01', NULL, review.row_end))
    FROM episode JOIN session ON session.episode_id = episode.id
    JOIN review FOR SYSTEM_TIME ALL
        ON review.authority_id = session.authority_id AND review.session_reference = session.reference
    JOIN practitioner ON practitioner.id = review.practitioner_id
    WHERE child_id = ? ORDER BY review.reference, review.row_start)");
const Statement kScores("a child's outcome scores", Account::retention, R"(
    SELECT JSON_OBJECT('episode', episode.reference, 'instrument', instrument, 'respondent', respondent,
        'time_point', time_point, 'scored_on', scored_on, 'value', value,
        'known_from', outcome_score.row_start,
        'known_until', IF(outcome_score.row_end > '2038-01-01', NULL, outcome_score.row_end))
    FROM episode JOIN outcome_score FOR SYSTEM_TIME ALL ON outcome_score.episode_id = episode.id
    WHERE child_id = ? ORDER BY scored_on, outcome_score.row_start)");
const Statement kFeedback("a child's feedback", Account::retention, R"(
    SELECT JSON_OBJECT('reference', feedback.reference, 'episode', episode.reference, 'given_on', given_on,
        'respondent', respondent, 'rating', rating, 'words', words,
        'known_from', feedback.row_start, 'known_until', IF(feedback.row_end > '2038-01-01', NULL, feedback.row_end))
    FROM episode JOIN feedback FOR SYSTEM_TIME ALL ON feedback.episode_id = episode.id
    WHERE child_id = ? ORDER BY feedback.reference, feedback.row_start)");
const Statement kMeetings("a child's family meetings", Account::retention, R"(
    SELECT JSON_OBJECT('reference', family_meeting.reference, 'episode', episode.reference, 'letter_on', letter_on,
        'offered', is_offered, 'offered_on', family_meeting.offered_on, 'not_offered_reason', not_offered_reason,
        'response', response, 'accepted_on', family_meeting.accepted_on, 'accepted_by', accepted_by, 'model', model,
        'held_on', held_on, 'has_plan', has_plan, 'reviewed_on', reviewed_on, 'application_on', application_on,
        'known_from', family_meeting.row_start,
        'known_until', IF(family_meeting.row_end > '2038-01-01', NULL, family_meeting.row_end))
    FROM episode JOIN family_meeting FOR SYSTEM_TIME ALL ON family_meeting.episode_id = episode.id
    WHERE child_id = ? ORDER BY family_meeting.reference, family_meeting.row_start)");
const Statement kRejected("rows that wait for a correction of a child's records", Account::retention, R"(
    WITH own AS (SELECT id, authority_id, reference FROM episode WHERE child_id = ?),
    named AS (SELECT authority_id, 'episodes' AS kind, reference FROM own
        UNION ALL SELECT authority_id, 'outcome_scores', reference FROM own
        UNION ALL SELECT own.authority_id, 'sessions', session.reference FROM own JOIN session ON episode_id = own.id
        UNION ALL SELECT own.authority_id, 'feedback', feedback.reference FROM own JOIN feedback ON episode_id = own.id
        UNION ALL SELECT own.authority_id, 'family_meetings', family_meeting.reference
            FROM own JOIN family_meeting ON episode_id = own.id
        UNION ALL SELECT own.authority_id, 'fidelity_reviews', review.reference FROM own JOIN session ON episode_id = own.id
            JOIN review ON review.authority_id = own.authority_id AND session_reference = session.reference)
    SELECT JSON_OBJECT('kind', rejected_row.kind, 'record', record_key, 'file', file, 'row', number)
    FROM named JOIN rejected_row ON rejected_row.authority_id = named.authority_id AND rejected_row.kind = named.kind
        AND SUBSTRING_INDEX(record_key, '|', 1) = named.reference
    ORDER BY rejected_row.kind, record_key)");
const Statement kSamples("samples of inspections with a child's episodes", Account::retention, R"(
    SELECT JSON_OBJECT('episode', episode.reference, 'stratum', stratum, 'asked_at', asked_at, 'asked_by', asked_by)
    FROM episode JOIN record_sample ON record_sample.authority_id = episode.authority_id
    JOIN sampled_record ON sampled_record.sample_id = record_sample.id AND sampled_record.reference = episode.reference
    WHERE child_id = ? ORDER BY asked_at)");
const Statement kServices("services of a child's episodes", Account::retention,
                          "SELECT DISTINCT service_id FROM episode WHERE child_id = ?");

const Statement kDeleteReviews("delete reviews of a child's sessions", Account::retention, R"(
    DELETE review FROM episode JOIN session ON session.episode_id = episode.id
    JOIN review ON review.authority_id = session.authority_id AND review.session_reference = session.reference
    WHERE child_id = ?)");
const Statement kDeleteSessions("delete a child's sessions", Account::retention, R"(
    DELETE session FROM episode JOIN session ON session.episode_id = episode.id WHERE child_id = ?)");
const Statement kDeleteScores("delete a child's outcome scores", Account::retention, R"(
    DELETE outcome_score FROM episode JOIN outcome_score ON outcome_score.episode_id = episode.id WHERE child_id = ?)");
const Statement kDeleteFeedback("delete a child's feedback", Account::retention, R"(
    DELETE feedback FROM episode JOIN feedback ON feedback.episode_id = episode.id WHERE child_id = ?)");
const Statement kDeleteMeetings("delete a child's family meetings", Account::retention, R"(
    DELETE family_meeting FROM episode JOIN family_meeting ON family_meeting.episode_id = episode.id WHERE child_id = ?)");
const Statement kDeleteFormsOfChild("delete unfinished forms that name a child", Account::retention, R"(
    DELETE kept_form FROM kept_form JOIN person ON person.id = kept_form.person_id
    WHERE person.authority_id = ? AND LOCATE(?, fields) > 0)");
const Statement kDeleteEpisodes("delete a child's episodes", Account::retention,
                                "DELETE FROM episode WHERE child_id = ?");
const Statement kDeleteChild("delete a child", Account::retention, "DELETE FROM child WHERE id = ?");
const Statement kDeleteUploadsOfChild("delete uploads that name a child", Account::retention, R"(
    DELETE FROM upload WHERE authority_id = ? AND state IN ('refused', 'stored', 'withdrawn', 'failed')
        AND LOCATE(?, report) > 0)");

ordered_json listOf(Transaction& tx, const Statement& statement, const Child& child) {
    auto list = ordered_json::array();
    for (auto rows = tx.query(statement, child.id); rows.next();)
        list.push_back(values::parseOrderedJson(rows.text(0)));
    return list;
}

std::optional<Child> childOf(platform::Rows rows) {
    if (!rows.next()) return std::nullopt;
    return Child{rows.id<Child>(0), identity::AuthorityId::of(rows, 1)};
}

}  // namespace

std::optional<Child> Subjects::find(Transaction& tx, identity::AuthorityId authority, const ChildName& name) {
    auto names = name.older;
    names.push_back(name.pseudonym);
    return childOf(tx.query(kFindChild, authority, nlohmann::json(names).dump()));
}

std::optional<Child> Subjects::byId(Transaction& tx, values::Id<Child> id) {
    return childOf(tx.query(kFindChildById, id));
}

std::string Subjects::everything(Transaction& tx, const Child& child) {
    tx.showsChildren();
    return ordered_json{
        {"about",
         "Everything that Plumbline keeps about one child. Names, dates of birth and addresses are "
         "never kept."},
        {"episodes", listOf(tx, kEpisodes, child)},
        {"sessions", listOf(tx, kSessions, child)},
        {"fidelity_reviews", listOf(tx, kReviews, child)},
        {"outcome_scores", listOf(tx, kScores, child)},
        {"family_meetings", listOf(tx, kMeetings, child)},
        {"feedback", listOf(tx, kFeedback, child)},
        {"rows_to_correct", listOf(tx, kRejected, child)},
        {"samples", listOf(tx, kSamples, child)}}
        .dump(1);
}

std::int64_t Subjects::erase(Transaction& tx, const Child& child, const std::string& reference) {
    std::set<values::Id<Service>> services;
    for (auto rows = tx.query(kServices, child.id); rows.next();) services.insert(rows.id<Service>(0));
    tx.run(kDeleteReviews, child.id);
    tx.run(kDeleteScores, child.id);
    tx.run(kDeleteFeedback, child.id);
    tx.run(kDeleteMeetings, child.id);
    tx.run(kDeleteSessions, child.id);
    const auto episodes = tx.run(kDeleteEpisodes, child.id);
    tx.run(kDeleteChild, child.id);
    if (!reference.empty()) {
        tx.run(kDeleteUploadsOfChild, child.authority, reference);
        tx.run(kDeleteFormsOfChild, child.authority, reference);
    }
    Touched::mark(tx, services);
    tx.audit("child erased", child.id.text(), std::to_string(episodes) + " episodes");
    return episodes;
}

std::vector<values::Id<Child>> readErased(const std::string& path) {
    std::vector<values::Id<Child>> children;
    std::ifstream file(path);
    for (std::string line; file >> line;)
        if (const auto id = values::Id<Child>::parse(line)) children.push_back(*id);
    return children;
}

void noteErased(const std::string& path, values::Id<Child> child) {
    if (!std::filesystem::exists(path)) platform::makeSecretFile(path, "");
    platform::appendToFile(path, child.text() + "\n");
}

}  // namespace delivery
