#include "authority/record_form.h"

#include <algorithm>

#include "delivery/authorities.h"

namespace authority {
namespace {

using delivery::RecordKind;
using intake::ColumnRule;
using intake::ColumnType;
using intake::FileType;
using platform::View;

/// A list of more is tedious to choose from: the reference is typed.
constexpr int kMostChoices = 300;

std::vector<Option> referencesOf(platform::Transaction& tx, const intake::Keeper& keeper,
                                 identity::AuthorityId authority, RecordKind kind, const std::string& owner) {
    const auto& type = keeper.type(kind);
    delivery::RecordQuestion question;
    question.owner = owner;
    question.most = kMostChoices + 1;
    std::vector<Option> options;
    for (const auto& record : keeper.list(tx, authority, type, question)) {
        if (record.values.contains("archived_on")) continue;
        const auto name = record.values.find(kind == RecordKind::service ? "name" : "role");
        options.push_back(
            {record.key, name == record.values.end() ? record.key : name->second + " (" + record.key + ")"});
    }
    if (options.size() > kMostChoices) options.clear();
    return options;
}

std::vector<Option> interventions(const guidance::Catalogue& catalogue) {
    std::vector<Option> options;
    for (const auto& [id, one] : catalogue.interventions) options.push_back({id, one.name});
    for (const auto& [id, one] : catalogue.approaches) options.push_back({id, one.name + " (not evidenced)"});
    std::ranges::sort(options, {}, &Option::text);
    return options;
}

std::vector<Option> statements(const guidance::Catalogue& catalogue) {
    std::vector<Option> options;
    for (const auto& guide : catalogue.guides) {
        for (const auto& one : guide.recommendations)
            options.push_back({one.id, guide.title + ": " + one.title});
        for (const auto& one : guide.principles)
            options.push_back({one.id, guide.title + ", principle: " + one.text});
    }
    return options;
}

bool isLong(const ColumnRule& column) { return column.type == ColumnType::text && column.most > 200; }

/// A day as people in Britain write it in a form; what is no day stays as it was typed.
std::string typedDay(const std::string& value) {
    const auto day = values::Date::fromIso(value);
    if (!day) return value;
    return std::to_string(day->day()) + "/" + std::to_string(day->month()) + "/" +
           std::to_string(day->year());
}

RecordField selectOf(const ColumnRule& column, const std::vector<Option>& options, const std::string& value) {
    std::vector<Option> all{{"", column.isRequired ? "Choose" : "–"}};
    all.insert(all.end(), options.begin(), options.end());
    // What stands there stays choosable, also where it is offered no more.
    if (!value.empty() && std::ranges::find(options, value, &Option::value) == options.end())
        all.push_back({value, value});
    return {RecordField::As::choice, choice(column.name, column.label, all, value)};
}

RecordField fieldOf(const ColumnRule& column, const std::string& value, const Choices& choices) {
    const auto found = choices.find(column.name);
    if (found != choices.end()) return selectOf(column, found->second, value);
    if (column.type == ColumnType::code) {
        std::vector<Option> options;
        for (const auto& one : column.values) options.push_back({one, sentence(one)});
        return selectOf(column, options, value);
    }
    RecordField made{RecordField::As::line, {column.name, column.label, value}};
    if (column.type == ColumnType::date) made.field.value = typedDay(value);
    if (isLong(column)) {
        made.as = RecordField::As::lines;
        made.field.rows = column.most > 1000 ? 5 : 3;
    }
    return made;
}

std::string hintOf(const ColumnRule& column, bool isKnown) {
    if (column.type == ColumnType::child && isKnown) return "Leave this empty: it stays whom it is about";
    auto hint = column.hint == column.label ? "" : column.hint;
    if (column.type != ColumnType::date) return hint;
    return hint + (hint.empty() ? "" : ". ") + "For example, 30/6/2025";
}

}  // namespace

View RecordField::view() const {
    const auto shownAs = [&](As one) { return as == one ? field.view() : View(); };
    const View fixed{{"name", field.name}, {"value", field.value}, {"label", field.label}, {"text", text}};
    return {{"line", shownAs(As::line)},
            {"choice", shownAs(As::choice)},
            {"lines", shownAs(As::lines)},
            {"fixed", as == As::fixed ? fixed : View()}};
}

Choices choicesOf(platform::Transaction& tx, const intake::Keeper& keeper, identity::AuthorityId authority,
                  const FileType& type, const guidance::Catalogue& catalogue, values::Date today,
                  const std::string& owner) {
    Choices choices;
    for (const auto& column : type.columns) {
        std::vector<Option> options;
        switch (column.type) {
            case ColumnType::intervention:
                options = interventions(catalogue);
                break;
            case ColumnType::instrument:
                for (const auto& [id, one] : catalogue.instruments) options.push_back({id, one.name});
                break;
            case ColumnType::recommendation:
                options = statements(catalogue);
                break;
            case ColumnType::authority:
                for (const auto& one : delivery::Authorities::names(tx, today))
                    options.push_back({one.first, one.second});
                break;
            case ColumnType::reference:
                if (column.refers == RecordKind::service)
                    options = referencesOf(tx, keeper, authority, RecordKind::service, "");
                if (column.refers == RecordKind::practitioner)
                    options = referencesOf(tx, keeper, authority, RecordKind::practitioner, owner);
                break;
            default:
                break;
        }
        if (!options.empty()) choices.emplace(column.name, std::move(options));
    }
    return choices;
}

std::vector<RecordField> fieldsOf(const FileType& type, const values::Fields& values, const Choices& choices,
                                  const std::vector<values::FieldProblem>& problems,
                                  const std::vector<std::string>& fixed, bool isKnown) {
    std::vector<RecordField> fields;
    for (const auto& column : type.columns) {
        if (column.type == ColumnType::item) continue;
        const auto value = entrance::valueOf(values, column.name);
        if (std::ranges::find(fixed, column.name) != fixed.end()) {
            fields.push_back({RecordField::As::fixed,
                              {column.name, column.label, value},
                              displayed(column, value, choices)});
            continue;
        }
        auto& made = fields.emplace_back(fieldOf(column, value, choices));
        made.field.hint = hintOf(column, isKnown);
        made.field.error = errorOf(problems, column.name);
        if (!column.isRequired) made.field.label += " (optional)";
    }
    return fields;
}

std::string displayed(const ColumnRule& column, const std::string& value, const Choices& choices) {
    if (value.empty()) return "–";
    if (const auto found = choices.find(column.name); found != choices.end()) {
        const auto known = std::ranges::find(found->second, value, &Option::value);
        if (known != found->second.end()) return known->text;
    }
    if (column.type == ColumnType::date)
        if (const auto day = values::Date::fromIso(value)) return day->text();
    return column.type == ColumnType::code ? sentence(value) : value;
}

bool isOfRegister(RecordKind kind) {
    switch (kind) {
        case RecordKind::service:
        case RecordKind::stageChange:
        case RecordKind::partner:
        case RecordKind::site:
        case RecordKind::practitioner:
        case RecordKind::supervision:
        case RecordKind::declaration:
        case RecordKind::action:
            return true;
        default:
            return false;
    }
}

bool mayWrite(const entrance::Visit& visit, const FileType& type) {
    return visit.may(isOfRegister(type.kind) ? identity::Permission::manageRegister
                                             : identity::Permission::recordDelivery);
}

void requireWriting(const entrance::Visit& visit, const FileType& type) {
    if (!mayWrite(visit, type))
        throw values::Forbidden(
            "Your role does not include keeping these records. Ask the people who look after access.");
}

values::Fields columnsIn(const values::Fields& form, const FileType& type) {
    values::Fields given;
    for (const auto& column : type.columns)
        if (const auto found = form.find(column.name); found != form.end()) given.insert(*found);
    return given;
}

std::optional<Text> savedNotice(const entrance::Visit& visit, const std::string& text) {
    return visit.request.query.contains("saved") ? std::optional(Text{text}) : std::nullopt;
}

std::string recordHref(const FileType& type, const std::string& key) {
    return "/records/" + type.name + "/" + platform::segmentEncoded(key);
}

}  // namespace authority
