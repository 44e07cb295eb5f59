#include "results/cells.h"

#include <sstream>

namespace results {
namespace {

using delivery::Service;
using measures::Parts;
using platform::Account;
using platform::BulkStatement;
using platform::Rows;
using platform::Statement;
using platform::Transaction;
using platform::Value;
using values::Quarter;

const Statement kDeleteCells("delete result cells", Account::work,
                             "DELETE FROM result_cell WHERE service_id = ?");
const BulkStatement kInsertCells("insert result cells", Account::work, R"(
    INSERT INTO result_cell (service_id, quarter, measure, authority_id, numerator, denominator, opposite, excluded,
                             sum, sum_of_squares, days))",
                                 11, "");
const Statement kSelectOfQuarter("select result cells of a quarter", Account::authority | Account::work, R"(
    SELECT numerator, denominator, opposite, excluded, sum, sum_of_squares, days, measure, service_id
    FROM result_cell WHERE authority_id = ? AND quarter = ?)");
const Statement kSelectOfService("select result cells of a service", Account::authority, R"(
    SELECT numerator, denominator, opposite, excluded, sum, sum_of_squares, days, measure, quarter
    FROM result_cell WHERE authority_id = ? AND service_id = ?)");
const Statement kSelectKept("select kept result cells", Account::work, R"(
    SELECT numerator, denominator, opposite, excluded, sum, sum_of_squares, days, measure, quarter
    FROM result_cell WHERE service_id = ?)");
const Statement kSelectQuarters("select quarters with figures", Account::authority, R"(
    SELECT MIN(quarter), MAX(quarter) FROM result_cell WHERE authority_id = ?)");

std::string textOf(const std::map<int, std::int64_t>& days) {
    std::string text;
    for (const auto& [length, count] : days)
        text += (text.empty() ? "" : " ") + std::to_string(length) + ":" + std::to_string(count);
    return text;
}

std::map<int, std::int64_t> daysOf(const std::string& text) {
    std::map<int, std::int64_t> days;
    std::istringstream stream(text);
    int length = 0;
    std::int64_t count = 0;
    char colon = 0;
    while (stream >> length >> colon >> count) days[length] = count;
    return days;
}

/// The first seven columns of every question above.
Parts partsOf(const Rows& rows) {
    return {{rows.number(0), rows.number(1)},
            rows.number(2),
            rows.number(3),
            rows.decimal(4),
            rows.decimal(5),
            daysOf(rows.text(6))};
}

}  // namespace

void Cells::replace(Transaction& tx, const Service& service, const FiguresByQuarter& cells) {
    tx.run(kDeleteCells, service.id);
    std::vector<Value> rows;
    for (const auto& [quarter, figures] : cells)
        for (const auto& [measure, parts] : figures)
            for (auto value : {Value(service.id), Value(quarter), Value(measure), Value(service.authority),
                               Value(parts.proportion.numerator), Value(parts.proportion.denominator),
                               Value(parts.opposite), Value(parts.excluded), Value(parts.sum),
                               Value(parts.sumOfSquares), Value(textOf(parts.days))})
                rows.push_back(std::move(value));
    if (!rows.empty()) tx.runBulk(kInsertCells, rows);
}

std::map<values::Id<Service>, measures::Figures> Cells::of(Transaction& tx, identity::AuthorityId authority,
                                                           Quarter quarter) {
    std::map<values::Id<Service>, measures::Figures> found;
    for (auto rows = tx.query(kSelectOfQuarter, authority, quarter); rows.next();)
        found[rows.id<Service>(8)].emplace(rows.text(7), partsOf(rows));
    return found;
}

FiguresByQuarter Cells::ofService(Transaction& tx, identity::AuthorityId authority,
                                  values::Id<Service> service) {
    FiguresByQuarter found;
    for (auto rows = tx.query(kSelectOfService, authority, service); rows.next();)
        found[rows.quarter(8)].emplace(rows.text(7), partsOf(rows));
    return found;
}

FiguresByQuarter Cells::kept(Transaction& tx, values::Id<Service> service) {
    FiguresByQuarter found;
    for (auto rows = tx.query(kSelectKept, service); rows.next();)
        found[rows.quarter(8)].emplace(rows.text(7), partsOf(rows));
    return found;
}

std::optional<std::pair<Quarter, Quarter>> Cells::quartersOf(Transaction& tx,
                                                             identity::AuthorityId authority) {
    auto rows = tx.query(kSelectQuarters, authority);
    if (!rows.next() || rows.isNull(0)) return std::nullopt;
    return std::pair{rows.quarter(0), rows.quarter(1)};
}

}  // namespace results
