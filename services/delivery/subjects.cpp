#include "delivery/subjects.h"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "delivery/touched.h"
#include "identity/audit.h"
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
// Through the child itself: once that is erased, nothing leads to what its history keeps.
const Statement kEpisodes("a child's episodes", Account::retention, R"(
    SELECT JSON_OBJECT('reference', episode.reference, 'service', service.reference, 'age_band', age_band, 'sex', sex,
        'ethnic_group', ethnic_group, 'disabled', disabled, 'need', need, 'referred_on', referred_on,
        'offered_on', offered_on, 'accepted_on', accepted_on, 'started_on', episode.started_on,
        'ended_on', episode.ended_on, 'end_reason', end_reason, 'eligible_on', eligible_on, 'group_name', group_name,
        'known_from', episode.row_start, 'known_until', IF(episode.row_end > '2038-01-01', NULL, episode.row_end))
    FROM episode FOR SYSTEM_TIME ALL JOIN service ON service.id = episode.service_id
    JOIN child ON child.id = episode.child_id
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
const Statement kReferences("references of a child's records", Account::retention, R"(
    WITH own AS (SELECT id, authority_id, reference FROM episode WHERE child_id = ?)
    SELECT 'episode', reference, LOWER(HEX(id)) FROM own
    UNION ALL SELECT 'outcome score', reference, '' FROM own
    UNION ALL SELECT 'session', session.reference, '' FROM own JOIN session ON episode_id = own.id
    UNION ALL SELECT 'piece of feedback', feedback.reference, '' FROM own JOIN feedback ON episode_id = own.id
    UNION ALL SELECT 'family meeting', family_meeting.reference, ''
        FROM own JOIN family_meeting ON episode_id = own.id
    UNION ALL SELECT 'fidelity review', review.reference, LOWER(HEX(review.id))
        FROM own JOIN session ON episode_id = own.id
        JOIN review ON review.authority_id = own.authority_id AND session_reference = session.reference)");
const Statement kUploads("uploads with what was wrong in them", Account::retention, R"(
    SELECT LOWER(HEX(id)), files, report, state, CAST(sent_at AS CHAR), sent_by FROM upload WHERE authority_id = ?)");
const Statement kForms("unfinished forms of an authority's people", Account::retention, R"(
    SELECT kept_form.id, fields, path, CAST(kept_at AS CHAR) FROM kept_form
    JOIN person ON person.id = kept_form.person_id WHERE person.authority_id = ?)");
const Statement kMappings("what an authority said that columns mean", Account::retention,
                          "SELECT header, content FROM column_mapping WHERE authority_id = ?");
const Statement kAuthority("an authority by its number", Account::retention,
                           "SELECT id FROM authority WHERE id = ?");
const Statement kBeingRead("files of an authority that are being read", Account::retention, R"(
    SELECT 1 FROM upload WHERE authority_id = ? AND state IN ('checking', 'storing') AND changed_at > ?)");
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
const Statement kDeleteForm("delete an unfinished form", Account::retention,
                            "DELETE FROM kept_form WHERE id = ?");
const Statement kDeleteMapping("delete what columns mean", Account::retention,
                               "DELETE FROM column_mapping WHERE authority_id = ? AND header = ?");
const Statement kDeleteSampled("delete a child's episodes from samples", Account::retention, R"(
    DELETE sampled_record FROM episode JOIN record_sample ON record_sample.authority_id = episode.authority_id
    JOIN sampled_record ON sampled_record.sample_id = record_sample.id AND sampled_record.reference = episode.reference
    WHERE child_id = ?)");
const Statement kDeleteEpisodes("delete a child's episodes", Account::retention,
                                "DELETE FROM episode WHERE child_id = ?");
const Statement kDeleteChild("delete a child", Account::retention, "DELETE FROM child WHERE id = ?");
const Statement kDeleteUpload("delete an upload", Account::retention,
                              "DELETE FROM upload WHERE authority_id = ? AND id = UNHEX(?)");
const Statement kUploadsOfRejected("uploads with rows that wait for a correction of a child's records",
                                   Account::retention, R"(
    WITH own AS (SELECT id, authority_id, reference FROM episode WHERE child_id = ?)
    SELECT DISTINCT LOWER(HEX(upload_id)) FROM own
    JOIN rejected_row ON rejected_row.authority_id = own.authority_id AND kind IN ('episodes', 'outcome_scores')
        AND SUBSTRING_INDEX(record_key, '|', 1) = own.reference)");

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

Traces::Traces(Transaction& tx, const Child& child, Names names) : names_(std::move(names)) {
    std::set<std::string> all;
    for (auto rows = tx.query(kReferences, child.id); rows.next();) {
        const auto kind = rows.text(0);
        references_[kind].insert(rows.text(1));
        all.insert(normalisedReference(rows.text(1)));
        if (kind == "episode") episodes_.insert(rows.text(2));
        if (kind == "fidelity review") reviews_.insert(rows.text(2));
    }
    namesRecords_ = namesWhere([all](const std::string& word) { return all.contains(word); });
}

bool Traces::areIn(std::string_view text) const { return names_(text) || namesRecords_(text); }

/// An entry about a record says its kind in its action, or beside it, and its key as the subject.
bool Traces::areIn(const platform::AuditEntry& entry) const {
    const auto key = entry.subject.substr(0, entry.subject.find('|'));
    for (const auto& [kind, references] : references_)
        if (references.contains(key) && (entry.action.starts_with(kind) || entry.detail.starts_with(kind)))
            return true;
    return areIn(entry.subject) || areIn(entry.detail);
}

namespace {

bool areInForm(const Traces& traces, const std::string& fields) {
    const auto form = values::tryParseJson(fields);
    if (!form.is_object()) return traces.areIn(fields);
    return std::ranges::any_of(form, [&](const auto& field) {
        return field.is_string() && traces.areIn(field.template get<std::string>());
    });
}

ordered_json uploadsOf(Transaction& tx, const Child& child, const Traces& traces) {
    auto list = ordered_json::array();
    for (auto rows = tx.query(kUploads, child.authority); rows.next();)
        if (traces.uploads.contains(rows.text(0)) || traces.areIn(rows.text(1)) || traces.areIn(rows.text(2)))
            list.push_back({{"upload", rows.text(0)},
                            {"files", values::parseOrderedJson(rows.text(1))},
                            {"state", rows.text(3)},
                            {"sent_at", rows.text(4)},
                            {"sent_by", rows.text(5)},
                            {"report", values::tryParseOrderedJson(rows.text(2))}});
    return list;
}

}  // namespace

std::optional<Child> Subjects::gone(Transaction& tx, values::Id<Child> id, int authority) {
    auto rows = tx.query(kAuthority, authority);
    if (!rows.next()) return std::nullopt;
    return Child{id, identity::AuthorityId::of(rows, 0)};
}

void Subjects::refuseWhileFilesAreRead(Transaction& tx, identity::AuthorityId authority) {
    if (tx.query(kBeingRead, authority, tx.now() - std::chrono::minutes(1)).next())
        throw values::Conflict("files of this authority are being read just now; run this again in a minute");
}

std::string Subjects::everything(Transaction& tx, const Child& child, const Traces& traces) {
    tx.showsChildren();
    auto forms = ordered_json::array();
    for (auto rows = tx.query(kForms, child.authority); rows.next();)
        if (areInForm(traces, rows.text(1)))
            forms.push_back({{"form", rows.text(2)},
                             {"kept_at", rows.text(3)},
                             {"fields", values::tryParseOrderedJson(rows.text(1))}});
    auto mappings = ordered_json::array();
    for (auto rows = tx.query(kMappings, child.authority); rows.next();)
        if (traces.areIn(rows.text(1))) mappings.push_back(values::tryParseOrderedJson(rows.text(1)));
    auto audit = ordered_json::array();
    for (const auto& entry : identity::Audit::about(tx, child.authority, [&](const auto& one) {
             return traces.areIn(one) || one.subject == child.id.text();
         }))
        audit.push_back({{"at", entry.happenedAt},
                         {"who", entry.actor},
                         {"what", entry.action},
                         {"subject", entry.subject},
                         {"detail", entry.detail}});
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
        {"samples", listOf(tx, kSamples, child)},
        {"uploads", uploadsOf(tx, child, traces)},
        {"unfinished_forms", forms},
        {"column_meanings", mappings},
        {"audit", audit}}
        .dump(1, ' ', false, ordered_json::error_handler_t::replace);
}

