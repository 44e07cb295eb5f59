#pragma once

#include "platform/database.h"
#include "releases/tables.h"

namespace releases {

/// The newest signed return of every authority of the quarter, as it stands now.
Snapshot snapshotNow(platform::Transaction& tx, values::Quarter quarter);
/// The same of the returns that a release was made of.
Snapshot snapshotOf(platform::Transaction& tx, values::Quarter quarter,
                    const std::map<std::string, std::string>& returnsByAuthority);

/// What a reader should know of the data behind a snapshot.
struct Quality {
    std::size_t returned = 0;
    std::size_t authorities = 0;
    std::map<std::string, std::pair<std::size_t, std::size_t>> byRegion;  ///< returned, of
    std::vector<std::string> missing;                                     ///< names, without a signed return
    std::size_t corrections = 0;  ///< returns that correct an earlier one
    std::size_t late = 0;         ///< first signed after the day on which they were due

    /// In sentences, for data guidance.
    std::vector<std::string> words() const;
};
Quality qualityOf(platform::Transaction& tx, const Snapshot& snapshot, int dueDays);

}  // namespace releases
