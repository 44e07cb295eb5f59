#include "delivery/subjects.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "delivery/touched.h"
#include "platform/secret_file.h"
#include "values/errors.h"

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
    SELECT JSON_OBJECT('reference', reference, 'age_band', age_band, 'sex', sex, 'ethnic_group', ethnic_group,
        'disabled', disabled, 'need', need, 'referred_on', referred_on, 'offered_on', offered_on,
        'accepted_on', accepted_on, 'started_on', started_on, 'ended_on', ended_on, 'end_reason', end_reason,
        'known_from', row_start, 'known_until', IF(row_end > '2038-01-01', NULL, row_end))
    FROM episode FOR SYSTEM_TIME ALL WHERE child_id = ? ORDER BY reference, row_start)");
const Statement kSessions("a child's sessions", Account::retention, R"(
    SELECT JSON_OBJECT('reference', session.reference, 'episode', episode.reference, 'held_on', held_on,
        'status', status, 'minutes', minutes, 'mode', mode)
    FROM episode JOIN session ON session.episode_id = episode.id WHERE child_id = ? ORDER BY held_on)");
const Statement kReviews("reviews of a child's sessions", Account::retention, R"(
    SELECT JSON_OBJECT('reference', review.reference, 'session', session_reference, 'reviewer', reviewer,
        'reviewed_on', reviewed_on, 'checklist', checklist, 'version', checklist_version, 'scores', HEX(scores))
    FROM episode JOIN session ON session.episode_id = episode.id
    JOIN review ON review.authority_id = session.authority_id AND review.session_reference = session.reference
    WHERE child_id = ? ORDER BY reviewed_on)");
const Statement kScores("a child's outcome scores", Account::retention, R"(
    SELECT JSON_OBJECT('episode', episode.reference, 'instrument', instrument, 'respondent', respondent,
        'time_point', time_point, 'scored_on', scored_on, 'value', value)
    FROM episode JOIN outcome_score ON outcome_score.episode_id = episode.id WHERE child_id = ? ORDER BY scored_on)");
const Statement kFeedback("a child's feedback", Account::retention, R"(
    SELECT JSON_OBJECT('episode', episode.reference, 'given_on', given_on, 'respondent', respondent,
        'rating', rating, 'words', words)
    FROM episode JOIN feedback ON feedback.episode_id = episode.id WHERE child_id = ? ORDER BY given_on)");
const Statement kMeetings("a child's family meetings", Account::retention, R"(
    SELECT JSON_OBJECT('reference', family_meeting.reference, 'episode', episode.reference, 'letter_on', letter_on,
        'offered', is_offered, 'offered_on', family_meeting.offered_on, 'not_offered_reason', not_offered_reason,
        'response', response, 'accepted_on', family_meeting.accepted_on, 'accepted_by', accepted_by, 'model', model,
        'held_on', held_on, 'has_plan', has_plan, 'reviewed_on', reviewed_on, 'application_on', application_on)
    FROM episode JOIN family_meeting ON family_meeting.episode_id = episode.id WHERE child_id = ? ORDER BY held_on)");
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
const Statement kDeleteForms("delete unfinished forms that name a child", Account::retention, R"(
    DELETE kept_form FROM kept_form JOIN person ON person.id = kept_form.person_id
    WHERE person.authority_id = ? AND LOCATE(?, fields) > 0)");
const Statement kDeleteEpisodes("delete a child's episodes", Account::retention,
                                "DELETE FROM episode WHERE child_id = ?");
const Statement kDeleteChild("delete a child", Account::retention, "DELETE FROM child WHERE id = ?");
const Statement kDeleteUploads("delete uploads that name a child", Account::retention, R"(
    DELETE FROM upload WHERE authority_id = ? AND state IN ('refused', 'stored', 'withdrawn', 'failed')
        AND LOCATE(?, report) > 0)");

ordered_json listOf(Transaction& tx, const Statement& statement, const Child& child) {
    auto list = ordered_json::array();
    for (auto rows = tx.query(statement, child.id); rows.next();)
        list.push_back(ordered_json::parse(rows.text(0)));
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
        {"feedback", listOf(tx, kFeedback, child)}}
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
        tx.run(kDeleteUploads, child.authority, reference);
        tx.run(kDeleteForms, child.authority, reference);
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
    std::ofstream file(path, std::ios::app);
    file << child.text() << "\n";
    file.flush();
    if (!file) throw values::Unavailable("the list of the erased cannot be written: " + path);
}

}  // namespace delivery
