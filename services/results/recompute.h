#pragma once

#include <atomic>
#include <functional>

#include "delivery/catalogues.h"
#include "results/cells.h"

namespace results {

/// Brings kept figures up to date with the records. Any number may work at once, also in several processes
/// and on several machines: what one has taken the others pass over, and what is cut off is done again.
class Recompute {
public:
    Recompute(platform::Database& database, delivery::Catalogues& catalogues)
        : database_(database), catalogues_(catalogues) {}

    /// Computes up to `most` touched services together; gives how many, 0 where none is left that nobody
    /// else holds.
    long next(int most);
    /// Computes touched services until none is left, with so many workers; gives how many. `progress` is
    /// told how many are done after each step, from any of the workers, one at a time. Ends early, losing
    /// nothing, once `isCancelled` is set.
    long drain(int workers = 1, const std::function<void(long done)>& progress = {},
               const std::atomic<bool>* isCancelled = nullptr);
    /// Marks every service as touched; gives how many now wait. Their figures are computed from the columns
    /// that are kept of each service; `isFromRecords`: from the records themselves.
    long markAll(bool isFromRecords = false);
    /// Computes every service from its records and compares byte for byte: the figures that are kept, and
    /// those that the kept columns give. Gives the references of the services that differ.
    std::vector<std::string> verify();

private:
    platform::Database& database_;
    delivery::Catalogues& catalogues_;
};

}  // namespace results
