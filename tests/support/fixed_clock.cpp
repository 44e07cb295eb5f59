#include "support/fixed_clock.h"

namespace support {

values::Instant FixedClock::now() const {
    using std::chrono::milliseconds;
    return values::Instant(milliseconds(1748854800000L + ticks_++ + offset_.load()));
}

}  // namespace support
