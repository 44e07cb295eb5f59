#include "measures/plan.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>

#include "measures/facts.h"
#include "statistics/change.h"
#include "values/json.h"

namespace measures {
namespace {

using guidance::Aggregate;
using nlohmann::json;
using values::FieldProblem;

constexpr std::array<Parameter, 5> kParameters{{
    {"expected_sessions", "the sessions expected"},
    {"completer_sessions", "the fewest sessions of a completer"},
    {"start_within_days", "the days allowed from referral to start"},
    {"supervision_within_days", "the days allowed between supervisions"},
    {"fidelity_threshold", "the score from which delivery is at fidelity"},
}};
constexpr std::array kOperators{"is",        "is_not",    "is_one_of", "at_least",  "at_most",
                                "more_than", "less_than", "known",     "in_quarter"};

bool isNumber(Type type) { return type == Type::whole || type == Type::decimal; }

std::string typeName(Type type) {
    switch (type) {
        case Type::date:
            return "a date";
        case Type::whole:
        case Type::decimal:
            return "a number";
        case Type::word:
            return "a word";
        case Type::yesNo:
            return "yes or no";
    }
    return "";
}

std::string numberText(double value) {
    auto text = json(value).dump();
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text;
}

std::string listed(const std::vector<std::string>& words, const std::string& between) {
    std::string text;
    for (const auto& word : words) text += (text.empty() ? "" : between) + word;
    return text;
}

/// An expression that was understood: its node, what it is, and how it reads.
struct Expression {
    NodeIndex node = kNoNode;
    Type type = Type::whole;
    std::string words;
    std::string_view allowed = "";  ///< the words that it can be; empty where any
    bool isText = false;            ///< written down as text: a word or a date, as the other side asks
    std::string text;
};

/// Compiles the measures of one catalogue; gathers every fault.
class Compiler {
public:
    Compiler(const guidance::Catalogue& catalogue, std::vector<Node>& nodes)
        : catalogue_(catalogue), nodes_(nodes) {}

    std::vector<CompiledMeasure> run() {
        std::vector<CompiledMeasure> compiled;
        checkTerms();
        for (const auto& measure : catalogue_.measures) {
            definition_ = values::parseJson(measure.definition);
            if (!measure.isForEachInstrument) {
                compiled.push_back(measureOf(measure, nullptr));
                continue;
            }
            for (const auto& [id, instrument] : catalogue_.instruments)
                compiled.push_back(measureOf(measure, &instrument));
        }
        if (!problems_.empty()) throw values::Invalid(std::move(problems_));
        return compiled;
    }

private:
    // --- where we are -------------------------------------------------------------------------------------

    struct Scope {
        Population population;
        std::string pointer;
        Scope at(const std::string& step) const { return {population, pointer + "/" + step}; }
        Scope at(const std::string& step, std::size_t i) const { return at(step + "/" + std::to_string(i)); }
        Scope of(Population other) const { return {other, pointer}; }
    };

    std::nullopt_t fault(const std::string& pointer, const std::string& got, const std::string& wanted) {
        // A measure of several instruments is compiled for each, and a term wherever it is used.
        if (seen_.insert(file_ + pointer + wanted).second)
            problems_.push_back({{file_, 0, pointer}, got, wanted});
        return std::nullopt;
    }

    // --- nodes --------------------------------------------------------------------------------------------

    NodeIndex add(Node node) {
        switch (node.operation) {
            case Operation::number:
            case Operation::word:
            case Operation::parameter:
                node.isSingle = true;
                break;
            case Operation::quarterFirst:
            case Operation::quarterLast:
                node.isSingle = node.usesQuarter = true;
                break;
            case Operation::field:
                break;
            default:
                node.isSingle = !ownsRecords(node.operation) && node.operation != Operation::ofOwner;
                for (const auto argument : node.arguments) {
                    node.isSingle = node.isSingle && nodes_[argument].isSingle;
                    node.usesQuarter = node.usesQuarter || nodes_[argument].usesQuarter;
                }
        }
        const Key key{node.operation, node.population, node.other,
                      node.arguments, node.field,      std::bit_cast<std::uint64_t>(node.number),
                      node.word};
        const auto [place, isNew] = known_.emplace(key, static_cast<NodeIndex>(nodes_.size()));
        if (isNew) nodes_.push_back(std::move(node));
        return place->second;
    }

