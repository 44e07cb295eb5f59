#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace values {

/// Where a value came from: a form field, a JSON pointer in a document, or a cell of a file.
struct Place {
    std::string file;    ///< file name, empty for a form
    long row = 0;        ///< record number, the header being 1; 0 where rows mean nothing
    std::string column;  ///< column, form field or JSON pointer
};

/// One thing wrong with one value: where it stands, what it is, what is wanted instead.
/// Pages, problem documents and the command line all speak from these three.
struct FieldProblem {
    Place where;
    std::string got;     ///< the value as it was sent; empty where nothing was
    std::string wanted;  ///< the rule, as a sentence: "Use a real date, like 30/06/2025."

    /// `episodes.csv:14:offered_on: got "31/06/2025". Use a real date, like 30/06/2025.`
    std::string text() const;
};

/// What was sent cannot be accepted. Holds every problem found, and how many there were where that is more.
class Invalid : public std::runtime_error {
public:
    explicit Invalid(std::vector<FieldProblem> problems, std::size_t found = 0);
    const std::vector<FieldProblem>& problems() const { return problems_; }
    /// At least problems().size(); larger where only the first were kept.
    std::size_t found() const { return found_; }

private:
    std::vector<FieldProblem> problems_;
    std::size_t found_;
};

/// A known person who may not do this.
class Forbidden : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// No such thing, for this person.
class NotFound : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Someone was first, or the state does not allow it.
class Conflict : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The database or another thing we stand on is away; try again later.
class Unavailable : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

}  // namespace values
