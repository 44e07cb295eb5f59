#pragma once

#include <optional>
#include <string>
#include <vector>

#include "guidance/catalogue.h"
#include "platform/database.h"

namespace evidence {

/// One entry in the life of a gap; never changed.
struct GapEntry {
    std::string status;  ///< open, call, study, reported, answered or closed
    std::string title;
    std::string detail;
    std::string address;
    values::Date happenedOn;
    std::string addedBy;
};

/// Where the evidence is missing, as a guide or an author of guides says.
struct Gap {
    std::string reference;
    std::string text;
    std::string guide;           ///< title and version of the guide that names it; empty for one of ours
    std::string recommendation;  ///< id; empty for none
    std::vector<GapEntry> life;  ///< the earliest first

    std::string status() const { return life.empty() ? "open" : life.back().status; }
};

struct GapStatus {
    const char* name;
    const char* words;
};
/// In the order of a gap's life.
const std::vector<GapStatus>& gapStatuses();
std::string gapStatusWords(const std::string& status);

class Gaps {
public:
    /// Those that guides name, and ours.
    static std::vector<Gap> all(platform::Transaction& tx, const guidance::Catalogue& catalogue);
    /// Throws NotFound.
    static Gap byReference(platform::Transaction& tx, const guidance::Catalogue& catalogue,
                           const std::string& reference);
    /// Gives its reference. Throws Invalid where the recommendation is not in the catalogue.
    static std::string add(platform::Transaction& tx, values::Ids& ids, const guidance::Catalogue& catalogue,
                           const std::string& text, const std::string& recommendation);
    /// Throws Invalid for a status that there is not, an address that is no https link, a day to come.
    static void note(platform::Transaction& tx, values::Ids& ids, const Gap& gap, const GapEntry& entry,
                     values::Date today);
};

}  // namespace evidence
