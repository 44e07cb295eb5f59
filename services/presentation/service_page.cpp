#include <fmt/format.h>

#include "platform/http.h"
#include "presentation/charts.h"
#include "presentation/report_page.h"
#include "presentation/words.h"
#include "values/errors.h"

namespace presentation {

using entrance::Link;
using entrance::Row;
using entrance::row;
using entrance::Table;
using entrance::table;
using platform::View;

namespace {

std::string serviceAddress(const Place& place, const View& detail) {
    return place.address + "/services/" + platform::segmentEncoded(detail.at("service").text());
}

Link backTo(const std::string& address, const std::string& what) { return {address, "Back to " + what}; }

/// `conditions`: how the records of a figure fall, rule by rule.
Table conditionsTable(const View& conditions, const std::string& unit) {
    std::vector<Row> rows;
    const auto add = [&](const std::string& heading, const View& records) {
        rows.push_back(row(heading, {std::to_string(records.whole())}));
    };
    add("Records of the period", conditions.at("placed"));
    for (const auto& one : conditions.at("left"))
        add("Left out, because not: " + one.at("rule").text(), one.at("records"));
    add("Counted", conditions.at("counted"));
    for (const auto& one : conditions.at("uncounted"))
        add("Counted below the line alone, because not: " + one.at("rule").text(), one.at("records"));
    if (conditions.at("reached").whole() > 0) add("Counted above the line too", conditions.at("reached"));
    return table("conditions", "How the records fall by condition (" + unit + ")", {"Condition", "Records"},
                 rows);
}

std::string intervalOf(const View& figure) {
    return figure.contains("denominator") ? intervalText(countsOf(figure)) : "–";
}

/// Every figure of a service, each with the way to what is behind it.
Table figuresTable(const View& figures, const std::string& address) {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < figures.size(); ++i) {
        const auto& figure = figures.at(i);
        rows.push_back({figure.at("title"),
                        {figureText(figure, fewestOf(figure)), behindText(figure), intervalOf(figure)},
                        address + "/measures/" + platform::segmentEncoded(figures.names()[i])});
    }
    return table("figures", "Every figure of the service", {"Measure", "Figure", "Counts", "95% interval"},
                 rows);
}

struct ServicePage {
    std::string name;
    std::string what;  ///< it runs
    std::string period;
    std::string known;
    Table figures;
    Chart steps;
    Chart profile;
    Link back;
    View view() const {
        return {{"title", name + ", " + period},
                {"name", name},
                {"what", what},
                {"period", period},
                {"known", known},
                {"figuresTable", figures},
                {"steps", steps},
                {"profile", profile},
                {"back", back}};
    }
};

/// A measure of all services of one intervention, beside other authorities.
struct Others {
    std::string intervention;
    Chart funnel;
    Chart deciles;
    View view() const { return {{"intervention", intervention}, {"funnel", funnel}, {"deciles", deciles}}; }
};

struct MeasurePage {
    std::string name;
    std::string service;
    std::string period;
    std::string known;
    std::string figure;
    std::string counts;
    std::string interval;
    std::string explanation;
    std::string why;
    std::optional<Table> conditions;
    Chart course;
    std::optional<Others> others;
    Link back;
    View view() const {
        return {{"title", name + ", " + service},
                {"name", name},
                {"service", service},
                {"period", period},
                {"known", known},
                {"figure", figure},
                {"counts", counts},
                {"interval", interval},
                {"explanation", explanation},
                {"why", why},
                {"conditionsTable", conditions},
                {"course", course},
                {"others", others},
                {"back", back}};
    }
};

std::optional<Others> othersOf(platform::Transaction& tx, const adherence::KeptReport& report,
                               const View& detail, const std::string& measure, const std::string& title) {
    const auto kept =
        adherence::Reports::findDetail(tx, report, "intervention:" + detail.at("intervention").text());
    if (!kept) return std::nullopt;
    const auto all = View::fromJson(*kept);
    const auto* beside = all.find(measure);
    if (beside == nullptr) return std::nullopt;
    return Others{detail.at("intervention_name"), funnelChart(*beside, title), decilesChart(*beside, title)};
}

}  // namespace

View serviceView(platform::Transaction& tx, const adherence::KeptReport& report, const std::string& service,
                 const Place& place) {
    const auto detail = View::fromJson(adherence::Reports::detail(tx, report, "service:" + service));
    const auto& figures = detail.at("figures");
    return ServicePage{detail.at("name"),
                       detail.at("intervention_name"),
                       report.period.name(),
                       entrance::sentence(report.known.text()),
                       figuresTable(figures, serviceAddress(place, detail)),
                       stepsChart(detail.at("steps")),
                       profileChart(figures),
                       backTo(place.address, "the report")};
}

View measureView(platform::Transaction& tx, const adherence::KeptReport& report, const std::string& service,
                 const std::string& measure, const Place& place) {
    const auto detail = View::fromJson(adherence::Reports::detail(tx, report, "service:" + service));
    const auto* found = detail.at("figures").find(measure);
    if (found == nullptr) throw values::NotFound("no such measure");
    const auto& figure = *found;
    const auto* conditions = figure.find("conditions");
    const auto title = figure.at("title").text();
    return MeasurePage{
        title,
        detail.at("name"),
        report.period.name(),
        entrance::sentence(report.known.text()),
        entrance::sentence(figureText(figure, fewestOf(figure))),
        behindText(figure),
        intervalOf(figure),
        figure.at("explanation"),
        figure.at("why"),
        conditions == nullptr ? std::nullopt : std::optional(conditionsTable(*conditions, figure.at("unit"))),
        courseChart(figure),
        othersOf(tx, report, detail, measure, title),
        backTo(serviceAddress(place, detail), "the service")};
}

}  // namespace presentation
