#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "values/date.h"

namespace values {

/// A point in time, to the millisecond, in UTC.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// `2025-06-02 09:00:00.000`, as the database keeps it.
std::string databaseText(Instant instant);
/// The same backwards, with or without a fraction of the second; nothing for anything else.
std::optional<Instant> instantFromDatabase(const std::string& text);
/// `2025-06-02T09:00:00.000Z`, as machines exchange it.
std::string isoText(Instant instant);
/// The civil day in London: UTC, and an hour ahead from 01:00 UTC on the last Sunday of March to 01:00 UTC
/// on the last Sunday of October.
Date londonDate(Instant instant);
/// The first instant of a civil day in London.
Instant londonMidnight(Date day);
/// `2 June 2025 at 10:00am`, London time.
std::string londonText(Instant instant);

/// Where the time comes from. Made once in `plumbline`, fixed in tests; nothing else reads a clock.
class Clock {
public:
    Clock() = default;
    Clock(const Clock&) = delete;
    Clock& operator=(const Clock&) = delete;
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
    Date today() const { return londonDate(now()); }
};

}  // namespace values
