#pragma once

#include <memory>
#include <string>
#include <vector>

#include "delivery/catalogues.h"
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
    std::vector<delivery::Service> live;  ///< every service whose dates overlap the quarter
    std::vector<ServiceResult> services;  ///< running services of interventions
    std::vector<RecommendationResult> recommendations;
    std::vector<const delivery::Service*> unevidenced;  ///< running services of approaches

    explicit Report(values::Quarter asked) : quarter(asked) {}
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;
    Report(Report&&) = default;
    Report& operator=(Report&&) = default;
    ~Report() = default;

    /// As `plumbline results --json` prints it; see the oracle's README for each field.
    std::string json() const;
};

Report reportOf(platform::Transaction& tx, delivery::Catalogues& catalogues, identity::AuthorityId authority,
                values::Quarter quarter);

}  // namespace results
