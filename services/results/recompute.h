#pragma once

#include <functional>

#include "delivery/catalogues.h"
#include "results/cells.h"

namespace results {

/// Brings result cells up to date with the records. Any number may work at once, also in several processes.
class Recompute {
public:
    Recompute(platform::Database& database, delivery::Catalogues& catalogues)
        : database_(database), catalogues_(catalogues) {}

    /// Computes one touched service; false where none is left that nobody else holds.
    bool next();
    /// Computes touched services until none is left; gives how many. `progress` is told after each.
    long drain(const std::function<void(long done)>& progress = {});
    /// Marks every service as touched.
    void markAll();
    /// Compares what is kept of every service with a fresh computation; gives the references that differ.
    std::vector<std::string> verify();

private:
    FiguresByQuarter compute(platform::Transaction& tx, const delivery::Service& service);

    platform::Database& database_;
    delivery::Catalogues& catalogues_;
};

}  // namespace results
