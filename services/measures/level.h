#pragma once

#include <string>
#include <vector>

#include "guidance/catalogue.h"
#include "measures/figure.h"

namespace measures {

enum class Level { notOffered, planned, tooLittleToJudge, partlyDelivered, deliveredAsIntended };
/// `partly delivered`, in small letters as results give it.
std::string levelName(Level level);

enum class Status { noData, tooFew, met, notMet };
/// `too few`, in small letters as results give it.
std::string statusName(Status status);

/// One standard of a recommendation, pooled over the services that run it.
struct StandardResult {
    const guidance::Standard* standard;
    Figure figure;
    Status status;
};

struct LevelResult {
    Level level;
    std::vector<StandardResult> standards;  ///< empty where nothing is running
    /// Why this level: the rule that decided, in plain sentences.
    std::vector<std::string> reasons;
};

/// The level of a recommendation from the figures of its running services. `hasPlanned`: one of its
/// interventions is being explored or installed. Rules: not offered, or planned, where nothing runs; too
/// little to judge where more than half of the required standards have no data or too few; delivered as
/// intended where every required standard is met; else partly delivered.
LevelResult level(const guidance::Recommendation& recommendation, const guidance::Catalogue& catalogue,
                  const std::vector<const Figures*>& running, bool hasPlanned);

/// A share as people read it: `72%`, halves rounded up. Empty where there is nothing to divide by.
std::string percent(const values::Proportion& proportion);
/// The same beside a standard: with as many decimals, up to four, as show that a share below the standard is
/// below it. `69.7%`, of at least 70%.
std::string percentBeside(const values::Proportion& proportion, double atLeast);

}  // namespace measures
