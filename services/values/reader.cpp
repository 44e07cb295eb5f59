#include "values/reader.h"

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
