#include "platform/system.h"

#include <algorithm>

#include "platform/digest.h"

namespace platform {

values::Instant SystemClock::now() const {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

values::IdBytes SystemIds::nextBytes() {
    using std::chrono::duration_cast;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms = static_cast<std::uint64_t>(duration_cast<std::chrono::milliseconds>(now).count());
    values::IdBytes id{};
    {
        // 48 bits of time, 16 of a counter within the millisecond: many ids a millisecond still sort.
        const std::lock_guard lock(mutex_);
        last_ = std::max(ms << 16, last_ + 1);
        for (std::size_t i = 0; i < 8; ++i) id[i] = static_cast<std::uint8_t>(last_ >> (56 - 8 * i));
    }
    fillRandom({id.data() + 8, 8});
    return id;
}

}  // namespace platform