    static bool ownsRecords(Operation operation) {
        return operation == Operation::numberOf || operation == Operation::sumOf ||
               operation == Operation::earliestOf || operation == Operation::latestOf;
    }

    NodeIndex add(Operation operation, Population population, std::vector<NodeIndex> arguments) {
        Node node;
        node.operation = operation;
        node.population = population;
        node.arguments = std::move(arguments);
        return add(std::move(node));
    }

    NodeIndex number(double value) {
        Node node;
        node.number = value;
        return add(std::move(node));
    }

    NodeIndex word(const std::string& text) {
        Node node;
        node.operation = Operation::word;
        node.word = text;
        return add(std::move(node));
    }

    NodeIndex column(Population population, std::size_t field) {
        Node node;
        node.operation = Operation::field;
        node.population = population;
        node.field = field;
        return add(std::move(node));
    }

    NodeIndex allOf(Population population, std::vector<NodeIndex> nodes) {
        if (nodes.empty()) return number(1);
        if (nodes.size() == 1) return nodes.front();
        return add(Operation::all, population, std::move(nodes));
    }

    // --- values -------------------------------------------------------------------------------------------

    std::optional<Expression> field(const std::string& path, const Scope& scope) {
        const auto dot = path.find('.');
        if (dot == std::string::npos) {
            if (const auto found = fieldNamed(scope.population, path)) {
                const auto& known = fieldsOf(scope.population)[*found];
                return Expression{column(scope.population, *found),
                                  known.type,
                                  "the " + std::string(known.words),
                                  known.allowed,
                                  false,
                                  ""};
            }
            return fault(scope.pointer, path,
                         "Name a field of " + std::string(populationName(scope.population)) + ": " +
                             fieldList(scope.population) + ".");
        }
        for (const auto owner : ownersOf(scope.population)) {
            if (recordName(owner) != path.substr(0, dot)) continue;
            auto inner = field(path.substr(dot + 1), {owner, scope.pointer});
            if (!inner) return std::nullopt;
            Node node;
            node.operation = Operation::ofOwner;
            node.population = scope.population;
            node.other = owner;
            node.arguments = {inner->node};
            inner->node = add(std::move(node));
            inner->words = "the " + std::string(recordName(owner)) + "'s " + inner->words.substr(4);
            return inner;
        }
        std::vector<std::string> owners;
        for (const auto owner : ownersOf(scope.population)) owners.emplace_back(recordName(owner));
        return fault(scope.pointer, path,
                     owners.empty() ? "A record of " + std::string(populationName(scope.population)) +
                                          " belongs to no other record."
                                    : "Before the dot, name what a record of " +
                                          std::string(populationName(scope.population)) +
                                          " belongs to: " + listed(owners, ", ") + ".");
    }

    static std::string fieldList(Population population) {
        std::vector<std::string> names;
        for (const auto& known : fieldsOf(population)) names.emplace_back(known.name);
        return listed(names, ", ");
    }

    std::optional<Expression> parameter(const std::string& name, const Scope& scope) {
        if (name == "reliable_change" || name == "cut_off") {
            if (instrument_ == nullptr)
                return fault(scope.pointer, name, "Use this with \"for_each\": \"instrument\" alone.");
            if (name == "cut_off")
                return Expression{number(instrument_->cutOff.value_or(kUnknown)),
                                  Type::decimal,
                                  "the instrument's cut-off",
                                  "",
                                  false,
                                  ""};
            const double change =
                statistics::reliableChange(instrument_->standardDeviation, instrument_->reliability)
                    .threshold;
            return Expression{
                number(change), Type::decimal, "the change that measurement error explains", "", false, ""};
        }
        Node node;
        node.operation = Operation::parameter;
        node.word = name;
        const auto common = std::ranges::find(kParameters, name, &Parameter::name);
        if (common != kParameters.end())
            return Expression{add(std::move(node)),
                              name == "fidelity_threshold" ? Type::decimal : Type::whole,
                              std::string(common->words),
                              "",
                              false,
                              ""};
        bool isWhole = true;
        bool isThere = false;
        for (const auto& [id, intervention] : catalogue_.interventions) {
            const auto found = intervention.parameters.find(name);
            if (found == intervention.parameters.end()) continue;
            isThere = true;
            isWhole = isWhole && found->second == std::floor(found->second);
        }
        if (!isThere) {
            std::vector<std::string> names;
            for (const auto& known : kParameters) names.emplace_back(known.name);
            return fault(scope.pointer, name,
                         "Name a parameter that an intervention states under \"parameters\", or one of " +
                             listed(names, ", ") + ".");
        }
        parameters_.insert(name);
        std::string words = name;
        std::ranges::replace(words, '_', ' ');
        return Expression{add(std::move(node)), isWhole ? Type::whole : Type::decimal, words, "", false, ""};
    }

