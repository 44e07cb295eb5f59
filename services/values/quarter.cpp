#include "values/quarter.h"

#include <array>
#include <cstdio>

namespace values {

Quarter Quarter::containing(Date day) {
    const int month = day.month();
    const int year = month >= 4 ? day.year() : day.year() - 1;
    return Quarter((year - 1900) * 4 + (month + 8) % 12 / 3);
}

std::optional<Quarter> Quarter::parse(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || (text[7] != ' ' && text[7] != '-') || text[8] != 'Q')
        return std::nullopt;
    for (const std::size_t i : {0U, 1U, 2U, 3U, 5U, 6U, 9U})
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
    const auto digit = [&](std::size_t i) { return text[i] - '0'; };
    const int year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
    const int following = digit(5) * 10 + digit(6);
    const int number = digit(9);
    if (year < 1900 || year > 2198 || following != (year + 1) % 100 || number < 1 || number > 4)
        return std::nullopt;
    return Quarter((year - 1900) * 4 + number - 1);
}

Date Quarter::first() const {
    return number() == 4 ? Date(startYear() + 1, 1, 1) : Date(startYear(), 1 + 3 * number(), 1);
}

Date Quarter::last() const { return next().first().plusDays(-1); }

std::string Quarter::name() const {
    std::array<char, 32> out{};
    std::snprintf(out.data(), out.size(), "%04d-%02d Q%d", startYear(), (startYear() + 1) % 100, number());
    return out.data();
}

std::string Quarter::slug() const {
    auto text = name();
    text[7] = '-';
    return text;
}

std::string Quarter::months() const {
    static constexpr std::array kSpans{"April to June", "July to September", "October to December",
                                       "January to March"};
    return std::string(kSpans[static_cast<std::size_t>(number() - 1)]) + " " + std::to_string(first().year());
}

}  // namespace values
