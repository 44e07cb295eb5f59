#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace values {

/// A civil day in the proleptic Gregorian calendar, 1 January 1900 to 31 December 2199. Always a real day.
class Date {
public:
    /// Throws std::out_of_range where there is no such day.
    Date(int year, int month, int day);

    /// No value where there is no such day.
    static std::optional<Date> of(int year, int month, int day);
    /// Reads `2025-04-01` and nothing else.
    static std::optional<Date> fromIso(std::string_view text);
    /// Days since 1 January 1970; the inverse of `serial`. Throws std::out_of_range outside the years above.
    static Date fromSerial(int days);

    int serial() const { return days_; }
    int year() const;
    int month() const;
    int day() const;

    /// `2025-04-01`
    std::string iso() const;
    /// `1 April 2025`, as people in Britain write it.
    std::string text() const;

    Date plusDays(int days) const { return fromSerial(days_ + days); }
    /// Days from `other` to this day; negative where `other` is later.
    int daysSince(Date other) const { return days_ - other.days_; }

    auto operator<=>(const Date&) const = default;

private:
    explicit Date(int serial) : days_(serial) {}
    int days_;
};

}  // namespace values
