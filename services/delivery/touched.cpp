#include "delivery/touched.h"

#include <nlohmann/json.hpp>

namespace delivery {
namespace {

using platform::Account;
using platform::BulkStatement;
using platform::Statement;
using platform::Transaction;

const BulkStatement kMark("mark services touched", Account::work, "INSERT INTO touched (service_id)", 1,
                          "ON DUPLICATE KEY UPDATE generation = generation + 1");
const Statement kMarkAll("mark all services touched", Account::admin | Account::work, R"(
    INSERT INTO touched (service_id) SELECT id FROM service
    ON DUPLICATE KEY UPDATE generation = generation + 1)");
const Statement kTake("take touched services", Account::work, R"(
    SELECT service_id, generation FROM touched ORDER BY place LIMIT ? FOR UPDATE SKIP LOCKED)");
const Statement kRemove("remove touched services", Account::work, R"(
    DELETE touched FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) PATH '$[0]', generation INT PATH '$[1]')) AS done
    STRAIGHT_JOIN touched ON touched.service_id = UNHEX(done.id) AND touched.generation = done.generation)");
const Statement kCount("count touched services", Account::work, "SELECT COUNT(*) FROM touched");
const Statement kCountOfAuthority("count touched services of an authority", Account::authority, R"(
    SELECT COUNT(*) FROM touched JOIN service ON service.id = touched.service_id WHERE service.authority_id = ?)");

}  // namespace

void Touched::mark(Transaction& tx, const std::set<values::Id<Service>>& services) {
    std::vector<platform::Value> rows(services.begin(), services.end());
    if (!rows.empty()) tx.runBulk(kMark, rows);
}

void Touched::markAll(Transaction& tx) { tx.run(kMarkAll); }

std::vector<Touched::Entry> Touched::take(Transaction& tx, int most) {
    std::vector<Entry> taken;
    for (auto rows = tx.query(kTake, most); rows.next();)
        taken.push_back({rows.id<Service>(0), rows.number(1)});
    return taken;
}

void Touched::remove(Transaction& tx, const std::vector<Entry>& entries) {
    auto list = nlohmann::json::array();
    for (const auto& entry : entries) list.push_back({entry.service.text(), entry.generation});
    tx.run(kRemove, list.dump());
}

std::int64_t Touched::count(Transaction& tx) {
    auto rows = tx.query(kCount);
    rows.next();
    return rows.number(0);
}

std::int64_t Touched::count(Transaction& tx, identity::AuthorityId authority) {
    auto rows = tx.query(kCountOfAuthority, authority);
    rows.next();
    return rows.number(0);
}

}  // namespace delivery
