#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "guidance/catalogue.h"
#include "measures/population.h"
#include "values/errors.h"

namespace measures {

/// What a node of a plan does with its arguments. Every node gives one number for each record of its
/// population, or one for all of them: conditions give 1 or 0.
enum class Operation {
    field,      ///< a column
    ofOwner,    ///< the argument's number of the record's owner
    number,     ///< a number written down
    word,       ///< a word written down, as its code
    parameter,  ///< of the intervention
    quarterFirst,
    quarterLast,
    daysBetween,
    plus,
    minus,
    times,
    dividedBy,
    least,
    most,
    numberOf,    ///< of owned records that meet the condition
    sumOf,       ///< of a value over them
    earliestOf,  ///< date
    latestOf,
    is,
    isNot,
    atLeast,
    atMost,
    moreThan,
    lessThan,
    isKnown,
    isUnknown,
    all,
    any,
    notMet
};

using NodeIndex = std::uint32_t;
constexpr NodeIndex kNoNode = 0xFFFFFFFF;

struct Node {
    Operation operation = Operation::number;
    Population population = Population::services;  ///< whose records it gives a number for
    Population other = Population::services;       ///< the owner asked, or the population owned
    std::vector<NodeIndex> arguments;
    std::size_t field = 0;
    double number = 0;
    std::string word;          ///< a word, or the name of a parameter
    bool isSingle = false;     ///< one number for all records
    bool usesQuarter = false;  ///< differs between quarters
};

/// A condition with the words that say it.
struct Rule {
    NodeIndex node = kNoNode;
    std::string words;
};

/// How records make one figure.
struct Making {
    std::string name;  ///< of a figure beside the measure's own; empty for its own
    std::string title;
    guidance::Aggregate aggregate = guidance::Aggregate::count;
    double step = 1;
    bool isWhole = true;      ///< the value is a whole number, so that sums are exact in any order
    std::vector<Rule> rules;  ///< all must be met for a record to count, in the order they are looked at
    std::size_t placing = 0;  ///< so many rules from the first only say which quarter's, and instrument's
    NodeIndex selected = kNoNode;  ///< all the rules together
    std::vector<Rule> counts;      ///< a share's condition, taken apart; empty where it sums values
    NodeIndex numerator = kNoNode;
    NodeIndex denominator = kNoNode;  ///< kNoNode where each record counts as one
    NodeIndex value = kNoNode;
    NodeIndex before = kNoNode;
    NodeIndex after = kNoNode;
};

struct Breakdown {
    std::string name;
    NodeIndex node = kNoNode;
};

/// One measure ready to run: one of an instrument's, where it is computed for each.
struct CompiledMeasure {
    std::string name;  ///< `dose`, or `outcome_improved:sdq-total`
    const guidance::Measure* measure;
    std::string instrument;
    Population population;
    Making own;
    std::vector<Making> also;
    std::vector<Breakdown> breakdowns;
    std::vector<std::string> parameters;  ///< it is computed for interventions that state all of these
};

/// All measures of a catalogue, compiled once. Equal expressions are one node, computed once.
class Plan {
public:
    /// `catalogue` must outlive the plan. Throws Invalid with every fault, each at its file and JSON pointer:
    /// unknown fields, words, terms and parameters, types that do not go together, shares without a
    /// denominator, divisions by nothing, terms that need themselves.
    explicit Plan(const guidance::Catalogue& catalogue);

    const std::vector<Node>& nodes() const { return nodes_; }
    const std::vector<CompiledMeasure>& measures() const { return measures_; }
    const CompiledMeasure* measure(const std::string& name) const;
    /// Whether the measure is computed for services of this intervention.
    static bool applies(const CompiledMeasure& measure, const guidance::Intervention& intervention);
    /// Names of the measures of an intervention, in the catalogue's order.
    std::vector<const CompiledMeasure*> measuresOf(const guidance::Intervention& intervention) const;

private:
    std::vector<Node> nodes_;
    std::vector<CompiledMeasure> measures_;
};

/// The parameters that every intervention has, with the words for each.
struct Parameter {
    std::string_view name;
    std::string_view words;
};
std::span<const Parameter> commonParameters();

/// The value of a parameter for an intervention; kUnknown where it states none of that name.
double parameterOf(const guidance::Intervention& intervention, const std::string& name);

}  // namespace measures
