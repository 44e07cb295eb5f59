#pragma once

#include <memory>
#include <string>

#include "delivery/catalogues.h"
#include "delivery/services.h"
#include "measures/explain.h"
#include "results/report.h"

namespace results {

/// One figure of one service in one quarter, unfolded to its records, with all that a stranger needs to trust
/// it.
struct FigureExplanation {
    std::shared_ptr<const delivery::CatalogueInForce> guidance;
    const delivery::Edition* edition;  ///< kept by `guidance`
    delivery::Service service;
    values::Quarter quarter;
    const measures::CompiledMeasure* measure;
    measures::Explanation explanation;

    /// As `plumbline explain --json` prints it: the definition in words, the parts, the exclusions, and one
    /// page of the records. Pages count from 1.
    std::string json(std::size_t page, std::size_t perPage) const;
    /// What a third party needs to check the figure, without any record: see deploy/docs/certificates.md.
    /// `at`: the instant of the data.
    std::string certificate(values::Instant at) const;
};

/// Must be audited: it names records of children.
/// Throws NotFound where there is no such measure for the service, or the service runs no intervention.
FigureExplanation explain(platform::Transaction& tx, delivery::Catalogues& catalogues,
                          const delivery::Service& service, values::Quarter quarter,
                          const std::string& measure);

/// A recommendation's level in one quarter, with every number that it rests on: each standard's pooled parts,
/// what each service brought, and the rule that decided. As JSON; throws NotFound where no guide in force has
/// it.
std::string explainLevel(const Report& report, const std::string& recommendation);
/// The same as a certificate, checked like a figure's.
std::string levelCertificate(const Report& report, const std::string& recommendation, values::Instant at);

}  // namespace results
