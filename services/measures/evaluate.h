#pragma once

#include <vector>

#include "guidance/catalogue.h"
#include "measures/cell.h"
#include "measures/facts.h"
#include "values/quarter.h"

namespace measures {

/// Every measure of one (service, quarter), from the service's facts and the intervention's own parameters:
/// one cell a measure in the order of allMeasures(), outcome_improved once for each of the intervention's
/// instruments. Pure: reads no clock, and gives the same cells for facts in the same order.
std::vector<Cell> evaluate(const ServiceFacts& facts, const guidance::Intervention& intervention,
                           const guidance::Catalogue& catalogue, values::Quarter quarter);

/// One step of the way from referral to completion, over the cohort referred in the quarter.
struct FunnelStep {
    const char* name;
    int episodes = 0;
};

/// Referred, offered, accepted, started, completed: how many of the episodes referred in the quarter reached
/// each step on whatever date. One cohort throughout, so each step may be divided by the one before.
std::vector<FunnelStep> cohortFunnel(const ServiceFacts& facts, values::Quarter quarter);

/// A run of quarters, both ends included.
struct QuarterSpan {
    values::Quarter first;
    values::Quarter last;
};

/// The quarters in which any record of the facts is dated: outside them every figure is zero. No value where
/// there are no records.
std::optional<QuarterSpan> quarterSpan(const ServiceFacts& facts);

}  // namespace measures