    std::optional<Expression> quarterDay(const std::string& which) {
        Node node;
        node.operation = which == "first_day" ? Operation::quarterFirst : Operation::quarterLast;
        return Expression{
            add(std::move(node)),
            Type::date,
            which == "first_day" ? "the first day of the quarter" : "the last day of the quarter",
            "",
            false,
            ""};
    }

    std::optional<Expression> written(const json& content, const Scope& scope) {
        if (content.is_number()) {
            const double value = content.get<double>();
            return Expression{number(value),
                              value == std::floor(value) ? Type::whole : Type::decimal,
                              numberText(value),
                              "",
                              false,
                              ""};
        }
        if (content.is_boolean())
            return Expression{number(content.get<bool>() ? 1 : 0),
                              Type::yesNo,
                              content.get<bool>() ? "yes" : "no",
                              "",
                              false,
                              ""};
        if (content.is_string()) {
            const auto text = content.get<std::string>();
            return Expression{word(text), Type::word, text, "", true, text};
        }
        return fault(scope.pointer, content.dump(),
                     "Write a number, a word, yes or no as true or false, or an object.");
    }

    /// Text where a date is needed.
    std::optional<Expression> asDate(std::optional<Expression> given, const Scope& scope) {
        if (!given) return std::nullopt;
        if (given->type == Type::date) return given;
        if (given->isText) {
            if (const auto day = values::Date::fromIso(given->text))
                return Expression{number(day->serial()), Type::date, day->text(), "", false, ""};
        }
        return fault(scope.pointer, given->words,
                     "Give a date here: a date field, or text like \"2026-04-01\".");
    }

    std::optional<Expression> asNumber(std::optional<Expression> given, const Scope& scope) {
        if (!given || isNumber(given->type)) return given;
        return fault(scope.pointer, given->words,
                     "Give a number here; this is " + typeName(given->type) + ".");
    }

    std::optional<Expression> daysBetween(const json& content, const Scope& scope) {
        if (!content.contains("to"))
            return fault(scope.pointer, "days_from",
                         "Say with \"to\" up to which date the days are counted.");
        const auto from =
            asDate(value(content.at("days_from"), scope.at("days_from")), scope.at("days_from"));
        const auto to = asDate(value(content.at("to"), scope.at("to")), scope.at("to"));
        if (!from || !to) return std::nullopt;
        return Expression{add(Operation::daysBetween, scope.population, {from->node, to->node}),
                          Type::whole,
                          "days from " + from->words + " to " + to->words,
                          "",
                          false,
                          ""};
    }

    std::optional<Expression> arithmetic(const char* key, Operation operation, const json& content,
                                         const Scope& scope) {
        std::vector<NodeIndex> nodes;
        std::vector<std::string> words;
        bool isWhole = operation != Operation::dividedBy;
        const auto& list = content.at(key);
        for (std::size_t i = 0; i < list.size(); ++i) {
            const auto one = asNumber(value(list.at(i), scope.at(key, i)), scope.at(key, i));
            if (!one) return std::nullopt;
            nodes.push_back(one->node);
            words.push_back(one->words);
            isWhole = isWhole && one->type == Type::whole;
        }
        if (operation == Operation::dividedBy && nodes_[nodes.back()].operation == Operation::number &&
            nodes_[nodes.back()].number == 0)
            return fault(scope.at(key, 1).pointer, "0", "Divide by something other than nothing.");
        const std::map<Operation, std::string> between{
            {Operation::plus, " plus "},   {Operation::minus, " minus "},
            {Operation::times, " times "}, {Operation::dividedBy, " divided by "},
            {Operation::least, " and "},   {Operation::most, " and "}};
        const auto text = listed(words, between.at(operation));
        return Expression{add(operation, scope.population, nodes),
                          isWhole ? Type::whole : Type::decimal,
                          operation == Operation::least  ? "the least of " + text
                          : operation == Operation::most ? "the greatest of " + text
                                                         : text,
                          "",
                          false,
                          ""};
    }

