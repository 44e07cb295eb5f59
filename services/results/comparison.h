#pragma once

#include <string>
#include <vector>

#include "results/report.h"

namespace results {

/// One thing that differs between two versions of a guide.
struct GuideChange {
    std::string where;           ///< the recommendation's title and what of it differs
    std::string was;             ///< empty where it is new
    std::string becomes;         ///< empty where it is gone
    std::string recommendation;  ///< that it belongs to; empty for the guide itself
};

/// What changes between two versions of a guide: its recommendations, the interventions they name, their
/// standards and the measures and interventions behind them.
std::vector<GuideChange> changesBetween(const delivery::Edition& before, const delivery::Edition& after,
                                        const std::string& guide);

/// What a new version means for one authority.
struct Impact {
    struct Level {
        std::string recommendation;
        std::string title;
        std::string was;                   ///< empty where the recommendation is new
        std::string becomes;               ///< empty where it is gone
        std::vector<std::string> reasons;  ///< under the new version
    };
    struct Item {
        std::string kind;  ///< service, standard, declaration or action
        std::string name;
        std::string recommendation;
        std::string task;  ///< what to do about it
    };
    std::vector<Level> levels;  ///< every recommendation of either version
    std::vector<Item> items;    ///< what a change touches
};

struct GuideComparison {
    const guidance::Guide* from;
    const guidance::Guide* to;
    std::vector<GuideChange> changes;
    Impact impact;
    std::shared_ptr<const delivery::CatalogueInForce> guidance;  ///< keeps the guides

    std::string json() const;
};

/// Compares two kept versions of a guide, and what they mean for an authority in a quarter: its figures are
/// computed under both. Throws NotFound for a version that is not kept.
GuideComparison compareGuides(platform::Transaction& tx, delivery::Catalogues& catalogues,
                              identity::AuthorityId authority, values::Quarter quarter,
                              const std::string& guide, const std::string& from, const std::string& to);

}  // namespace results
