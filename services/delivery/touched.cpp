#include "delivery/touched.h"

namespace delivery {
namespace {

using platform::Account;
using platform::BulkStatement;
using platform::Meanwhile;
using platform::Statement;
using platform::Transaction;

const BulkStatement kMark("mark services touched", Account::authority | Account::work | Account::retention,
                          "INSERT INTO touched (service_id)", 1,
                          "ON DUPLICATE KEY UPDATE generation = generation + 1, has_new_records = TRUE",
                          Meanwhile::expected);
const Statement kMarkAllFigures("mark the figures of all services", Account::admin | Account::work, R"(
    INSERT INTO touched (service_id, has_new_records) SELECT id, FALSE FROM service
    ON DUPLICATE KEY UPDATE generation = generation + 1)",
                                Meanwhile::expected);
const Statement kMarkAllRecords("mark the records of all services", Account::work, R"(
    INSERT INTO touched (service_id) SELECT id FROM service
    ON DUPLICATE KEY UPDATE generation = generation + 1, has_new_records = TRUE)",
                                Meanwhile::expected);
const Statement kTake("take touched services", Account::work, R"(
    SELECT service_id, generation, has_new_records FROM touched ORDER BY place LIMIT ? FOR UPDATE SKIP LOCKED)");
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

void Touched::markAll(Transaction& tx, bool hasNewRecords) {
    tx.run(hasNewRecords ? kMarkAllRecords : kMarkAllFigures);
}

std::vector<Touched::Entry> Touched::take(Transaction& tx, int most) {
    std::vector<Entry> taken;
    for (auto rows = tx.query(kTake, most); rows.next();)
        taken.push_back({rows.id<Service>(0), rows.number(1), rows.number(2) != 0});
    return taken;
}

/// One by one, by key: a list in one statement may be answered by a scan, and that waits for rows of others.
void Touched::remove(Transaction& tx, const std::vector<Entry>& entries) {
    for (const auto& entry : entries) tx.run(kRemove, entry.service, entry.generation);
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
