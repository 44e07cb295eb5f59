#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "context/official_file.h"
#include "identity/authority_id.h"

/// Official figures that the department publishes: they stand beside delivery, and are no measure of it.
namespace context {

/// A published file as it was loaded.
struct Dataset {
    values::Id<Dataset> id;
    std::string name;  ///< of its file, without the ending: the newest of a name counts
    std::string title;
    std::string source;
    std::string loadedAt;  ///< UTC, as the database keeps it
    std::int64_t figures;
};

/// What a load did.
struct Loaded {
    std::int64_t figures = 0;
    std::vector<std::string> notes;  ///< what was left out or mapped, in sentences
};

/// A published number beside its region's and England's, of the latest period that it has.
struct ContextRow {
    std::string dataset;  ///< title
    std::string source;
    std::string indicator;  ///< label
    std::string unit;
    std::string filters;
    std::string period;  ///< `2025, Reporting year`
    std::string authority;
    std::string region;
    std::string england;
    std::string
        note;  ///< that it is of an authority which this one succeeded, or of a joint return; mostly empty
};

/// One indicator of a dataset, to choose from.
struct IndicatorChoice {
    std::string key;    ///< `DATASET.indicator`
    std::string title;  ///< of the dataset
    std::string label;
};

/// One indicator at England and its regions, of the latest period, over everything that the file breaks it
/// down by.
struct OfficialSeries {
    std::string title;
    std::string source;
    std::string loadedAt;
    std::string label;
    std::string unit;
    std::string filters;  ///< the one row of a place that is shown; empty where the file has no filters
    std::string period;
    std::map<std::string, std::string> byPlace;  ///< by the code of nine characters, as published
};

class OfficialFigures {
public:
    /// Keeps a file whole, as the newest of its name; earlier loads stay for reports of earlier days. Codes
    /// of abolished authorities stay theirs, and are shown for their successors, saying so. Places that no
    /// reference knows are left out, and named; of rows that say the same twice the first counts, and it is
    /// said how many there were.
    static Loaded load(platform::Transaction& tx, values::Ids& ids, const OfficialFile& file,
                       const std::string& name, const std::string& title, const std::string& source);
    /// The newest of each name that had been loaded by an instant, by title.
    static std::vector<Dataset> known(platform::Transaction& tx, values::Instant at);
    /// Rates and percentages of everything that had been loaded by an instant.
    static std::vector<IndicatorChoice> choices(platform::Transaction& tx, values::Instant at);
    /// Nothing where there is no such indicator.
    static std::optional<OfficialSeries> series(platform::Transaction& tx, const std::string& key,
                                                values::Instant at);
    /// Rates and percentages about an authority, from what had been loaded by an instant.
    static std::vector<ContextRow> about(platform::Transaction& tx, identity::AuthorityId authority,
                                         values::Instant at);
};

}  // namespace context
