#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "guidance/catalogue.h"
#include "identity/authority_id.h"
#include "statistics/disclosure.h"
#include "values/proportion.h"
#include "values/quarter.h"

/// England's figures: sums of what authorities signed, and nothing else. A return counts from the moment it
/// is signed.
namespace england {

/// By what a roll-up groups authorities.
enum class Grouping { region, type, authority };
std::optional<Grouping> groupingNamed(const std::string& name);
std::string groupingName(Grouping grouping);

/// Whether the quarter's returns are in.
struct Coverage {
    std::size_t signedReturns = 0;
    std::size_t authorities = 0;  ///< of the day
};

/// How many authorities stand where, for one recommendation in one quarter.
struct LevelCounts {
    std::string group;                          ///< England, or a region or type
    std::map<std::string, std::size_t> levels;  ///< by the level's words
    std::size_t authorities = 0;                ///< that signed

    std::size_t at(const std::string& level) const {
        const auto found = levels.find(level);
        return found == levels.end() ? 0 : found->second;
    }
};

/// A share as it may be shown: rounded counts, or hidden. The percentage is computed from the counts that are
/// shown.
struct ShownShare {
    std::string group;
    std::size_t authorities = 0;  ///< that signed and counted anything
    bool isHidden = false;        ///< a count that could give somebody away
    bool isUnreliable = false;    ///< fewer than twenty counted
    values::Proportion counts;    ///< rounded; means nothing where it is hidden
    /// Of a measure that sums units such as sessions: its share in whole per cent. `counts` then are people:
    /// how many stand behind it, and as many of them as come nearest to the share.
    std::optional<std::int64_t> percentOfUnits = std::nullopt;
};

/// One group's share beside England's, with how authorities are spread.
struct ShareTable {
    ShownShare england;
    std::vector<ShownShare> groups;  ///< by name, never by rank
    std::vector<double>
        quartiles;  ///< of authorities' shares that are shown: lowest, lower, middle, upper, highest
    std::size_t spreadOver = 0;
    std::vector<double> deciles;  ///< nine, of the same; empty for fewer than twenty authorities
    bool isOfUnits = false;       ///< of a measure that sums units, protected by the people behind them
};

/// The share of a group that somebody made up: the sum of what is shown of its members, so that it gives away
/// nothing that they do not.
struct GroupShare {
    values::Proportion counts;  ///< sums of rounded counts
    std::size_t shown = 0;      ///< so many members are in it
    std::size_t members = 0;
    bool isOfUnits = false;
};

/// What disclosure control does with the pages of this room, printed with them.
const statistics::DisclosurePolicy& policy();
constexpr std::int64_t kFewestCounted = 20;

class Rollup {
public:
    /// Quarters that anyone signed, the newest first.
    static std::vector<values::Quarter> quarters(platform::Transaction& tx);
    /// Code and name of every region, by name.
    static std::vector<std::pair<std::string, std::string>> regions(platform::Transaction& tx);
    static Coverage coverage(platform::Transaction& tx, values::Quarter quarter, values::Date today);
    /// Of every recommendation that a signed return speaks of: England alone.
    static std::map<std::string, LevelCounts> levels(platform::Transaction& tx, values::Quarter quarter);
    /// Of one recommendation: England first, then groups by name.
    static std::vector<LevelCounts> levels(platform::Transaction& tx, values::Quarter quarter,
                                           const std::string& recommendation, Grouping grouping);
    /// A measure over these interventions, of a run of quarters, by every grouping: protected once for all,
    /// by the people behind it.
    static std::map<Grouping, ShareTable> shares(platform::Transaction& tx,
                                                 const guidance::Catalogue& catalogue, values::Quarter first,
                                                 values::Quarter last,
                                                 const std::vector<std::string>& interventions,
                                                 const std::string& measure);
    /// The same by one.
    static ShareTable share(platform::Transaction& tx, const guidance::Catalogue& catalogue,
                            values::Quarter first, values::Quarter last,
                            const std::vector<std::string>& interventions, const std::string& measure,
                            Grouping grouping);
    /// England by the categories of a breakdown, such as `age_band`.
    static std::vector<ShownShare> breakdown(platform::Transaction& tx, const guidance::Catalogue& catalogue,
                                             values::Quarter first, values::Quarter last,
                                             const std::vector<std::string>& interventions,
                                             const std::string& measure, const std::string& breakdown);
};

/// The authorities that are most like one, by the newest model that is loaded; the most like first.
struct Neighbours {
    std::string edition;  ///< empty where no model is loaded, or it does not know the authority
    std::vector<std::string> names;
};
Neighbours neighboursOf(platform::Transaction& tx, const std::string& authority);

/// Authorities that an analyst looks at together.
struct AuthorityGroup {
    values::Id<AuthorityGroup> id;
    std::string title;
    std::vector<std::string> members;  ///< names
    std::string madeBy;
};
constexpr std::size_t kFewestInGroup = 3;

class AuthorityGroups {
public:
    static std::vector<AuthorityGroup> all(platform::Transaction& tx);
    /// Throws Invalid for fewer than three members.
    static void make(platform::Transaction& tx, values::Ids& ids, const std::string& title,
                     const std::vector<std::string>& members);
    /// Throws NotFound.
    static void remove(platform::Transaction& tx, values::Id<AuthorityGroup> id);
};

/// One authority's counts, with the groups that it is in.
struct UnitCounts {
    std::string authority;
    std::string region;
    std::string type;
    values::Proportion counts;
};
/// Pure: rounds, hides and adds up. Small counts, their complements and their sums are protected together,
/// whichever grouping is then looked at.
std::map<Grouping, ShareTable> protectedTables(const std::vector<UnitCounts>& units);
ShareTable protectedShares(const std::vector<UnitCounts>& units, Grouping grouping);
/// Pure: of a measure that sums units such as sessions. `people`: by each measure that counts those behind
/// them. What any of these hides is hidden, and everything where there is none.
std::map<Grouping, ShareTable> protectedTables(const std::vector<UnitCounts>& units,
                                               const std::vector<std::vector<UnitCounts>>& people);
/// Pure: the same of categories that exclude each other.
std::vector<ShownShare> protectedCategories(const std::map<std::string, values::Proportion>& categories);
std::vector<ShownShare> protectedCategories(
    const std::map<std::string, values::Proportion>& categories,
    const std::vector<std::map<std::string, values::Proportion>>& people);
/// Pure. `byAuthority`: a table grouped by authority.
GroupShare shareOfGroup(const ShareTable& byAuthority, const std::vector<std::string>& members);

}  // namespace england
