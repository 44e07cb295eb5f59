#pragma once

#include <map>

#include "delivery/services.h"
#include "measures/cell.h"
#include "measures/level.h"

namespace results {

/// Figures by quarter.
using FiguresByQuarter = std::map<values::Quarter, measures::Figures>;

/// Result cells: (service, quarter, measure) with additive parts. Only a worker writes them.
class Cells {
public:
    /// Replaces all of a service's figures.
    static void replace(platform::Transaction& tx, const delivery::Service& service,
                        const FiguresByQuarter& cells);
    /// The figures of an authority's services in one quarter. A service without records in it is absent: all
    /// of its figures are zero.
    static std::map<values::Id<delivery::Service>, measures::Figures> of(platform::Transaction& tx,
                                                                         identity::AuthorityId authority,
                                                                         values::Quarter quarter);
    /// All quarters of one service.
    static FiguresByQuarter ofService(platform::Transaction& tx, identity::AuthorityId authority,
                                      values::Id<delivery::Service> service);
    /// Everything kept of a service, for a worker: what two states are compared by.
    static FiguresByQuarter kept(platform::Transaction& tx, values::Id<delivery::Service> service);
    /// The first and last quarter in which the authority has figures; nothing where it has none.
    static std::optional<std::pair<values::Quarter, values::Quarter>> quartersOf(
        platform::Transaction& tx, identity::AuthorityId authority);
};

}  // namespace results