    std::optional<Expression> overOwned(const char* key, Operation operation, const json& content,
                                        const Scope& scope) {
        const auto name = content.at(key).get<std::string>();
        const auto child = populationNamed(name);
        if (!child || !belongsTo(*child, scope.population))
            return fault(scope.at(key).pointer, name,
                         "Count records that belong to a record of " +
                             std::string(populationName(scope.population)) + "; these do not.");
        Node node;
        node.operation = operation;
        node.population = scope.population;
        node.other = *child;
        Rule where{number(1), ""};
        if (content.contains("where")) {
            const auto found = condition(content.at("where"), scope.at("where").of(*child));
            if (!found) return std::nullopt;
            where = *found;
        }
        node.arguments = {where.node};
        Type type = Type::whole;
        std::string words = "number of " + name;
        if (operation != Operation::numberOf) {
            if (!content.contains("value"))
                return fault(scope.pointer, key,
                             "Say with \"value\" what to take of each of the " + name + ".");
            const auto inner = scope.at("value").of(*child);
            const auto taken = operation == Operation::sumOf
                                   ? asNumber(value(content.at("value"), inner), inner)
                                   : asDate(value(content.at("value"), inner), inner);
            if (!taken) return std::nullopt;
            node.arguments.push_back(taken->node);
            type = taken->type;
            words = (operation == Operation::sumOf        ? "sum of "
                     : operation == Operation::earliestOf ? "earliest of "
                                                          : "latest of ") +
                    taken->words + " over " + name;
        }
        if (!where.words.empty()) words += " where " + where.words;
        return Expression{add(std::move(node)), type, words, "", false, ""};
    }

    std::optional<Expression> value(const json& content, const Scope& scope) {
        if (!content.is_object()) return written(content, scope);
        static const std::array<std::pair<const char*, Operation>, 6> kArithmetic{
            {{"plus", Operation::plus},
             {"minus", Operation::minus},
             {"times", Operation::times},
             {"divided_by", Operation::dividedBy},
             {"least", Operation::least},
             {"most", Operation::most}}};
        static const std::array<std::pair<const char*, Operation>, 4> kOwned{
            {{"number_of", Operation::numberOf},
             {"sum_of", Operation::sumOf},
             {"earliest_of", Operation::earliestOf},
             {"latest_of", Operation::latestOf}}};
        for (const auto& [key, operation] : kOwned)
            if (content.contains(key)) {
                if (!only(content, {key, "where", "value"}, scope)) return std::nullopt;
                if (operation == Operation::numberOf && content.contains("value"))
                    return fault(scope.at("value").pointer, "value", "A number of records takes no value.");
                return overOwned(key, operation, content, scope);
            }
        for (const auto& [key, operation] : kArithmetic)
            if (content.contains(key)) {
                if (!only(content, {key}, scope)) return std::nullopt;
                return arithmetic(key, operation, content, scope);
            }
        if (content.contains("days_from")) {
            if (!only(content, {"days_from", "to"}, scope)) return std::nullopt;
            return daysBetween(content, scope);
        }
        for (const auto* key : {"field", "parameter", "quarter", "value"}) {
            if (!content.contains(key)) continue;
            if (!only(content, {key}, scope)) return std::nullopt;
            const auto inner = scope.at(key);
            if (std::string_view(key) == "value") return value(content.at(key), inner);
            const auto text = content.at(key).get<std::string>();
            if (std::string_view(key) == "field") return field(text, inner);
            if (std::string_view(key) == "parameter") return parameter(text, inner);
            return quarterDay(text);
        }
        return fault(
            scope.pointer, content.dump(),
            "Give a value: a number, a word, or an object with field, parameter, quarter, days_from, "
            "number_of, sum_of, earliest_of, latest_of, plus, minus, times, divided_by, least or most.");
    }

    /// Refuses keys that would do nothing here.
    bool only(const json& content, const std::set<std::string>& keys, const Scope& scope) {
        bool isRight = true;
        for (const auto& [key, ignored] : content.items())
            if (!keys.contains(key)) {
                fault(scope.at(key).pointer, key, "Leave this out: it means nothing beside the rest here.");
                isRight = false;
            }
        return isRight;
    }

    // --- conditions ---------------------------------------------------------------------------------------

