#pragma once

#include <span>

#include "delivery/services.h"
#include "guidance/catalogue.h"
#include "measures/facts.h"

namespace delivery {

/// Reads everything that services' figures are computed from.
class FactsReader {
public:
    /// `catalogue`: its checklists score the reviews, its instruments say which change is for the better.
    explicit FactsReader(const guidance::Catalogue& catalogue) : catalogue_(catalogue) {}

    /// Also what the authority calls each record: for explanations, which name records.
    FactsReader& withReferences() {
        hasReferences_ = true;
        return *this;
    }

    /// The facts of each service, in the same order; read together, in one question a population.
    std::vector<measures::Facts> of(platform::Transaction& tx, std::span<const Service> services) const;
    measures::Facts of(platform::Transaction& tx, const Service& service) const;

    /// The same from the columns that keep() wrote, without a look at the records; from the records where
    /// there are none, or of an older layout. For a worker, and never with references.
    std::vector<measures::Facts> kept(platform::Transaction& tx, std::span<const Service> services) const;
    /// Keeps facts as packed columns, so that they need not be read from the records again until these
    /// change.
    static void keep(platform::Transaction& tx, std::span<const Service> services,
                     std::span<const measures::Facts> facts);

private:
    const guidance::Catalogue& catalogue_;
    bool hasReferences_ = false;
};

}  // namespace delivery
