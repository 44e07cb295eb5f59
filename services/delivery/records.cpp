#include "delivery/records.h"

#include <stdexcept>
#include <unordered_map>

#include "delivery/record_tables.h"
#include "values/json.h"

namespace delivery {
namespace {

using platform::BulkStatement;
using platform::Statement;
using platform::Value;

// Held until the unit ends: no child is erased between being found and getting a record.
const Statement kFindChildren("find children", kKeepers, R"(
    SELECT child.pseudonym, child.id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (pseudonym CHAR(32) CHARACTER SET ascii PATH '$')) AS wanted
    STRAIGHT_JOIN child ON child.authority_id = ? AND child.pseudonym = wanted.pseudonym
    LOCK IN SHARE MODE)");
const BulkStatement kInsertChildren("insert children", kKeepers,
                                    "INSERT INTO child (authority_id, id, key_version, pseudonym)", 4, "");
const Statement kRekeyChild("give a child the pseudonym of a newer key", kKeepers, R"(
    UPDATE child SET key_version = ?, pseudonym = ? WHERE authority_id = ? AND id = ?)");

const Statement kFindProvider("find provider", kKeepers,
                              "SELECT id FROM provider WHERE authority_id = ? AND name = ?");
const Statement kInsertProvider("insert provider", kKeepers,
                                "INSERT INTO provider (id, authority_id, name) VALUES (?, ?, ?)");

const Statement kServiceOfEpisode("service of an episode", kKeepers,
                                  "SELECT service_id FROM episode WHERE authority_id = ? AND id = ?");
// As it is now, and held so until the unit ends: a session that is being added meanwhile is seen, or waits.
const Statement kServicesOfPractitioners("services of practitioners", kKeepers, R"(
    (SELECT DISTINCT episode.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN session ON session.practitioner_id = UNHEX(wanted.owner)
    STRAIGHT_JOIN episode ON episode.id = session.episode_id
    WHERE session.authority_id = ? LOCK IN SHARE MODE)
    UNION
    (SELECT DISTINCT review.service_id
    FROM JSON_TABLE(?, '$[*]' COLUMNS (owner CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN review ON review.practitioner_id = UNHEX(wanted.owner)
    WHERE review.authority_id = ? LOCK IN SHARE MODE))");

// Stages come with services and by themselves; the two say the same.
const Statement kNoteStages("note stages of services", kKeepers, R"(
    INSERT INTO stage_change (service_id, changed_on, authority_id, stage)
    SELECT service.id, IF(EXISTS (SELECT 1 FROM stage_change AS known WHERE known.service_id = service.id), ?, service.started_on),
           service.authority_id, service.stage
    FROM JSON_TABLE(?, '$[*]' COLUMNS (reference VARCHAR(60) COLLATE utf8mb4_bin PATH '$')) AS wanted
    STRAIGHT_JOIN service ON service.authority_id = ? AND service.reference = wanted.reference
    WHERE service.stage <> COALESCE((SELECT newest.stage FROM stage_change AS newest
        WHERE newest.service_id = service.id AND newest.changed_on <= ? ORDER BY newest.changed_on DESC LIMIT 1), '')
    ON DUPLICATE KEY UPDATE stage = VALUES(stage))");
const Statement kFollowStages("follow stages of services", kKeepers, R"(
    UPDATE service SET stage = COALESCE((SELECT newest.stage FROM stage_change AS newest
        WHERE newest.service_id = service.id AND newest.changed_on <= ? ORDER BY newest.changed_on DESC LIMIT 1), stage)
    WHERE authority_id = ? AND JSON_CONTAINS(?, JSON_QUOTE(LOWER(HEX(id)))))");

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

bool isAboutChildren(RecordKind kind) {
    switch (kind) {
        case RecordKind::episode:
        case RecordKind::familyMeeting:
        case RecordKind::session:
        case RecordKind::review:
        case RecordKind::outcomeScore:
        case RecordKind::feedback:
            return true;
        default:
            return false;
    }
}

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

std::vector<PutResult> Records::put(RecordKind kind, std::vector<Record> records,
                                    const std::vector<bool>& given, bool isDry) {
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
    for (auto& record : records) {
        const auto found = kept.find(record.key);
        const bool isKnown = found != kept.end();
        results.push_back({PutOutcome::created, std::nullopt});
        if (isKnown) {
            const auto& before = found->second.columns;
            for (std::size_t i = 0; i < before.size(); ++i)
                if (!given[i]) record.columns[i] = before[i];
            results.back().outcome = before == record.columns ? PutOutcome::unchanged : PutOutcome::changed;
            if (before.front() != record.columns.front()) results.back().previousOwner = before.front();
        }
        if (isDry || results.back().outcome == PutOutcome::unchanged) continue;
        if (table.hasId) rows.emplace_back(isKnown ? *found->second.id : bytesOf(ids_.nextBytes()));
        rows.emplace_back(authority_.code());
        for (auto& column : record.columns) rows.emplace_back(std::move(column));
    }
    if (!rows.empty()) tx_.runBulk(table.put, rows);
    return results;
}

std::vector<KeptRecord> Records::read(platform::Transaction& tx, identity::AuthorityId authority,
                                      RecordKind kind, const RecordQuestion& question) {
    static const std::string kHighest = "\xF4\x8F\xBF\xBF";  // above every reference
    const auto& highest = question.key.empty() ? kHighest : question.key;
    const auto& owner = question.owner.empty() ? kHighest : question.owner;
    if (isAboutChildren(kind)) tx.showsChildren();
    std::vector<KeptRecord> records;
    for (auto rows = tx.query(readingOf(kind), authority, question.owner, owner, question.key, highest,
                              question.after, question.words, question.words, question.isHistory ? 1 : 0,
                              question.most);
         rows.next();) {
        KeptRecord one{rows.text(0), rows.text(1), rows.text(2), {}};
        for (int i = 3; i < rows.columns(); ++i) one.values.push_back(rows.optionalText(i));
        records.push_back(std::move(one));
    }
    return records;
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

void Records::noteStages(const std::set<std::string>& services, values::Date today) {
    if (!services.empty()) tx_.run(kNoteStages, today, listOf(services), authority_, today);
}

void Records::followStages(const std::set<values::Id<Service>>& services, values::Date today) {
    auto list = nlohmann::json::array();
    for (const auto& id : services) list.push_back(id.text());
    if (!services.empty()) tx_.run(kFollowStages, today, authority_, list.dump());
}

}  // namespace delivery