    std::optional<Rule> condition(const json& content, const Scope& scope) {
        if (!content.is_object())
            return fault(scope.pointer, content.dump(),
                         "Give a condition: an object with all, any, not or term, "
                         "or a value with an operator.");
        for (const auto* key : {"all", "any"}) {
            if (!content.contains(key)) continue;
            if (!only(content, {key}, scope)) return std::nullopt;
            const bool isAll = std::string_view(key) == "all";
            std::vector<NodeIndex> nodes;
            std::vector<std::string> words;
            const auto& list = content.at(key);
            for (std::size_t i = 0; i < list.size(); ++i) {
                const auto one = condition(list.at(i), scope.at(key, i));
                if (!one) continue;
                nodes.push_back(one->node);
                words.push_back(one->words);
            }
            if (nodes.size() != list.size()) return std::nullopt;
            const auto text = listed(words, isAll ? ", and " : ", or ");
            return Rule{add(isAll ? Operation::all : Operation::any, scope.population, nodes),
                        isAll || words.size() < 2 ? text : "either " + text};
        }
        if (content.contains("not")) {
            if (!only(content, {"not"}, scope)) return std::nullopt;
            const auto inner = condition(content.at("not"), scope.at("not"));
            if (!inner) return std::nullopt;
            return Rule{add(Operation::notMet, scope.population, {inner->node}),
                        "it is not so that " + inner->words};
        }
        if (content.contains("term")) {
            if (!only(content, {"term"}, scope)) return std::nullopt;
            return term(content.at("term").get<std::string>(), scope.at("term"));
        }
        return comparison(content, scope);
    }

    std::optional<Rule> term(const std::string& name, const Scope& scope) {
        const auto found = catalogue_.terms.find(name);
        if (found == catalogue_.terms.end())
            return fault(scope.pointer, name,
                         "Name a term that the catalogue holds; there is none with this id.");
        const auto content = values::parseJson(found->second.definition);
        if (content.at("population") != std::string(populationName(scope.population)))
            return fault(scope.pointer, name,
                         "Use a term about " + std::string(populationName(scope.population)) +
                             "; this one is about " + content.at("population").get<std::string>() + ".");
        if (std::ranges::find(open_, name) != open_.end())
            return fault(scope.pointer, name,
                         "A term cannot need itself: " + listed(open_, ", ") + ", " + name + ".");
        open_.push_back(name);
        const auto fileBefore = file_;
        file_ = found->second.file;
        const auto inner =
            condition(content.at("condition"), {scope.population, found->second.pointer + "/condition"});
        file_ = fileBefore;
        open_.pop_back();
        if (!inner) return std::nullopt;
        return Rule{inner->node, found->second.title};
    }

    std::optional<Rule> comparison(const json& content, const Scope& scope) {
        json subject = json::object();
        std::vector<std::string> operators;
        for (const auto& [key, part] : content.items()) {
            if (std::ranges::find(kOperators, key) != kOperators.end()) operators.push_back(key);
            else subject[key] = part;
        }
        if (operators.empty())
            return fault(
                scope.pointer, content.dump(),
                "Compare with one of is, is_not, is_one_of, at_least, at_most, more_than, less_than, "
                "known and in_quarter.");
        const auto left = value(subject, scope);
        if (!left) return std::nullopt;
        std::vector<NodeIndex> nodes;
        std::vector<std::string> words;
        for (const auto& name : operators) {
            const auto rule = compared(*left, name, content.at(name), scope.at(name));
            if (!rule) return std::nullopt;
            nodes.push_back(rule->node);
            words.push_back(rule->words);
        }
        return Rule{allOf(scope.population, nodes), listed(words, ", and ")};
    }

