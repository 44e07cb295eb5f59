#pragma once

#include <cstddef>
#include <vector>

#include "statistics/disclosure.h"

namespace statistics {

/// Small counts that sums taken together narrow down too far: the last attack, by linear programming. The
/// attacker knows of each count what stands in `bounds`, and every sum; of each cell in `asked` the least and
/// the most that all of it together allow are found, for the cells of one group (`CountCell::group`) at a
/// time with all sums that reach into it. Gives those of `asked` that keep fewer values than the policy asks
/// for, and those for which the solver found no answer: what was not shown to be safe is not.
std::vector<std::size_t> narrowedTogether(const std::vector<CountCell>& cells,
                                          const std::vector<CountSum>& sums,
                                          const std::vector<CountBounds>& bounds,
                                          const std::vector<std::size_t>& asked,
                                          const DisclosurePolicy& policy);

}  // namespace statistics
