#include "delivery/retention.h"

#include <algorithm>
#include <array>
#include <optional>
#include <sstream>

#include "identity/audit.h"
#include "platform/text_file.h"
#include "values/errors.h"
#include "values/json.h"

namespace delivery {
namespace {

using nlohmann::json;
using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kOldSubmissions("old submissions", Account::retention,
                                "SELECT COUNT(*) FROM submission WHERE submitted_at < ?");
const Statement kDeleteSubmissions("delete old submissions", Account::retention,
                                   "DELETE FROM submission WHERE submitted_at < ?");
const Statement kOldUploads("old uploads", Account::retention, R"(
    SELECT COUNT(*) FROM upload WHERE changed_at < ? AND state IN ('refused', 'stored', 'withdrawn', 'failed'))");
const Statement kDeleteUploads("delete old uploads", Account::retention, R"(
    DELETE FROM upload WHERE changed_at < ? AND state IN ('refused', 'stored', 'withdrawn', 'failed'))");
const Statement kOldInvitations("old invitations", Account::retention,
                                "SELECT COUNT(*) FROM invitation WHERE expires_at < ?");
const Statement kDeleteInvitations("delete old invitations", Account::retention,
                                   "DELETE FROM invitation WHERE expires_at < ?");
const Statement kOldForms("old unfinished forms", Account::retention,
                          "SELECT COUNT(*) FROM kept_form WHERE kept_at < ?");
const Statement kDeleteForms("delete old unfinished forms", Account::retention,
                             "DELETE FROM kept_form WHERE kept_at < ?");
const Statement kOldPeople("people who left long ago", Account::retention, R"(
    SELECT COUNT(*) FROM person WHERE left_at < ? AND email NOT LIKE '%@left.invalid')");
const Statement kForgetPeople("forget people who left long ago", Account::retention, R"(
    UPDATE person SET email = CONCAT(LOWER(HEX(id)), '@left.invalid'), name = 'Someone who left'
    WHERE left_at < ? AND email NOT LIKE '%@left.invalid')");
const Statement kOldChildren("children whose last episode ended long ago", Account::retention, R"(
    SELECT COUNT(*) FROM child WHERE NOT EXISTS (
        SELECT 1 FROM episode WHERE episode.child_id = child.id AND COALESCE(ended_on, '2999-01-01') >= ?))");
const Statement kForgetChildren("forget children whose last episode ended long ago", Account::retention, R"(
    DELETE FROM child WHERE NOT EXISTS (
        SELECT 1 FROM episode WHERE episode.child_id = child.id AND COALESCE(ended_on, '2999-01-01') >= ?))");
const Statement kOldAudit("old audit entries", Account::retention,
                          "SELECT COUNT(*) FROM audit_entry WHERE happened_at < ?");

const Statement kHeldPeople("people whose names are held", Account::retention,
                            "SELECT COUNT(*) FROM person WHERE email NOT LIKE '%@left.invalid'");
const Statement kHeldChildren("children whose pseudonyms are held", Account::retention,
                              "SELECT COUNT(*) FROM child");
const Statement kHeldAudit("audit entries that are held", Account::retention,
                           "SELECT COUNT(*) FROM audit_entry");

// Each names its table: a statement is text, never put together.
const Statement kForgetProviders("forget history of providers", Account::retention,
                                 "DELETE HISTORY FROM provider BEFORE SYSTEM_TIME ?");
const Statement kForgetServices("forget history of services", Account::retention,
                                "DELETE HISTORY FROM service BEFORE SYSTEM_TIME ?");
const Statement kForgetSites("forget history of sites", Account::retention,
                             "DELETE HISTORY FROM site BEFORE SYSTEM_TIME ?");
const Statement kForgetPractitioners("forget history of practitioners", Account::retention,
                                     "DELETE HISTORY FROM practitioner BEFORE SYSTEM_TIME ?");
const Statement kForgetSupervisions("forget history of supervisions", Account::retention,
                                    "DELETE HISTORY FROM supervision BEFORE SYSTEM_TIME ?");
const Statement kForgetEpisodes("forget history of episodes", Account::retention,
                                "DELETE HISTORY FROM episode BEFORE SYSTEM_TIME ?");
const Statement kForgetSessions("forget history of sessions", Account::retention,
                                "DELETE HISTORY FROM session BEFORE SYSTEM_TIME ?");
const Statement kForgetReviews("forget history of reviews", Account::retention,
                               "DELETE HISTORY FROM review BEFORE SYSTEM_TIME ?");
const Statement kForgetScores("forget history of outcome scores", Account::retention,
                              "DELETE HISTORY FROM outcome_score BEFORE SYSTEM_TIME ?");
const Statement kForgetAdaptations("forget history of adaptations", Account::retention,
                                   "DELETE HISTORY FROM adaptation BEFORE SYSTEM_TIME ?");
const Statement kForgetDeclarations("forget history of declarations", Account::retention,
                                    "DELETE HISTORY FROM declaration BEFORE SYSTEM_TIME ?");
const Statement kForgetActions("forget history of actions", Account::retention,
                               "DELETE HISTORY FROM action BEFORE SYSTEM_TIME ?");
const Statement kForgetFeedback("forget history of feedback", Account::retention,
                                "DELETE HISTORY FROM feedback BEFORE SYSTEM_TIME ?");

const Statement kForgetMeetings("forget history of family meetings", Account::retention,
                                "DELETE HISTORY FROM family_meeting BEFORE SYSTEM_TIME ?");
const Statement kForgetStages("forget history of stage changes", Account::retention,
                              "DELETE HISTORY FROM stage_change BEFORE SYSTEM_TIME ?");
const Statement kForgetPartners("forget history of partners", Account::retention,
                                "DELETE HISTORY FROM service_partner BEFORE SYSTEM_TIME ?");
const Statement kForgetCounts("forget history of entered counts", Account::retention,
                              "DELETE HISTORY FROM entered_count BEFORE SYSTEM_TIME ?");

/// A kind that is counted and removed by its age.
struct Kind {
    const char* what;
    const Statement* count;
    const Statement* remove;
    const Statement* held = nullptr;  ///< counts all there are, of what cannot come back
};
const std::array<Kind, 6>& kinds() {
    static const std::array<Kind, 6> list{{{"form", &kOldForms, &kDeleteForms},
                                           {"submission", &kOldSubmissions, &kDeleteSubmissions},
                                           {"upload", &kOldUploads, &kDeleteUploads},
                                           {"invitation", &kOldInvitations, &kDeleteInvitations},
                                           {"person", &kOldPeople, &kForgetPeople, &kHeldPeople},
                                           {"child", &kOldChildren, &kForgetChildren, &kHeldChildren}}};
    return list;
}
const std::array<const Statement*, 17>& histories() {
    static const std::array<const Statement*, 17> list{
        &kForgetProviders,    &kForgetServices, &kForgetSites,    &kForgetPractitioners, &kForgetSupervisions,
        &kForgetEpisodes,     &kForgetSessions, &kForgetReviews,  &kForgetScores,        &kForgetAdaptations,
        &kForgetDeclarations, &kForgetActions,  &kForgetFeedback, &kForgetMeetings,      &kForgetStages,
        &kForgetPartners,     &kForgetCounts};
    return list;
}

constexpr const char* kHistory = "history";
constexpr const char* kAudit = "audit";

std::vector<std::string> knownKinds() {
    std::vector<std::string> known;
    for (const auto& kind : kinds()) known.emplace_back(kind.what);
    known.emplace_back(kHistory);
    known.emplace_back(kAudit);
    return known;
}

/// `before`: where the statement asks for one.
std::int64_t counted(platform::Database& database, const Statement& statement,
                     const std::optional<values::Instant>& before) {
    std::int64_t count = 0;
    database.read([&](Transaction& tx) {
        auto rows = before ? tx.query(statement, *before) : tx.query(statement);
        count = rows.next() ? rows.number(0) : 0;
    });
    return count;
}

std::int64_t applied(platform::Database& database, const RetentionRule& rule, values::Instant before) {
    if (rule.what == kAudit) return identity::Audit::retire(database, before);
    const platform::Actor actor{"system", std::nullopt, "retention"};
    std::int64_t removed = 0;
    database.inTransaction(actor, [&](Transaction& tx) {
        removed = 0;
        if (rule.what == kHistory)
            for (const auto* statement : histories())
                removed += std::max<std::int64_t>(0, tx.run(*statement, before));
        for (const auto& kind : kinds())
            if (rule.what == kind.what) removed += tx.run(*kind.remove, before);
        if (removed > 0) tx.audit("retention applied", rule.what, std::to_string(removed) + " removed");
    });
    return removed;
}

}  // namespace

std::vector<RetentionRule> readRetentionRules(const std::string& path) {
    const auto document = values::tryParseJson(platform::fileText(path));
    std::vector<values::FieldProblem> problems;
    const auto problem = [&](const std::string& pointer, const std::string& got, const std::string& wanted) {
        problems.push_back({{path, 0, pointer}, got, wanted});
    };
    std::vector<RetentionRule> rules;
    const auto known = knownKinds();
    if (!document.is_array()) problem("", "", "Write a JSON array of rules.");
    for (std::size_t i = 0; document.is_array() && i < document.size(); ++i) {
        const auto& given = document[i];
        const auto pointer = "/" + std::to_string(i);
        const auto text = [&](const char* name) {
            const bool isThere = given.is_object() && given.contains(name) && given.at(name).is_string();
            if (!isThere) problem(pointer + "/" + name, "", "Give a text.");
            return isThere ? given.at(name).get<std::string>() : "";
        };
        RetentionRule rule{text("what"), 0, text("title"), text("why")};
        if (given.is_object() && given.contains("keep_days") && given.at("keep_days").is_number_integer())
            rule.keepDays = given.at("keep_days").get<int>();
        if (rule.keepDays < 1 || rule.keepDays > 36525)
            problem(pointer + "/keep_days", std::to_string(rule.keepDays),
                    "Give a number of days from 1 to 36525.");
        if (std::ranges::find(known, rule.what) == known.end())
            problem(pointer + "/what", rule.what, "Name a kind that Plumbline keeps.");
        if (std::ranges::find(rules, rule.what, &RetentionRule::what) != rules.end())
            problem(pointer + "/what", rule.what, "Give each kind one rule.");
        rules.push_back(std::move(rule));
    }
    for (const auto& kind : known)
        if (std::ranges::find(rules, kind, &RetentionRule::what) == rules.end())
            problem("", kind, "Give this kind a rule: nothing is kept for ever.");
    if (!problems.empty()) throw values::Invalid(problems);
    return rules;
}

std::vector<RetentionResult> applyRetention(platform::Database& database,
                                            const std::vector<RetentionRule>& rules, values::Instant now,
                                            RetentionMode mode) {
    std::vector<RetentionResult> counts;
    for (const auto& rule : rules) {
        RetentionResult one{rule, -1};
        const auto before = now - std::chrono::days(rule.keepDays);
        for (const auto& kind : kinds()) {
            if (rule.what != kind.what) continue;
            one.removed = counted(database, *kind.count, before);
            if (kind.held != nullptr) one.held = counted(database, *kind.held, std::nullopt);
        }
        if (rule.what == kAudit) {
            one.removed = counted(database, kOldAudit, before);
            one.held = counted(database, kHeldAudit, std::nullopt);
        }
        counts.push_back(std::move(one));
    }
    if (mode == RetentionMode::countOnly || (mode == RetentionMode::careful && isWaiting(counts)))
        return counts;
    std::vector<RetentionResult> results;
    for (const auto& rule : rules)
        results.push_back({rule, applied(database, rule, now - std::chrono::days(rule.keepDays))});
    return results;
}

bool isWaiting(const std::vector<RetentionResult>& results) {
    return std::ranges::any_of(results, &RetentionResult::isMuch);
}

std::string whatIsMuch(const std::vector<RetentionResult>& results) {
    std::string text;
    for (const auto& result : results)
        if (result.isMuch())
            text += (text.empty() ? "" : "; ") + std::to_string(result.removed) + " of " +
                    std::to_string(result.held) + ": " + result.rule.title;
    return text;
}

}  // namespace delivery