    std::optional<Rule> compared(const Expression& left, const std::string& name, const json& content,
                                 const Scope& scope) {
        if (name == "known") {
            const bool isWanted = content.get<bool>();
            return Rule{
                add(isWanted ? Operation::isKnown : Operation::isUnknown, scope.population, {left.node}),
                left.words + (isWanted ? " is known" : " is not known")};
        }
        if (name == "in_quarter") {
            if (left.type != Type::date)
                return fault(scope.pointer, left.words, "Ask of a date whether it is in the quarter.");
            const auto inside =
                allOf(scope.population,
                      {add(Operation::atLeast, scope.population, {left.node, quarterDay("first_day")->node}),
                       add(Operation::atMost, scope.population, {left.node, quarterDay("last_day")->node})});
            if (content.get<bool>()) return Rule{inside, left.words + " is in the quarter"};
            return Rule{add(Operation::notMet, scope.population, {inside}),
                        left.words + " is not in the quarter"};
        }
        if (name == "is_one_of") {
            std::vector<NodeIndex> nodes;
            std::vector<std::string> words;
            for (std::size_t i = 0; i < content.size(); ++i) {
                const auto place = Scope{scope.population, scope.pointer + "/" + std::to_string(i)};
                const auto right = matching(left, value(content.at(i), place), place);
                if (!right) return std::nullopt;
                nodes.push_back(add(Operation::is, scope.population, {left.node, right->node}));
                words.push_back(right->words);
            }
            return Rule{add(Operation::any, scope.population, nodes),
                        left.words + " is one of " + listed(words, ", ")};
        }
        const auto right = matching(left, value(content, scope), scope);
        if (!right) return std::nullopt;
        struct Kind {
            Operation operation;
            const char* ofNumbers;
            const char* ofDates;
        };
        static const std::map<std::string, Kind> kinds{
            {"is", {Operation::is, "is", "is"}},
            {"is_not", {Operation::isNot, "is not", "is not"}},
            {"at_least", {Operation::atLeast, "is at least", "is on or after"}},
            {"at_most", {Operation::atMost, "is at most", "is on or before"}},
            {"more_than", {Operation::moreThan, "is more than", "is after"}},
            {"less_than", {Operation::lessThan, "is less than", "is before"}}};
        const auto& kind = kinds.at(name);
        const bool isOrder = kind.operation != Operation::is && kind.operation != Operation::isNot;
        if (isOrder && left.type != Type::date && !isNumber(left.type))
            return fault(scope.pointer, left.words,
                         "Compare numbers or dates this way; this is " + typeName(left.type) + ".");
        return Rule{add(kind.operation, scope.population, {left.node, right->node}),
                    left.words + " " + (left.type == Type::date ? kind.ofDates : kind.ofNumbers) + " " +
                        right->words};
    }

    /// The right side of a comparison, of the left one's kind.
    std::optional<Expression> matching(const Expression& left, std::optional<Expression> right,
                                       const Scope& scope) {
        if (!right) return std::nullopt;
        if (left.type == Type::date) return asDate(std::move(right), scope);
        if (isNumber(left.type) ? !isNumber(right->type) : left.type != right->type)
            return fault(scope.pointer, right->words,
                         "Compare " + typeName(left.type) + " with " + typeName(left.type) + "; this is " +
                             typeName(right->type) + ".");
        if (right->isText && !left.allowed.empty() &&
            left.allowed.find("|" + right->text + "|") == std::string_view::npos) {
            std::string words(left.allowed.substr(1, left.allowed.size() - 2));
            for (auto at = words.find('|'); at != std::string::npos; at = words.find('|'))
                words.replace(at, 1, ", ");
            return fault(scope.pointer, right->text, "Use a word that this field can hold: " + words + ".");
        }
        return right;
    }

    // --- measures -----------------------------------------------------------------------------------------

    void checkTerms() {
        for (const auto& [id, known] : catalogue_.terms) {
            const auto content = values::parseJson(known.definition);
            file_ = known.file;
            open_ = {id};
            condition(content.at("condition"), {*populationNamed(content.at("population").get<std::string>()),
                                                known.pointer + "/condition"});
            open_.clear();
        }
    }

    /// The conditions of `where`, taken apart so that each can be the one that failed.
    std::vector<Rule> rulesOf(const json& content, const Scope& scope) {
        if (!content.is_object() || !content.contains("all")) {
            const auto rule = condition(content, scope);
            return rule ? std::vector<Rule>{*rule} : std::vector<Rule>{};
        }
        std::vector<Rule> rules;
        const auto& list = content.at("all");
        for (std::size_t i = 0; i < list.size(); ++i)
            for (auto& rule : rulesOf(list.at(i), scope.at("all", i))) rules.push_back(std::move(rule));
        return rules;
    }

