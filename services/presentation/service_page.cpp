#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "entrance/view.h"
#include "platform/http.h"
#include "presentation/charts.h"
#include "presentation/report_page.h"
#include "presentation/words.h"
#include "values/errors.h"

namespace presentation {

using entrance::row;
using entrance::table;
using nlohmann::json;

namespace {

std::string serviceAddress(const Place& place, const json& detail) {
    return place.address + "/services/" + platform::segmentEncoded(detail.at("service").get<std::string>());
}

json conditionsTable(const json& conditions, const std::string& unit) {
    json rows = json::array();
    const auto number = [](const json& records) { return std::to_string(records.get<std::int64_t>()); };
    rows.push_back(row("Records of the period", {number(conditions.at("placed"))}));
    for (const auto& one : conditions.at("left"))
        rows.push_back(
            row("Left out, because not: " + one.at("rule").get<std::string>(), {number(one.at("records"))}));
    rows.push_back(row("Counted", {number(conditions.at("counted"))}));
    for (const auto& one : conditions.at("uncounted"))
        rows.push_back(row("Counted below the line alone, because not: " + one.at("rule").get<std::string>(),
                           {number(one.at("records"))}));
    if (conditions.at("reached").get<std::int64_t>() > 0)
        rows.push_back(row("Counted above the line too", {number(conditions.at("reached"))}));
    return table("conditions", "How the records fall by condition (" + unit + ")", {"Condition", "Records"},
                 rows);
}

}  // namespace

json serviceView(platform::Transaction& tx, const adherence::KeptReport& report, const std::string& service,
                 const Place& place) {
    const auto detail = json::parse(adherence::Reports::detail(tx, report, "service:" + service));
    const auto address = serviceAddress(place, detail);
    json rows = json::array();
    for (const auto& [name, figure] : detail.at("figures").items()) {
        auto entry =
            row(figure.at("title"), {figureText(figure, figure.at("min_n").get<int>()), behindText(figure),
                                     figure.contains("denominator") ? intervalText(countsOf(figure)) : "–"});
        entry["href"] = address + "/measures/" + platform::segmentEncoded(name);
        rows.push_back(std::move(entry));
    }
    return {{"title", detail.at("name").get<std::string>() + ", " + report.period.name()},
            {"name", detail.at("name")},
            {"what", detail.at("intervention_name")},
            {"period", report.period.name()},
            {"known", entrance::sentence(report.known.text())},
            {"steps", stepsChart(detail.at("steps"))},
            {"profile", profileChart(detail.at("figures"))},
            {"figuresTable", table("figures", "Every figure of the service",
                                   {"Measure", "Figure", "Counts", "95% interval"}, rows)},
            {"back", {{"href", place.address}, {"text", "Back to the report"}}}};
}

json measureView(platform::Transaction& tx, const adherence::KeptReport& report, const std::string& service,
                 const std::string& measure, const Place& place) {
    const auto detail = json::parse(adherence::Reports::detail(tx, report, "service:" + service));
    const auto found = detail.at("figures").find(measure);
    if (found == detail.at("figures").end()) throw values::NotFound("no such measure");
    const auto& figure = *found;
    const auto title = figure.at("title").get<std::string>();
    json view{{"title", title + ", " + detail.at("name").get<std::string>()},
              {"name", title},
              {"service", detail.at("name")},
              {"period", report.period.name()},
              {"known", entrance::sentence(report.known.text())},
              {"figure", entrance::sentence(figureText(figure, figure.at("min_n").get<int>()))},
              {"counts", behindText(figure)},
              {"interval", figure.contains("denominator") ? intervalText(countsOf(figure)) : "–"},
              {"explanation", figure.at("explanation")},
              {"why", figure.at("why")},
              {"course", courseChart(figure)},
              {"hasConditions", figure.contains("conditions")},
              {"hasOthers", false},
              {"back", {{"href", serviceAddress(place, detail)}, {"text", "Back to the service"}}}};
    if (figure.contains("conditions"))
        view["conditionsTable"] = conditionsTable(figure.at("conditions"), figure.at("unit"));
    const auto others = adherence::Reports::findDetail(
        tx, report, "intervention:" + detail.at("intervention").get<std::string>());
    if (!others) return view;
    const auto all = json::parse(*others);
    const auto beside = all.find(measure);
    if (beside == all.end()) return view;
    view["hasOthers"] = true;
    view["intervention"] = detail.at("intervention_name");
    view["funnel"] = funnelChart(*beside, title);
    view["deciles"] = decilesChart(*beside, title);
    return view;
}

}  // namespace presentation
