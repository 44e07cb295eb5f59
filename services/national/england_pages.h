#pragma once

#include <optional>
#include <string>
#include <vector>

#include "england/rollup.h"
#include "entrance/entrance.h"
#include "entrance/view.h"

namespace national {

// What England's pages share: what their addresses ask for, and how counts are shown.

/// What the address asks for, with what it chooses from.
struct Asked {
    std::vector<values::Quarter> quarters;
    values::Quarter quarter;
    england::Grouping grouping;
};

/// Nothing where nobody has signed a return.
std::optional<Asked> askedOf(platform::Transaction& tx, const entrance::Visit& visit);
/// The same; throws NotFound instead.
Asked requiredAsked(platform::Transaction& tx, const entrance::Visit& visit);
/// The same again, as it stands in an address.
std::string queryOf(const Asked& asked);

/// Regions or types, and authorities by name where the page can show them.
entrance::Field groupingChoice(const Asked& asked, bool hasAuthorities);

/// Throws NotFound.
const guidance::Recommendation& recommendationOf(const guidance::Catalogue& catalogue, const std::string& id);

/// How many of all authorities signed.
std::string coverageText(platform::Transaction& tx, values::Quarter quarter, values::Date today);

/// The percentage, or why there is none.
std::string shareText(const england::ShownShare& share);
std::string countText(const england::ShownShare& share);
/// The group with this name; nothing where it has no share.
const england::ShownShare* groupOf(const england::ShareTable& shares, const std::string& name);

}  // namespace national