    CompiledMeasure measureOf(const guidance::Measure& measure, const guidance::Instrument* instrument) {
        file_ = measure.file;
        instrument_ = instrument;
        parameters_.clear();
        const Scope scope{*populationNamed(definition_.at("population").get<std::string>()), measure.pointer};
        CompiledMeasure compiled{measure.id, &measure, "", scope.population, {}, {}, {}, {}};
        std::vector<Rule> placing;
        if (instrument != nullptr) {
            compiled.name += ":" + instrument->id;
            compiled.instrument = instrument->id;
            if (!fieldNamed(scope.population, "instrument"))
                fault(scope.at("for_each").pointer, "instrument",
                      "Compute for each instrument over pairs or scores alone.");
            else
                placing.push_back({add(Operation::is, scope.population,
                                       {column(scope.population, *fieldNamed(scope.population, "instrument")),
                                        word(instrument->id)}),
                                   "the instrument is " + instrument->name});
        }
        if (definition_.contains("date")) {
            const auto place = scope.at("date");
            if (const auto day = field(definition_.at("date").get<std::string>(), place))
                if (const auto rule = compared(*day, "in_quarter", true, place)) placing.push_back(*rule);
        }
        compiled.own = makingOf(definition_, measure.aggregate, scope, scope, placing);
        if (definition_.contains("also")) {
            const auto& list = definition_.at("also");
            std::set<std::string> names;
            for (std::size_t i = 0; i < list.size(); ++i) {
                const auto place = scope.at("also", i);
                compiled.also.push_back(
                    makingOf(list.at(i), measure.also[i].aggregate, place, scope, placing));
                if (!names.insert(compiled.also.back().name).second)
                    fault(place.at("name").pointer, compiled.also.back().name,
                          "Give each further figure its own name; this one is given twice.");
            }
        }
        for (std::size_t i = 0; i < measure.breakdowns.size(); ++i)
            if (const auto node = breakdown(measure.breakdowns[i], scope.at("breakdowns", i)))
                compiled.breakdowns.push_back({measure.breakdowns[i], *node});
        compiled.parameters.assign(parameters_.begin(), parameters_.end());
        return compiled;
    }

    std::optional<NodeIndex> breakdown(const std::string& name, const Scope& scope) {
        auto path = name;
        if (path.find('.') == std::string::npos && !fieldNamed(scope.population, path))
            for (const auto owner : ownersOf(scope.population))
                if (fieldNamed(owner, name)) {
                    path = std::string(recordName(owner)) + "." + name;
                    break;
                }
        const auto found = field(path, scope);
        if (!found) return std::nullopt;
        if (found->type != Type::word)
            return fault(scope.pointer, name, "Break down by a field that holds a word.");
        return found->node;
    }

    /// `own` falls back on the whole measure's `where`; a share's parts are its own alone.
    Making makingOf(const json& content, Aggregate aggregate, const Scope& scope, const Scope& measureScope,
                    const std::vector<Rule>& placing) {
        Making making;
        making.name = content.contains("name") ? content.at("name").get<std::string>() : "";
        making.title = content.at("title");
        making.aggregate = aggregate;
        making.step = content.value("step", 1.0);
        making.rules = placing;
        making.placing = placing.size();
        const bool hasOwn = content.contains("where");
        if (hasOwn || definition_.contains("where"))
            for (auto& rule : rulesOf((hasOwn ? content : definition_).at("where"),
                                      (hasOwn ? scope : measureScope).at("where")))
                making.rules.push_back(std::move(rule));
        std::vector<NodeIndex> nodes;
        for (const auto& rule : making.rules) nodes.push_back(rule.node);
        making.selected = allOf(scope.population, nodes);
        refuseIdle(content, making.aggregate, scope);
        switch (making.aggregate) {
            case Aggregate::count:
            case Aggregate::presence:
                break;
            case Aggregate::ratio:
                share(content, scope, making);
                break;
            case Aggregate::mean:
            case Aggregate::median:
                making.value = needed(content, "value", scope, making);
                if (making.aggregate == Aggregate::median && !making.isWhole && !content.contains("step"))
                    fault(scope.pointer, "median",
                          "Give the step of a median of decimals: the width of its classes.");
                break;
            case Aggregate::pairedChange:
                making.before = needed(content, "before", scope, making);
                making.after = needed(content, "after", scope, making);
                break;
        }
        return making;
    }

    /// What an aggregate has no use for is refused: an option that does nothing misleads.
    void refuseIdle(const json& content, Aggregate aggregate, const Scope& scope) {
        static const std::map<Aggregate, std::set<std::string>> used{
            {Aggregate::count, {}},
            {Aggregate::presence, {}},
            {Aggregate::ratio, {"counts", "numerator", "denominator"}},
            {Aggregate::mean, {"value"}},
            {Aggregate::median, {"value", "step"}},
            {Aggregate::pairedChange, {"before", "after"}}};
        for (const auto* key : {"counts", "numerator", "denominator", "value", "before", "after", "step"})
            if (content.contains(key) && !used.at(aggregate).contains(key))
                fault(scope.at(key).pointer, key,
                      "Leave this out: a " + guidance::aggregateName(aggregate) + " has no use for it.");
    }