Erasure Subjects::erase(Transaction& tx, const Child& child, const Traces& traces,
                        const platform::AuditSeal& seal) {
    Erasure erasure;
    std::set<values::Id<Service>> services;
    for (auto rows = tx.query(kServices, child.id); rows.next();) services.insert(rows.id<Service>(0));
    for (const auto& upload : uploadsOf(tx, child, traces))
        erasure.uploads.insert(upload.at("upload").get<std::string>());
    for (auto rows = tx.query(kUploadsOfRejected, child.id); rows.next();)
        erasure.uploads.insert(rows.text(0));
    for (const auto& upload : erasure.uploads) tx.run(kDeleteUpload, child.authority, upload);
    std::vector<values::Id<Child>> forms;
    for (auto rows = tx.query(kForms, child.authority); rows.next();)
        if (areInForm(traces, rows.text(1))) forms.push_back(rows.id<Child>(0));
    for (const auto& form : forms) erasure.forms += tx.run(kDeleteForm, form);
    std::vector<std::string> headers;
    for (auto rows = tx.query(kMappings, child.authority); rows.next();)
        if (traces.areIn(rows.text(1))) headers.push_back(rows.text(0));
    for (const auto& header : headers) tx.run(kDeleteMapping, child.authority, header);
    tx.run(kDeleteSampled, child.id);
    tx.run(kDeleteReviews, child.id);
    tx.run(kDeleteScores, child.id);
    tx.run(kDeleteFeedback, child.id);
    tx.run(kDeleteMeetings, child.id);
    tx.run(kDeleteSessions, child.id);
    erasure.episodes = tx.run(kDeleteEpisodes, child.id);
    tx.run(kDeleteChild, child.id);
    erasure.auditEntries = identity::Audit::empty(tx, seal, child.authority,
                                                  [&](const auto& entry) { return traces.areIn(entry); });
    Touched::mark(tx, services);
    tx.audit("child erased", child.id.text(),
             std::to_string(erasure.episodes) + " episodes, " + std::to_string(erasure.forms) +
                 " unfinished forms, " + std::to_string(erasure.uploads.size()) + " uploads; " +
                 std::to_string(erasure.auditEntries) + " entries of the audit emptied");
    return erasure;
}

