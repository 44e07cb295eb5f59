#pragma once

#include <optional>
#include <string>
#include <vector>

#include "platform/view.h"
#include "values/errors.h"
#include "values/reader.h"

namespace entrance {

// Parts of view models that the pages of every door share.

/// With a capital letter to begin with.
std::string sentence(std::string text);

/// Where something leads, and what it says.
struct Link {
    std::string href;
    std::string text;
    platform::View view() const;
};

/// A sentence set apart: an inset text, a warning, a notice.
struct Text {
    std::string text;
    platform::View view() const;
};

/// A word with a colour that never stands alone.
struct Tag {
    std::string text;
    std::string classes;
    platform::View view() const;
};

struct Button {
    std::string text;
    std::string classes = {};  // NOLINT: an aggregate that leaves it out does so knowingly
    platform::View view() const;
};
Button button(const std::string& text, const std::string& classes = "");
Button secondaryButton(const std::string& text);
/// For what cannot be taken back.
Button warningButton(const std::string& text);

struct Option {
    std::string value;
    std::string text;
};

/// A field of a form as the partials `input`, `select`, `textarea` and `file-upload` show it.
struct Field {
    std::string name;  ///< also its id
    std::string label;
    std::string value;  ///< for a select: the chosen option's
    std::string type = "text";
    std::string hint = {};             // NOLINT
    std::string error = {};            // NOLINT
    std::string autocomplete = {};     // NOLINT
    std::string accept = {};           // NOLINT: of a file
    bool isMultiple = false;           ///< of a file
    int rows = 0;                      ///< of a text area
    std::vector<Option> options = {};  // NOLINT: of a select
    platform::View view() const;
};
Field choice(const std::string& name, const std::string& label, const std::vector<Option>& options,
             const std::string& chosen);

/// What a field of a form is asked for; what was wrong with it is found among problems.
struct Input {
    std::string name;
    std::string label;
    std::string value;
    std::string type = "text";
    std::string hint = {};          // NOLINT
    std::string autocomplete = {};  // NOLINT
};
Field input(const Input& field, const std::vector<values::FieldProblem>& problems);
/// A field of several lines; its type and autocomplete are not used.
Field textArea(const Input& field, int rows, const std::vector<values::FieldProblem>& problems);

/// One box of several that may be ticked; each has a name of its own, and sends `yes`.
struct Box {
    std::string name;
    std::string text;
    std::string hint;
    bool isTicked = false;
};
/// Boxes with one legend. `group`: the field that problems of them name, and where the error summary leads.
struct Checkboxes {
    std::string group;
    std::string legend;
    std::vector<Box> boxes;
    std::string error;
    platform::View view() const;
};
Checkboxes checkboxes(const std::string& group, const std::string& legend, const std::vector<Box>& boxes,
                      const std::vector<values::FieldProblem>& problems);

/// The error summary's list: each problem with a link to its field.
struct ErrorSummary {
    std::vector<Link> errors;      ///< an empty address where a problem has no field
    std::string description = {};  // NOLINT
    platform::View view() const;
};
ErrorSummary errorSummary(const std::vector<values::FieldProblem>& problems);
/// The same, or nothing where there are no problems.
std::optional<ErrorSummary> summaryOf(const std::vector<values::FieldProblem>& problems);
/// What was wrong with one field; empty where nothing was.
std::string errorOf(const std::vector<values::FieldProblem>& problems, const std::string& field);
/// What a form or a query holds under a name; empty where there is nothing.
std::string valueOf(const values::Fields& fields, const std::string& name);

/// A table row: its heading, which may lead somewhere, and its cells.
struct Row {
    std::string heading;
    std::vector<std::string> cells;
    std::string href = {};  // NOLINT
    platform::View view() const;
};
Row row(const std::string& heading, const std::vector<std::string>& cells);

/// A table as the partials `figures-table`, `words-table` and `records-table` show it.
struct Table {
    struct Header {
        std::string text;
        bool isNumber;
        platform::View view() const;
    };
    std::string id;
    std::string caption;
    std::vector<Header> headers;
    std::vector<Row> rows;
    platform::View view() const;
};
/// Numbers stand right: every column but the first.
Table table(const std::string& id, const std::string& caption, const std::vector<std::string>& headers,
            std::vector<Row> rows);
/// The table, or nothing where it has no rows: a page then says so in words.
std::optional<Table> unlessEmpty(Table table);

/// `2 June 2025 at 10:00am` from the database's `2025-06-02 09:00:00.000`.
std::string instantText(const std::string& kept);

/// A cell of a CSV file for people: quoted, and harmless in a spreadsheet.
std::string csvCell(std::string text);

/// Where to go next: a path of ours, nothing that leads elsewhere.
std::string safePlace(const std::string& wanted);

}  // namespace entrance
