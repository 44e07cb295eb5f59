#include "presentation/charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "presentation/words.h"
#include "statistics/control_chart.h"
#include "statistics/interval.h"

namespace presentation {

using entrance::Row;
using entrance::row;
using entrance::table;
using platform::View;
using values::Proportion;

namespace {

/// Fewer reviews say nothing of a dimension.
constexpr long long kFewestReviews = 5;

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

/// One quarter of a course; numbers as they are drawn.
struct Point {
    std::string quarter;
    double value;
    std::string figure;
    std::string behind;
    std::optional<statistics::Interval> limits = std::nullopt;  ///< where there are any
    statistics::Signal signal = statistics::Signal::none;
    bool stands() const { return limits && signal != statistics::Signal::none; }
    View view() const {
        return {{"quarter", quarter},
                {"value", value},
                {"lower", limits ? View(limits->lower) : View()},
                {"upper", limits ? View(limits->upper) : View()},
                {"stands", stands()}};
    }
};

struct Course {
    bool isShare;
    std::vector<Point> points = {};       // NOLINT
    std::vector<Proportion> shares = {};  ///< of the points, where it is of shares
    std::vector<double> numbers = {};     ///< of the points, where it is not
    bool isWidened = false;               ///< its limits are, for its shares vary more than by chance
};

/// The quarters in which something was counted.
Course courseOf(const View& figure) {
    Course course{figure.at("is_share").isTrue()};
    for (const auto& one : figure.at("trend")) {
        const auto quarter = one.at("quarter").text();
        if (course.isShare) {
            const auto counts = countsOf(one);
            if (counts.denominator == 0) continue;
            course.shares.push_back(counts);
            course.points.push_back(
                {quarter, percent(*counts.value()), shareText(counts), countText(counts)});
            continue;
        }
        const auto& value = one.contains("count") ? one.at("count") : one.at("value");
        if (value.isNothing()) continue;
        course.numbers.push_back(value.fraction());
        course.points.push_back({quarter, value.fraction(), figureText(one), behindText(one)});
    }
    return course;
}

/// Limits for each point; fewer where none can be told.
std::vector<statistics::ChartPoint> limitsOf(Course& course) {
    if (course.points.size() < statistics::kFewestForTrialLimits) return {};
    if (!course.isShare) {
        const auto chart = statistics::xmr(course.numbers);
        return chart ? chart->points : std::vector<statistics::ChartPoint>{};
    }
    auto chart = statistics::proportionChart(course.shares);
    course.isWidened = chart && chart->overdispersion > 1;
    if (course.isWidened) chart = statistics::proportionChart(course.shares, true);
    return chart ? chart->points : std::vector<statistics::ChartPoint>{};
}

void addLimits(Course& course) {
    const auto drawn = [&](double value) {
        return course.isShare ? percent(std::clamp(value, 0.0, 1.0)) : value;
    };
    const auto limits = limitsOf(course);
    for (std::size_t i = 0; i < limits.size() && i < course.points.size(); ++i) {
        auto& point = course.points[i];
        point.limits = {drawn(limits[i].lower), drawn(limits[i].upper)};
        point.signal = limits[i].signal;
    }
}

std::string limitsText(std::size_t points) {
    if (points < statistics::kFewestForTrialLimits)
        return fmt::format("{} {}: too few for limits.", points, points == 1 ? "quarter" : "quarters");
    if (points < statistics::kFewestForLimits)
        return fmt::format("Trial limits: {} quarters, and twelve are needed for firm ones.", points);
    return fmt::format("Limits from {} quarters.", points);
}

/// What a course comes to: the finding that its title says.
std::string courseTitle(const std::string& title, const std::vector<Point>& points) {
    if (points.empty()) return title + ": nothing counted in any quarter";
    if (points.size() < statistics::kFewestForTrialLimits)
        return title + ": too few quarters to tell change from chance";
    if (points.back().stands()) return title + ": the last quarter stands out from its usual course";
    if (std::ranges::any_of(points, &Point::stands))
        return title + ": it stood out before, and not in the last quarter";
    return title + ": no quarter stands out from what chance explains";
}

std::string courseText(const Course& course) {
    std::string text;
    if (!course.points.empty()) {
        const auto& first = course.points.front();
        const auto& last = course.points.back();
        text = fmt::format("{} in {}, {} in {}. ", entrance::sentence(first.figure), first.quarter,
                           last.figure, last.quarter);
    }
    text += limitsText(course.points.size());
    if (course.isWidened)
        text += " The limits are widened, because the shares vary more than chance alone would.";
    return text + " Filled points stand out by the rules of Making Data Count.";
}

Row pointRow(const Point& point, bool isShare) {
    const auto text = [&](double value) {
        return isShare ? fmt::format("{:.0f}%", value) : fmt::format("{:.2f}", value);
    };
    return row(point.quarter,
               {point.figure, point.behind,
                point.limits ? text(point.limits->lower) + " to " + text(point.limits->upper) : "–",
                point.limits ? signalText(point.signal) : "–"});
}

struct Dimension {
    std::string name;
    double score;
    View view() const { return {{"dimension", name}, {"value", percent(score)}}; }
};

struct Step {
    std::string step;
    long long episodes;
    View view() const { return {{"step", step}, {"episodes", episodes}}; }
};

}  // namespace

View Chart::view() const {
    return {{"chartId", specification}, {"specification", specification}, {"chartTitle", title},
            {"chartText", text},        {"chartValues", values.json()},   {"chartTable", table}};
}

Chart courseChart(const View& figure) {
    const auto title = figure.at("title").text();
    auto course = courseOf(figure);
    addLimits(course);
    std::vector<Row> rows;
    for (const auto& point : course.points) rows.push_back(pointRow(point, course.isShare));
    return {"course", courseTitle(title, course.points), courseText(course), course.points,
            table("course-table", title + ", by quarter",
                  {"Quarter", "Figure", "Counts", "Limits", "Stands out"}, rows)};
}

Chart profileChart(const View& figures) {
    static constexpr std::array<std::pair<const char*, const char*>, 4> kDimensions{
        {{"adherence_score", "Adherence"},
         {"exposure_score", "Exposure"},
         {"quality_score", "Quality"},
         {"responsiveness_score", "Responsiveness"}}};
    std::vector<Dimension> dimensions;
    std::vector<Row> rows;
    for (const auto& [name, title] : kDimensions) {
        const auto* found = figures.find(name);
        if (found == nullptr) continue;
        const auto& value = found->at("value");
        const auto reviews = found->at("records").whole();
        const bool isKnown = !value.isNothing() && reviews >= kFewestReviews;
        rows.push_back(
            row(title, {isKnown ? fmt::format("{:.0f}%", value.fraction() * 100) : "too few to judge",
                        std::to_string(reviews)}));
        if (isKnown) dimensions.push_back({title, value.fraction()});
    }
    Chart made{
        "profile", "Dimensions of fidelity: too few reviews to show",
        "A dimension is shown from five complete reviews on.", dimensions,
        table("profile-table", "Dimensions of fidelity", {"Dimension", "Mean score", "Reviews"}, rows)};
    if (dimensions.empty()) return made;
    const auto lowest = std::ranges::min_element(
        dimensions, {}, [](const Dimension& one) { return std::pair(one.score, one.name); });
    made.title = "Dimensions of fidelity: " + lowest->name + " is lowest";
    made.text =
        "Mean scores of complete reviews, dimension by dimension. They are not added up: no study says how.";
    return made;
}

Chart stepsChart(const View& steps) {
    std::vector<Step> values;
    std::vector<Row> rows;
    double mostLost = -1;
    std::string where;
    for (const auto& one : steps) {
        const Step step{one.at("step"), one.at("episodes").whole()};
        const auto* before = values.empty() ? nullptr : &values.back();
        const Proportion kept{before == nullptr ? 0 : step.episodes,
                              before == nullptr ? 0 : before->episodes};
        rows.push_back(
            row(step.step, {std::to_string(step.episodes), before == nullptr ? "–" : shareText(kept)}));
        if (kept.denominator >= kFewest && 1 - *kept.value() > mostLost) {
            mostLost = 1 - *kept.value();
            where = before->step + " to " + entrance::sentence(step.step);
        }
        values.push_back(step);
    }
    Chart made{"steps", "From referral to completion: nobody was referred in the period", "", values,
               table("steps-table", "From referral to completion", {"Step", "Episodes", "Of the step before"},
                     rows)};
    if (!where.empty()) {
        made.title = "From referral to completion: most are lost from " + where;
        made.text =
            "One cohort: those referred in the period, and how many of them reached each step on whatever "
            "date. Who was referred lately has had less time.";
    } else if (!values.empty() && values.front().episodes > 0) {
        made.title = "From referral to completion: too few to say where most are lost";
    }
    return made;
}

}  // namespace presentation
