#pragma once

#include <cstdint>
#include <string>

#include "guidance/catalogue.h"
#include "values/date.h"

namespace plumbline {

/// Writes one authority's intake files into a folder: a year of made-up records that ends with `last`, the
/// same for the same seed. The services are of interventions the catalogue holds; one is of an approach. No
/// child is real.
void writeDemonstration(const std::string& folder, const guidance::Catalogue& catalogue, values::Date last,
                        std::uint32_t seed);

}  // namespace plumbline
