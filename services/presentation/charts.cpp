#include "presentation/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

#include "entrance/view.h"
#include "presentation/words.h"
#include "statistics/control_chart.h"
#include "statistics/funnel.h"

namespace presentation {

using entrance::row;
using entrance::table;
using nlohmann::json;
using values::Proportion;

namespace {

/// A chart with what says the same without it.
struct Chart {
    std::string specification;
    std::string title;
    std::string text;
    json values;
    json table;

    json view() const {
        auto shown = table;
        shown["id"] = specification + "-table";
        return {{"chartId", specification}, {"specification", specification}, {"chartTitle", title},
                {"chartText", text},        {"chartValues", values.dump()},   {"chartTable", shown}};
    }
};

double percent(double share) { return std::round(share * 1000) / 10; }

std::string signalText(statistics::Signal signal) {
    switch (signal) {
        case statistics::Signal::astronomical:
            return "beyond a limit";
        case statistics::Signal::trend:
            return "part of a trend of seven";
        case statistics::Signal::twoOfThree:
            return "two of three near a limit";
        case statistics::Signal::shift:
            return "part of a run of seven on one side";
        case statistics::Signal::none:
            return "–";
    }
    return "";
}

/// One quarter of a course.
struct Point {
    std::string quarter;
    double value;
    std::string figure;
    std::string behind;
    statistics::ChartPoint limits{};
    bool hasLimits = false;
};

std::string limitsText(std::size_t points) {
    if (points < statistics::kFewestForTrialLimits)
        return fmt::format("{} {}: too few for limits.", points, points == 1 ? "quarter" : "quarters");
    if (points < statistics::kFewestForLimits)
        return fmt::format("Trial limits: {} quarters, and twelve are needed for firm ones.", points);
    return fmt::format("Limits from {} quarters.", points);
}

/// What a course comes to: the finding that its title says.
std::string courseTitle(const std::string& title, const std::vector<Point>& points) {
    const auto isSignal = [](const Point& one) {
        return one.hasLimits && one.limits.signal != statistics::Signal::none;
    };
    if (points.empty()) return title + ": nothing counted in any quarter";
    if (points.size() < statistics::kFewestForTrialLimits)
        return title + ": too few quarters to tell change from chance";
    if (isSignal(points.back())) return title + ": the last quarter stands out from its usual course";
    if (std::ranges::any_of(points, isSignal))
        return title + ": it stood out before, and not in the last quarter";
    return title + ": no quarter stands out from what chance explains";
}

/// The lines of a funnel around a common share.
json limitsOf(const std::vector<Proportion>& all, double target,
              const std::optional<statistics::Overdispersion>& spread) {
    json limits = json::array();
    std::int64_t most = 1;
    for (const auto& unit : all) most = std::max(most, unit.denominator);
    constexpr int kSteps = 40;
    for (int i = 1; i <= kSteps; ++i) {
        const auto n = std::max<std::int64_t>(1, most * i / kSteps);
        const auto near = statistics::funnelLimits(target, n);
        const auto far = statistics::funnelLimits(target, n, statistics::kZ998);
        json line{{"n", n},
                  {"target", percent(target)},
                  {"lower95", percent(near.lower)},
                  {"upper95", percent(near.upper)},
                  {"lower998", percent(far.lower)},
                  {"upper998", percent(far.upper)}};
        if (spread && spread->tauSquared > 0) {
            const auto adjusted = spread->limits(n, statistics::kZ998);
            line["lowerAdjusted"] = percent(adjusted.lower);
            line["upperAdjusted"] = percent(adjusted.upper);
        }
        limits.push_back(std::move(line));
    }
    return limits;
}

}  // namespace

json courseChart(const json& figure) {
    const auto title = figure.at("title").get<std::string>();
    const bool isShare = figure.at("is_share").get<bool>();
    std::vector<Point> points;
    std::vector<Proportion> shares;
    std::vector<double> numbers;
    for (const auto& one : figure.at("trend")) {
        const auto quarter = one.at("quarter").get<std::string>();
        if (isShare) {
            const auto counts = countsOf(one);
            if (counts.denominator == 0) continue;
            shares.push_back(counts);
            points.push_back({quarter, percent(*counts.value()), shareText(counts), countText(counts)});
        } else {
            const auto& value = one.contains("count") ? one.at("count") : one.at("value");
            if (value.is_null()) continue;
            numbers.push_back(value.get<double>());
            points.push_back({quarter, value.get<double>(), figureText(one), behindText(one)});
        }
    }
    bool isWidened = false;
    if (points.size() >= statistics::kFewestForTrialLimits) {
        std::vector<statistics::ChartPoint> limits;
        if (isShare) {
            auto chart = statistics::proportionChart(shares);
            isWidened = chart && chart->overdispersion > 1;
            if (isWidened) chart = statistics::proportionChart(shares, true);
            if (chart) limits = chart->points;
        } else if (const auto chart = statistics::xmr(numbers)) {
            limits = chart->points;
        }
        for (std::size_t i = 0; i < limits.size() && i < points.size(); ++i) {
            points[i].limits = limits[i];
            points[i].hasLimits = true;
        }
    }
    Chart made{"course", courseTitle(title, points), "", json::array(), {}};
    json rows = json::array();
    for (const auto& one : points) {
        const auto shown = [&](double value) {
            return isShare ? percent(std::clamp(value, 0.0, 1.0)) : value;
        };
        const auto text = [&](double value) {
            return isShare ? fmt::format("{:.0f}%", shown(value)) : fmt::format("{:.2f}", value);
        };
        made.values.push_back({{"quarter", one.quarter},
                               {"value", one.value},
                               {"lower", one.hasLimits ? json(shown(one.limits.lower)) : json()},
                               {"upper", one.hasLimits ? json(shown(one.limits.upper)) : json()},
                               {"stands", one.hasLimits && one.limits.signal != statistics::Signal::none}});
        rows.push_back(
            row(one.quarter, {one.figure, one.behind,
                              one.hasLimits ? text(one.limits.lower) + " to " + text(one.limits.upper) : "–",
                              one.hasLimits ? signalText(one.limits.signal) : "–"}));
    }
    made.text =
        (points.empty() ? std::string()
                        : fmt::format("{} in {}, {} in {}. ", entrance::sentence(points.front().figure),
                                      points.front().quarter, points.back().figure, points.back().quarter)) +
        limitsText(points.size()) +
        (isWidened ? " The limits are widened, because the shares vary more than chance alone would." : "") +
        " Filled points stand out by the rules of Making Data Count.";
    made.table =
        table("", title + ", by quarter", {"Quarter", "Figure", "Counts", "Limits", "Stands out"}, rows);
    return made.view();
}

json funnelChart(const json& others, const std::string& title) {
    std::vector<Proportion> units;
    for (const auto& one : others.at("units")) units.push_back({one.at(0), one.at(1)});
    const auto own = countsOf(others.at("own"));
    auto all = units;
    if (own.denominator > 0) all.push_back(own);
    Chart made{"funnel", title + ": too few authorities to compare with", "", json::object(), {}};
    made.values = {{"points", json::array()}, {"limits", json::array()}};
    json rows = json::array();
    const auto target = statistics::funnelTarget(all);
    const auto spread = statistics::overdispersion(all);
    if (target && units.size() >= 5) {
        made.values["limits"] = limitsOf(all, *target, spread);
        std::array<std::size_t, 3> outside{};
        for (const auto& unit : units) {
            const auto value = unit.value();
            if (!value) continue;
            made.values["points"].push_back(
                {{"n", unit.denominator}, {"value", percent(*value)}, {"own", false}});
            const auto far = statistics::funnelLimits(*target, unit.denominator, statistics::kZ998);
            ++outside.at(*value < far.lower ? 0 : *value > far.upper ? 2 : 1);
        }
        std::string place = "has nothing counted";
        if (const auto value = own.value()) {
            made.values["points"].push_back(
                {{"n", own.denominator}, {"value", percent(*value)}, {"own", true}});
            const auto far = statistics::funnelLimits(*target, own.denominator, statistics::kZ998);
            const auto near = statistics::funnelLimits(*target, own.denominator);
            place = *value < far.lower || *value > far.upper ? "lies beyond the outer limits"
                    : *value < near.lower || *value > near.upper
                        ? "lies between the inner and the outer limits"
                        : "lies within what chance explains";
            rows.push_back(row("This authority", {shareText(own), countText(own), place}));
        }
        made.title = title + ": this authority " + place;
        rows.push_back(
            row("All authorities together", {fmt::format("{:.0f}%", *target * 100), countText([&] {
                                                 Proportion sum;
                                                 for (const auto& unit : all) {
                                                     sum.numerator += unit.numerator;
                                                     sum.denominator += unit.denominator;
                                                 }
                                                 return sum;
                                             }()),
                                             fmt::format("{} below, {} within, {} above the outer limits",
                                                         outside[0], outside[1], outside[2])}));
        made.text = fmt::format(
            "Each point is an authority that counted ten or more, placed by how much; none is named. {} "
            "authorities, from "
            "signed returns. "
            "Inner lines hold 95%, outer lines 99.8% of what chance alone would give.{}",
            all.size(),
            spread && spread->tauSquared > 0 ? " Dotted lines: outer limits adjusted for differences between "
                                               "authorities that the measure does not explain."
                                             : "");
    } else {
        made.text = "Fewer than five other authorities have signed returns with this measure.";
    }
    made.table =
        table("", title + ", beside other authorities", {"Who", "Figure", "Counts", "Where it lies"}, rows);
    return made.view();
}

json decilesChart(const json& others, const std::string& title) {
    Chart made{"deciles", title + ": too few authorities for deciles", "", json::object(), {}};
    made.values = {{"deciles", json::array()}, {"own", json::array()}};
    json rows = json::array();
    std::string last;
    for (const auto& one : others.at("deciles")) {
        const auto quarter = one.at("quarter").get<std::string>();
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < 9; ++i) {
            const auto value = one.at("values").at(i).get<double>();
            made.values["deciles"].push_back(
                {{"quarter", quarter}, {"decile", i + 1}, {"value", percent(value)}});
            if (i == 0 || i == 2 || i == 4 || i == 6 || i == 8)
                cells.push_back(fmt::format("{:.0f}%", value * 100));
        }
        if (!one.at("own").is_null()) {
            const auto own = one.at("own").get<double>();
            made.values["own"].push_back({{"quarter", quarter}, {"value", percent(own)}});
            const auto middle = one.at("values").at(4).get<double>();
            last = own < middle ? "below the middle of authorities" : "at or above the middle of authorities";
            cells.push_back(fmt::format("{:.0f}%", own * 100));
        } else {
            cells.emplace_back("–");
        }
        rows.push_back(row(quarter, cells));
    }
    if (!rows.empty()) {
        made.title = title + (last.empty() ? ": nothing counted here" : ": in the last quarter " + last);
        made.text =
            "Dashed lines: deciles of authorities that signed their return; solid: the middle; thick: this "
            "authority. "
            "Quarters with fewer than twenty authorities are left out.";
    } else {
        made.text = "No quarter has twenty authorities with signed returns.";
    }
    made.table = table("", title + ", deciles by quarter",
                       {"Quarter", "1st", "3rd", "Middle", "7th", "9th", "This authority"}, rows);
    return made.view();
}

