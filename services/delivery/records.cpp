#include "delivery/records.h"

#include <array>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_map>

namespace delivery {
namespace {

using platform::Account;
using platform::BulkStatement;
using platform::Statement;
using platform::Value;

// Existing records of a list of references or owners, with the columns that a put may change.
const Statement kSelectServices("select services for put", Account::work, R"(
    SELECT kept.reference, kept.id, kept.reference, kept.intervention, kept.name, kept.provider_id, kept.stage,
           kept.started_on, kept.ended_on, kept.capacity_per_year
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN service AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectPractitioners("select practitioners for put", Account::work, R"(
    SELECT kept.reference, kept.id, kept.service_id, kept.reference, kept.role, kept.trained_on, kept.accredited_until
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN practitioner AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectSupervisions("select supervisions for put", Account::work, R"(
    SELECT CONCAT_WS('|', LOWER(HEX(kept.practitioner_id)), kept.held_on), NULL, kept.practitioner_id, kept.held_on
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN supervision AS kept ON kept.practitioner_id = UNHEX(wanted.owner)
    WHERE kept.authority_id = ?)");
const Statement kSelectEpisodes("select episodes for put", Account::work, R"(
    SELECT kept.reference, kept.id, kept.service_id, kept.reference, kept.child_id, kept.age_band, kept.sex,
           kept.ethnic_group, kept.disabled, kept.need, kept.referred_on, kept.offered_on, kept.accepted_on,
           kept.started_on, kept.ended_on, kept.end_reason
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN episode AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectSessions("select sessions for put", Account::work, R"(
    SELECT kept.reference, NULL, kept.episode_id, kept.practitioner_id, kept.reference, kept.held_on, kept.status,
           kept.minutes, kept.mode
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN session AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectReviews("select reviews for put", Account::work, R"(
    SELECT kept.reference, kept.id, kept.service_id, kept.session_reference, kept.practitioner_id, kept.reference,
           kept.reviewer, kept.reviewed_on, kept.checklist, kept.checklist_version, kept.scores
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN review AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kSelectScores("select outcome scores for put", Account::work, R"(
    SELECT CONCAT_WS('|', LOWER(HEX(kept.episode_id)), kept.instrument, kept.respondent, kept.time_point, kept.scored_on),
           NULL, kept.episode_id, kept.instrument, kept.respondent, kept.time_point, kept.scored_on,
           CAST(kept.value AS CHAR)
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN outcome_score AS kept ON kept.episode_id = UNHEX(wanted.owner)
    WHERE kept.authority_id = ?)");

const BulkStatement kPutServices("put services", Account::work, R"(
    INSERT INTO service (id, authority_id, reference, intervention, name, provider_id, stage, started_on, ended_on,
                         capacity_per_year))",
                                 10, R"(
    ON DUPLICATE KEY UPDATE intervention = VALUES(intervention), name = VALUES(name),
        provider_id = VALUES(provider_id), stage = VALUES(stage), started_on = VALUES(started_on),
        ended_on = VALUES(ended_on), capacity_per_year = VALUES(capacity_per_year))");
const BulkStatement kPutPractitioners("put practitioners", Account::work, R"(
    INSERT INTO practitioner (id, authority_id, service_id, reference, role, trained_on, accredited_until))",
                                      7, R"(
    ON DUPLICATE KEY UPDATE service_id = VALUES(service_id), role = VALUES(role), trained_on = VALUES(trained_on),
        accredited_until = VALUES(accredited_until))");
const BulkStatement kPutSupervisions("put supervisions", Account::work,
                                     "INSERT INTO supervision (authority_id, practitioner_id, held_on)", 3,
                                     "ON DUPLICATE KEY UPDATE held_on = VALUES(held_on)");
const BulkStatement kPutEpisodes("put episodes", Account::work, R"(
    INSERT INTO episode (id, authority_id, service_id, reference, child_id, age_band, sex, ethnic_group,
                         disabled, need, referred_on, offered_on, accepted_on, started_on, ended_on, end_reason))",
                                 16, R"(
    ON DUPLICATE KEY UPDATE service_id = VALUES(service_id), child_id = VALUES(child_id),
        age_band = VALUES(age_band), sex = VALUES(sex), ethnic_group = VALUES(ethnic_group),
        disabled = VALUES(disabled), need = VALUES(need), referred_on = VALUES(referred_on),
        offered_on = VALUES(offered_on), accepted_on = VALUES(accepted_on), started_on = VALUES(started_on),
        ended_on = VALUES(ended_on), end_reason = VALUES(end_reason))");
const BulkStatement kPutSessions("put sessions", Account::work, R"(
    INSERT INTO session (authority_id, episode_id, practitioner_id, reference, held_on, status, minutes, mode))",
                                 8,
                                 R"(
    ON DUPLICATE KEY UPDATE episode_id = VALUES(episode_id), practitioner_id = VALUES(practitioner_id),
        held_on = VALUES(held_on), status = VALUES(status), minutes = VALUES(minutes), mode = VALUES(mode))");
const BulkStatement kPutReviews("put reviews", Account::work, R"(
    INSERT INTO review (id, authority_id, service_id, session_reference, practitioner_id, reference, reviewer,
                        reviewed_on, checklist, checklist_version, scores))",
                                11, R"(
    ON DUPLICATE KEY UPDATE service_id = VALUES(service_id), session_reference = VALUES(session_reference),
        practitioner_id = VALUES(practitioner_id), reviewer = VALUES(reviewer), reviewed_on = VALUES(reviewed_on),
        checklist = VALUES(checklist), checklist_version = VALUES(checklist_version), scores = VALUES(scores))");
const BulkStatement kPutScores("put outcome scores", Account::work, R"(
    INSERT INTO outcome_score (authority_id, episode_id, instrument, respondent, time_point, scored_on, value))",
                               7, "ON DUPLICATE KEY UPDATE value = VALUES(value)");

const Statement kAnyService("any service", Account::work,
                            "SELECT 1 FROM service WHERE authority_id = ? LIMIT 1");
const Statement kAnyPractitioner("any practitioner", Account::work,
                                 "SELECT 1 FROM practitioner WHERE authority_id = ? LIMIT 1");
const Statement kAnyEpisode("any episode", Account::work,
                            "SELECT 1 FROM episode WHERE authority_id = ? LIMIT 1");
const Statement kAnySession("any session", Account::work,
                            "SELECT 1 FROM session WHERE authority_id = ? LIMIT 1");
const Statement kAnyReview("any review", Account::work,
                           "SELECT 1 FROM review WHERE authority_id = ? LIMIT 1");

const Statement kFindServices("find services", Account::work, R"(
    SELECT kept.reference, kept.id, kept.id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN service AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kFindPractitioners("find practitioners", Account::work, R"(
    SELECT kept.reference, kept.id, kept.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN practitioner AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kFindEpisodes("find episodes", Account::work, R"(
    SELECT kept.reference, kept.id, kept.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN episode AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference)");
const Statement kFindSessions("find sessions", Account::work, R"(
    SELECT kept.reference, kept.reference, episode.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN session AS kept ON kept.authority_id = ? AND kept.reference = wanted.reference
    JOIN episode ON episode.id = kept.episode_id)");

const Statement kFindChildren("find children", Account::work, R"(
    SELECT child.pseudonym, child.id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (pseudonym CHAR(32) CHARACTER SET ascii PATH '$')) AS wanted
    STRAIGHT_JOIN child ON child.authority_id = ? AND child.pseudonym = wanted.pseudonym)");
const BulkStatement kInsertChildren("insert children", Account::work,
                                    "INSERT INTO child (authority_id, id, key_version, pseudonym)", 4, "");
const Statement kRekeyChild("give a child the pseudonym of a newer key", Account::work, R"(
    UPDATE child SET key_version = ?, pseudonym = ? WHERE authority_id = ? AND id = ?)");

// Every owner that a put names was looked up in the same unit, and no account may delete one: checking each
// row again costs a seventh of an import. The connection is given back checking, or thrown away.
const Statement kTrustOwners("trust owners of records", Account::work, "SET SESSION foreign_key_checks = 0");
const Statement kCheckOwners("check owners of records", Account::work, "SET SESSION foreign_key_checks = 1");

const Statement kFindProvider("find provider", Account::work,
                              "SELECT id FROM provider WHERE authority_id = ? AND name = ?");
const Statement kInsertProvider("insert provider", Account::work,
                                "INSERT INTO provider (id, authority_id, name) VALUES (?, ?, ?)");

const Statement kServiceOfEpisode("service of an episode", Account::work,
                                  "SELECT service_id FROM episode WHERE authority_id = ? AND id = ?");
const Statement kServicesOfPractitioners("services of practitioners", Account::work, R"(
    SELECT DISTINCT episode.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN session ON session.practitioner_id = UNHEX(wanted.owner)
    STRAIGHT_JOIN episode ON episode.id = session.episode_id
    WHERE session.authority_id = ?
    UNION
    SELECT DISTINCT review.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN review ON review.practitioner_id = UNHEX(wanted.owner)
    WHERE review.authority_id = ?)");

/// How one kind is kept. `any` is null for kinds without a reference, which are always looked up.
struct Table {
    const Statement& select;
    const BulkStatement& put;
    const Statement* any;
    const Statement* find;
    bool hasId;
};

const Table& tableOf(RecordKind kind) {
    static const std::array<Table, kRecordKinds> tables{{
        {kSelectServices, kPutServices, &kAnyService, &kFindServices, true},
        {kSelectPractitioners, kPutPractitioners, &kAnyPractitioner, &kFindPractitioners, true},
        {kSelectSupervisions, kPutSupervisions, nullptr, nullptr, false},
        {kSelectEpisodes, kPutEpisodes, &kAnyEpisode, &kFindEpisodes, true},
        {kSelectSessions, kPutSessions, &kAnySession, &kFindSessions, false},
        {kSelectReviews, kPutReviews, &kAnyReview, nullptr, true},
        {kSelectScores, kPutScores, nullptr, nullptr, false},
    }};
    return tables[static_cast<std::size_t>(kind)];
}

std::string listOf(const std::set<std::string>& texts) { return nlohmann::json(texts).dump(); }

std::string bytesOf(const values::IdBytes& id) {
    return {reinterpret_cast<const char*>(id.data()), id.size()};
}

std::set<std::string> hexOf(const std::set<std::string>& ids) {
    std::set<std::string> texts;
    for (const auto& id : ids) {
        values::IdBytes bytes{};
        std::copy(id.begin(), id.end(), bytes.begin());
        texts.insert(values::idText(bytes));
    }
    return texts;
}

struct Kept {
    std::optional<std::string> id;
    std::vector<std::optional<std::string>> columns;
};

}  // namespace

Records::Records(platform::Transaction& tx, identity::AuthorityId authority, values::Ids& ids)
    : tx_(tx), authority_(authority), ids_(ids) {}

/// Whether the authority had records of the kind before this unit: if not, there is nothing to look up.
bool Records::hadAny(RecordKind kind) {
    const auto* any = tableOf(kind).any;
    if (any == nullptr) return true;
    const auto [place, isNew] = hadAny_.try_emplace(kind, true);
    if (isNew) place->second = tx_.query(*any, authority_).next();
    return place->second;
}

std::vector<PutResult> Records::put(RecordKind kind, const std::vector<Record>& records) {
    const auto& table = tableOf(kind);
    std::unordered_map<std::string, Kept> kept;
    if (!records.empty() && hadAny(kind)) {
        std::set<std::string> lookups;
        for (const auto& record : records) lookups.insert(record.lookup);
        for (auto rows = tx_.query(table.select, listOf(lookups), authority_); rows.next();) {
            Kept found{rows.optionalText(1), {}};
            for (std::size_t i = 0; i < records.front().columns.size(); ++i)
                found.columns.push_back(rows.optionalText(static_cast<int>(i) + 2));
            kept.emplace(rows.text(0), std::move(found));
        }
    }
    std::vector<PutResult> results;
    results.reserve(records.size());
    std::vector<Value> rows;
    rows.reserve(records.size() * static_cast<std::size_t>(table.put.columns()));
    for (const auto& record : records) {
        const auto found = kept.find(record.key);
        const bool isKnown = found != kept.end();
        results.push_back({PutOutcome::created, std::nullopt});
        if (isKnown) {
            const auto& before = found->second.columns;
            results.back().outcome = before == record.columns ? PutOutcome::unchanged : PutOutcome::changed;
            if (before.front() != record.columns.front()) results.back().previousOwner = before.front();
        }
        if (results.back().outcome == PutOutcome::unchanged) continue;
        if (table.hasId) rows.emplace_back(isKnown ? *found->second.id : bytesOf(ids_.nextBytes()));
        rows.emplace_back(authority_.code());
        for (const auto& column : record.columns) rows.emplace_back(column);
    }
    if (!rows.empty()) {
        tx_.run(kTrustOwners);
        tx_.runBulk(table.put, rows);
        tx_.run(kCheckOwners);
    }
    return results;
}

std::unordered_map<std::string, Records::Reference> Records::find(RecordKind kind,
                                                                  const std::set<std::string>& references) {
    std::unordered_map<std::string, Reference> found;
    if (references.empty()) return found;
    for (auto rows = tx_.query(*tableOf(kind).find, listOf(references), authority_); rows.next();)
        found.emplace(rows.text(0), Reference{rows.text(1), rows.id<Service>(2)});
    return found;
}

std::string Records::provider(const std::string& name) {
    auto& slot = providers_[name];
    if (!slot.empty()) return slot;
    auto rows = tx_.query(kFindProvider, authority_, name);
    if (rows.next()) return slot = rows.text(0);
    slot = bytesOf(ids_.nextBytes());
    tx_.run(kInsertProvider, slot, authority_, name);
    return slot;
}

void Records::recognise(const ChildNames& names) {
    std::set<std::string> pseudonyms;
    for (const auto& [called, name] : names) {
        if (children_.contains(name.pseudonym)) continue;
        pseudonyms.insert(name.pseudonym);
        pseudonyms.insert(name.older.begin(), name.older.end());
    }
    if (!pseudonyms.empty())
        for (auto rows = tx_.query(kFindChildren, listOf(pseudonyms), authority_); rows.next();)
            children_[rows.text(0)] = rows.text(1);
    std::vector<Value> added;
    for (const auto& [called, name] : names) {
        auto& id = children_[name.pseudonym];
        if (!id.empty()) continue;
        for (const auto& older : name.older) {
            const auto known = children_.find(older);
            if (known == children_.end() || known->second.empty()) continue;
            id = known->second;
            tx_.run(kRekeyChild, name.keyVersion, name.pseudonym, authority_, id);
        }
        if (!id.empty()) continue;
        id = bytesOf(ids_.nextBytes());
        for (const auto& value :
             {Value(authority_), Value(id), Value(name.keyVersion), Value(name.pseudonym)})
            added.push_back(value);
    }
    tx_.runBulk(kInsertChildren, added);
}

values::Id<Service> Records::serviceOfEpisode(const std::string& id) {
    auto rows = tx_.query(kServiceOfEpisode, authority_, id);
    if (!rows.next()) throw std::logic_error("a session without its episode");
    return rows.id<Service>(0);
}

std::set<values::Id<Service>> Records::servicesOf(const std::set<std::string>& practitioners) {
    std::set<values::Id<Service>> services;
    if (practitioners.empty()) return services;
    const auto list = listOf(hexOf(practitioners));
    for (auto rows = tx_.query(kServicesOfPractitioners, list, authority_, list, authority_); rows.next();)
        services.insert(rows.id<Service>(0));
    return services;
}

}  // namespace delivery
