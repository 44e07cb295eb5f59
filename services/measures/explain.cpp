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

void add(std::vector<Exclusion>& list, const std::string& rule, std::int64_t records) {
    const auto found = std::ranges::find(list, rule, &Exclusion::rule);
    if (found == list.end()) list.push_back({rule, records});
    else found->records += records;
}

}  // namespace

Conditions& Conditions::operator+=(const Conditions& other) {
    placed += other.placed;
    counted += other.counted;
    reached += other.reached;
    for (const auto& one : other.left) add(left, one.rule, one.records);
    for (const auto& one : other.uncounted) add(uncounted, one.rule, one.records);
    return *this;
}

Conditions conditionsOf(const Plan& plan, const Facts& facts, Evaluator& evaluator,
                        const CompiledMeasure& measure, values::Quarter quarter) {
    const auto rows = facts.table(measure.population).rows;
    std::vector<bool> isIn(rows, true);
    /// Takes those out that do not meet the rule; gives how many.
    const auto take = [&](const Rule& rule) {
        const auto& column = evaluator.column(rule.node, quarter);
        const bool isSingle = plan.nodes()[rule.node].isSingle;
        std::int64_t taken = 0;
        for (std::size_t row = 0; row < rows; ++row)
            if (isIn[row] && column[isSingle ? 0 : row] == 0) {
                isIn[row] = false;
                ++taken;
            }
        return taken;
    };
    const auto& own = measure.own;
    Conditions found;
    found.placed = static_cast<std::int64_t>(rows);
    for (std::size_t i = 0; i < own.rules.size(); ++i) {
        const auto taken = take(own.rules[i]);
        if (i < own.placing) found.placed -= taken;
        else if (taken > 0) add(found.left, own.rules[i].words, taken);
    }
    found.counted = static_cast<std::int64_t>(std::ranges::count(isIn, true));
    for (const auto& rule : own.counts)
        if (const auto taken = take(rule); taken > 0) add(found.uncounted, rule.words, taken);
    found.reached = own.counts.empty() ? 0 : static_cast<std::int64_t>(std::ranges::count(isIn, true));
    return found;
}

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
