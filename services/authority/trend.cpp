#include "authority/trend.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "statistics/interval.h"

namespace authority {

using platform::View;

View TrendPoint::view() const {
    return {{"quarter", quarter.name()},
            {"few", isFew},
            {"action", hasAction ? View("▼") : View()},
            {"value", value},
            {"lower", lower},
            {"upper", upper}};
}

ActionsByQuarter actionsBy(const std::vector<intake::RecordView>& actions, const delivery::Service& service,
                           const std::string& measure, const guidance::Catalogue& catalogue) {
    ActionsByQuarter found;
    for (const auto& action : actions) {
        const auto about = entrance::valueOf(action.values, "about");
        bool isOurs = about == service.reference || about == measure;
        for (const auto& guide : catalogue.guides)
            for (const auto& one : guide.recommendations)
                isOurs = isOurs ||
                         (one.id == about && std::ranges::find(one.interventions, service.intervention) !=
                                                 one.interventions.end());
        if (!isOurs) continue;
        if (const auto day = values::Date::fromIso(entrance::valueOf(action.values, "raised_on")))
            found[values::Quarter::containing(*day)].push_back("begun: " + action.values.at("title"));
        if (const auto day = values::Date::fromIso(entrance::valueOf(action.values, "closed_on")))
            found[values::Quarter::containing(*day)].push_back("done: " + action.values.at("title"));
    }
    return found;
}

namespace {

TrendPoint pointOf(values::Quarter quarter, const values::Proportion& counts, bool hasAction) {
    const auto percent = [](double value) { return std::round(value * 1000) / 10; };
    TrendPoint point{quarter, isTooFew(counts), hasAction, {}, {}, {}};
    if (const auto share = counts.value()) point.value = percent(*share);
    if (const auto interval = statistics::wilson(counts)) {
        point.lower = percent(interval->lower);
        point.upper = percent(interval->upper);
    }
    return point;
}

/// `first` and `last`: the figures of the quarters with enough to judge, with their quarters; empty where
/// there is none.
std::string trendText(const std::string& title, const std::string& first, const std::string& last,
                      bool hasActions) {
    auto text = title + ": " +
                (last.empty()    ? std::string("every quarter has too few to judge.")
                 : first == last ? last + ", the only quarter with enough to judge."
                                 : first + ", " + last + ".") +
                " Bars show the 95% interval; hollow points rest on fewer than " +
                std::to_string(kFewestForShare) + ".";
    if (hasActions)
        text += " A triangle marks a quarter in which an action began or was done; the table says which.";
    return text;
}

}  // namespace

Trend trendOf(const results::FiguresByQuarter& figures, const std::string& measure, const std::string& title,
              const ActionsByQuarter& actions) {
    Trend trend;
    std::string last;
    std::string first;
    for (const auto& [quarter, byName] : figures) {
        const auto found = byName.find(measure);
        if (found == byName.end()) continue;
        const auto& counts = found->second.parts.proportion;
        const auto done = actions.find(quarter);
        trend.points.push_back(pointOf(quarter, counts, done != actions.end()));
        trend.rows.push_back(
            row(quarter.name(),
                {shareText(counts), countText(counts), intervalText(counts),
                 done == actions.end() ? "–" : fmt::format("{}", fmt::join(done->second, "; "))}));
        if (!counts.value() || isTooFew(counts)) continue;
        last = shareText(counts) + " in " + quarter.name();
        if (first.empty()) first = last;
    }
    trend.text = trendText(title, first, last, !actions.empty());
    return trend;
}

}  // namespace authority
