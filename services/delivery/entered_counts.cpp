#include "delivery/entered_counts.h"

#include "delivery/touched.h"
#include "values/json.h"

namespace delivery {
namespace {

using platform::Account;
using platform::Statement;
using platform::Transaction;
using values::Quarter;

const Statement kSelectCounts("select entered counts", Account::authority, R"(
    SELECT measure, count FROM entered_count WHERE service_id = ? AND authority_id = ? AND quarter = ?)");
const Statement kSelectAllCounts("select all entered counts of a service", Account::work,
                                 "SELECT quarter, measure, count FROM entered_count WHERE service_id = ?");
const Statement kSelectCounted("select services with entered counts", Account::authority, R"(
    SELECT DISTINCT service_id FROM entered_count WHERE authority_id = ? AND quarter = ?)");
const Statement kPutCount("put entered count", Account::authority, R"(
    INSERT INTO entered_count (service_id, authority_id, quarter, measure, count) VALUES (?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE count = VALUES(count))");

}  // namespace

const std::vector<std::string>& EnteredCounts::measures() {
    static const std::vector<std::string> all{"referred", "offered", "accepted",
                                              "started",  "ended",   "completed"};
    return all;
}

EnteredCounts::Counts EnteredCounts::of(Transaction& tx, const Service& service, Quarter quarter) {
    Counts counts;
    for (auto rows = tx.query(kSelectCounts, service.id, service.authority, quarter); rows.next();)
        counts[rows.text(0)] = rows.number(1);
    return counts;
}

std::map<Quarter, EnteredCounts::Counts> EnteredCounts::forWork(Transaction& tx, const Service& service) {
    std::map<Quarter, Counts> counts;
    for (auto rows = tx.query(kSelectAllCounts, service.id); rows.next();)
        counts[rows.quarter(0)][rows.text(1)] = rows.number(2);
    return counts;
}

std::set<values::Id<Service>> EnteredCounts::servicesWith(Transaction& tx, identity::AuthorityId authority,
                                                          Quarter quarter) {
    std::set<values::Id<Service>> services;
    for (auto rows = tx.query(kSelectCounted, authority, quarter); rows.next();)
        services.insert(rows.id<Service>(0));
    return services;
}

void EnteredCounts::put(Transaction& tx, const Service& service, Quarter quarter, const Counts& counts) {
    const auto before = of(tx, service, quarter);
    for (const auto& [measure, count] : counts)
        tx.run(kPutCount, service.id, service.authority, quarter, measure, count);
    Touched::mark(tx, {service.id});
    const nlohmann::ordered_json detail{{"before", before}, {"after", counts}};
    tx.audit("counts entered", service.reference, quarter.name() + ": " + detail.dump());
}

}  // namespace delivery
