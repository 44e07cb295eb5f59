#pragma once

#include <optional>
#include <span>
#include <string>

namespace measures {

enum class Kind { count, ratio };

/// What a figure means, for people and for machines.
struct Measure {
    const char* id;
    Kind kind;
    const char* title;        ///< as a row's heading: "Sessions attended of those expected"
    const char* explanation;  ///< what counts, in one sentence
    const char* denominator;  ///< what a ratio is out of, as words behind a number: "sessions expected"
    const char* why;          ///< why it matters
    /// Names of the further parts in results; null where the measure has none.
    const char* opposite = nullptr;
    const char* excluded = nullptr;
    const char* mean = nullptr;
    const char* median = nullptr;
};

/// All measures, in the order in which results give them. `outcome_improved` is computed once for each
/// instrument and is then called `outcome_improved:INSTRUMENT`.
std::span<const Measure> allMeasures();

/// By full name, the part behind a colon left out of account. None where there is no such measure.
const Measure* findMeasure(const std::string& name);

/// Whether a standard may stand on this: a ratio, and with an instrument just where it needs one.
bool isRatioMeasure(const std::string& name);

/// The instrument of `outcome_improved:INSTRUMENT`; empty for every other measure.
std::string instrumentOf(const std::string& name);

}  // namespace measures
