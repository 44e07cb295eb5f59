#include "authority/quarters.h"

#include <algorithm>

#include "results/cells.h"

namespace authority {

using values::Quarter;

Quarters quartersOf(platform::Transaction& tx, const Visit& visit, values::Date today) {
    values::Reader query(visit.request.query);
    const auto asked = query.optionalQuarter("quarter");
    query.refuseProblems();
    const auto lastEnded = Quarter::containing(today).previous();
    const auto known = results::Cells::quartersOf(tx, visit.authority());
    const auto first = known ? known->first : lastEnded;
    const auto last = known ? known->second : lastEnded;
    return {std::min(first, asked.value_or(first)), std::max(last, asked.value_or(last)),
            asked.value_or(std::clamp(lastEnded, first, last))};
}

Field quarterChoice(const Quarters& quarters) {
    std::vector<Option> options;
    for (auto quarter = quarters.last; quarter >= quarters.first; quarter = quarter.previous())
        options.push_back({quarter.slug(), quarter.name() + ", " + quarter.months()});
    return choice("quarter", "Quarter", options, quarters.chosen.slug());
}

}  // namespace authority
