#pragma once

#include <map>
#include <string>
#include <vector>

#include "inspections/inspections.h"

namespace inspections {

/// A random sample of an authority's episodes, for inspectors to read files of. They see numbers and strata;
/// the authority finds what each number stands for on its own side. The same seed, strata and report give the
/// same records, whoever draws.
struct Sample {
    values::Id<Sample> id;
    values::Id<adherence::KeptReport> report;  ///< whose period and day it is drawn from
    std::string strata;                        ///< none, service, end_reason, age_band, ethnic_group
    int each;                                  ///< so many of each stratum
    std::string seed;
    std::string askedAt;
    std::string askedBy;
    bool isDrawn;
    std::map<std::string, std::int64_t> population;  ///< records by stratum
};

struct SampledRecord {
    int number;
    std::string stratum;
    std::string reference;  ///< what the authority calls it; always empty for inspectors
};

/// What records can be sorted by before a draw, with the words for it.
const std::vector<std::pair<std::string, std::string>>& strata();
constexpr int kMostOfEach = 50;

class Samples {
public:
    /// Throws Invalid for strata that there are not, a number out of range, or a seed that is not letters,
    /// digits and hyphens.
    static void ask(platform::Transaction& tx, values::Ids& ids, const Inspection& inspection,
                    const adherence::KeptReport& report, const std::string& strata, int each,
                    const std::string& seed);
    /// The newest first.
    static std::vector<Sample> of(platform::Transaction& tx, const Inspection& inspection);
    /// Numbers and strata.
    static std::vector<SampledRecord> numbers(platform::Transaction& tx, const Sample& sample);
    /// With what the authority calls each. Must be audited: it names records of children.
    static std::vector<SampledRecord> resolved(platform::Transaction& tx, const Inspection& inspection,
                                               const Sample& sample);
    /// Draws one sample that waits; false where none does. For a worker.
    static bool work(platform::Database& database);
};

/// One record that can be drawn.
struct Candidate {
    std::string stratum;
    std::string reference;
};
/// The draw itself: of each stratum those whose SHA-256 of `seed:reference` come first, numbered through.
/// Pure, and the same whatever the order of the candidates.
std::vector<SampledRecord> draw(const std::vector<Candidate>& candidates, const std::string& seed, int each);

}  // namespace inspections
