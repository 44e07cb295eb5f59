#include "measures/explain.h"

#include <algorithm>
#include <map>

namespace measures {
namespace {

std::vector<std::string> wordsOf(const std::vector<Rule>& rules) {
    std::vector<std::string> words;
    for (const auto& rule : rules) words.push_back(rule.words);
    return words;
}

}  // namespace

Explanation explain(const Plan& plan, const Facts& facts, const guidance::Intervention& intervention,
                    const CompiledMeasure& measure, values::Quarter quarter) {
    Evaluator evaluator(plan, facts, intervention);
    const auto number = [&](NodeIndex node, std::size_t row) {
        const auto& column = evaluator.column(node, quarter);
        return column[plan.nodes()[node].isSingle ? 0 : row];
    };
    /// The words of the first rule that the record does not meet; empty where it meets all.
    const auto firstFailed = [&](const std::vector<Rule>& rules, std::size_t row) -> std::string {
        for (const auto& rule : rules)
            if (number(rule.node, row) == 0) return rule.words;
        return "";
    };
    const auto& own = measure.own;
    const auto& table = facts.table(measure.population);
    Explanation result;
    result.population = measure.population;
    result.rules = wordsOf(own.rules);
    result.counts = wordsOf(own.counts);
    result.figure = evaluator.figure(measure, quarter);
    result.records = static_cast<std::int64_t>(table.rows);
    std::map<std::string, std::int64_t> excluded;
    const auto exclude = [&](RecordOutcome& outcome, const std::string& rule) {
        outcome.failed = rule;
        ++excluded[rule];
    };
    for (std::size_t row = 0; row < table.rows; ++row) {
        RecordOutcome outcome;
        outcome.reference = table.references.empty() ? "" : table.references[row];
        if (const auto failed = firstFailed(own.rules, row); !failed.empty()) {
            exclude(outcome, failed);
            result.outcomes.push_back(std::move(outcome));
            continue;
        }
        outcome.isCounted = true;
        outcome.numerator = 1;
        if (own.value != kNoNode) {
            outcome.numerator = number(own.value, row);
            outcome.denominator = 1;
        } else if (own.before != kNoNode) {
            outcome.numerator = number(own.after, row) - number(own.before, row);
            outcome.denominator = 1;
        } else if (own.numerator != kNoNode) {
            outcome.numerator = number(own.numerator, row);
            outcome.denominator = own.denominator == kNoNode ? 1 : number(own.denominator, row);
            outcome.failed = firstFailed(own.counts, row);
        }
        if (!isKnown(outcome.numerator) || !isKnown(outcome.denominator)) {
            outcome = {outcome.reference, false, "", false, 0, 0};
            exclude(outcome, "its value is known");
        }
        outcome.isInNumerator = outcome.isCounted && outcome.numerator != 0;
        if (outcome.isCounted) ++result.counted;
        result.outcomes.push_back(std::move(outcome));
    }
    for (const auto& rule : result.rules)
        if (const auto found = excluded.find(rule); found != excluded.end()) {
            result.exclusions.push_back({rule, found->second});
            excluded.erase(found);
        }
    for (const auto& [rule, records] : excluded) result.exclusions.push_back({rule, records});
    std::ranges::sort(result.outcomes, [](const RecordOutcome& a, const RecordOutcome& b) {
        if (a.isCounted != b.isCounted) return a.isCounted;
        return a.reference < b.reference;
    });
    return result;
}

}  // namespace measures
