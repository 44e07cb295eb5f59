#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "delivery/services.h"

namespace delivery {

/// Counts that an authority enters for a service whose single records it cannot send yet.
class EnteredCounts {
public:
    using Counts = std::map<std::string, std::int64_t>;  ///< by measure

    /// The measures that can be entered, in their order.
    static const std::vector<std::string>& measures();
    static Counts of(platform::Transaction& tx, const Service& service, values::Quarter quarter);
    /// Every quarter of a service, for a worker.
    static std::map<values::Quarter, Counts> forWork(platform::Transaction& tx, const Service& service);
    /// Services of an authority with counts in a quarter.
    static std::set<values::Id<Service>> servicesWith(platform::Transaction& tx,
                                                      identity::AuthorityId authority,
                                                      values::Quarter quarter);
    static void put(platform::Transaction& tx, const Service& service, values::Quarter quarter,
                    const Counts& counts);
};

}  // namespace delivery