json profileChart(const json& figures) {
    static constexpr std::array<std::pair<const char*, const char*>, 4> kDimensions{
        {{"adherence_score", "Adherence"},
         {"exposure_score", "Exposure"},
         {"quality_score", "Quality"},
         {"responsiveness_score", "Responsiveness"}}};
    Chart made{"profile", "Dimensions of fidelity: too few reviews to show", "", json::array(), {}};
    json rows = json::array();
    std::pair<double, std::string> lowest{2, ""};
    for (const auto& [name, title] : kDimensions) {
        const auto found = figures.find(name);
        if (found == figures.end()) continue;
        const bool isKnown = !found->at("value").is_null() && found->at("records").get<int>() >= 5;
        rows.push_back(row(title, {isKnown ? fmt::format("{:.0f}%", found->at("value").get<double>() * 100)
                                           : "too few to judge",
                                   std::to_string(found->at("records").get<int>())}));
        if (!isKnown) continue;
        const auto value = found->at("value").get<double>();
        made.values.push_back({{"dimension", title}, {"value", percent(value)}});
        lowest = std::min(lowest, {value, title});
    }
    if (!lowest.second.empty()) {
        made.title = "Dimensions of fidelity: " + lowest.second + " is lowest";
        made.text =
            "Mean scores of complete reviews, dimension by dimension. They are not added up: no study says "
            "how.";
    } else {
        made.text = "A dimension is shown from five complete reviews on.";
    }
    made.table = table("", "Dimensions of fidelity", {"Dimension", "Mean score", "Reviews"}, rows);
    return made.view();
}

