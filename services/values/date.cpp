#include "values/date.h"

#include <array>
#include <boost/date_time/gregorian/gregorian_types.hpp>
#include <cstdio>
#include <stdexcept>

namespace values {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2199;
const boost::gregorian::date kEpoch(1970, 1, 1);

boost::gregorian::date calendar(int serial) { return kEpoch + boost::gregorian::days(serial); }

bool isReal(int year, int month, int day) {
    return year >= kFirstYear && year <= kLastYear && month >= 1 && month <= 12 && day >= 1 &&
           day <= boost::gregorian::gregorian_calendar::end_of_month_day(static_cast<unsigned short>(year),
                                                                         static_cast<unsigned short>(month));
}

int serialOf(int year, int month, int day) {
    return static_cast<int>(
        (boost::gregorian::date(static_cast<unsigned short>(year), static_cast<unsigned short>(month),
                                static_cast<unsigned short>(day)) -
         kEpoch)
            .days());
}

}  // namespace

Date::Date(int year, int month, int day) : days_(0) {
    if (!isReal(year, month, day)) throw std::out_of_range("no such day");
    days_ = serialOf(year, month, day);
}

std::optional<Date> Date::of(int year, int month, int day) {
    if (!isReal(year, month, day)) return std::nullopt;
    return Date(serialOf(year, month, day));
}

std::optional<Date> Date::fromIso(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U})
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
    const auto digit = [&](std::size_t i) { return text[i] - '0'; };
    return of(digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3), digit(5) * 10 + digit(6),
              digit(8) * 10 + digit(9));
}

Date Date::fromSerial(int days) {
    static const int first = serialOf(kFirstYear, 1, 1);
    static const int last = serialOf(kLastYear, 12, 31);
    if (days < first || days > last) throw std::out_of_range("a day outside 1900 to 2199");
    return Date(days);
}

int Date::year() const { return calendar(days_).year(); }
int Date::month() const { return calendar(days_).month(); }
int Date::day() const { return calendar(days_).day(); }

std::string Date::iso() const {
    const auto ymd = calendar(days_).year_month_day();
    std::array<char, 24> out{};
    std::snprintf(out.data(), out.size(), "%04d-%02d-%02d", static_cast<int>(ymd.year),
                  static_cast<int>(ymd.month), static_cast<int>(ymd.day));
    return out.data();
}

std::string Date::text() const {
    static constexpr std::array kMonths{"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    return std::to_string(day()) + " " + kMonths[static_cast<std::size_t>(month() - 1)] + " " +
           std::to_string(year());
}

}  // namespace values