    NodeIndex needed(const json& content, const char* key, const Scope& scope, Making& making) {
        if (!content.contains(key)) {
            fault(scope.pointer, guidance::aggregateName(making.aggregate),
                  std::string("Say with \"") + key + "\" what to take of each record.");
            return kNoNode;
        }
        const auto place = scope.at(key);
        const auto found = asNumber(value(content.at(key), place), place);
        if (!found) return kNoNode;
        making.isWhole = making.isWhole && found->type == Type::whole;
        return found->node;
    }

    void share(const json& content, const Scope& scope, Making& making) {
        if (content.contains("counts")) {
            if (content.contains("numerator") || content.contains("denominator")) {
                fault(scope.pointer, "ratio",
                      "Give either \"counts\", or \"numerator\" and \"denominator\", not both.");
                return;
            }
            making.counts = rulesOf(content.at("counts"), scope.at("counts"));
            std::vector<NodeIndex> nodes;
            for (const auto& rule : making.counts) nodes.push_back(rule.node);
            making.numerator = allOf(scope.population, nodes);
            return;
        }
        if (!content.contains("denominator")) {
            fault(scope.pointer, "ratio",
                  "A share needs something to be out of: give \"counts\", or \"numerator\" and "
                  "\"denominator\".");
            return;
        }
        making.numerator = needed(content, "numerator", scope, making);
        making.denominator = needed(content, "denominator", scope, making);
        if (!making.isWhole)
            fault(scope.pointer, "ratio", "Sum whole numbers in a share; use a mean for others.");
        if (making.denominator != kNoNode && nodes_[making.denominator].operation == Operation::number &&
            nodes_[making.denominator].number <= 0)
            fault(scope.at("denominator").pointer, numberText(nodes_[making.denominator].number),
                  "Divide by something above nothing.");
    }

    /// A number by its bits, so that the unknown one equals itself.
    using Key = std::tuple<Operation, Population, Population, std::vector<NodeIndex>, std::size_t,
                           std::uint64_t, std::string>;

    const guidance::Catalogue& catalogue_;
    std::vector<Node>& nodes_;
    std::map<Key, NodeIndex> known_;
    std::vector<FieldProblem> problems_;
    std::set<std::string> seen_;
    json definition_;
    std::string file_;
    const guidance::Instrument* instrument_ = nullptr;
    std::set<std::string> parameters_;
    std::vector<std::string> open_;  ///< terms being read, to find one that needs itself
};

}  // namespace

Plan::Plan(const guidance::Catalogue& catalogue) { measures_ = Compiler(catalogue, nodes_).run(); }

const CompiledMeasure* Plan::measure(const std::string& name) const {
    const auto found = std::ranges::find(measures_, name, &CompiledMeasure::name);
    return found == measures_.end() ? nullptr : &*found;
}

bool Plan::applies(const CompiledMeasure& measure, const guidance::Intervention& intervention) {
    const auto holds = [](const std::vector<std::string>& list, const std::string& id) {
        return std::ranges::find(list, id) != list.end();
    };
    const auto& named = measure.measure->interventions;
    if (!named.empty() && !holds(named, intervention.id)) return false;
    if (!measure.instrument.empty() && !holds(intervention.instruments, measure.instrument)) return false;
    return std::ranges::all_of(measure.parameters, [&](const std::string& name) {
        return isKnown(parameterOf(intervention, name));
    });
}

std::vector<const CompiledMeasure*> Plan::measuresOf(const guidance::Intervention& intervention) const {
    std::vector<const CompiledMeasure*> found;
    for (const auto& measure : measures_)
        if (applies(measure, intervention)) found.push_back(&measure);
    return found;
}

std::span<const Parameter> commonParameters() { return kParameters; }

double parameterOf(const guidance::Intervention& intervention, const std::string& name) {
    if (name == "expected_sessions") return intervention.expectedSessions;
    if (name == "completer_sessions") return intervention.completerSessions();
    if (name == "start_within_days") return intervention.startWithinDays;
    if (name == "supervision_within_days") return intervention.supervisionWithinDays;
    if (name == "fidelity_threshold") return intervention.fidelityThreshold;
    const auto found = intervention.parameters.find(name);
    return found == intervention.parameters.end() ? kUnknown : found->second;
}

}  // namespace measures