json stepsChart(const json& steps) {
    Chart made{
        "steps", "From referral to completion: nobody was referred in the period", "", json::array(), {}};
    json rows = json::array();
    const json* before = nullptr;
    std::pair<double, std::string> largest{-1, ""};
    for (const auto& one : steps) {
        const auto step = one.at("step").get<std::string>();
        const auto episodes = one.at("episodes").get<std::int64_t>();
        Proportion kept;
        if (before != nullptr) kept = {episodes, before->at("episodes").get<std::int64_t>()};
        rows.push_back(row(step, {std::to_string(episodes), before == nullptr ? "–" : shareText(kept)}));
        made.values.push_back({{"step", step}, {"episodes", episodes}});
        if (before != nullptr && kept.denominator >= kFewest) {
            const double lost = 1 - *kept.value();
            if (lost > largest.first)
                largest = {lost, before->at("step").get<std::string>() + " to " + entrance::sentence(step)};
        }
        before = &one;
    }
    if (!largest.second.empty()) {
        made.title = "From referral to completion: most are lost from " + largest.second;
        made.text =
            "One cohort: those referred in the period, and how many of them reached each step on whatever "
            "date. Who was "
            "referred lately has had less time.";
    } else if (!steps.empty() && steps.front().at("episodes").get<int>() > 0) {
        made.title = "From referral to completion: too few to say where most are lost";
    }
    made.table = table("", "From referral to completion", {"Step", "Episodes", "Of the step before"}, rows);
    return made.view();
}

