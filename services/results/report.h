#pragma once

#include <memory>
#include <string>
#include <vector>

#include "delivery/catalogues.h"
#include "measures/level.h"
#include "results/cells.h"

namespace results {

/// A running service of an intervention, with its figures of the quarter.
struct ServiceResult {
    delivery::Service service;
    measures::Figures figures;
};

struct RecommendationResult {
    const guidance::Guide* guide;
    const guidance::Recommendation* recommendation;
    measures::LevelResult result;
    std::vector<const delivery::Service*> running;  ///< services that contribute
    std::vector<const delivery::Service*> planned;
};

/// One authority in one quarter against the guidance in force.
struct Report {
    values::Quarter quarter;
    std::shared_ptr<const delivery::CatalogueInForce> guidance;
    std::shared_ptr<const delivery::Edition> edition;  ///< by which the quarter is judged
    std::vector<delivery::Service> live;               ///< every service whose dates overlap the quarter
    std::vector<ServiceResult> services;               ///< running services of interventions
    std::vector<RecommendationResult> recommendations;
    std::vector<const delivery::Service*> unevidenced;  ///< running services of approaches

    explicit Report(values::Quarter asked) : quarter(asked) {}
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;
    Report(Report&&) = default;
    Report& operator=(Report&&) = default;
    ~Report() = default;

    /// As `plumbline results --json` prints it: figures by service, then each recommendation's level with its
    /// standards. `hasGroups`: also the breakdowns of each measure that has some.
    std::string json(bool hasGroups = false) const;
};

/// A guide in another version than the one in force.
struct Supposition {
    std::string guide;
    std::string version;
};

/// One authority's quarter under the guidance in force on its first day; or, where something is supposed,
/// computed afresh as if that were in force. Throws NotFound for a version that is not kept.
Report reportOf(platform::Transaction& tx, delivery::Catalogues& catalogues, identity::AuthorityId authority,
                values::Quarter quarter, const std::optional<Supposition>& supposed = std::nullopt);

}  // namespace results
