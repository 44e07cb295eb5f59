#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "guidance/catalogue.h"
#include "values/date.h"

namespace plumbline {

/// A service of a demonstration authority: what it runs, how far it is, how well it goes, how many come.
struct DemonstrationService {
    std::string intervention;  ///< of the catalogue, or an approach
    std::string name;
    std::string provider;
    std::string stage;
    double skill = 0;  ///< 0 to 1
    int episodes = 0;
};

/// What one authority's made-up records look like.
struct Demonstration {
    std::vector<DemonstrationService> services;
    values::Date last;           ///< the last day with records
    int days = 365;              ///< how far back they reach
    double reviewedShare = 0.1;  ///< of the sessions held
    std::uint32_t seed = 1;      ///< the same seed, the same records
    bool hasStatements = false;  ///< also what the authority declares, its actions, feedback, family meetings
};

/// A year of ten services.
Demonstration smallDemonstration(values::Date last, std::uint32_t seed);

/// A year of two small services: others to compare with.
Demonstration smallestDemonstration(values::Date last, std::uint32_t seed);

/// Three years of every authority of England: about 6,000 services, 600,000 episodes, 7 million sessions and
/// 370,000 reviews in all where `share` is 1. Authorities differ in size, in what they run and in how well.
std::vector<Demonstration> nationalDemonstration(const guidance::Catalogue& catalogue,
                                                 std::size_t authorities, values::Date last,
                                                 std::uint32_t seed, double share);

/// Writes one authority's intake files into a folder. No child is real.
void writeDemonstration(const std::string& folder, const guidance::Catalogue& catalogue,
                        const Demonstration& demonstration);

}  // namespace plumbline