json englandFunnelChart(const std::vector<Proportion>& units, const std::string& title) {
    Chart made{"funnel", title + ": too few authorities to compare", "", json::object(), {}};
    made.values = {{"points", json::array()}, {"limits", json::array()}};
    json rows = json::array();
    const auto target = statistics::funnelTarget(units);
    const auto spread = statistics::overdispersion(units);
    if (target && units.size() >= 5) {
        made.values["limits"] = limitsOf(units, *target, spread);
        std::array<std::size_t, 3> outside{};
        std::array<std::size_t, 3> adjusted{};
        for (const auto& unit : units) {
            const auto value = unit.value();
            if (!value) continue;
            made.values["points"].push_back(
                {{"n", unit.denominator}, {"value", percent(*value)}, {"own", false}});
            const auto count = [&](const auto& limits, std::array<std::size_t, 3>& into) {
                ++into.at(*value < limits.lower ? 0 : *value > limits.upper ? 2 : 1);
            };
            count(statistics::funnelLimits(*target, unit.denominator, statistics::kZ998), outside);
            if (spread) count(spread->limits(unit.denominator, statistics::kZ998), adjusted);
        }
        made.title = fmt::format("{}: {} of {} authorities lie beyond what chance explains", title,
                                 outside[0] + outside[2], units.size());
        const auto line = [&](const char* heading, const std::array<std::size_t, 3>& of) {
            rows.push_back(
                row(heading, {std::to_string(of[0]), std::to_string(of[1]), std::to_string(of[2])}));
        };
        line("Limits of chance alone", outside);
        if (spread && spread->tauSquared > 0) line("Limits adjusted for overdispersion", adjusted);
        made.text =
            "Each point is an authority with enough to show, placed by how much it counted; none is named. "
            "Inner lines "
            "hold 95%, outer lines 99.8% of what chance alone would give. Counts are rounded; authorities "
            "whose counts "
            "are hidden are left out.";
    } else {
        made.text = "Fewer than five authorities have enough to show.";
    }
    made.table = table("", title + ", authorities by where they lie (99.8%)",
                       {"By", "Below", "Within", "Above"}, rows);
    return made.view();
}

json englandDecilesChart(const std::vector<DecilesOfQuarter>& quarters, const std::string& title) {
    Chart made{"deciles", title + ": too few authorities for deciles", "", json::object(), {}};
    made.values = {{"deciles", json::array()}, {"own", json::array()}};
    json rows = json::array();
    for (const auto& one : quarters) {
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < one.deciles.size(); ++i) {
            made.values["deciles"].push_back(
                {{"quarter", one.quarter}, {"decile", i + 1}, {"value", percent(one.deciles[i])}});
            if (i % 2 == 0) cells.push_back(fmt::format("{:.0f}%", one.deciles[i] * 100));
        }
        rows.push_back(row(one.quarter, cells));
    }
    if (rows.empty()) {
        made.text = "No quarter has twenty authorities with enough to show.";
    } else {
        const auto middleOf = [](const DecilesOfQuarter& one) { return one.deciles.at(4) * 100; };
        made.title = fmt::format("{}: the middle authority went from {:.0f}% to {:.0f}%", title,
                                 middleOf(quarters.front()), middleOf(quarters.back()));
        made.text =
            "Dashed lines: deciles of authorities with enough to show; solid: the middle. Quarters with "
            "fewer "
            "than twenty such authorities are left out.";
    }
    made.table =
        table("", title + ", deciles by quarter", {"Quarter", "1st", "3rd", "Middle", "7th", "9th"}, rows);
    return made.view();
}

}  // namespace presentation
