#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "delivery/services.h"
#include "measures/figure.h"

namespace results {

/// Figures by quarter.
using FiguresByQuarter = std::map<values::Quarter, measures::Figures>;
/// The same as they are kept: one text a quarter.
using TextByQuarter = std::map<values::Quarter, std::string>;

/// Kept figures: (service, quarter) with the additive parts of every measure. Only a worker writes them.
class Cells {
public:
    struct OfService {
        delivery::Service service;
        TextByQuarter figures;
    };
    /// Replaces all figures of these services.
    static void replace(platform::Transaction& tx, const std::vector<OfService>& all);
    /// The figures of an authority's services in one quarter. A service without any in it is absent.
    static std::map<values::Id<delivery::Service>, measures::Figures> of(platform::Transaction& tx,
                                                                         identity::AuthorityId authority,
                                                                         values::Quarter quarter);
    /// All quarters of one service.
    static FiguresByQuarter ofService(platform::Transaction& tx, identity::AuthorityId authority,
                                      values::Id<delivery::Service> service);
    /// Everything kept of services, as it stands: what two states are compared by.
    static std::map<values::Id<delivery::Service>, TextByQuarter> kept(
        platform::Transaction& tx, const std::vector<delivery::Service>& services);
    /// The first and last quarter in which the authority has figures; nothing where it has none.
    static std::optional<std::pair<values::Quarter, values::Quarter>> quartersOf(
        platform::Transaction& tx, identity::AuthorityId authority);
};

}  // namespace results
