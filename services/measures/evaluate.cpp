#include "measures/evaluate.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace measures {
namespace {

using guidance::Aggregate;

/// Points over points can fall a rounding short of the same share as a threshold.
constexpr double kSame = 1e-9;

/// Numbers of a column, or the single one again and again.
struct Series {
    const double* numbers;
    std::size_t step;
    double operator[](std::size_t i) const { return numbers[i * step]; }
};

Series seriesOf(const Column& column, bool isSingle) { return {column.data(), isSingle ? 0U : 1U}; }

template <class Function>
void each(const Series& a, Column& out, Function function) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = function(a[i]);
}

/// Four loops in place of one, so that the compiler sees which side stands still.
template <class Function>
void each(const Series& a, const Series& b, Column& out, Function function) {
    const auto size = out.size();
    if (a.step == 1 && b.step == 1)
        for (std::size_t i = 0; i < size; ++i) out[i] = function(a.numbers[i], b.numbers[i]);
    else if (a.step == 1)
        for (std::size_t i = 0; i < size; ++i) out[i] = function(a.numbers[i], b.numbers[0]);
    else if (b.step == 1)
        for (std::size_t i = 0; i < size; ++i) out[i] = function(a.numbers[0], b.numbers[i]);
    else std::fill(out.begin(), out.end(), size == 0 ? 0 : function(a.numbers[0], b.numbers[0]));
}

/// Unknown where either side is.
double dividedBy(double a, double b) { return b == 0 ? kUnknown : a / b; }

}  // namespace

Evaluator::Evaluator(const Plan& plan, const Facts& facts, const guidance::Intervention& intervention)
    : plan_(plan),
      facts_(facts),
      intervention_(intervention),
      measures_(plan.measuresOf(intervention)),
      kept_(plan.nodes().size()) {}

void Evaluator::enter(values::Quarter quarter) {
    first_ = quarter.first().serial();
    last_ = quarter.last().serial();
    quarter_ = quarter.index();
}

const Column& Evaluator::column(NodeIndex node, values::Quarter quarter) {
    enter(quarter);
    return ready(node);
}

const Column& Evaluator::ready(NodeIndex index) {
    const auto& node = plan_.nodes()[index];
    if (node.operation == Operation::field) return facts_.table(node.population).columns[node.field];
    auto& kept = kept_[index];
    if (kept.isReady && (!node.usesQuarter || kept.quarter == quarter_)) return kept.numbers;
    kept.numbers.resize(node.isSingle ? 1 : facts_.table(node.population).rows);
    compute(node, kept.numbers);
    kept.quarter = quarter_;
    kept.isReady = true;
    return kept.numbers;
}

void Evaluator::compute(const Node& node, Column& out) {
    const auto series = [&](std::size_t argument) {
        const auto index = node.arguments[argument];
        return seriesOf(ready(index), plan_.nodes()[index].isSingle);
    };
    const auto fold = [&](auto function) {
        each(series(0), out, [](double a) { return a; });
        for (std::size_t i = 1; i < node.arguments.size(); ++i)
            each({out.data(), 1}, series(i), out, function);
    };
    const auto compare = [&](auto function) {
        each(series(0), series(1), out, [&](double a, double b) { return function(a, b) ? 1.0 : 0.0; });
    };
    switch (node.operation) {
        case Operation::field:
            break;
        case Operation::ofOwner: {
            const auto& owners = facts_.table(node.population).owners[placeOf(node.other)];
            const auto numbers = series(0);
            for (std::size_t i = 0; i < out.size(); ++i)
                out[i] = owners[i] == kNobody ? kUnknown : numbers[owners[i]];
            break;
        }
        case Operation::number:
            out[0] = node.number;
            break;
        case Operation::word:
            out[0] = facts_.codeIfThere(node.word);
            break;
        case Operation::parameter:
            out[0] = parameterOf(intervention_, node.word);
            break;
        case Operation::quarterFirst:
            out[0] = first_;
            break;
        case Operation::quarterLast:
            out[0] = last_;
            break;
        case Operation::daysBetween:
            each(series(0), series(1), out, [](double from, double to) { return to - from; });
            break;
        case Operation::plus:
            fold([](double a, double b) { return a + b; });
            break;
        case Operation::minus:
            fold([](double a, double b) { return a - b; });
            break;
        case Operation::times:
            fold([](double a, double b) { return a * b; });
            break;
        case Operation::dividedBy:
            fold(dividedBy);
            break;
        case Operation::least:
            fold([](double a, double b) { return isKnown(a) && !(b >= a) ? b : a; });
            break;
        case Operation::most:
            fold([](double a, double b) { return isKnown(a) && !(b <= a) ? b : a; });
            break;
        case Operation::numberOf:
        case Operation::sumOf:
        case Operation::earliestOf:
        case Operation::latestOf:
            overOwned(node, out);
            break;
        case Operation::is:
            compare([](double a, double b) { return std::abs(a - b) < kSame; });
            break;
        case Operation::isNot:
            compare([](double a, double b) { return std::abs(a - b) >= kSame; });
            break;
        case Operation::atLeast:
            compare([](double a, double b) { return a >= b - kSame; });
            break;
        case Operation::atMost:
            compare([](double a, double b) { return a <= b + kSame; });
            break;
        case Operation::moreThan:
            compare([](double a, double b) { return a > b + kSame; });
            break;
        case Operation::lessThan:
            compare([](double a, double b) { return a < b - kSame; });
            break;
        case Operation::isKnown:
            each(series(0), out, [](double a) { return isKnown(a) ? 1.0 : 0.0; });
            break;
        case Operation::isUnknown:
            each(series(0), out, [](double a) { return isKnown(a) ? 0.0 : 1.0; });
            break;
        case Operation::all:
            fold([](double a, double b) { return a * b; });
            break;
        case Operation::any:
            fold([](double a, double b) { return a > b ? a : b; });
            break;
        case Operation::notMet:
            each(series(0), out, [](double a) { return 1 - a; });
            break;
    }
}

