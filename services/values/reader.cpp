#include "values/reader.h"

#include <array>
#include <charconv>

namespace values {

std::string Reader::text(const std::string& field, const std::string& what, std::size_t most) {
    const auto found = fields_.find(field);
    std::string value = found == fields_.end() ? "" : found->second;
    if (value.empty()) problem(field, "Enter " + what + ".");
    else if (value.size() > most)
        problem(field, "Enter " + what + " in " + std::to_string(most) + " characters or fewer.");
    return value;
}

std::optional<std::string> Reader::optionalText(const std::string& field) const {
    const auto found = fields_.find(field);
    if (found == fields_.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

std::optional<Date> Reader::date(const std::string& field, const std::string& what) {
    if (text(field, what).empty()) return std::nullopt;
    return optionalDate(field);
}

std::optional<Date> Reader::optionalDate(const std::string& field) {
    const auto given = optionalText(field);
    if (!given) return std::nullopt;
    if (const auto iso = Date::fromIso(*given)) return iso;
    std::array<int, 3> parts{};
    const auto* at = given->data();
    const auto* end = at + given->size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const auto read = std::from_chars(at, end, parts[i]);
        const bool isLast = i + 1 == parts.size();
        if (read.ec != std::errc() || (isLast ? read.ptr != end : read.ptr == end || *read.ptr != '/')) {
            at = nullptr;
            break;
        }
        at = read.ptr + 1;
    }
    if (at != nullptr && parts[2] >= 1900)
        if (const auto day = Date::of(parts[2], parts[1], parts[0])) return day;
    problem(field, "Use a real date, like 30/06/2025.");
    return std::nullopt;
}

std::optional<Quarter> Reader::optionalQuarter(const std::string& field) {
    const auto given = optionalText(field);
    if (!given) return std::nullopt;
    const auto quarter = Quarter::parse(*given);
    if (!quarter) problem(field, "Choose a quarter, like 2025-26 Q3.");
    return quarter;
}

std::optional<int> Reader::optionalWhole(const std::string& field, int least, int most) {
    const auto given = optionalText(field);
    if (!given) return std::nullopt;
    int number = 0;
    const auto* end = given->data() + given->size();
    const auto read = std::from_chars(given->data(), end, number);
    if (read.ec == std::errc() && read.ptr == end && number >= least && number <= most) return number;
    problem(field,
            "Enter a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
    return std::nullopt;
}

void Reader::problem(const std::string& field, const std::string& wanted) {
    const auto found = fields_.find(field);
    problems_.push_back({{"", 0, field}, found == fields_.end() ? "" : found->second, wanted});
}

void Reader::refuseProblems() {
    if (!problems_.empty()) throw Invalid(std::move(problems_));
}

}  // namespace values
