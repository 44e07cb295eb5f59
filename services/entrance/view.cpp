#include "entrance/view.h"

#include <algorithm>

#include "values/instant.h"

namespace entrance {

using platform::View;

std::string sentence(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

View Link::view() const { return {{"href", href}, {"text", text}}; }

View Text::view() const { return {{"text", text}}; }

View Tag::view() const { return {{"text", text}, {"classes", classes}}; }

View Button::view() const { return {{"text", text}, {"classes", classes}, {"once", true}}; }

Button button(const std::string& text, const std::string& classes) { return {text, classes}; }
Button secondaryButton(const std::string& text) { return {text, "govuk-button--secondary"}; }
Button warningButton(const std::string& text) { return {text, "govuk-button--warning"}; }

View Field::view() const {
    View shown{{"id", name},
               {"name", name},
               {"label", label},
               {"value", value},
               {"type", type},
               {"hint", hint},
               {"error", error},
               {"isDescribed", !error.empty() || !hint.empty()},
               {"hasBoth", !error.empty() && !hint.empty()},
               {"autocomplete", autocomplete},
               {"accept", accept},
               {"multiple", isMultiple},
               {"rows", rows}};
    auto& items = shown["items"] = View::list();
    for (const auto& option : options)
        items.push_back(
            {{"value", option.value}, {"text", option.text}, {"selected", option.value == value}});
    return shown;
}

Field choice(const std::string& name, const std::string& label, const std::vector<Option>& options,
             const std::string& chosen) {
    Field field{name, label, chosen};
    field.options = options;
    return field;
}

Field input(const Input& asked, const std::vector<values::FieldProblem>& problems) {
    Field field{asked.name, asked.label, asked.value, asked.type, asked.hint, errorOf(problems, asked.name)};
    field.autocomplete = asked.autocomplete;
    return field;
}

Field textArea(const Input& asked, int rows, const std::vector<values::FieldProblem>& problems) {
    auto field = input(asked, problems);
    field.rows = rows;
    return field;
}

View Checkboxes::view() const {
    View items = View::list();
    for (const auto& box : boxes)
        items.push_back({{"id", items.empty() ? group : group + "-" + std::to_string(items.size() + 1)},
                         {"name", box.name},
                         {"value", "yes"},
                         {"text", box.text},
                         {"hint", box.hint},
                         {"checked", box.isTicked}});
    return {{"legend", legend}, {"items", items}, {"error", error}, {"errorId", group + "-error"}};
}

Checkboxes checkboxes(const std::string& group, const std::string& legend, const std::vector<Box>& boxes,
                      const std::vector<values::FieldProblem>& problems) {
    return {group, legend, boxes, errorOf(problems, group)};
}

View ErrorSummary::view() const { return {{"errors", errors}, {"description", description}}; }

ErrorSummary errorSummary(const std::vector<values::FieldProblem>& problems) {
    ErrorSummary summary;
    for (const auto& problem : problems)
        summary.errors.push_back(
            {problem.where.column.empty() ? "" : "#" + problem.where.column, problem.wanted});
    return summary;
}

std::optional<ErrorSummary> summaryOf(const std::vector<values::FieldProblem>& problems) {
    return problems.empty() ? std::nullopt : std::optional(errorSummary(problems));
}

std::string errorOf(const std::vector<values::FieldProblem>& problems, const std::string& field) {
    for (const auto& problem : problems)
        if (problem.where.column == field) return problem.wanted;
    return "";
}

std::string valueOf(const values::Fields& fields, const std::string& name) {
    const auto found = fields.find(name);
    return found == fields.end() ? "" : found->second;
}

View Row::view() const { return {{"heading", heading}, {"cells", cells}, {"href", href}}; }

Row row(const std::string& heading, const std::vector<std::string>& cells) { return {heading, cells}; }

View Table::Header::view() const { return {{"text", text}, {"isNumber", isNumber}}; }

View Table::view() const { return {{"id", id}, {"caption", caption}, {"headers", headers}, {"rows", rows}}; }

Table table(const std::string& id, const std::string& caption, const std::vector<std::string>& headers,
            std::vector<Row> rows) {
    Table made{id, caption, {}, std::move(rows)};
    for (const auto& header : headers) made.headers.push_back({header, !made.headers.empty()});
    return made;
}

std::optional<Table> unlessEmpty(Table table) {
    return table.rows.empty() ? std::nullopt : std::optional(std::move(table));
}

std::string instantText(const std::string& kept) {
    const auto at = values::instantFromDatabase(kept);
    return at ? values::londonText(*at) : kept;
}

std::string csvCell(std::string text) {
    if (!text.empty() && std::string("=+-@\t\r").find(text[0]) != std::string::npos) text.insert(0, "'");
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string safePlace(const std::string& wanted) {
    const bool isOurs = wanted.size() > 1 && wanted.size() <= 300 && wanted[0] == '/' && wanted[1] != '/' &&
                        wanted.find('\\') == std::string::npos &&
                        std::ranges::none_of(wanted, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
    return isOurs ? wanted : "/";
}

}  // namespace entrance