namespace {

/// What is blanked in a table of records, and how its rows of a child are found.
struct Blanked {
    const char* table;
    const char* key;                                           ///< `episode_id`, or `id`
    std::vector<std::pair<const char*, const char*>> columns;  ///< with what stands there afterwards
};
const std::vector<Blanked>& blankedTables() {
    static const std::vector<Blanked> all{{"episode",
                                           "id",
                                           {{"age_band", "'not known'"},
                                            {"sex", "'not known'"},
                                            {"ethnic_group", "'Not known'"},
                                            {"disabled", "'not known'"},
                                            {"need", "'not known'"},
                                            {"group_name", "NULL"}}},
                                          {"session", "episode_id", {{"minutes", "NULL"}, {"mode", "NULL"}}},
                                          {"review", "id", {{"scores", "REPEAT(X'FF', LENGTH(scores))"}}},
                                          {"outcome_score", "episode_id", {{"value", "NULL"}}},
                                          {"feedback", "episode_id", {{"rating", "NULL"}, {"words", "NULL"}}},
                                          {"family_meeting",
                                           "episode_id",
                                           {{"not_offered_reason", "NULL"},
                                            {"response", "NULL"},
                                            {"accepted_by", "NULL"},
                                            {"model", "NULL"},
                                            {"has_plan", "NULL"}}}};
    return all;
}

}  // namespace

void blankHistory(platform::Database& migrator, const Traces& traces) {
    static const std::string kAlter =
        "SET STATEMENT system_versioning_alter_history = 'KEEP', lock_wait_timeout = 60 FOR ALTER TABLE ";
    for (const auto& [table, key, columns] : blankedTables()) {
        const auto& ids = std::string(table) == "review" ? traces.reviews_ : traces.episodes_;
        if (ids.empty()) continue;
        std::string list;
        for (const auto& id : ids) list += (list.empty() ? "X'" : ", X'") + id + "'";
        const auto place = migrator.name() + "." + table;
        std::string cutOff;
        std::string adds;
        std::string moves;
        for (const auto& [column, blank] : columns) {
            auto rows = migrator.ask(
                "SELECT column_type, IFNULL(CONCAT(' CHARACTER SET ', character_set_name, ' COLLATE ', "
                "collation_name), ''), IF(is_nullable = 'YES', ' NULL', ' NOT NULL'), "
                "IF(column_comment = '', '', CONCAT(' COMMENT ', QUOTE(column_comment))), "
                "(SELECT before_it.column_name FROM information_schema.columns AS before_it "
                "WHERE before_it.table_schema = it.table_schema AND before_it.table_name = it.table_name AND "
                "before_it.ordinal_position < it.ordinal_position ORDER BY before_it.ordinal_position DESC "
                "LIMIT 1) "
                "FROM information_schema.columns AS it WHERE table_schema = '" +
                migrator.name() + "' AND table_name = '" + table + "' AND column_name = '" + column + "'");
            if (!rows.next()) throw std::logic_error(place + " has no column " + column);
            const auto type = rows.text(0) + rows.text(1);
            const auto draft = std::string("erasing_") + column;
            const auto comma = adds.empty() ? " " : ", ";
            cutOff += comma + ("DROP COLUMN IF EXISTS " + draft);
            adds += comma + ("ADD COLUMN " + draft + " " + type + " AS (IF(" + key + " IN (" + list + "), " +
                             blank + ", " + column + ")) PERSISTENT");
            moves += comma + ("DROP COLUMN " + std::string(column) + ", CHANGE COLUMN " + draft + " " +
                              column + " " + type + rows.text(2) + rows.text(3) + " AFTER " + rows.text(4));
        }
        migrator.execute(kAlter + place + cutOff);
        migrator.execute(kAlter + place + adds);
        migrator.execute(kAlter + place + moves);
    }
}

void rebuildAfterErasure(platform::Database& migrator) {
    std::vector<std::string> tables{"child",       "upload",         "rejected_row",   "kept_form",
                                    "audit_entry", "sampled_record", "column_mapping", "service_facts"};
    for (const auto& blanked : blankedTables()) tables.emplace_back(blanked.table);
    for (const auto& table : tables)
        migrator.execute(
            "SET STATEMENT system_versioning_alter_history = 'KEEP', lock_wait_timeout = 60 FOR ALTER "
            "TABLE " +
            migrator.name() + "." + table + " FORCE");
}

}  // namespace delivery
