#include "national/england_pages.h"

#include <fmt/format.h>

#include <algorithm>

#include "measures/level.h"

namespace national {

using england::Grouping;
using england::Rollup;
using platform::Transaction;
using values::Quarter;

std::optional<Asked> askedOf(Transaction& tx, const entrance::Visit& visit) {
    auto quarters = Rollup::quarters(tx);
    if (quarters.empty()) return std::nullopt;
    auto quarter =
        Quarter::parse(entrance::valueOf(visit.request.query, "quarter")).value_or(quarters.front());
    if (std::ranges::find(quarters, quarter) == quarters.end()) quarter = quarters.front();
    const auto grouping =
        england::groupingNamed(entrance::valueOf(visit.request.query, "by")).value_or(Grouping::region);
    return Asked{std::move(quarters), quarter, grouping};
}

Asked requiredAsked(Transaction& tx, const entrance::Visit& visit) {
    auto asked = askedOf(tx, visit);
    if (!asked) throw values::NotFound("nobody has signed a return");
    return std::move(*asked);
}

std::string queryOf(const Asked& asked) {
    return "?quarter=" + platform::urlEncoded(asked.quarter.name()) +
           "&by=" + england::groupingName(asked.grouping);
}

entrance::Field groupingChoice(const Asked& asked, bool hasAuthorities) {
    std::vector<entrance::Option> options{{"region", "Region"}, {"type", "Type of authority"}};
    if (hasAuthorities) options.push_back({"authority", "Authority, by name"});
    return entrance::choice("by", "By", options, england::groupingName(asked.grouping));
}

const guidance::Recommendation& recommendationOf(const guidance::Catalogue& catalogue,
                                                 const std::string& id) {
    for (const auto& guide : catalogue.guides)
        for (const auto& one : guide.recommendations)
            if (one.id == id) return one;
    throw values::NotFound("no such recommendation");
}

std::string coverageText(Transaction& tx, Quarter quarter, values::Date today) {
    const auto coverage = Rollup::coverage(tx, quarter, today);
    return fmt::format(
        "{} of {} authorities have signed their return for {}. Nothing is estimated for the others.",
        coverage.signedReturns, coverage.authorities, quarter.name());
}

std::string shareText(const england::ShownShare& share) {
    if (share.isHidden) return "hidden (c)";
    if (share.isUnreliable) return "not reliable (u)";
    if (share.percentOfUnits) return fmt::format("{}%", *share.percentOfUnits);
    return measures::percent(share.counts);
}

std::string countText(const england::ShownShare& share) {
    if (share.isHidden) return "–";
    if (share.percentOfUnits) return fmt::format("of {}", share.counts.denominator);
    return fmt::format("{} of {}", share.counts.numerator, share.counts.denominator);
}

const england::ShownShare* groupOf(const england::ShareTable& shares, const std::string& name) {
    const auto found = std::ranges::find(shares.groups, name, &england::ShownShare::group);
    return found == shares.groups.end() ? nullptr : &*found;
}

}  // namespace national
