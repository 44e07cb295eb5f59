#pragma once

#include <atomic>

#include "values/instant.h"

namespace support {

/// 2 June 2025, 10:00 in London, and a millisecond later with every look.
class FixedClock : public values::Clock {
public:
    values::Instant now() const override;
    void advance(std::chrono::milliseconds by) { offset_ += by.count(); }
    /// Looks so far. A house that goes on from a prepared one goes on with its time.
    long looks() const { return ticks_; }
    void goOnAfter(long looks) { ticks_ = looks; }

private:
    mutable std::atomic<long> ticks_{0};
    std::atomic<long> offset_{0};
};

}  // namespace support
