#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "values/instant.h"

namespace platform {

/// So many steps a minute for each key, and as many at once: a bucket that fills again evenly. Kept in
/// memory, for one process; forgets keys that rest.
class RateLimiter {
public:
    RateLimiter(int perMinute, const values::Clock& clock) : perMinute_(perMinute), clock_(clock) {}

    /// Takes one step; false where the key has none left for now.
    bool take(const std::string& key);

private:
    struct Bucket {
        double left;
        values::Instant at;
    };
    void forgetResting(values::Instant now);

    double perMinute_;
    const values::Clock& clock_;
    std::mutex mutex_;
    std::map<std::string, Bucket> buckets_;
};

}  // namespace platform
