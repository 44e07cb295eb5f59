#include "values/reader.h"

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

void Reader::problem(const std::string& field, const std::string& wanted) {
    const auto found = fields_.find(field);
    problems_.push_back({{"", 0, field}, found == fields_.end() ? "" : found->second, wanted});
}

void Reader::refuseProblems() {
    if (!problems_.empty()) throw Invalid(std::move(problems_));
}

}  // namespace values
