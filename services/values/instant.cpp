#include "values/instant.h"

#include <array>
#include <cstdio>
#include <optional>

namespace values {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;

struct Parts {
    int year, month, day, hour, minute, second, millisecond;
};

Parts partsOf(Instant instant) {
    const auto midnight = floor<days>(instant);
    const std::chrono::year_month_day date(midnight);
    const auto since = instant - midnight;
    const auto ms = static_cast<int>(since.count());
    return {static_cast<int>(date.year()),
            static_cast<int>(static_cast<unsigned>(date.month())),
            static_cast<int>(static_cast<unsigned>(date.day())),
            ms / 3600000,
            ms / 60000 % 60,
            ms / 1000 % 60,
            ms % 1000};
}

std::string format(Instant instant, const char* pattern) {
    const auto p = partsOf(instant);
    std::array<char, 64> out{};
    std::snprintf(out.data(), out.size(), pattern, p.year, p.month, p.day, p.hour, p.minute, p.second,
                  p.millisecond);
    return out.data();
}

Instant london(Instant instant) {
    const auto year = std::chrono::year_month_day(floor<days>(instant)).year();
    const auto change = [&](std::chrono::month month) {
        return Instant(std::chrono::sys_days(year / month / std::chrono::Sunday[std::chrono::last]) +
                       hours(1));
    };
    const bool summer = instant >= change(std::chrono::March) && instant < change(std::chrono::October);
    return summer ? instant + hours(1) : instant;
}

}  // namespace

std::string databaseText(Instant instant) { return format(instant, "%04d-%02d-%02d %02d:%02d:%02d.%03d"); }

std::optional<Instant> instantFromDatabase(const std::string& text) {
    if (text.size() < 10) return std::nullopt;
    const auto day = Date::fromIso(text.substr(0, 10));
    int hour = 0;
    int minute = 0;
    int second = 0;
    int fraction = 0;
    if (!day || std::sscanf(text.c_str() + 10, " %2d:%2d:%2d.%3d", &hour, &minute, &second, &fraction) < 3)
        return std::nullopt;
    return Instant(std::chrono::days(day->serial())) + hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second) + std::chrono::milliseconds(fraction);
}

std::string isoText(Instant instant) { return format(instant, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ"); }

Date londonDate(Instant instant) {
    const auto p = partsOf(london(instant));
    return Date(p.year, p.month, p.day);
}

Instant londonMidnight(Date day) {
    // The clocks change at 01:00 UTC, so a day begins in the time that its first moment shows.
    const Instant midnight{std::chrono::days(day.serial())};
    return midnight - (london(midnight - hours(1)) - (midnight - hours(1)));
}

std::string londonText(Instant instant) {
    const auto p = partsOf(london(instant));
    std::array<char, 16> time{};
    std::snprintf(time.data(), time.size(), "%d:%02d%s", p.hour % 12 == 0 ? 12 : p.hour % 12, p.minute,
                  p.hour < 12 ? "am" : "pm");
    return Date(p.year, p.month, p.day).text() + " at " + time.data();
}

}  // namespace values
