#pragma once

#include <string>
#include <vector>

#include "measures/evaluate.h"

namespace measures {

/// What became of one record in a figure.
struct RecordOutcome {
    std::string reference;
    bool isCounted = false;  ///< in the figure at all
    /// The first condition that it did not meet: of the figure where it is not counted, else of the share's
    /// numerator; empty where it met all.
    std::string failed;
    bool isInNumerator = false;
    /// What it brings to the figure: points of a share's numerator and denominator, or its value.
    double numerator = 0;
    double denominator = 0;
};

/// How many records a condition kept out.
struct Exclusion {
    std::string rule;
    std::int64_t records = 0;
};

/// One figure unfolded to the records it counts.
struct Explanation {
    Population population = Population::episodes;
    std::vector<std::string> rules;   ///< all that a record has to meet to count, in words
    std::vector<std::string> counts;  ///< what it has to meet besides for the numerator of a share
    Figure figure;
    std::int64_t records = 0;  ///< of the population, counted or not
    std::int64_t counted = 0;
    std::vector<Exclusion>
        exclusions;  ///< by the first condition that failed; with `counted` they make `records`
    std::vector<RecordOutcome> outcomes;  ///< every record: counted ones first, then by reference
};

/// How a measure's records fall by condition: counts alone, of no single record. Adds up over quarters and
/// services.
struct Conditions {
    std::int64_t placed = 0;           ///< of the quarter, and of the instrument where there is one
    std::vector<Exclusion> left;       ///< of these left out, by the first rule that they did not meet
    std::int64_t counted = 0;          ///< with those left out they make `placed`
    std::vector<Exclusion> uncounted;  ///< of a share: counted, but by this condition not in its numerator
    std::int64_t reached = 0;          ///< of a share: met every condition of its numerator

    Conditions& operator+=(const Conditions& other);
};
Conditions conditionsOf(const Plan& plan, const Facts& facts, Evaluator& evaluator,
                        const CompiledMeasure& measure, values::Quarter quarter);

/// The facts must have been read with references.
Explanation explain(const Plan& plan, const Facts& facts, const guidance::Intervention& intervention,
                    const CompiledMeasure& measure, values::Quarter quarter);

}  // namespace measures
