#include "results/cells.h"

#include "values/json.h"

namespace results {
namespace {

using delivery::Service;
using platform::Account;
using platform::BulkStatement;
using platform::Statement;
using platform::Transaction;
using platform::Value;
using values::Quarter;

const Statement kDeleteResults("delete results of a service", Account::work,
                               "DELETE FROM service_result WHERE service_id = ?");
const BulkStatement kInsertResults("insert results of services", Account::work, R"(
    INSERT INTO service_result (service_id, quarter, authority_id, figures))",
                                   4, "");
const Statement kSelectOfQuarter("select results of a quarter", Account::authority | Account::work, R"(
    SELECT service_id, figures FROM service_result WHERE authority_id = ? AND quarter = ?)");
const Statement kSelectOfService("select results of a service", Account::authority, R"(
    SELECT quarter, figures FROM service_result WHERE authority_id = ? AND service_id = ?)");
const Statement kSelectKept("select kept results", Account::work, R"(
    SELECT service_id, quarter, figures
    FROM JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(32) PATH '$')) AS wanted
    STRAIGHT_JOIN service_result ON service_result.service_id = UNHEX(wanted.id))");
const Statement kSelectQuarters("select quarters with results", Account::authority, R"(
    SELECT MIN(quarter), MAX(quarter) FROM service_result WHERE authority_id = ?)");

}  // namespace

void Cells::replace(Transaction& tx, const std::vector<OfService>& all) {
    std::vector<Value> rows;
    for (const auto& [service, figures] : all) {
        tx.run(kDeleteResults, service.id);
        for (const auto& [quarter, text] : figures)
            for (auto value : {Value(service.id), Value(quarter), Value(service.authority), Value(text)})
                rows.push_back(std::move(value));
    }
    if (!rows.empty()) tx.runBulk(kInsertResults, rows);
}

std::map<values::Id<Service>, measures::Figures> Cells::of(Transaction& tx, identity::AuthorityId authority,
                                                           Quarter quarter) {
    std::map<values::Id<Service>, measures::Figures> found;
    for (auto rows = tx.query(kSelectOfQuarter, authority, quarter); rows.next();)
        found.emplace(rows.id<Service>(0), measures::figuresOf(rows.text(1)));
    return found;
}

FiguresByQuarter Cells::ofService(Transaction& tx, identity::AuthorityId authority,
                                  values::Id<Service> service) {
    FiguresByQuarter found;
    for (auto rows = tx.query(kSelectOfService, authority, service); rows.next();)
        found.emplace(rows.quarter(0), measures::figuresOf(rows.text(1)));
    return found;
}

std::map<values::Id<Service>, TextByQuarter> Cells::kept(Transaction& tx,
                                                         const std::vector<Service>& services) {
    auto ids = nlohmann::json::array();
    for (const auto& service : services) ids.push_back(service.id.text());
    std::map<values::Id<Service>, TextByQuarter> found;
    for (auto rows = tx.query(kSelectKept, ids.dump()); rows.next();)
        found[rows.id<Service>(0)].emplace(rows.quarter(1), rows.text(2));
    return found;
}

std::optional<std::pair<Quarter, Quarter>> Cells::quartersOf(Transaction& tx,
                                                             identity::AuthorityId authority) {
    auto rows = tx.query(kSelectQuarters, authority);
    if (!rows.next() || rows.isNull(0)) return std::nullopt;
    return std::pair{rows.quarter(0), rows.quarter(1)};
}

}  // namespace results
