#pragma once

#include <mutex>

#include "values/id.h"
#include "values/instant.h"

namespace platform {

/// The machine's clock.
class SystemClock : public values::Clock {
public:
    values::Instant now() const override;
};

/// Random ids that sort by the time they were made.
class SystemIds : public values::Ids {
public:
    values::IdBytes nextBytes() override;

private:
    std::mutex mutex_;
    std::uint64_t last_ = 0;  ///< milliseconds and counter of the id before
};

}  // namespace platform
