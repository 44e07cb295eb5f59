// Charts of many authorities: funnels and deciles, for one that looks at the others and for all of England.
#include <fmt/format.h>

#include <algorithm>

#include "presentation/charts.h"
#include "presentation/words.h"
#include "statistics/funnel.h"

namespace presentation {

using entrance::Row;
using entrance::row;
using entrance::table;
using platform::View;
using values::Proportion;

namespace {

/// Fewer authorities make no funnel.
constexpr std::size_t kFewestUnits = 5;

/// One authority of a funnel, without its name.
struct FunnelPoint {
    std::int64_t n;
    double value;
    bool isOwn;
    View view() const { return {{"n", n}, {"value", value}, {"own", isOwn}}; }
};

/// The limits of a funnel for one denominator.
struct FunnelLimits {
    std::int64_t n;
    double target;
    statistics::Interval near;
    statistics::Interval far;
    std::optional<statistics::Interval> adjusted;
    View view() const {
        View shown{{"n", n},
                   {"target", percent(target)},
                   {"lower95", percent(near.lower)},
                   {"upper95", percent(near.upper)},
                   {"lower998", percent(far.lower)},
                   {"upper998", percent(far.upper)}};
        if (adjusted)
            shown.add(
                {{"lowerAdjusted", percent(adjusted->lower)}, {"upperAdjusted", percent(adjusted->upper)}});
        return shown;
    }
};

struct Funnel {
    std::vector<FunnelPoint> points;
    std::vector<FunnelLimits> limits;
    View view() const { return {{"points", points}, {"limits", limits}}; }
};

using Dispersion = std::optional<statistics::Overdispersion>;

bool isAdjusted(const Dispersion& spread) { return spread && spread->tauSquared > 0; }

/// The lines of a funnel around a common share.
std::vector<FunnelLimits> linesOf(const std::vector<Proportion>& all, double target,
                                  const Dispersion& spread) {
    constexpr int kSteps = 40;
    std::int64_t most = 1;
    for (const auto& unit : all) most = std::max(most, unit.denominator);
    std::vector<FunnelLimits> lines;
    for (int i = 1; i <= kSteps; ++i) {
        const auto n = std::max<std::int64_t>(1, most * i / kSteps);
        lines.push_back({n, target, statistics::funnelLimits(target, n),
                         statistics::funnelLimits(target, n, statistics::kZ998), std::nullopt});
        if (isAdjusted(spread)) lines.back().adjusted = spread->limits(n, statistics::kZ998);
    }
    return lines;
}

std::vector<FunnelPoint> pointsOf(const std::vector<Proportion>& units) {
    std::vector<FunnelPoint> points;
    for (const auto& unit : units)
        if (const auto value = unit.value()) points.push_back({unit.denominator, percent(*value), false});
    return points;
}

/// How many units lie below, within and above limits.
struct Lying {
    std::size_t below = 0;
    std::size_t within = 0;
    std::size_t above = 0;
};

/// `limits`: those of a denominator.
template <class Limits>
Lying lyingOf(const std::vector<Proportion>& units, Limits limits) {
    Lying lying;
    for (const auto& unit : units) {
        const auto value = unit.value();
        if (!value) continue;
        const statistics::Interval far = limits(unit.denominator);
        ++(*value < far.lower ? lying.below : *value > far.upper ? lying.above : lying.within);
    }
    return lying;
}

auto outerLimits(double target) {
    return [target](std::int64_t n) { return statistics::funnelLimits(target, n, statistics::kZ998); };
}

/// Where the own authority lies, in words.
std::string placeOf(const Proportion& own, double target) {
    const auto value = own.value();
    if (!value) return "has nothing counted";
    const auto isOutside = [&](const statistics::Interval& limits) {
        return *value < limits.lower || *value > limits.upper;
    };
    if (isOutside(outerLimits(target)(own.denominator))) return "lies beyond the outer limits";
    if (isOutside(statistics::funnelLimits(target, own.denominator)))
        return "lies between the inner and the outer limits";
    return "lies within what chance explains";
}

Proportion sumOf(const std::vector<Proportion>& units) {
    Proportion sum;
    for (const auto& unit : units) {
        sum.numerator += unit.numerator;
        sum.denominator += unit.denominator;
    }
    return sum;
}

std::string funnelText(std::size_t authorities, bool hasAdjustedLimits) {
    return fmt::format(
        "Each point is an authority that counted ten or more, placed by how much; none is named. {} "
        "authorities, from signed returns. Inner lines hold 95%, outer lines 99.8% of what chance alone "
        "would "
        "give.{}",
        authorities,
        hasAdjustedLimits ? " Dotted lines: outer limits adjusted for differences between authorities that "
                            "the measure does not explain."
                          : "");
}

struct DecilePoint {
    std::string quarter;
    std::size_t decile;
    double value;
    View view() const { return {{"quarter", quarter}, {"decile", decile}, {"value", value}}; }
};

struct OwnPoint {
    std::string quarter;
    double value;
    View view() const { return {{"quarter", quarter}, {"value", value}}; }
};

struct Deciles {
    std::vector<DecilePoint> deciles;
    std::vector<OwnPoint> own;
    /// Draws the nine deciles of a quarter; gives the text of every other, for its row.
    std::vector<std::string> add(const std::string& quarter, const std::vector<double>& values) {
        std::vector<std::string> cells;
        for (std::size_t i = 0; i < values.size(); ++i) {
            deciles.push_back({quarter, i + 1, percent(values[i])});
            if (i % 2 == 0) cells.push_back(fmt::format("{:.0f}%", values[i] * 100));
        }
        return cells;
    }
    View view() const { return {{"deciles", deciles}, {"own", own}}; }
};

}  // namespace

Chart funnelChart(const View& others, const std::string& title) {
    std::vector<Proportion> units;
    for (const auto& one : others.at("units")) units.push_back({one.at(0).whole(), one.at(1).whole()});
    const auto own = countsOf(others.at("own"));
    auto all = units;
    if (own.denominator > 0) all.push_back(own);
    Chart made{"funnel", title + ": too few authorities to compare with",
               "Fewer than five other authorities have signed returns with this measure.", View(Funnel{}),
               table("funnel-table", title + ", beside other authorities",
                     {"Who", "Figure", "Counts", "Where it lies"}, std::vector<Row>{})};
    const auto target = statistics::funnelTarget(all);
    if (!target || units.size() < kFewestUnits) return made;
    const auto spread = statistics::overdispersion(all);
    const auto place = placeOf(own, *target);
    Funnel funnel{pointsOf(units), linesOf(all, *target, spread)};
    if (const auto value = own.value()) {
        funnel.points.push_back({own.denominator, percent(*value), true});
        made.table.rows.push_back(row("This authority", {shareText(own), countText(own), place}));
    }
    const auto lying = lyingOf(units, outerLimits(*target));
    made.table.rows.push_back(
        row("All authorities together", {fmt::format("{:.0f}%", *target * 100), countText(sumOf(all)),
                                         fmt::format("{} below, {} within, {} above the outer limits",
                                                     lying.below, lying.within, lying.above)}));
    made.title = title + ": this authority " + place;
    made.text = funnelText(all.size(), isAdjusted(spread));
    made.values = funnel;
    return made;
}

Chart decilesChart(const View& others, const std::string& title) {
    Deciles deciles;
    std::vector<Row> rows;
    std::string last;
    for (const auto& one : others.at("deciles")) {
        const auto quarter = one.at("quarter").text();
        std::vector<double> values;
        for (const auto& value : one.at("values")) values.push_back(value.fraction());
        auto cells = deciles.add(quarter, values);
        const auto& own = one.at("own");
        cells.push_back(own.isNothing() ? "–" : fmt::format("{:.0f}%", own.fraction() * 100));
        if (!own.isNothing()) {
            deciles.own.push_back({quarter, percent(own.fraction())});
            last = own.fraction() < values.at(4) ? "below the middle of authorities"
                                                 : "at or above the middle of authorities";
        }
        rows.push_back(row(quarter, cells));
    }
    const auto finding = last.empty() ? ": nothing counted here" : ": in the last quarter " + last;
    return {"deciles", title + (rows.empty() ? ": too few authorities for deciles" : finding),
            rows.empty() ? "No quarter has twenty authorities with signed returns."
                         : "Dashed lines: deciles of authorities that signed their return; solid: the "
                           "middle; thick: this authority. Quarters with fewer than twenty authorities are "
                           "left out.",
            View(deciles),
            table("deciles-table", title + ", deciles by quarter",
                  {"Quarter", "1st", "3rd", "Middle", "7th", "9th", "This authority"}, rows)};
}

Chart englandFunnelChart(const std::vector<Proportion>& units, const std::string& title) {
    Chart made{"funnel", title + ": too few authorities to compare",
               "Fewer than five authorities have enough to show.", View(Funnel{}),
               table("funnel-table", title + ", authorities by where they lie (99.8%)",
                     {"By", "Below", "Within", "Above"}, std::vector<Row>{})};
    const auto target = statistics::funnelTarget(units);
    if (!target || units.size() < kFewestUnits) return made;
    const auto spread = statistics::overdispersion(units);
    const auto add = [&](const char* heading, const Lying& lying) {
        made.table.rows.push_back(row(heading, {std::to_string(lying.below), std::to_string(lying.within),
                                                std::to_string(lying.above)}));
    };
    const auto lying = lyingOf(units, outerLimits(*target));
    add("Limits of chance alone", lying);
    if (isAdjusted(spread))
        add("Limits adjusted for overdispersion",
            lyingOf(units, [&](std::int64_t n) { return spread->limits(n, statistics::kZ998); }));
    made.title = fmt::format("{}: {} of {} authorities lie beyond what chance explains", title,
                             lying.below + lying.above, units.size());
    made.text =
        "Each point is an authority with enough to show, placed by how much it counted; none is named. Inner "
        "lines hold 95%, outer lines 99.8% of what chance alone would give. Counts are rounded; authorities "
        "whose counts are hidden are left out.";
    made.values = Funnel{pointsOf(units), linesOf(units, *target, spread)};
    return made;
}

Chart englandDecilesChart(const std::vector<DecilesOfQuarter>& quarters, const std::string& title) {
    Deciles deciles;
    std::vector<Row> rows;
    for (const auto& one : quarters) rows.push_back(row(one.quarter, deciles.add(one.quarter, one.deciles)));
    Chart made{"deciles", title + ": too few authorities for deciles",
               "No quarter has twenty authorities with enough to show.", View(deciles),
               table("deciles-table", title + ", deciles by quarter",
                     {"Quarter", "1st", "3rd", "Middle", "7th", "9th"}, rows)};
    if (quarters.empty()) return made;
    const auto middleOf = [](const DecilesOfQuarter& one) { return one.deciles.at(4) * 100; };
    made.title = fmt::format("{}: the middle authority went from {:.0f}% to {:.0f}%", title,
                             middleOf(quarters.front()), middleOf(quarters.back()));
    made.text =
        "Dashed lines: deciles of authorities with enough to show; solid: the middle. Quarters with fewer "
        "than "
        "twenty such authorities are left out.";
    return made;
}

}  // namespace presentation