void Evaluator::overOwned(const Node& node, Column& out) {
    const auto& children = facts_.table(node.other);
    const auto& owners = children.owners[placeOf(node.population)];
    const auto& isMet = ready(node.arguments[0]);
    const auto met = seriesOf(isMet, plan_.nodes()[node.arguments[0]].isSingle);
    if (node.operation == Operation::numberOf) {
        std::fill(out.begin(), out.end(), 0);
        for (std::size_t i = 0; i < children.rows; ++i)
            if (owners[i] != kNobody) out[owners[i]] += met[i];
        return;
    }
    const auto& taken = ready(node.arguments[1]);
    const auto value = seriesOf(taken, plan_.nodes()[node.arguments[1]].isSingle);
    std::fill(out.begin(), out.end(), node.operation == Operation::sumOf ? 0 : kUnknown);
    for (std::size_t i = 0; i < children.rows; ++i) {
        if (owners[i] == kNobody || met[i] == 0 || !isKnown(value[i])) continue;
        auto& of = out[owners[i]];
        if (node.operation == Operation::sumOf) of += value[i];
        else if (node.operation == Operation::earliestOf) of = of <= value[i] ? of : value[i];
        else of = of >= value[i] ? of : value[i];
    }
}

std::vector<std::uint32_t> Evaluator::selectedRows(const CompiledMeasure& measure, const Making& making) {
    const auto rows = static_cast<std::uint32_t>(facts_.table(measure.population).rows);
    const auto selected = seriesOf(ready(making.selected), plan_.nodes()[making.selected].isSingle);
    std::vector<std::uint32_t> found;
    for (std::uint32_t row = 0; row < rows; ++row)
        if (selected[row] != 0) found.push_back(row);
    return found;
}

Parts Evaluator::partsOf(const Making& making, std::span<const std::uint32_t> rows) {
    const auto of = [&](NodeIndex node) { return seriesOf(ready(node), plan_.nodes()[node].isSingle); };
    const auto count = [](double number) { return static_cast<std::int64_t>(std::llround(number)); };
    Parts parts;
    auto& [numerators, denominators] = parts.proportion;
    // Sums of decimals depend on their order: each list is sorted before it is summed.
    const auto sum = [](std::vector<double>& list, Moments& into) {
        std::ranges::sort(list);
        for (const double one : list) into.add(one);
    };
    switch (making.aggregate) {
        case Aggregate::count:
            numerators = static_cast<std::int64_t>(rows.size());
            break;
        case Aggregate::presence:
            numerators = rows.empty() ? 0 : 1;
            denominators = 1;
            break;
        case Aggregate::ratio: {
            const auto numerator = of(making.numerator);
            const auto denominator = making.denominator == kNoNode ? numerator : of(making.denominator);
            for (const auto row : rows) {
                const double share = numerator[row];
                const double whole = making.denominator == kNoNode ? 1 : denominator[row];
                if (!isKnown(share) || !isKnown(whole)) continue;
                numerators += count(share);
                denominators += count(whole);
            }
            break;
        }
        case Aggregate::mean: {
            const auto value = of(making.value);
            std::vector<double> values;
            for (const auto row : rows)
                if (isKnown(value[row])) values.push_back(value[row]);
            denominators = static_cast<std::int64_t>(values.size());
            sum(values, parts.value);
            break;
        }
        case Aggregate::median: {
            const auto value = of(making.value);
            for (const auto row : rows) {
                if (!isKnown(value[row])) continue;
                ++denominators;
                ++parts.classes[count(value[row] / making.step)];
            }
            break;
        }
        case Aggregate::pairedChange: {
            const auto before = of(making.before);
            const auto after = of(making.after);
            std::vector<double> changes;
            std::vector<double> befores;
            std::vector<double> afters;
            for (const auto row : rows) {
                if (!isKnown(before[row]) || !isKnown(after[row])) continue;
                changes.push_back(after[row] - before[row]);
                befores.push_back(before[row]);
                afters.push_back(after[row]);
            }
            denominators = static_cast<std::int64_t>(changes.size());
            sum(changes, parts.value);
            sum(befores, parts.before);
            sum(afters, parts.after);
            break;
        }
    }
    return parts;
}

