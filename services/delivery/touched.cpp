#include "delivery/touched.h"

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
const Statement kTake(
    "take a touched service", Account::work,
    "SELECT service_id, generation FROM touched ORDER BY service_id LIMIT 1 FOR UPDATE SKIP LOCKED");
const Statement kRemove("remove a touched service", Account::work,
                        "DELETE FROM touched WHERE service_id = ? AND generation = ?");
const Statement kCount("count touched services", Account::work, "SELECT COUNT(*) FROM touched");
const Statement kCountOfAuthority("count touched services of an authority", Account::authority, R"(
    SELECT COUNT(*) FROM touched JOIN service ON service.id = touched.service_id WHERE service.authority_id = ?)");

}  // namespace

void Touched::mark(Transaction& tx, const std::set<values::Id<Service>>& services) {
    std::vector<platform::Value> rows(services.begin(), services.end());
    if (!rows.empty()) tx.runBulk(kMark, rows);
}

void Touched::markAll(Transaction& tx) { tx.run(kMarkAll); }

std::optional<Touched::Entry> Touched::take(Transaction& tx) {
    auto rows = tx.query(kTake);
    if (!rows.next()) return std::nullopt;
    return Entry{rows.id<Service>(0), rows.number(1)};
}

void Touched::remove(Transaction& tx, const Entry& entry) {
    tx.run(kRemove, entry.service, entry.generation);
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
