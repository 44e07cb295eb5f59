#include "results/recompute.h"

#include <algorithm>

#include "delivery/touched.h"
#include "measures/evaluate.h"

namespace results {
namespace {

using delivery::Service;
using delivery::Touched;
using platform::Account;
using platform::Statement;
using platform::Transaction;

const Statement kSelectAllServices("select all services", Account::work,
                                   "SELECT id FROM service ORDER BY id");

}  // namespace

/// A service's quarters are computed together: reading its records costs more than computing them.
FiguresByQuarter Recompute::compute(Transaction& tx, const Service& service) {
    const auto inForce = catalogues_.inForce(tx);
    const auto* intervention = inForce->catalogue.intervention(service.intervention);
    FiguresByQuarter cells;
    if (intervention == nullptr) return cells;  // an approach counts towards nothing
    const auto facts = delivery::Services::facts(tx, service);
    const auto span = measures::quarterSpan(facts);
    if (!span) return cells;
    for (auto quarter = span->first; quarter <= span->last; quarter = quarter.next())
        for (auto& cell : measures::evaluate(facts, *intervention, inForce->catalogue, quarter))
            cells[quarter].emplace(std::move(cell.measure), std::move(cell.parts));
    return cells;
}

bool Recompute::next() {
    bool isFound = false;
    database_.derive([&](Transaction& tx) {
        const auto entry = Touched::take(tx);
        isFound = entry.has_value();
        if (!entry) return;
        const auto service = delivery::Services::forWork(tx, entry->service);
        Cells::replace(tx, service, compute(tx, service));
        Touched::remove(tx, *entry);
    });
    return isFound;
}

long Recompute::drain(const std::function<void(long)>& progress) {
    long done = 0;
    while (next()) {
        ++done;
        if (progress) progress(done);
    }
    return done;
}

void Recompute::markAll() {
    database_.derive([](Transaction& tx) { Touched::markAll(tx); });
}

std::vector<std::string> Recompute::verify() {
    std::vector<std::string> different;
    database_.read([&](Transaction& tx) {
        different.clear();
        std::vector<values::Id<Service>> ids;
        for (auto rows = tx.query(kSelectAllServices); rows.next();) ids.push_back(rows.id<Service>(0));
        for (const auto& id : ids) {
            const auto service = delivery::Services::forWork(tx, id);
            if (compute(tx, service) != Cells::kept(tx, id)) different.push_back(service.reference);
        }
    });
    return different;
}

}  // namespace results
