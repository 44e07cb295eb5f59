#include "adherence/question.h"

#include "values/errors.h"

namespace adherence {

using values::Quarter;

std::string Period::name() const {
    return first == last ? first.name() : first.name() + " to " + last.name();
}

Period periodOf(const std::string& from, const std::string& to) {
    const auto first = Quarter::parse(from);
    const auto last = Quarter::parse(to);
    std::vector<values::FieldProblem> problems;
    const std::string wanted = "Use a quarter, like 2025-26 Q1.";
    if (!first) problems.push_back({{"", 0, "from"}, from, wanted});
    if (!last) problems.push_back({{"", 0, "to"}, to, wanted});
    if (first && last && *last < *first)
        problems.push_back({{"", 0, "to"}, to, "Choose a last quarter that is not before the first."});
    if (first && last && last->index() - first->index() >= kMostQuarters)
        problems.push_back({{"", 0, "to"}, to, "Choose at most 20 quarters, which are five years."});
    if (!problems.empty()) throw values::Invalid(std::move(problems));
    return {*first, *last};
}

std::string KnownAs::text() const {
    return isWholeDay ? "as known at the end of " + day.text() : "as known on " + values::londonText(at);
}

KnownAs KnownAs::now(values::Instant now) { return {values::londonDate(now), now, false}; }

KnownAs KnownAs::endOf(values::Date day, values::Instant now) {
    const auto next = values::londonMidnight(day.plusDays(1));
    if (now < next + kLongestUnit)
        throw values::Invalid(
            {{{"", 0, "known_on"}, day.text(), "Choose a day that is over: today can still change."}});
    return {day, next - std::chrono::milliseconds(1), true};
}

}  // namespace adherence