Figure Evaluator::figureOf(const CompiledMeasure& measure) {
    Figure figure;
    const auto rows = selectedRows(measure, measure.own);
    figure.parts = partsOf(measure.own, rows);
    for (const auto& also : measure.also) {
        auto parts = also.selected == measure.own.selected ? partsOf(also, rows)
                                                           : partsOf(also, selectedRows(measure, also));
        if (!parts.isNothing()) figure.also.emplace(also.name, std::move(parts));
    }
    if (measure.own.aggregate == Aggregate::presence || rows.empty()) return figure;
    for (const auto& breakdown : measure.breakdowns) {
        const auto code = seriesOf(ready(breakdown.node), plan_.nodes()[breakdown.node].isSingle);
        std::map<double, std::vector<std::uint32_t>> groups;
        for (const auto row : rows)
            if (isKnown(code[row])) groups[code[row]].push_back(row);
        for (const auto& [group, members] : groups) {
            auto parts = partsOf(measure.own, members);
            if (!parts.isNothing())
                figure.groups[breakdown.name].emplace(facts_.word(group), std::move(parts));
        }
    }
    return figure;
}

Figure Evaluator::figure(const CompiledMeasure& measure, values::Quarter quarter) {
    enter(quarter);
    return figureOf(measure);
}

std::map<std::uint32_t, Parts> Evaluator::byOwner(const CompiledMeasure& measure, values::Quarter quarter,
                                                  Population owner) {
    enter(quarter);
    const auto& owners = facts_.table(measure.population).owners[placeOf(owner)];
    std::map<std::uint32_t, std::vector<std::uint32_t>> rows;
    for (const auto row : selectedRows(measure, measure.own))
        if (owners[row] != kNobody) rows[owners[row]].push_back(row);
    std::map<std::uint32_t, Parts> parts;
    for (const auto& [of, owned] : rows) parts.emplace(of, partsOf(measure.own, owned));
    return parts;
}

Figures Evaluator::of(values::Quarter quarter) {
    enter(quarter);
    Figures figures;
    for (const auto* measure : measures_) {
        auto figure = figureOf(*measure);
        if (!figure.isNothing()) figures.emplace(measure->name, std::move(figure));
    }
    return figures;
}

std::vector<FunnelStep> cohortFunnel(const Facts& facts, values::Quarter quarter) {
    std::vector<FunnelStep> steps{
        {"Referred", 0}, {"Offered", 0}, {"Accepted", 0}, {"Started", 0}, {"Completed", 0}};
    const auto& table = facts.table(Population::episodes);
    const auto at = [&](std::string_view name) -> const Column& {
        return table.columns[measures::column(Population::episodes, name)];
    };
    const double completed = facts.codeIfThere("completed");
    for (std::size_t i = 0; i < table.rows; ++i) {
        const double referred = at("referred_on")[i];
        if (!(referred >= quarter.first().serial() && referred <= quarter.last().serial())) continue;
        ++steps[0].episodes;
        if (isKnown(at("offered_on")[i])) ++steps[1].episodes;
        if (isKnown(at("accepted_on")[i])) ++steps[2].episodes;
        if (isKnown(at("started_on")[i])) ++steps[3].episodes;
        if (at("end_reason")[i] == completed) ++steps[4].episodes;
    }
    return steps;
}

}  // namespace measures
