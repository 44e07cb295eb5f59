#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "values/errors.h"
#include "values/reader.h"

namespace entrance {

// Parts of view models that the pages of every door share.

/// With a capital letter to begin with.
std::string sentence(std::string text);

nlohmann::json button(const std::string& text, const std::string& classes = "");
nlohmann::json secondaryButton(const std::string& text);
/// For what cannot be taken back.
nlohmann::json warningButton(const std::string& text);

struct Option {
    std::string value;
    std::string text;
};
nlohmann::json choice(const std::string& name, const std::string& label, const std::vector<Option>& options,
                      const std::string& chosen);

/// One field of a form.
struct Input {
    std::string name;
    std::string label;
    std::string value;
    std::string type = "text";
    std::string hint = {};          // NOLINT: an aggregate that leaves it out does so knowingly
    std::string autocomplete = {};  // NOLINT
};
nlohmann::json input(const Input& field, const std::vector<values::FieldProblem>& problems);
/// A field of several lines; its type and autocomplete are not used.
nlohmann::json textArea(const Input& field, int rows, const std::vector<values::FieldProblem>& problems);

/// One box of several that may be ticked; each has a name of its own, and sends `yes`.
struct Box {
    std::string name;
    std::string text;
    std::string hint;
    bool isTicked = false;
};
/// `group`: the field that problems of them name, and where the error summary leads.
nlohmann::json checkboxes(const std::string& group, const std::string& legend, const std::vector<Box>& boxes,
                          const std::vector<values::FieldProblem>& problems);

/// The error summary's list: each problem with a link to its field.
nlohmann::json errorSummary(const std::vector<values::FieldProblem>& problems);
/// What was wrong with one field; empty where nothing was.
std::string errorOf(const std::vector<values::FieldProblem>& problems, const std::string& field);
/// What a form or a query holds under a name; empty where there is nothing.
std::string valueOf(const values::Fields& fields, const std::string& name);

/// A table row: its heading and its cells.
nlohmann::json row(const std::string& heading, const std::vector<std::string>& cells);
/// Numbers stand right: every column but the first.
nlohmann::json table(const std::string& id, const std::string& caption,
                     const std::vector<std::string>& headers, nlohmann::json rows);

/// `2 June 2025 at 10:00am` from the database's `2025-06-02 09:00:00.000`.
std::string instantText(const std::string& kept);

/// A cell of a CSV file for people: quoted, and harmless in a spreadsheet.
std::string csvCell(std::string text);

/// Where to go next: a path of ours, nothing that leads elsewhere.
std::string safePlace(const std::string& wanted);

}  // namespace entrance
