#include "adherence/words.h"

#include <fmt/format.h>

#include "measures/level.h"

namespace adherence {

std::string shareWords(const values::Proportion& counts) {
    return fmt::format("{} ({} of {})", measures::percent(counts), counts.numerator, counts.denominator);
}

std::string shareWordsBeside(const values::Proportion& counts, double atLeast) {
    return fmt::format("{} ({} of {})", measures::percentBeside(counts, atLeast), counts.numerator,
                       counts.denominator);
}

std::string numberWords(std::int64_t number, const std::string& one, const std::string& many) {
    return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

std::string quoted(const std::string& words) { return "“" + words + "”"; }

}  // namespace adherence
