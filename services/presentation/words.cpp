#include "presentation/words.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "entrance/view.h"
#include "measures/level.h"
#include "statistics/interval.h"
#include "values/date.h"

namespace presentation {

using nlohmann::json;
using values::Proportion;

Proportion countsOf(const json& figure) { return {figure.at("numerator"), figure.at("denominator")}; }

std::string shareText(const Proportion& counts, int fewest) {
    if (counts.denominator == 0) return "–";
    return counts.denominator < fewest ? "too few to judge" : measures::percent(counts);
}

std::string countText(const Proportion& counts) {
    return std::to_string(counts.numerator) + " of " + std::to_string(counts.denominator);
}

std::string intervalText(const Proportion& counts) {
    const auto interval = statistics::wilson(counts);
    if (!interval) return "–";
    return fmt::format("{:.0f}% to {:.0f}%", interval->lower * 100, interval->upper * 100);
}

std::string figureText(const json& figure, int fewest) {
    if (figure.contains("denominator")) return shareText(countsOf(figure), fewest);
    if (figure.contains("count")) return std::to_string(figure.at("count").get<long>());
    if (figure.at("value").is_null()) return "–";
    return fmt::format("{:.2f}", figure.at("value").get<double>());
}

std::string behindText(const json& figure) {
    if (figure.contains("denominator")) return countText(countsOf(figure));
    if (figure.contains("count")) return "a count";
    return std::to_string(figure.at("records").get<long>()) + " records";
}

std::string dayText(const std::string& iso) {
    const auto day = values::Date::fromIso(iso);
    return day ? day->text() : iso;
}

json levelTag(const std::string& level) {
    static const std::map<std::string, const char*> classes{{"delivered as intended", "govuk-tag--green"},
                                                            {"partly delivered", "govuk-tag--yellow"},
                                                            {"too little to judge", "govuk-tag--grey"},
                                                            {"planned", "govuk-tag--blue"},
                                                            {"not offered", "govuk-tag--orange"}};
    const auto found = classes.find(level);
    return {{"text", entrance::sentence(level)}, {"classes", found == classes.end() ? "" : found->second}};
}

json gradeTag(const std::string& grade) {
    static const std::map<std::string, const char*> classes{{"strong", "govuk-tag--turquoise"},
                                                            {"moderate", "govuk-tag--light-blue"},
                                                            {"limited", "govuk-tag--grey"},
                                                            {"none", "govuk-tag--grey"}};
    const auto found = classes.find(grade);
    return {{"text", entrance::sentence(grade == "none" ? "no evidence" : grade + " evidence")},
            {"classes", found == classes.end() ? "" : found->second}};
}

}  // namespace presentation
