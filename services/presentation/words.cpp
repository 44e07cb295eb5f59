#include "presentation/words.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "measures/level.h"
#include "statistics/interval.h"
#include "values/date.h"

namespace presentation {

using platform::View;
using values::Proportion;

Proportion countsOf(const View& figure) {
    return {figure.at("numerator").whole(), figure.at("denominator").whole()};
}

int fewestOf(const View& figure) { return static_cast<int>(figure.at("min_n").whole()); }

std::string shareText(const Proportion& counts, int fewest) {
    if (counts.denominator == 0) return "–";
    return counts.denominator < fewest ? "too few to judge" : measures::percent(counts);
}

double percent(double share) { return std::round(share * 1000) / 10; }

std::string countText(const Proportion& counts) {
    return std::to_string(counts.numerator) + " of " + std::to_string(counts.denominator);
}

std::string intervalText(const Proportion& counts) {
    const auto interval = statistics::wilson(counts);
    if (!interval) return "–";
    return fmt::format("{:.0f}% to {:.0f}%", interval->lower * 100, interval->upper * 100);
}

std::string figureText(const View& figure, int fewest) {
    if (figure.contains("denominator")) return shareText(countsOf(figure), fewest);
    if (figure.contains("count")) return std::to_string(figure.at("count").whole());
    if (figure.at("value").isNothing()) return "–";
    return fmt::format("{:.2f}", figure.at("value").fraction());
}

std::string behindText(const View& figure) {
    if (figure.contains("denominator")) return countText(countsOf(figure));
    if (figure.contains("count")) return "a count";
    return std::to_string(figure.at("records").whole()) + " records";
}

std::string dayText(const std::string& iso) {
    const auto day = values::Date::fromIso(iso);
    return day ? day->text() : iso;
}

std::string listed(const std::vector<std::string>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

entrance::Tag levelTag(const std::string& level) {
    static const std::map<std::string, const char*> classes{{"delivered as intended", "govuk-tag--green"},
                                                            {"partly delivered", "govuk-tag--yellow"},
                                                            {"too little to judge", "govuk-tag--grey"},
                                                            {"planned", "govuk-tag--blue"},
                                                            {"not offered", "govuk-tag--orange"}};
    const auto found = classes.find(level);
    return {entrance::sentence(level), found == classes.end() ? "" : found->second};
}

entrance::Tag gradeTag(const std::string& grade) {
    static const std::map<std::string, const char*> classes{{"strong", "govuk-tag--turquoise"},
                                                            {"moderate", "govuk-tag--light-blue"},
                                                            {"limited", "govuk-tag--grey"},
                                                            {"none", "govuk-tag--grey"}};
    const auto found = classes.find(grade);
    return {entrance::sentence(grade == "none" ? "no evidence" : grade + " evidence"),
            found == classes.end() ? "" : found->second};
}

}  // namespace presentation
