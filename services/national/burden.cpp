// What returns cost those who fill them in.
#include <fmt/format.h>

#include "entrance/view.h"
#include "national/door.h"
#include "returns/returns.h"
#include "statistics/quantile.h"

namespace national {

using platform::Response;
using platform::Transaction;
using platform::View;

namespace {

/// Below so many authorities a spread could be traced to one of them.
constexpr std::size_t kFewest = 5;

struct BurdenPage {
    std::vector<entrance::Row> minutes;  ///< of each quarter
    std::vector<entrance::Row> interactions;

    View view() const {
        const std::vector<std::string> headers{"Quarter", "Authorities", "Median", "Middle half",
                                               "Nine in ten below"};
        return {{"title", "Burden of returns"},
                {"minutesTable", entrance::table("minutes", "Minutes that a return takes", headers, minutes)},
                {"interactionsTable",
                 entrance::table("interactions", "Interactions that a return takes", headers, interactions)}};
    }
};

/// How many, the middle, the quartiles and the ninth decile; or that there are too few to show.
std::vector<std::string> spreadOf(std::vector<double> numbers) {
    const auto count = std::to_string(numbers.size());
    if (numbers.size() < kFewest) return {count, "too few to show", "–", "–"};
    const auto text = [&](double share) {
        return fmt::format("{:.0f}", *statistics::quantile(numbers, share));
    };
    return {count, text(0.5), text(0.25) + " to " + text(0.75), text(0.9)};
}

BurdenPage burdenPage(Transaction& tx) {
    BurdenPage page;
    for (const auto& quarter : returns::Returns::quartersWithEffort(tx)) {
        std::vector<double> took;
        std::vector<double> steps;
        for (const auto& effort : returns::Returns::effortEverywhere(tx, quarter)) {
            took.push_back(static_cast<double>(effort.seconds) / 60);
            steps.push_back(static_cast<double>(effort.interactions));
        }
        page.minutes.push_back(entrance::row(quarter.name(), spreadOf(std::move(took))));
        page.interactions.push_back(entrance::row(quarter.name(), spreadOf(std::move(steps))));
    }
    return page;
}

}  // namespace

Response Door::burden(entrance::Visit& visit) {
    BurdenPage page;
    database_.read([&](Transaction& tx) { page = burdenPage(tx); });
    return entrance_.render(visit, "national/burden", page);
}

}  // namespace national
