#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "delivery/services.h"

namespace delivery {

/// Services whose figures are out of date, for a worker to compute again.
class Touched {
public:
    static void mark(platform::Transaction& tx, const std::set<values::Id<Service>>& services);
    static void markAll(platform::Transaction& tx);

    struct Entry {
        values::Id<Service> service;
        std::int64_t generation;
    };
    /// One that no other worker holds; nothing where all is done. Held until the transaction ends.
    static std::optional<Entry> take(platform::Transaction& tx);
    /// Done, unless it was touched again in between.
    static void remove(platform::Transaction& tx, const Entry& entry);
    static std::int64_t count(platform::Transaction& tx);
    /// Of one authority.
    static std::int64_t count(platform::Transaction& tx, identity::AuthorityId authority);
};

}  // namespace delivery
