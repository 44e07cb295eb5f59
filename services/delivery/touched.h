#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "delivery/services.h"

namespace delivery {

/// Services whose figures are out of date, for a worker to compute again.
class Touched {
public:
    static void mark(platform::Transaction& tx, const std::set<values::Id<Service>>& services);
    /// Every service: its figures alone, or also the columns they are computed from.
    static void markAll(platform::Transaction& tx, bool hasNewRecords);

    struct Entry {
        values::Id<Service> service;
        std::int64_t generation;
        bool hasNewRecords;
    };
    /// At most so many that no other worker holds, those that wait longest first; none where all is done.
    /// Held until the transaction ends.
    static std::vector<Entry> take(platform::Transaction& tx, int most);
    /// Done, unless they were touched again in between.
    static void remove(platform::Transaction& tx, const std::vector<Entry>& entries);
    static std::int64_t count(platform::Transaction& tx);
    /// Of one authority.
    static std::int64_t count(platform::Transaction& tx, identity::AuthorityId authority);
};

}  // namespace delivery
