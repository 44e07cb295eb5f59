#include "entrance/view.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "values/instant.h"

namespace entrance {

using nlohmann::json;

std::string sentence(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

json button(const std::string& text, const std::string& classes) {
    return {{"text", text}, {"classes", classes}, {"once", true}};
}
json secondaryButton(const std::string& text) { return button(text, "govuk-button--secondary"); }
json warningButton(const std::string& text) { return button(text, "govuk-button--warning"); }

json choice(const std::string& name, const std::string& label, const std::vector<Option>& options,
            const std::string& chosen) {
    json items = json::array();
    for (const auto& option : options)
        items.push_back(
            {{"value", option.value}, {"text", option.text}, {"selected", option.value == chosen}});
    return {{"id", name}, {"name", name}, {"label", label}, {"items", items}};
}

json input(const Input& field, const std::vector<values::FieldProblem>& problems) {
    const auto error = errorOf(problems, field.name);
    return {{"id", field.name},
            {"name", field.name},
            {"type", field.type},
            {"label", field.label},
            {"value", field.value},
            {"hint", field.hint},
            {"error", error},
            {"isDescribed", !error.empty() || !field.hint.empty()},
            {"hasBoth", !error.empty() && !field.hint.empty()},
            {"autocomplete", field.autocomplete}};
}

json textArea(const Input& field, int rows, const std::vector<values::FieldProblem>& problems) {
    auto view = input(field, problems);
    view["rows"] = rows;
    return view;
}

json checkboxes(const std::string& group, const std::string& legend, const std::vector<Box>& boxes,
                const std::vector<values::FieldProblem>& problems) {
    json items = json::array();
    for (const auto& box : boxes)
        items.push_back({{"id", items.empty() ? group : group + "-" + std::to_string(items.size() + 1)},
                         {"name", box.name},
                         {"value", "yes"},
                         {"text", box.text},
                         {"hint", box.hint},
                         {"checked", box.isTicked}});
    return {{"legend", legend},
            {"items", items},
            {"error", errorOf(problems, group)},
            {"errorId", group + "-error"}};
}

json errorSummary(const std::vector<values::FieldProblem>& problems) {
    json errors = json::array();
    for (const auto& problem : problems)
        errors.push_back({{"text", problem.wanted},
                          {"href", problem.where.column.empty() ? "" : "#" + problem.where.column}});
    return {{"errors", errors}, {"description", ""}};
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

json row(const std::string& heading, const std::vector<std::string>& cells) {
    return {{"heading", heading}, {"cells", cells}};
}

json table(const std::string& id, const std::string& caption, const std::vector<std::string>& headers,
           json rows) {
    json heads = json::array();
    for (std::size_t i = 0; i < headers.size(); ++i)
        heads.push_back({{"text", headers[i]}, {"isNumber", i > 0}});
    return {{"id", id}, {"caption", caption}, {"headers", heads}, {"rows", std::move(rows)}};
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
