#pragma once

#include <map>
#include <span>
#include <vector>

#include "measures/facts.h"
#include "measures/figure.h"
#include "measures/plan.h"
#include "values/quarter.h"

namespace measures {

/// Runs a plan over one service's facts, quarter by quarter. What does not depend on the quarter is computed
/// once. Pure: reads no clock, and gives the same bits whatever the order of the records.
class Evaluator {
public:
    /// All of them must outlive it.
    Evaluator(const Plan& plan, const Facts& facts, const guidance::Intervention& intervention);

    /// Every figure of the quarter; those that are nothing are left out.
    Figures of(values::Quarter quarter);

    /// The figure of one measure.
    Figure figure(const CompiledMeasure& measure, values::Quarter quarter);

    /// A measure's own parts by the record that owns what it counts: reviews by practitioner. Rows of nobody
    /// are left out.
    std::map<std::uint32_t, Parts> byOwner(const CompiledMeasure& measure, values::Quarter quarter,
                                           Population owner);

    /// The numbers of a node in the quarter: one for each record, or a single one for all.
    const Column& column(NodeIndex node, values::Quarter quarter);

private:
    struct Kept {
        Column numbers;
        int quarter = 0;
        bool isReady = false;
    };

    void enter(values::Quarter quarter);
    const Column& ready(NodeIndex node);
    void compute(const Node& node, Column& out);
    void overOwned(const Node& node, Column& out);
    /// Those that meet every rule, in order.
    std::vector<std::uint32_t> selectedRows(const CompiledMeasure& measure, const Making& making);
    Parts partsOf(const Making& making, std::span<const std::uint32_t> rows);
    Figure figureOf(const CompiledMeasure& measure);

    const Plan& plan_;
    const Facts& facts_;
    const guidance::Intervention& intervention_;
    std::vector<const CompiledMeasure*> measures_;
    std::vector<Kept> kept_;
    double first_ = 0;
    double last_ = 0;
    int quarter_ = -1;
};

/// One step of the way from referral to completion, over the cohort referred in the quarter.
struct FunnelStep {
    const char* name;
    int episodes = 0;
};

/// Referred, offered, accepted, started, completed: how many of the episodes referred in the quarter reached
/// each step on whatever date. One cohort throughout, so each step may be divided by the one before.
std::vector<FunnelStep> cohortFunnel(const Facts& facts, values::Quarter quarter);

}  // namespace measures
