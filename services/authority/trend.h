#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "authority/view.h"
#include "delivery/services.h"
#include "intake/keeper.h"
#include "results/cells.h"

namespace authority {

/// A point of the chart: per cent, with the 95% interval.
struct TrendPoint {
    values::Quarter quarter;
    bool isFew;
    bool hasAction;
    std::optional<double> value;
    std::optional<double> lower;
    std::optional<double> upper;

    platform::View view() const;
};

/// A measure in every quarter, newest last: for the chart and its table alike.
struct Trend {
    std::vector<TrendPoint> points;
    std::vector<Row> rows;
    std::string text;
};

/// What was done about a service or a measure, by the quarter in which it began or was closed.
using ActionsByQuarter = std::map<values::Quarter, std::vector<std::string>>;
ActionsByQuarter actionsBy(const std::vector<intake::RecordView>& actions, const delivery::Service& service,
                           const std::string& measure, const guidance::Catalogue& catalogue);

/// `title`: of the measure, as its text names it.
Trend trendOf(const results::FiguresByQuarter& figures, const std::string& measure, const std::string& title,
              const ActionsByQuarter& actions);

}  // namespace authority
